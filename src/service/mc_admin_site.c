/*
 * An administrator's use cases: the store as a whole.
 *
 * Depends on store.  A command only.
 */

#include "mc_admin.h"


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
