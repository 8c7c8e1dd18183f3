/*
 * A consistent copy of a store that is in use.
 *
 * Depends on base.  Commands; the thread that has the connection.
 *
 * core.db is copied first: every photo it points to was committed before,
 * so photo.db copied after it has them all; gc is kept out meanwhile.  Each
 * copy is one read transaction (step(-1)): in steps, every foreign write
 * would start it again.  No writer waits for it.
 */

#include "mc_store_sqlite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>


/* MC_ECONFLICT when there is anything in it. */
static mc_err_t
folder_empty(const char *dir)
{
    DIR            *d;
    mc_err_t        err;
    struct dirent  *entry;

    d = opendir(dir);
    if (d == NULL) {
        return errno == ENOMEM ? MC_ENOMEM : MC_EIO;
    }

    err = MC_OK;

    for ( ;; ) {
        errno = 0;
        entry = readdir(d);

        if (entry == NULL) {
            if (errno != 0) {
                err = MC_EIO;
            }

            break;
        }

        if (strcmp(entry->d_name, ".") != 0
            && strcmp(entry->d_name, "..") != 0)
        {
            err = MC_ECONFLICT;
            break;
        }
    }

    closedir(d);

    return err;
}


static mc_err_t
pages_copy(sqlite3 *to, sqlite3 *from)
{
    int              rc;
    sqlite3_backup  *backup;

    backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return mc_sqlite_error(to, sqlite3_extended_errcode(to));
    }

    rc = sqlite3_backup_step(backup, -1);

    if (rc == SQLITE_DONE) {
        rc = sqlite3_backup_finish(backup);

    } else {
        (void) sqlite3_backup_finish(backup);
    }

    return mc_sqlite_error(to, rc);
}


/* The check reports a page it has no memory for as if it were bad. */
static mc_err_t
check_result(const char *text)
{
    if (text == NULL || strstr(text, "error code=7") != NULL) {
        return MC_ENOMEM;
    }

    return strcmp(text, "ok") == 0 ? MC_OK : MC_ECORRUPT;
}


/* Is the copy a whole database of this version? */
static mc_err_t
copy_check(sqlite3 *db)
{
    int            rc;
    int64_t        version;
    mc_err_t       err;
    sqlite3_stmt  *stmt;

    err = mc_sqlite_int(db, "PRAGMA user_version", &version);
    if (err != MC_OK) {
        return err;
    }

    if (version != MC_STORE_VERSION) {
        return MC_ECORRUPT;
    }

    rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL);
    if (rc != SQLITE_OK) {
        return mc_sqlite_error(db, rc);
    }

    rc = sqlite3_step(stmt);

    if (rc == SQLITE_ROW) {
        err = check_result((const char *) sqlite3_column_text(stmt, 0));

    } else {
        err = rc == SQLITE_DONE ? MC_ECORRUPT : mc_sqlite_error(db, rc);
    }

    sqlite3_finalize(stmt);

    return err;
}


/* After SQLite has closed it: only then may we open the file. */
static mc_err_t
file_sync(const char *path)
{
    int  fd, rc;

    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return MC_EIO;
    }

    rc = fsync(fd);
    close(fd);

    return rc == 0 ? MC_OK : MC_EIO;
}


static mc_err_t
database_copy(mc_conn_t *conn, mc_db_t which, const char *dir)
{
    int         rc;
    sqlite3    *db;
    mc_err_t    err;
    mc_path_t   path;

    err = mc_path_join(path, dir, mc_db_name(which));
    if (err != MC_OK) {
        return err;
    }

    err = mc_file_make(dir, mc_db_name(which));
    if (err != MC_OK) {
        return err;
    }

    rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE
                         | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
                         | SQLITE_OPEN_NOFOLLOW, NULL);

    if (rc == SQLITE_OK) {

        /* a new file: nothing to roll back to, and synced as a whole */

        sqlite3_extended_result_codes(db, 1);
        err = mc_sqlite_exec(db, "PRAGMA journal_mode = OFF;"
                                 "PRAGMA synchronous = OFF");
    } else {
        err = mc_sqlite_error(db, rc);
    }

    if (err == MC_OK) {
        err = pages_copy(db, conn->db[which]);
    }

    if (err == MC_OK) {
        err = copy_check(db);
    }

    rc = sqlite3_close(db);

    if (err == MC_OK && rc != SQLITE_OK) {
        err = MC_EIO;
    }

    return err == MC_OK ? file_sync(path) : err;
}


static void
files_remove(const char *dir)
{
    size_t                    i;
    mc_path_t                 path;
    static const char *const  names[] = {
        "core.db", "core.db-wal", "core.db-shm",
        "photo.db", "photo.db-wal", "photo.db-shm", "lock"
    };

    for (i = 0; i < mc_count(names); i++) {
        if (mc_path_join(path, dir, names[i]) == MC_OK) {
            (void) unlink(path);
        }
    }
}


mc_err_t
mc_store_backup(mc_conn_t *conn, mc_str_t target_dir)
{
    int        fd;
    mc_err_t   err;
    mc_path_t  source, target;

    err = mc_dir_copy(target_dir, target);
    if (err != MC_OK) {
        return err == MC_ESCHEMA ? MC_ENOTFOUND : err;
    }

    err = folder_empty(target);
    if (err != MC_OK) {
        return err;
    }

    err = mc_dir_real(conn->store->dir, source);
    if (err != MC_OK) {
        return err;
    }

    err = mc_lock_folder(source, false, &fd);
    if (err != MC_OK) {
        return err;
    }

    err = database_copy(conn, MC_DB_CORE, target);

    if (err == MC_OK) {
        err = database_copy(conn, MC_DB_PHOTO, target);
    }

    if (err == MC_OK) {
        err = mc_file_make(target, "lock");
    }

    if (err == MC_OK) {
        err = mc_dir_sync(target);
    }

    close(fd);

    if (err != MC_OK) {
        files_remove(target);
    }

    return err;
}
