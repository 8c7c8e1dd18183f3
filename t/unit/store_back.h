/*
 * Stores of earlier versions, made from one of today by taking away what
 * later steps added. Included by test programs only.
 */

#ifndef STORE_BACK_H
#define STORE_BACK_H

#include <sqlite3.h>

#include "store_fixture.h"


#define BACK_TO_4                                                            \
    "DROP TABLE issued; DROP TABLE statement_key; "                          \
    "ALTER TABLE confirmation DROP COLUMN statement; "

#define BACK_TO_3                                                            \
    BACK_TO_4                                                                \
    "DROP TABLE meta; DROP TABLE audit_anchor; DROP TABLE outbox; "          \
    "DROP TABLE recovery; DROP TABLE password_history; "                     \
    "DROP INDEX member_bcrypt; DROP INDEX member_id_key; "                   \
    "ALTER TABLE member DROP COLUMN id_key; "                                \
    "ALTER TABLE member DROP COLUMN password_at; "                           \
    "ALTER TABLE member DROP COLUMN password_forced; "                       \
    "ALTER TABLE officer DROP COLUMN code_failures; "                        \
    "ALTER TABLE officer DROP COLUMN code_until; "                           \
    "ALTER TABLE session DROP COLUMN public_id; "                            \
    "ALTER TABLE session DROP COLUMN label; "                                \
    "ALTER TABLE session DROP COLUMN address; "                              \
    "ALTER TABLE session DROP COLUMN confirmed_at; "                         \
    "ALTER TABLE confirmation DROP COLUMN erased_at; "

/* of photo.db, with core.db at 3 or before */
#define PHOTO_BACK_TO_3  "DROP INDEX photo_member; "


/* Statements from outside the store; the first column of the last row, ""
 * where there is none. */
static inline void
outside(const char *dir, const char *name, const char *sql, char out[4096])
{
    char           path[128];
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    out[0] = '\0';

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);

    while (*sql != '\0') {
        if (sqlite3_prepare_v2(db, sql, -1, &stmt, &sql) != SQLITE_OK) {
            fail_msg("%s", sqlite3_errmsg(db));
        }

        if (sqlite3_step(stmt) == SQLITE_ROW
            && sqlite3_column_text(stmt, 0) != NULL)
        {
            snprintf(out, 4096, "%s",
                     (const char *) sqlite3_column_text(stmt, 0));
        }

        sqlite3_finalize(stmt);
    }

    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}


#endif /* STORE_BACK_H */
