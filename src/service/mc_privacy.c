/*
 * Use cases: everything of one member is given out, or erased.
 *
 * Depends on store, domain and, through mc_sealed, auth.  A command only.
 */

#include "mc_privacy.h"

#include "mc_json.h"
#include "mc_sealed.h"


static void
member_columns(const mc_member_t *member, mc_json_out_t *out)
{
    size_t  i;

    static const struct {
        const char   *key;
        mc_column_t   column;
    } columns[] = {
        { "name", MC_COLUMN_NAME }, { "sex", MC_COLUMN_SEX },
        { "certificate_no", MC_COLUMN_CERTIFICATE_NO },
        { "category", MC_COLUMN_CATEGORY },
        { "admitted_on", MC_COLUMN_ADMITTED_ON },
        { "institute", MC_COLUMN_INSTITUTE }
    };

    for (i = 0; i < mc_count(columns); i++) {
        mc_json_pair_str(out, columns[i].key,
                         member->columns[columns[i].column]);
    }
}


/* Also values whose field is no longer configured. */
static mc_err_t
member_write(mc_admin_t *admin, const mc_member_t *member,
    mc_json_out_t *out)
{
    char      key[64];
    size_t    i;
    mc_str_t  name;

    mc_json_key(out, "member");
    mc_json_open(out, '{');
    mc_json_pair_int(out, "id", member->id);
    mc_json_pair_str(out, "user_type", member->user_type);
    mc_json_pair_str(out, "member_no", member->member_no);
    member_columns(member, out);
    mc_json_pair_str(out, "status",
                     mc_str_from(mc_status_code(member->status)));
    mc_json_pair_bool(out, "disabled", member->disabled);
    mc_json_pair_bool(out, "has_password", member->password_hash.len > 0);
    mc_json_pair_int(out, "photo_id", member->photo_id);
    mc_json_pair_int(out, "revision", member->revision);
    mc_json_pair_int(out, "attempts", member->attempts);
    mc_json_close(out, '}');

    mc_json_key(out, "profile");
    mc_json_open(out, '{');

    for (i = 0; i < member->value_count; i++) {
        name = member->values[i].key;

        if (name.len >= sizeof(key)) {
            return mc_admin_fail(admin, MC_ECORRUPT,
                                 "the profile has a key that cannot be");
        }

        memcpy(key, name.data, name.len);
        key[name.len] = '\0';
        mc_json_pair_str(out, key, member->values[i].value);
    }

    mc_json_close(out, '}');

    return MC_OK;
}


/* A photo that is damaged is no reason to keep the rest back. */
static mc_err_t
photo_write(mc_admin_t *admin, mc_conn_t *conn, int64_t member_id,
    int64_t id, mc_json_out_t *out)
{
    char        *text;
    size_t       size;
    mc_err_t     err;
    mc_str_t     jpeg;
    mc_arena_t   arena;

    mc_json_open(out, '{');
    mc_json_pair_int(out, "id", id);
    mc_json_key(out, "data");

    mc_arena_init(&arena, 4 * MC_SEALED_MAX);

    err = mc_sealed_photo_open(admin->site, conn, id, member_id, &arena,
                               &jpeg, NULL);

    if (err == MC_OK) {
        size = (jpeg.len + 2) / 3 * 4 + 1;
        text = mc_arena_alloc(&arena, size);

        if (text == NULL) {
            err = MC_ENOMEM;

        } else {
            mc_base64(jpeg.data, jpeg.len, text);
            mc_json_str(out, (mc_str_t) { text, size - 1 });
        }

    } else if (err == MC_ECORRUPT || err == MC_ENOTFOUND) {
        mc_json_null(out);
        err = MC_OK;
    }

    mc_arena_free(&arena);
    mc_json_close(out, '}');

    return err;
}


static mc_err_t
photos_write(mc_admin_t *admin, mc_conn_t *conn, int64_t member_id,
    mc_json_out_t *out)
{
    size_t     i, count;
    int64_t   *ids;
    mc_err_t   err;

    err = mc_privacy_photos(conn, member_id, &admin->arena, &ids, &count);

    if (err != MC_OK) {
        return err;
    }

    mc_json_key(out, "photos");
    mc_json_open(out, '[');

    for (i = 0; err == MC_OK && i < count; i++) {
        err = photo_write(admin, conn, member_id, ids[i], out);
    }

    mc_json_close(out, ']');

    return err;
}


static mc_err_t
export_write(mc_admin_t *admin, mc_conn_t *conn, const mc_member_t *member,
    mc_buf_t *buf)
{
    mc_err_t       err;
    mc_actor_t     actor;
    mc_json_out_t  out;

    mc_admin_actor(admin, &actor);

    err = mc_audit_write(conn, &actor, member->id, "export", "member");

    mc_json_out_init(&out, buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "at", admin->now);

    if (err == MC_OK) {
        err = member_write(admin, member, &out);
    }

    if (err == MC_OK) {
        err = photos_write(admin, conn, member->id, &out);
    }

    if (err == MC_OK) {
        err = mc_privacy_rows(conn, member->id, &out);
    }

    mc_json_close(&out, '}');

    return err == MC_OK ? buf->err : err;
}


mc_err_t
mc_privacy_export(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_buf_t *out)
{
    mc_err_t      err;
    mc_conn_t    *conn;
    mc_member_t   member;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_admin_find(admin, conn, key, &member);

    if (err == MC_OK) {
        err = export_write(admin, conn, &member, out);
    }

    mc_store_release(admin->site->store, conn);

    if (err != MC_OK && admin->error[0] == '\0') {
        return mc_admin_store_fail(admin, err, "reading a member");
    }

    return err;
}


mc_err_t
mc_privacy_erase_run(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_privacy_erased_t *out, mc_str_t *number)
{
    mc_err_t      err;
    mc_conn_t    *conn;
    mc_actor_t    actor;
    mc_member_t   member;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    member.id = 0;
    err = mc_admin_find(admin, conn, key, &member);

    if (err == MC_ECORRUPT && member.id != 0) {
        admin->error[0] = '\0';     /* nobody needs to read it any more */
        err = MC_OK;
    }

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = mc_privacy_erase(conn, &actor, member.id, out);
    }

    mc_store_release(admin->site->store, conn);

    if (err == MC_EBUSY) {
        return mc_admin_fail(admin, err, "another process holds the writer "
                             "lock, or a backup runs: try again later");
    }

    if (err != MC_OK && admin->error[0] == '\0') {
        return mc_admin_store_fail(admin, err, "erasing a member");
    }

    if (err == MC_OK) {
        *number = mc_arena_printf(&admin->arena, "erased-%lld",
                                  (long long) member.id);
    }

    return err;
}
