/*
 * An administrator's use cases: the store as a whole.
 *
 * Depends on store, document (seals).  A command only.
 */

#include "mc_admin.h"

#include "mc_layout.h"
#include "mc_seal.h"


mc_err_t
mc_admin_check(mc_admin_t *admin, mc_store_report_t *report)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_check(conn, report);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "checking the store");
}


/* What layout "index" lacks. */
static mc_err_t
seals_of(mc_admin_t *admin, size_t index, const mc_institute_t *institutes,
    size_t count, mc_admin_seal_pt visit, void *data)
{
    char                     error[MC_SETTINGS_ERROR];
    size_t                   i;
    mc_err_t                 err;
    mc_seals_t               seals;
    const char              *where;
    mc_layout_t             *layout;
    const mc_settings_t     *settings;
    const mc_layout_seal_t  *line;

    settings = admin->site->settings;
    layout = mc_layout_open(settings, index, error, &where);

    if (layout == NULL) {
        return mc_admin_fail(admin, MC_EINVAL, "%s%s%s", where,
                             *where != '\0' ? ": " : "", error);
    }

    line = mc_layout_seal(layout, MC_SEAL_REGIONAL);
    err = MC_OK;

    if (line->present && line->path.len > 0) {
        err = mc_seals_open(line->path, &seals, error);

        for (i = 0; err == MC_OK && i < count; i++) {
            if (mc_seals_find(&seals, institutes[i].code) == NULL) {
                visit(data, settings->layouts[index].name, &institutes[i]);
            }
        }

        if (err == MC_OK) {
            mc_seals_close(&seals);

        } else {
            err = mc_admin_fail(admin, err, "%s", error);
        }
    }

    mc_layout_close(layout);

    return err;
}


mc_err_t
mc_admin_seals(mc_admin_t *admin, mc_admin_seal_pt visit, void *data)
{
    size_t           i, count;
    mc_err_t         err;
    mc_conn_t       *conn;
    mc_institute_t  *institutes;

    if (admin->site->settings->layout_count == 0) {
        return MC_OK;           /* the built-in one loads no seals */
    }

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_institute_list(conn, &admin->arena, &institutes, &count);
    mc_store_release(admin->site->store, conn);

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading institutes");
    }

    for (i = 0; err == MC_OK && i < admin->site->settings->layout_count; i++)
    {
        err = seals_of(admin, i, institutes, count, visit, data);
    }

    return err;
}


mc_err_t
mc_admin_backup(mc_admin_t *admin, mc_str_t target_dir)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_backup(conn, target_dir);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "backup");
}


mc_err_t
mc_admin_gc(mc_admin_t *admin, int64_t *removed)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_gc(conn, admin->now, 0, removed);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err, "clean-up");
}
