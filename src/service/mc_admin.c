/*
 * An administrator's use cases: members.  And the parts that the other
 * mc_admin*.c, mc_import*.c and mc_export.c share.
 *
 * Depends on store, auth, domain.  A command only.
 */

#include "mc_admin.h"

#include <stdarg.h>
#include <stdio.h>

#include "mc_new_password.h"
#include "mc_sealed.h"
#include "mc_time.h"
#include "mc_utf8.h"


/* Lists of all members' cases stay within this; a command's own limit. */
#define ADMIN_ARENA  (64 * 1024 * 1024)


void
mc_admin_init(mc_admin_t *admin, const mc_site_t *site)
{
    *admin = (mc_admin_t) { .site = site, .now = mc_now() };
    mc_arena_init(&admin->arena, ADMIN_ARENA);
}


void
mc_admin_free(mc_admin_t *admin)
{
    mc_arena_free(&admin->arena);
}


void
mc_admin_again(mc_admin_t *admin)
{
    mc_arena_free(&admin->arena);
    memset(&admin->problems, 0, sizeof(admin->problems));
    admin->error[0] = '\0';
}


mc_err_t
mc_admin_fail(mc_admin_t *admin, mc_err_t err, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(admin->error, sizeof(admin->error), format, args);
    va_end(args);

    return err;
}


mc_err_t
mc_admin_store_fail(mc_admin_t *admin, mc_err_t err, const char *what)
{
    const char  *hint;

    hint = mc_store_hint(err);

    if (hint == NULL || hint[0] == '\0') {
        hint = mc_err_name(err);
    }

    return mc_admin_fail(admin, err, "%s: %s", what, hint);
}


mc_err_t
mc_admin_conn(mc_admin_t *admin, mc_conn_t **conn)
{
    mc_err_t  err;

    *conn = NULL;
    err = mc_store_acquire(admin->site->store, conn);

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err, "store");
}


void
mc_admin_actor(const mc_admin_t *admin, mc_actor_t *actor)
{
    *actor = (mc_actor_t) { .actor = "admin", .now = admin->now };
}


mc_err_t
mc_admin_key_read(mc_admin_t *admin, mc_str_t text, mc_admin_key_t *key)
{
    mc_err_t     err;
    mc_str_t     prefix;
    const char  *dash;

    *key = (mc_admin_key_t) { mc_str_null, mc_str_null };
    text = mc_utf8_trim(text);

    dash = text.len > 0 ? memchr(text.data, '-', text.len) : NULL;

    if (dash != NULL) {
        prefix = (mc_str_t) { text.data, (size_t) (dash - text.data) };

        if (mc_settings_user_type(admin->site->settings, prefix) != NULL) {
            key->user_type = mc_arena_str(&admin->arena, prefix);
            text.data += prefix.len + 1;
            text.len -= prefix.len + 1;
        }
    }

    err = mc_member_no_read(text, &admin->arena, &key->member_no);

    if (err == MC_EINVAL) {
        return mc_admin_fail(admin, err, "not a member number (1 to 32 "
                             "letters, digits and dashes)");
    }

    return err == MC_OK ? MC_OK : mc_admin_store_fail(admin, err, "number");
}


/* The rows of that number, of one user type or of all; counts them. */
static mc_err_t
find_rows(mc_admin_t *admin, mc_conn_t *conn, const mc_admin_key_t *key,
    mc_member_row_t *row, size_t *found)
{
    size_t                i;
    mc_err_t              err;
    mc_str_t              type;
    mc_member_row_t       got;
    const mc_settings_t  *settings;

    *found = 0;
    settings = admin->site->settings;

    for (i = 0; i < settings->user_type_count; i++) {
        type = settings->user_types[i].code;

        if (key->user_type.len > 0 && !mc_str_eq(key->user_type, type)) {
            continue;
        }

        err = mc_member_by_no(conn, type, key->member_no, &admin->arena,
                              &got);

        if (err == MC_OK) {
            *row = got;
            (*found)++;

        } else if (err != MC_ENOTFOUND) {
            return mc_admin_store_fail(admin, err, "reading a member");
        }
    }

    return MC_OK;
}


mc_err_t
mc_admin_find(mc_admin_t *admin, mc_conn_t *conn, const mc_admin_key_t *key,
    mc_member_t *member)
{
    size_t           found;
    mc_err_t         err;
    mc_member_row_t  row;

    err = find_rows(admin, conn, key, &row, &found);

    if (err != MC_OK) {
        return err;
    }

    if (found == 0) {
        return mc_admin_fail(admin, MC_ENOTFOUND, "no such member");
    }

    if (found > 1) {
        return mc_admin_fail(admin, MC_EINVAL, "the number stands under "
                             "several user types: write USER_TYPE-NUMBER");
    }

    err = mc_sealed_profile_open(admin->site, &row, &admin->arena, member);

    if (err == MC_ECORRUPT) {
        return mc_admin_fail(admin, err, "the member's profile cannot be "
                             "opened with this secret");
    }

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err, "profile");
}


static mc_err_t
show_institute(mc_admin_t *admin, mc_conn_t *conn, mc_admin_member_t *out)
{
    mc_err_t  err;
    mc_str_t  code;

    code = out->member.columns[MC_COLUMN_INSTITUTE];
    err = mc_institute_get(conn, code, &admin->arena, &out->institute);

    if (err == MC_ENOTFOUND) {
        out->institute = (mc_institute_t) { .code = code };
        return MC_OK;
    }

    return err;
}


static mc_err_t
show_history(mc_admin_t *admin, mc_conn_t *conn, mc_admin_member_t *out)
{
    mc_err_t               err;
    mc_confirmation_row_t  row;

    err = mc_case_newest(conn, out->member.id, &admin->arena, &out->newest);
    out->has_case = err == MC_OK;

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return err;
    }

    err = mc_confirmation_newest(conn, out->member.id, &admin->arena, &row);

    if (err == MC_OK) {
        out->has_confirmation = true;
        out->serial = row.serial;
        out->confirmed_at = row.at;
    }

    return err == MC_ENOTFOUND ? MC_OK : err;
}


mc_err_t
mc_admin_member_show(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_admin_member_t *out)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    memset(out, 0, sizeof(*out));

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_admin_find(admin, conn, key, &out->member);

    if (err == MC_OK) {
        err = show_institute(admin, conn, out);

        if (err == MC_OK) {
            err = show_history(admin, conn, out);
        }

        if (err != MC_OK) {
            (void) mc_admin_store_fail(admin, err, "reading a member");
        }
    }

    mc_store_release(admin->site->store, conn);

    if (err == MC_OK) {
        out->has_password = out->member.password_hash.len > 0;
        out->complete = mc_profile_items(admin->site->settings,
                                         &out->member, &out->institute,
                                         &admin->arena, out->items,
                                         &out->count);
    }

    return err;
}


/* What is written to one member. */
typedef struct {
    mc_status_t  status;
    bool         disabled;
} change_t;

typedef mc_err_t (*change_pt)(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t id, const change_t *change);


static mc_err_t
change_status(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    const change_t *change)
{
    return mc_member_set_status(conn, actor, id, change->status);
}


static mc_err_t
change_disabled(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    const change_t *change)
{
    return mc_member_set_disabled(conn, actor, id, change->disabled);
}


static mc_err_t
change_reset(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    const change_t *change)
{
    return mc_case_reset(conn, actor, id);
}


static mc_err_t
change_member(mc_admin_t *admin, const mc_admin_key_t *key,
    change_pt apply, const change_t *change)
{
    mc_err_t      err;
    mc_conn_t    *conn;
    mc_actor_t    actor;
    mc_member_t   member;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_admin_find(admin, conn, key, &member);

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = apply(conn, &actor, member.id, change);

        if (err != MC_OK) {
            (void) mc_admin_store_fail(admin, err, "writing a member");
        }
    }

    mc_store_release(admin->site->store, conn);

    return err;
}


mc_err_t
mc_admin_member_status(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_status_t status)
{
    change_t  change = { .status = status };

    return change_member(admin, key, change_status, &change);
}


mc_err_t
mc_admin_member_disabled(mc_admin_t *admin, const mc_admin_key_t *key,
    bool disabled)
{
    change_t  change = { .disabled = disabled };

    return change_member(admin, key, change_disabled, &change);
}


mc_err_t
mc_admin_refused(mc_admin_t *admin)
{
    mc_buf_t  text;
    mc_str_t  view;

    mc_buf_init(&text, sizeof(admin->error) / 2);

    (void) mc_problem_text(&admin->problems.items[0], true, &text);
    view = mc_buf_view(&text);
    (void) mc_admin_fail(admin, MC_EINVAL, "%.*s", (int) view.len,
                         view.data != NULL ? view.data : "");

    mc_buf_free(&text);

    return MC_EINVAL;
}


static mc_err_t
password_rules(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_new_password_t *rules, int64_t *id)
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
        *id = member.id;
        err = mc_new_password_read(admin->site, conn, &member,
                                   &admin->arena, rules);

        if (err != MC_OK) {
            (void) mc_admin_store_fail(admin, err, "reading a member");
        }
    }

    mc_store_release(admin->site->store, conn);

    return err;
}


static mc_err_t
password_hash(mc_admin_t *admin, const mc_new_password_t *rules,
    mc_str_t password, char hash[MC_PASSWORD_HASH])
{
    mc_err_t  err;

    err = mc_new_password_hash(admin->site, rules, password,
                               &admin->problems, hash);

    if (err == MC_EINVAL && admin->problems.count > 0) {
        return mc_admin_refused(admin);
    }

    return err == MC_OK ? MC_OK
                        : mc_admin_fail(admin, err, "hashing the password: "
                                        "%s", mc_err_name(err));
}


mc_err_t
mc_admin_member_password(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_str_t password, bool own)
{
    char               hash[MC_PASSWORD_HASH];
    int64_t            id;
    mc_err_t           err;
    mc_conn_t         *conn;
    mc_actor_t         actor;
    mc_new_password_t  rules;
    mc_password_set_t  set;

    memset(&admin->problems, 0, sizeof(admin->problems));

    if (!mc_utf8_valid(password)
        || (password.len > 0
            && memchr(password.data, '\0', password.len) != NULL))
    {
        return mc_admin_fail(admin, MC_EINVAL, "the password is not UTF-8");
    }

    err = password_rules(admin, key, &rules, &id);

    if (err == MC_OK) {
        err = password_hash(admin, &rules, password, hash);
    }

    if (err == MC_OK) {
        err = mc_admin_conn(admin, &conn);
    }

    if (err != MC_OK) {
        return err;
    }

    set = (mc_password_set_t) {
        .member_id = id,
        .hash = mc_str_from(hash),
        .forced = !own,
        .history = mc_new_password_history(admin->site->settings),
        .result = own ? "ok" : "forced"
    };

    mc_admin_actor(admin, &actor);
    err = mc_password_put(conn, &actor, &set);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err,
                                              "writing a member");
}


mc_err_t
mc_admin_photo_reset(mc_admin_t *admin, const mc_admin_key_t *key)
{
    change_t  change = { .disabled = false };

    return change_member(admin, key, change_reset, &change);
}
