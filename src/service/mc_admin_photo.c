/*
 * An administrator's use cases: photos and their comparison.
 *
 * Depends on photo (scanner, transcode), store, domain and, through
 * mc_sealed, auth.  A command only.
 */

#include "mc_admin.h"

#include "mc_photo_store.h"
#include "mc_sealed.h"
#include "mc_utf8.h"


#define STORED_MAX  (64 * 1024)     /* bytes of a transcode */
#define REASON_MAX  200             /* code points */


mc_err_t
mc_admin_photo_list(mc_admin_t *admin, mc_case_state_t state,
    mc_case_visit_pt visit, void *data)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_case_list(conn, state, visit, data);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "listing photos");
}


mc_err_t
mc_admin_photo_show(mc_admin_t *admin, int64_t photo_id, mc_str_t *jpeg)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_sealed_photo_open(admin->site, conn, photo_id, 0,
                               &admin->arena, jpeg, NULL);
    mc_store_release(admin->site->store, conn);

    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ENOTFOUND:
        return mc_admin_fail(admin, err, "no such photo");

    case MC_ECORRUPT:
        return mc_admin_fail(admin, err, "the photo is damaged or sealed "
                             "with another secret");

    default:
        return mc_admin_store_fail(admin, err, "reading a photo");
    }
}


mc_err_t
mc_admin_photo_decide(mc_admin_t *admin, int64_t photo_id, bool approve,
    mc_str_t reason, mc_case_row_t *out)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    reason = mc_utf8_trim(reason);

    if (!mc_utf8_printable(reason, false)
        || mc_utf8_count(reason) > REASON_MAX)
    {
        return mc_admin_fail(admin, MC_EINVAL, "the reason is one line of "
                             "at most %d characters", REASON_MAX);
    }

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    mc_admin_actor(admin, &actor);

    err = mc_case_decide(conn, &actor, photo_id,
                         approve ? MC_CASE_APPROVE : MC_CASE_REJECT, reason,
                         out, &admin->arena);
    mc_store_release(admin->site->store, conn);

    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ENOTFOUND:
        return mc_admin_fail(admin, err, "no such photo");

    case MC_ECONFLICT:
        return mc_admin_fail(admin, err, "the photo is no longer the one "
                             "that waits for a decision");

    default:
        return mc_admin_store_fail(admin, err, "deciding a photo");
    }
}


/* Sealed and written; the picture has been checked. */
static mc_err_t
record(mc_admin_t *admin, const mc_admin_key_t *key, bool reference,
    mc_str_t stored)
{
    mc_err_t         err;
    mc_conn_t       *conn;
    mc_actor_t       actor;
    mc_member_t      member;
    mc_photo_row_t   photo;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_admin_find(admin, conn, key, &member);

    if (err != MC_OK) {
        goto done;
    }

    photo = (mc_photo_row_t) { .member_id = member.id,
                               .reference = reference, .at = admin->now };

    err = mc_photo_reserve(conn, &photo.id);

    if (err == MC_OK) {
        err = mc_sealed_photo(admin->site, stored, &admin->arena, &photo);
    }

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = mc_photo_record(conn, &actor, &photo);
    }

    if (err != MC_OK) {
        (void) mc_admin_store_fail(admin, err, "storing a photo");
    }

done:

    mc_store_release(admin->site->store, conn);

    return err;
}


mc_err_t
mc_admin_photo_import(mc_admin_t *admin, const mc_admin_key_t *key,
    bool reference, mc_str_t jpeg)
{
    mc_buf_t           stored;
    mc_err_t           err;
    mc_photo_limits_t  limits;

    mc_site_photo_limits(admin->site, admin->now, &limits);
    limits.max_age = 0;     /* the institute took it from its own files */

    mc_buf_init(&stored, STORED_MAX);

    err = mc_photo_check(jpeg, &limits, &stored, &admin->arena,
                         &admin->problems);

    if (err == MC_OK) {
        err = record(admin, key, reference, mc_buf_view(&stored));

    } else if (admin->problems.count > 0) {
        err = mc_admin_fail(admin, MC_EINVAL, "the photo does not meet the "
                            "rules: %s",
                            mc_problem_code(admin->problems.items[0].code));

    } else {
        err = mc_admin_fail(admin, err, "checking the photo: %s",
                            mc_err_name(err));
    }

    mc_buf_wipe(&stored);

    return err;
}
