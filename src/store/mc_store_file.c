/*
 * Paths of the store's files, and SQLite handles opened with every setting
 * the store relies on.
 *
 * Depends on base.  Pool threads and commands.
 *
 * The database files are opened by SQLite alone: closing any descriptor of
 * such a file drops all POSIX locks this process holds on it.  What we want
 * to know of them beforehand comes from lstat().
 */

#include "mc_store_sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>


static const struct {
    const char  *name;
    int64_t      id;
} databases[MC_DBS] = {
    { "core.db", MC_CORE_ID },
    { "photo.db", MC_PHOTO_ID }
};


const char *
mc_db_name(mc_db_t db)
{
    return databases[db].name;
}


mc_err_t
mc_path_join(mc_path_t out, const char *dir, const char *name)
{
    int  len;

    len = snprintf(out, sizeof(mc_path_t), "%s/%s", dir, name);

    return len < 0 || (size_t) len >= sizeof(mc_path_t) ? MC_ETOOBIG : MC_OK;
}


mc_err_t
mc_path_check(const char *path)
{
    struct stat  st;

    if (lstat(path, &st) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? MC_ESCHEMA : MC_EIO;
    }

    return S_ISREG(st.st_mode) ? MC_OK : MC_EIO;
}


mc_err_t
mc_dir_real(const char *dir, mc_path_t out)
{
    if (realpath(dir, out) == NULL) {
        switch (errno) {
        case ENOENT:
        case ENOTDIR:
            return MC_ESCHEMA;

        case ENOMEM:
            return MC_ENOMEM;

        default:
            return MC_EIO;
        }
    }

    return MC_OK;
}


/*
 * The errno of the last write that failed.  SQLite keeps it with the handle,
 * except for a COMMIT, whose writes go to the WAL: then the file knows.
 */
static int
write_errno(sqlite3 *db)
{
    int            error;
    sqlite3_file  *wal;

    error = sqlite3_system_errno(db);
    if (error != 0) {
        return error;
    }

    wal = NULL;

    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal)
        != SQLITE_OK || wal == NULL || wal->pMethods == NULL
        || wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error)
           != SQLITE_OK)
    {
        return 0;
    }

    return error;
}


/* A result whose cause lies in the file system: the errno tells more.
 * ENOSPC alone SQLite calls SQLITE_FULL by itself. */
static mc_err_t
system_error(sqlite3 *db, int rc)
{
    int  error;

    if (db == NULL) {
        return MC_EIO;
    }

    error = rc == SQLITE_IOERR_WRITE ? write_errno(db)
                                     : sqlite3_system_errno(db);

    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return MC_EFULL;

    case EROFS:
        return MC_EREADONLY;

    case ENOMEM:
        return MC_ENOMEM;

    default:
        return MC_EIO;
    }
}


mc_err_t
mc_sqlite_error(sqlite3 *db, int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return MC_OK;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return MC_EBUSY;

    case SQLITE_NOMEM:
        return MC_ENOMEM;

    case SQLITE_FULL:
        return MC_EFULL;

    case SQLITE_READONLY:
    case SQLITE_PERM:
        return MC_EREADONLY;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return MC_ECORRUPT;

    case SQLITE_CONSTRAINT:
        return rc == SQLITE_CONSTRAINT_UNIQUE
               || rc == SQLITE_CONSTRAINT_PRIMARYKEY
               || rc == SQLITE_CONSTRAINT_ROWID ? MC_ECONFLICT : MC_EINVAL;

    case SQLITE_TOOBIG:
        return MC_ETOOBIG;

    case SQLITE_ERROR:      /* of our statements only: no such table */
    case SQLITE_SCHEMA:
        return MC_ESCHEMA;

    case SQLITE_IOERR:
        return rc == SQLITE_IOERR_NOMEM ? MC_ENOMEM : system_error(db, rc);

    case SQLITE_CANTOPEN:
        return system_error(db, rc);

    default:
        return MC_EIO;
    }
}


mc_err_t
mc_sqlite_exec(sqlite3 *db, const char *sql)
{
    return mc_sqlite_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}


mc_err_t
mc_sqlite_int(sqlite3 *db, const char *sql, int64_t *out)
{
    int            rc;
    mc_err_t       err;
    sqlite3_stmt  *stmt;

    rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) {
        return mc_sqlite_error(db, rc);
    }

    rc = sqlite3_step(stmt);

    if (rc == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
        err = MC_OK;

    } else {
        err = rc == SQLITE_DONE ? MC_ENOTFOUND : mc_sqlite_error(db, rc);
    }

    sqlite3_finalize(stmt);

    return err;
}


/* Is it ours, and of the version we know? */
static mc_err_t
version_check(sqlite3 *db, mc_db_t which, bool any_version)
{
    int64_t   id, version;
    mc_err_t  err;

    err = mc_sqlite_int(db, "PRAGMA application_id", &id);
    if (err != MC_OK) {
        return err;
    }

    err = mc_sqlite_int(db, "PRAGMA user_version", &version);
    if (err != MC_OK) {
        return err;
    }

    if (any_version && version == 0 && id == 0) {
        return MC_OK;
    }

    if (id != databases[which].id) {
        return MC_ESCHEMA;
    }

    return any_version || version == MC_STORE_VERSION ? MC_OK : MC_ESCHEMA;
}


static mc_err_t
journal_wal(sqlite3 *db)
{
    int                   rc;
    mc_err_t              err;
    const unsigned char  *mode;
    sqlite3_stmt         *stmt;

    rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
    if (rc != SQLITE_OK) {
        return mc_sqlite_error(db, rc);
    }

    rc = sqlite3_step(stmt);

    if (rc == SQLITE_ROW) {
        mode = sqlite3_column_text(stmt, 0);
        err = mode != NULL && sqlite3_stricmp((const char *) mode, "wal") == 0
              ? MC_OK : MC_EIO;

    } else {
        err = rc == SQLITE_DONE ? MC_EIO : mc_sqlite_error(db, rc);
    }

    sqlite3_finalize(stmt);

    return err;
}


static mc_err_t
switches_set(sqlite3 *db)
{
    size_t            i;
    static const int  on[] = {
        SQLITE_DBCONFIG_ENABLE_FKEY,
        SQLITE_DBCONFIG_DEFENSIVE,
        SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    };
    static const int  off[] = {
        SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        SQLITE_DBCONFIG_ENABLE_TRIGGER,
        SQLITE_DBCONFIG_DQS_DML,
        SQLITE_DBCONFIG_DQS_DDL
    };

    for (i = 0; i < mc_count(on); i++) {
        if (sqlite3_db_config(db, on[i], 1, NULL) != SQLITE_OK) {
            return MC_EIO;
        }
    }

    for (i = 0; i < mc_count(off); i++) {
        if (sqlite3_db_config(db, off[i], 0, NULL) != SQLITE_OK) {
            return MC_EIO;
        }
    }

    return MC_OK;
}


/* The version comes first, so that a file that is not ours stays as it is. */
static mc_err_t
handle_settle(sqlite3 *db, mc_db_t which, bool any_version, int busy_ms)
{
    mc_err_t  err;
    int64_t   synchronous;

    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, busy_ms);

    err = switches_set(db);
    if (err != MC_OK) {
        return err;
    }

    err = version_check(db, which, any_version);
    if (err != MC_OK) {
        return err;
    }

    err = journal_wal(db);
    if (err != MC_OK) {
        return err;
    }

    err = mc_sqlite_exec(db, "PRAGMA synchronous = FULL;"
                             "PRAGMA secure_delete = ON;"
                             "PRAGMA cell_size_check = ON;"
                             "PRAGMA temp_store = MEMORY;"
                             "PRAGMA journal_size_limit = 67108864;"
                             "PRAGMA wal_autocheckpoint = 0");
    if (err != MC_OK) {
        return err;
    }

    err = mc_sqlite_int(db, "PRAGMA synchronous", &synchronous);
    if (err != MC_OK) {
        return err;
    }

    return synchronous == 2 ? MC_OK : MC_EIO;
}


mc_err_t
mc_db_open(const char *dir, mc_db_t which, bool any_version, int busy_ms,
    sqlite3 **out)
{
    int         rc;
    sqlite3    *db;
    mc_err_t    err;
    mc_path_t   path;

    *out = NULL;

    err = mc_path_join(path, dir, databases[which].name);
    if (err != MC_OK) {
        return err;
    }

    err = mc_path_check(path);
    if (err != MC_OK) {
        return err;
    }

    rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE
                         | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
                         | SQLITE_OPEN_NOFOLLOW, NULL);

    if (rc == SQLITE_OK) {
        err = handle_settle(db, which, any_version, busy_ms);

    } else {
        err = mc_sqlite_error(db, rc);
    }

    if (err != MC_OK) {
        sqlite3_close(db);
        return err;
    }

    *out = db;

    return MC_OK;
}
