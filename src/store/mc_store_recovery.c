/*
 * Codes that were sent, codes that were handed out, and who is found by an
 * ID number.
 *
 * Depends on base and domain.  The thread that has the connection.
 */

#include "mc_store_recovery.h"

#include "mc_crypto.h"
#include "mc_store_sqlite.h"
#include "mc_time.h"


#define RECOVERY_KEPT  MC_DAY       /* behind the end of a row */
#define GC_ROWS        500
#define KEYS_MOST      4


static mc_err_t
row_read(mc_conn_t *conn, const uint8_t id[32], mc_recovery_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT kind, member_id, code_mac, tries, channel, at, "
             "expires_at, used_at FROM recovery WHERE id = ?");
    mc_query_blob(&query, id, 32);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        *out = (mc_recovery_row_t) {
            .institute = mc_str_is(mc_query_peek(&query, 0), "institute"),
            .member_id = mc_query_get_int(&query, 1),
            .tries = (uint32_t) mc_query_get_int(&query, 3),
            .channel = (unsigned) mc_query_get_int(&query, 4),
            .at = mc_query_get_int(&query, 5),
            .expires = mc_query_get_int(&query, 6),
            .used = mc_query_get_int(&query, 7)
        };

        memcpy(out->id, id, sizeof(out->id));
        mc_query_get_blob(&query, 2, out->code_mac, sizeof(out->code_mac));
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


static mc_err_t
row_insert(mc_conn_t *conn, const mc_recovery_row_t *row)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO recovery (id, kind, member_id, code_mac, tries, "
             "channel, at, expires_at) VALUES (?, ?, ?, ?, 0, ?, ?, ?)");
    mc_query_blob(&query, row->id, sizeof(row->id));
    mc_query_text(&query, row->institute ? mc_str("institute")
                                         : mc_str("code"));
    mc_query_id(&query, row->member_id);
    mc_query_blob(&query, row->code_mac, sizeof(row->code_mac));
    mc_query_int(&query, row->channel);
    mc_query_int(&query, row->at);
    mc_query_int(&query, row->expires);

    return mc_query_run(&query, NULL);
}


/* MC_ECONFLICT: disabled; MC_ENOTFOUND. */
static mc_err_t
member_check(mc_conn_t *conn, int64_t member_id)
{
    int64_t     disabled;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT disabled FROM member WHERE id = ?");
    mc_query_int(&query, member_id);

    err = mc_query_one(&query, &disabled);

    return err == MC_OK && disabled ? MC_ECONFLICT : err;
}


/* Codes that were sent: only those are a member's rows. */
static mc_err_t
sent_since(mc_conn_t *conn, int64_t member_id, int64_t since, int64_t *count)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT count(*) FROM recovery WHERE member_id = ? AND at > ? "
             "AND kind = 'code'");
    mc_query_int(&query, member_id);
    mc_query_int(&query, since);

    return mc_query_one(&query, count);
}


/* Were as many sent to everybody as may be?  Counted by their messages: the
 * outbox has them for 30 days, in the order they were made. */
static mc_err_t
all_spent(mc_conn_t *conn, const mc_recovery_start_row_t *start, int64_t now,
    bool *spent)
{
    int64_t     at;
    mc_err_t    err;
    mc_query_t  query;

    *spent = false;

    if (start->all == 0 || start->all_time == 0) {
        return MC_OK;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT at FROM outbox WHERE kind IN ('code', 'lookup') "
             "ORDER BY id DESC LIMIT 1 OFFSET ?");
    mc_query_int(&query, (int64_t) start->all - 1);

    err = mc_query_one(&query, &at);

    if (err == MC_OK) {
        *spent = at > now - start->all_time;
    }

    return err == MC_ENOTFOUND ? MC_OK : err;
}


/* What stands in the way of a message, for the audit; NULL: nothing. */
static mc_err_t
start_refused(mc_conn_t *conn, const mc_recovery_start_row_t *start,
    int64_t now, const char **why)
{
    bool      spent;
    int64_t   hour, day;
    mc_err_t  err;

    *why = start->why;

    if (start->message == NULL || start->row.member_id == 0) {
        return MC_OK;
    }

    err = member_check(conn, start->row.member_id);

    if (err == MC_ECONFLICT || err == MC_ENOTFOUND) {
        *why = "disabled";
        return MC_OK;
    }

    if (err == MC_OK) {
        err = sent_since(conn, start->row.member_id, now - MC_HOUR, &hour);
    }

    if (err == MC_OK) {
        err = sent_since(conn, start->row.member_id, now - MC_DAY, &day);
    }

    if (err == MC_OK) {
        err = all_spent(conn, start, now, &spent);
    }

    if (err == MC_OK) {
        *why = hour >= MC_RECOVERY_HOURLY || day >= MC_RECOVERY_DAILY
               ? "limited" : spent ? MC_RECOVERY_SPENT : NULL;
    }

    return err;
}


static mc_err_t
start_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_start_row_t *start, const char **why)
{
    mc_err_t            err;
    mc_recovery_row_t   row;

    row = start->row;

    err = start_refused(conn, start, actor->now, why);
    if (err != MC_OK) {
        return err;
    }

    if (*why != NULL) {
        row.member_id = 0;
        row.channel = 0;
    }

    err = row_insert(conn, &row);

    if (err == MC_OK && *why == NULL) {
        err = mc_outbox_append(conn, actor->now, start->message);
    }

    return err == MC_OK
           ? mc_audit_append(conn, actor, start->row.member_id,
                             start->action, *why != NULL ? *why : "sent")
           : err;
}


mc_err_t
mc_recovery_start(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_start_row_t *start, const char **why)
{
    mc_err_t     err;
    const char  *refused;

    if (start->message == NULL && start->why == NULL) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_end(conn, start_write(conn, actor, start, &refused));

    if (err == MC_OK && why != NULL) {
        *why = refused;
    }

    return err;
}


/* May a code still be tried against it? */
static bool
row_open(const mc_recovery_row_t *row, uint32_t most, int64_t now)
{
    return row->used == 0 && row->expires > now && row->tries < most;
}


/* The first of the keys that has a row; MC_EDENIED: none, or a dead one. */
static mc_err_t
try_find(mc_conn_t *conn, const mc_recovery_key_t *keys, size_t count,
    uint32_t most, int64_t now, mc_recovery_row_t *out)
{
    size_t    i;
    mc_err_t  err;

    for (i = 0; i < count; i++) {
        err = row_read(conn, keys[i].id, out);

        if (err == MC_OK) {
            return row_open(out, most, now) ? MC_OK : MC_EDENIED;
        }

        if (err != MC_ENOTFOUND) {
            return err;
        }
    }

    return MC_EDENIED;
}


/* Every key is compared, whichever fits. */
static bool
code_right(const mc_recovery_row_t *row, const mc_recovery_key_t *keys,
    size_t count)
{
    bool    right;
    size_t  i;

    right = false;

    for (i = 0; i < count; i++) {
        right = (mc_equal_const(row->code_mac, keys[i].code_mac, 32)
                 && mc_equal_const(row->id, keys[i].id, 32)) || right;
    }

    return right && row->member_id != 0;
}


static mc_err_t
try_count(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE recovery SET tries = tries + 1 WHERE id = ?");
    mc_query_blob(&query, row->id, sizeof(row->id));

    err = mc_query_run(&query, NULL);

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, row->member_id, "recovery",
                              "wrong_code");
    }

    return err;
}


mc_err_t
mc_recovery_try(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_key_t *keys, size_t count, uint32_t most,
    mc_recovery_row_t *out)
{
    bool      wrong;
    mc_err_t  err;

    err = try_find(conn, keys, count, most, actor->now, out);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = try_find(conn, keys, count, most, actor->now, out);
    wrong = err == MC_OK && !code_right(out, keys, count);

    if (wrong) {
        err = try_count(conn, actor, out);
    }

    err = mc_write_end(conn, err);

    return err == MC_OK && wrong ? MC_EDENIED : err;
}


static mc_err_t
rows_end(mc_conn_t *conn, int64_t member_id, bool institute_only,
    int64_t now)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE recovery SET used_at = ? WHERE member_id = ? "
             "AND used_at IS NULL AND (kind = 'institute' OR ?)");
    mc_query_int(&query, now);
    mc_query_int(&query, member_id);
    mc_query_int(&query, !institute_only);

    return mc_query_run(&query, NULL);
}


static mc_err_t
use_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row, uint32_t most,
    const mc_password_set_t *set, int64_t *epoch)
{
    mc_err_t           err;
    mc_recovery_row_t  present;

    err = row_read(conn, row->id, &present);

    if (err == MC_ENOTFOUND
        || (err == MC_OK
            && (!row_open(&present, most, actor->now)
                || present.member_id == 0
                || present.member_id != set->member_id)))
    {
        return MC_EDENIED;
    }

    if (err == MC_OK) {
        err = mc_password_set(conn, actor, set, epoch);
    }

    return err == MC_OK ? rows_end(conn, set->member_id, false, actor->now)
                        : err;
}


mc_err_t
mc_recovery_use(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row, uint32_t most,
    const mc_password_set_t *set, int64_t *epoch)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    return mc_write_end(conn, use_write(conn, actor, row, most, set, epoch));
}


mc_err_t
mc_recovery_institute(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row)
{
    mc_err_t  err;

    if (!row->institute || row->member_id == 0) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    /* the audit row comes first: it judges an officer, who must not learn
     * of a foreign member that the account is disabled */

    err = mc_audit_append(conn, actor, row->member_id, "activate", "ok");

    if (err == MC_OK) {
        err = member_check(conn, row->member_id);
    }

    if (err == MC_OK) {
        err = rows_end(conn, row->member_id, true, actor->now);
    }

    if (err == MC_OK) {
        err = row_insert(conn, row);
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_recovery_gc(mc_conn_t *conn, int64_t now, int64_t *removed)
{
    int         changes;
    int64_t     any;
    mc_err_t    err;
    mc_query_t  query;

    for ( ;; ) {
        mc_query(&query, conn, MC_DB_CORE,
                 "SELECT EXISTS (SELECT 1 FROM recovery "
                 "WHERE expires_at <= ?)");
        mc_query_int(&query, now - RECOVERY_KEPT);

        err = mc_query_one(&query, &any);
        if (err != MC_OK || !any) {
            return err;
        }

        err = mc_write_begin(conn);
        if (err != MC_OK) {
            return err;
        }

        mc_query(&query, conn, MC_DB_CORE,
                 "DELETE FROM recovery WHERE id IN (SELECT id FROM recovery "
                 "WHERE expires_at <= ? LIMIT ?)");
        mc_query_int(&query, now - RECOVERY_KEPT);
        mc_query_int(&query, GC_ROWS);

        err = mc_query_run(&query, &changes);

        err = mc_write_end(conn, err);
        if (err != MC_OK) {
            return err;
        }

        *removed += changes;
    }
}


mc_err_t
mc_recovery_members(mc_conn_t *conn, mc_str_t user_type,
    const uint8_t (*keys)[32], size_t count, mc_arena_t *arena,
    mc_member_row_t *out, size_t *found)
{
    size_t      i;
    mc_err_t    row;
    mc_query_t  query;

    *found = 0;

    if (count == 0 || count > KEYS_MOST) {
        return MC_EINVAL;
    }

    /* user_type is one of a few: the index that begins with it must not be
     * the one that is taken */

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_MEMBER_COLUMNS ", m.profile FROM member m "
             "WHERE m.id_key IN (?, ?, ?, ?) AND m.user_type || '' = ? "
             "ORDER BY m.id DESC LIMIT ?");

    for (i = 0; i < KEYS_MOST; i++) {
        mc_query_blob(&query, keys[i < count ? i : 0], 32);
    }

    mc_query_text(&query, user_type);
    mc_query_int(&query, MC_RECOVERY_FOUND);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *found < MC_RECOVERY_FOUND;
         row = mc_query_row(&query))
    {
        (void) mc_member_columns(&query, 0, arena, &out[*found].member);
        out[*found].sealed_profile = mc_query_get(&query,
                                                  MC_MEMBER_COLUMN_COUNT,
                                                  arena);
        (*found)++;
    }

    return mc_query_done(&query);
}


static mc_err_t
id_key_write(mc_conn_t *conn, const mc_id_key_t *key, size_t *written)
{
    int         changes;
    mc_err_t    err;
    mc_str_t    bytes;
    mc_query_t  query;

    bytes.data = (const char *) key->key;
    bytes.len = key->none ? 0 : sizeof(key->key);

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET id_key = ? WHERE id = ? AND revision = ? "
             "AND id_key IS DISTINCT FROM ?");
    mc_query_optional_blob(&query, bytes);
    mc_query_int(&query, key->member_id);
    mc_query_int(&query, key->revision);
    mc_query_optional_blob(&query, bytes);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK) {
        *written += (size_t) changes;
    }

    return err;
}


mc_err_t
mc_recovery_id_keys(mc_conn_t *conn, const mc_id_key_t *keys, size_t count,
    size_t *written)
{
    size_t    i;
    mc_err_t  err;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    for (i = 0; err == MC_OK && i < count; i++) {
        err = id_key_write(conn, &keys[i], written);
    }

    return mc_write_end(conn, err);
}
