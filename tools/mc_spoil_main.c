/*
 * spoil STORE MEMBER_NO: flips one byte of the member's stored photo, as a
 * failing disk would.  For the demo and the tests of photo_unavailable
 * (S20); no nginx may run on the store meanwhile.
 */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>


static sqlite3 *
open_db(const char *dir, const char *name)
{
    char      path[4096];
    sqlite3  *db = NULL;

    snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL)
        != SQLITE_OK)
    {
        sqlite3_close(db);
        return NULL;
    }

    return db;
}


static sqlite3_int64
photo_of(const char *dir, const char *member_no)
{
    sqlite3        *db = open_db(dir, "core.db");
    sqlite3_int64   id = 0;
    sqlite3_stmt   *stmt = NULL;

    if (sqlite3_prepare_v2(db, "SELECT photo_id FROM member"
                           " WHERE member_no = ?1", -1, &stmt, NULL)
        == SQLITE_OK)
    {
        sqlite3_bind_text(stmt, 1, member_no, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW) {
            id = sqlite3_column_int64(stmt, 0);
        }
    }

    sqlite3_finalize(stmt);
    sqlite3_close(db);

    return id;
}


static int
flip(const char *dir, sqlite3_int64 id)
{
    int             flipped = 0;
    sqlite3        *db = open_db(dir, "photo.db");
    sqlite3_blob   *blob = NULL;
    unsigned char   byte;

    if (sqlite3_blob_open(db, "main", "photo", "sealed", id, 1, &blob)
        == SQLITE_OK
        && sqlite3_blob_read(blob, &byte, 1, 100) == SQLITE_OK)
    {
        byte ^= 1;
        flipped = sqlite3_blob_write(blob, &byte, 1, 100) == SQLITE_OK;
    }

    flipped = sqlite3_blob_close(blob) == SQLITE_OK && flipped;
    sqlite3_close(db);

    return flipped;
}


int
main(int argc, char **argv)
{
    struct stat    st;
    sqlite3_int64  id;

    if (argc != 3 || stat(argv[1], &st) != 0) {
        fprintf(stderr, "usage: spoil STORE MEMBER_NO\n");
        return 2;
    }

    if (geteuid() == 0
        && (setgid(st.st_gid) != 0 || setuid(st.st_uid) != 0))
    {
        return 2;
    }

    id = photo_of(argv[1], argv[2]);

    if (id == 0 || !flip(argv[1], id)) {
        fprintf(stderr, "spoil: no such photo\n");
        return 1;
    }

    return 0;
}
