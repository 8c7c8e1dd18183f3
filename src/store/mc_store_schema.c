/*
 * The tables, as ordered steps from one user_version to the next, and the
 * commands that run them.
 *
 * Depends on base.  Commands only: nothing here runs in nginx.
 *
 * A step is one transaction a file, photo.db first: core.db at version n
 * says that both are.  So a creation that was killed can be completed by
 * mc_store_migrate(), and a photo.db that is lost is never replaced by an
 * empty one.  Steps only add; workers of the old version answer 503 until
 * they are reloaded.
 */

#include "mc_store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_time.h"


#define FILE_MODE  0600

typedef struct {
    const char  *sql[MC_DBS];
} step_t;


static const char  core_1[] =
    "CREATE TABLE institute ("
    " code TEXT NOT NULL PRIMARY KEY CHECK (length(code) > 0),"
    " name TEXT NOT NULL,"
    " name_en TEXT NOT NULL,"
    " contact TEXT NOT NULL,"
    " phone TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE member ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " user_type TEXT NOT NULL CHECK (length(user_type) > 0),"
    " member_no TEXT NOT NULL CHECK (length(member_no) > 0),"
    " name TEXT NOT NULL,"
    " sex TEXT NOT NULL,"
    " certificate_no TEXT NOT NULL,"
    " category TEXT NOT NULL,"
    " admitted_on TEXT NOT NULL,"
    " institute TEXT REFERENCES institute (code),"
    " status TEXT NOT NULL,"
    " password_hash TEXT CHECK (length(password_hash) > 0),"
    " disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),"
    " epoch INTEGER NOT NULL,"
    " profile BLOB NOT NULL,"
    " photo_id INTEGER,"            /* current; photo.db */
    " reference_id INTEGER,"        /* what uploads are compared with */
    " revision INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL CHECK (attempts >= 0),"
    " UNIQUE (user_type, member_no)"
    ") STRICT;"
    "CREATE INDEX member_photo ON member (photo_id)"
    " WHERE photo_id IS NOT NULL;"
    "CREATE INDEX member_reference ON member (reference_id)"
    " WHERE reference_id IS NOT NULL;"

    "CREATE TABLE session ("
    " hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " epoch INTEGER NOT NULL,"
    " client INTEGER NOT NULL CHECK (client IN (0, 1)),"
    " created_at INTEGER NOT NULL,"
    " last_seen INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_member ON session (member_id, created_at);"
    "CREATE INDEX session_expires ON session (expires_at);"

    "CREATE TABLE photo_case ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " photo_id INTEGER NOT NULL UNIQUE,"
    " plain_sha256 BLOB NOT NULL CHECK (length(plain_sha256) = 32),"
    " state TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " decided_at INTEGER,"
    " declared INTEGER NOT NULL CHECK (declared IN (0, 1))"
    ") STRICT;"
    "CREATE INDEX photo_case_member ON photo_case (member_id, id);"
    "CREATE INDEX photo_case_state ON photo_case (state, id);"

    "CREATE TABLE confirmation ("
    " serial INTEGER PRIMARY KEY AUTOINCREMENT,"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " version TEXT NOT NULL CHECK (length(version) = 64),"
    " frozen BLOB NOT NULL,"
    " photo_id INTEGER NOT NULL,"
    " code TEXT NOT NULL UNIQUE CHECK (length(code) > 0),"
    " at INTEGER NOT NULL,"
    " superseded_at INTEGER,"
    " revoked_at INTEGER,"
    " reason TEXT"
    ") STRICT;"
    "CREATE INDEX confirmation_member ON confirmation (member_id, serial);"
    "CREATE INDEX confirmation_photo ON confirmation (photo_id);"

    "CREATE TABLE consent ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " document TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),"
    " at INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX consent_member"
    " ON consent (member_id, document, version, id);"

    "CREATE TABLE audit ("
    " seq INTEGER PRIMARY KEY,"     /* 1, 2, 3 ... set by the chain */
    " at INTEGER NOT NULL,"
    " member_id INTEGER,"
    " actor TEXT NOT NULL,"
    " action TEXT NOT NULL,"
    " result TEXT NOT NULL,"
    " address TEXT NOT NULL,"
    " request_id TEXT NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32)"
    ") STRICT;"

    "CREATE TABLE audit_head ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " seq INTEGER NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32),"
    " seal BLOB NOT NULL CHECK (length(seal) = 32)"
    ") STRICT;";

/* Ids come from photo_seq in blocks, so photo needs no AUTOINCREMENT. */
static const char  photo_1[] =
    "CREATE TABLE photo ("
    " id INTEGER PRIMARY KEY,"
    " member_id INTEGER NOT NULL,"
    " role TEXT NOT NULL CHECK (role IN ('certificate', 'reference')),"
    " sealed_sha256 BLOB NOT NULL CHECK (length(sealed_sha256) = 32),"
    " plain_sha256 BLOB NOT NULL CHECK (length(plain_sha256) = 32),"
    " at INTEGER NOT NULL,"
    " sealed BLOB NOT NULL"         /* last: it overflows the page */
    ") STRICT;"
    "CREATE INDEX photo_at ON photo (at);"

    "CREATE TABLE photo_seq ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " next INTEGER NOT NULL"
    ") STRICT;"
    "INSERT INTO photo_seq (id, next) VALUES (1, 1);";

/* A comparison as a job of its own: who has it, when it is due, what was
 * answered.  Cases that wait from before are due at once. */
static const char  core_2[] =
    "ALTER TABLE photo_case ADD COLUMN"
    " next_try INTEGER NOT NULL DEFAULT 0;"     /* also the lease's end */
    "ALTER TABLE photo_case ADD COLUMN"
    " lease_until INTEGER NOT NULL DEFAULT 0;"  /* 0: nobody has it */
    "ALTER TABLE photo_case ADD COLUMN"
    " tries INTEGER NOT NULL DEFAULT 0;"        /* asked so often */
    "ALTER TABLE photo_case ADD COLUMN first_asked INTEGER;"
    "ALTER TABLE photo_case ADD COLUMN asked_at INTEGER;"
    "ALTER TABLE photo_case ADD COLUMN"
    " alerted INTEGER NOT NULL DEFAULT 0 CHECK (alerted IN (0, 1));"
    "ALTER TABLE photo_case ADD COLUMN"
    " result TEXT NOT NULL DEFAULT '';"         /* the provider's word */
    "ALTER TABLE photo_case ADD COLUMN"
    " score INTEGER;"                           /* of 10,000 */
    "ALTER TABLE photo_case ADD COLUMN"
    " model TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE photo_case ADD COLUMN"
    " warnings TEXT NOT NULL DEFAULT '';"       /* of the content checks */
    "CREATE INDEX photo_case_due ON photo_case (next_try, id)"
    " WHERE state = 'pending';"
    "CREATE INDEX photo_case_late ON photo_case (at)"
    " WHERE state = 'pending' AND alerted = 0;";

/* steps[n] leads from version n to n + 1; "": nothing changes in a file */
static const step_t  steps[] = {
    { { core_1, photo_1 } },
    { { core_2, "" } },
    { { mc_schema_officer, "" } },
    { { mc_schema_account, mc_schema_account_photo } },
    { { mc_schema_issue, "" } }
};

_Static_assert(mc_count(steps) == MC_STORE_VERSION, "a step is missing");


static mc_err_t
step_run(sqlite3 *db, mc_db_t which, int version)
{
    char      pragmas[128];
    mc_err_t  err;

    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             which == MC_DB_CORE ? MC_CORE_ID : MC_PHOTO_ID, version + 1);

    err = mc_sqlite_exec(db, "BEGIN IMMEDIATE");
    if (err != MC_OK) {
        return err;
    }

    err = mc_sqlite_exec(db, steps[version].sql[which]);

    if (err == MC_OK) {
        err = mc_sqlite_exec(db, pragmas);
    }

    if (err == MC_OK) {
        err = mc_sqlite_exec(db, "COMMIT");
    }

    if (!sqlite3_get_autocommit(db)) {
        (void) mc_sqlite_exec(db, "ROLLBACK");
    }

    return err;
}


/* -wal and -shm take over the mode.  No connection of this process has the
 * file open yet, so closing it here drops no lock. */
mc_err_t
mc_file_make(const char *dir, const char *name)
{
    int        fd;
    mc_err_t   err;
    mc_path_t  path;

    err = mc_path_join(path, dir, name);
    if (err != MC_OK) {
        return err;
    }

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
              FILE_MODE);
    if (fd < 0) {
        switch (errno) {
        case EEXIST:
            return MC_ECONFLICT;

        case ENOSPC:
        case EDQUOT:
            return MC_EFULL;

        case EROFS:
        case EACCES:
            return MC_EREADONLY;

        default:
            return MC_EIO;
        }
    }

    return close(fd) == 0 ? MC_OK : MC_EIO;
}


/* Opens one database; a file that is not there is made when "make". */
static mc_err_t
database_open(const char *dir, mc_db_t which, bool make, sqlite3 **db)
{
    mc_err_t   err;
    mc_path_t  path;

    err = mc_path_join(path, dir, mc_db_name(which));
    if (err != MC_OK) {
        return err;
    }

    err = mc_path_check(path);

    if (err == MC_ESCHEMA && make) {
        err = mc_file_make(dir, mc_db_name(which));
    }

    if (err != MC_OK) {
        return err;
    }

    return mc_db_open(dir, which, true, MC_STORE_DEADLINE, db);
}


mc_err_t
mc_dir_sync(const char *dir)
{
    int  fd, rc;

    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return MC_EIO;
    }

    rc = fsync(fd);
    close(fd);

    return rc == 0 ? MC_OK : MC_EIO;
}


/* Every step that is missing; where photo.db is one ahead, the last run was
 * cut short between the two. */
static mc_err_t
steps_run(sqlite3 *core, int64_t version, sqlite3 *photo,
    int64_t photo_version)
{
    mc_err_t  err;

    if (version > MC_STORE_VERSION || photo_version > MC_STORE_VERSION
        || photo_version < version)
    {
        return MC_ESCHEMA;
    }

    for ( /* void */ ; version < MC_STORE_VERSION; version++) {
        if (photo_version == version) {
            err = step_run(photo, MC_DB_PHOTO, (int) version);
            if (err != MC_OK) {
                return err;
            }

            photo_version++;
        }

        err = step_run(core, MC_DB_CORE, (int) version);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


/* Both databases to the newest version; the lock is held. */
static mc_err_t
bring_up(const char *dir, int *from)
{
    int64_t    version, photo_version;
    sqlite3   *core, *photo;
    mc_err_t   err;

    photo = NULL;

    err = database_open(dir, MC_DB_CORE, true, &core);
    if (err != MC_OK) {
        return err;
    }

    err = mc_sqlite_int(core, "PRAGMA user_version", &version);
    if (err != MC_OK) {
        goto done;
    }

    *from = (int) version;

    err = database_open(dir, MC_DB_PHOTO, version == 0, &photo);
    if (err != MC_OK) {
        goto done;
    }

    err = mc_sqlite_int(photo, "PRAGMA user_version", &photo_version);
    if (err != MC_OK) {
        goto done;
    }

    err = steps_run(core, version, photo, photo_version);

    if (err == MC_OK) {
        err = mc_dir_sync(dir);
    }

done:

    sqlite3_close(photo);
    sqlite3_close(core);

    return err;
}


static mc_err_t
locked_bring_up(const char *dir, int *from)
{
    int       fd;
    mc_err_t  err;

    err = mc_lock_file(dir, &fd);
    if (err != MC_OK) {
        return err;
    }

    err = mc_lock_poll(fd, mc_monotonic() + MC_STORE_DEADLINE);

    if (err == MC_OK) {
        err = bring_up(dir, from);
    }

    close(fd);

    return err;
}


mc_err_t
mc_dir_copy(mc_str_t dir, mc_path_t real)
{
    mc_path_t  path;

    if (dir.len == 0 || dir.len >= sizeof(path)) {
        return MC_EINVAL;
    }

    memcpy(path, dir.data, dir.len);
    path[dir.len] = '\0';

    return mc_dir_real(path, real);
}


static const char *const  files[] = {
    "core.db", "core.db-wal", "core.db-shm", "core.db-journal",
    "photo.db", "photo.db-wal", "photo.db-shm", "photo.db-journal",
    "lock"
};


mc_err_t
mc_store_create(mc_str_t dir)
{
    int          from;
    size_t       i;
    mc_err_t     err;
    mc_path_t    real, path;
    struct stat  st;

    err = mc_dir_copy(dir, real);
    if (err != MC_OK) {
        return err;
    }

    for (i = 0; i < mc_count(files); i++) {
        err = mc_path_join(path, real, files[i]);
        if (err != MC_OK) {
            return err;
        }

        if (lstat(path, &st) == 0) {
            return MC_ECONFLICT;
        }
    }

    /* made with O_EXCL: of two that create at once, one goes on */

    err = mc_file_make(real, "lock");
    if (err != MC_OK) {
        return err;
    }

    err = locked_bring_up(real, &from);

    for (i = 0; err != MC_OK && i < mc_count(files); i++) {
        if (mc_path_join(path, real, files[i]) == MC_OK) {
            (void) unlink(path);
        }
    }

    return err;
}


mc_err_t
mc_store_migrate(mc_str_t dir, int *from)
{
    mc_err_t   err;
    mc_path_t  real;

    err = mc_dir_copy(dir, real);
    if (err != MC_OK) {
        return err;
    }

    return locked_bring_up(real, from);
}
