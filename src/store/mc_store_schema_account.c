/*
 * The step to version 4: what accounts need beyond log-in and photo
 * (recovery, messages, known sessions, password rules, audit rotation).
 *
 * Statements only; run by mc_store_schema.c in a command.
 */

#include "mc_store_sqlite.h"


const char  mc_schema_account[] =

    /* HMAC of the ID number: who is meant by a person without a number */
    "ALTER TABLE member ADD COLUMN"
    " id_key BLOB CHECK (length(id_key) = 32);"
    "ALTER TABLE member ADD COLUMN password_at INTEGER;"
    "ALTER TABLE member ADD COLUMN"                 /* to be changed first */
    " password_forced INTEGER NOT NULL DEFAULT 0"
    " CHECK (password_forced IN (0, 1));"
    "CREATE INDEX member_id_key ON member (id_key)"
    " WHERE id_key IS NOT NULL;"
    "CREATE INDEX member_bcrypt ON member (substr(password_hash, 5, 2))"
    " WHERE substr(password_hash, 1, 2) = '$2';"

    /* what a member sees of the own sessions */
    "ALTER TABLE session ADD COLUMN"
    " public_id INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE session ADD COLUMN label TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';"
    "UPDATE session SET"                            /* 1 .. 2^53 - 1 */
    " public_id = (random() & 9007199254740990) + 1;"

    /* when the password was last given in it; 0: not in our time */
    "ALTER TABLE session ADD COLUMN"
    " confirmed_at INTEGER NOT NULL DEFAULT 0;"

    "CREATE TABLE password_history ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " hash TEXT NOT NULL CHECK (length(hash) > 0),"
    " at INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX password_history_member"
    " ON password_history (member_id, id);"

    "CREATE TABLE recovery ("
    " id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),"
    " kind TEXT NOT NULL CHECK (kind IN ('code', 'institute')),"
    " member_id INTEGER REFERENCES member (id),"    /* NULL: nobody's */
    " code_mac BLOB NOT NULL CHECK (length(code_mac) = 32),"
    " tries INTEGER NOT NULL,"
    " channel INTEGER NOT NULL,"                    /* 0: nothing was sent */
    " at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL,"
    " used_at INTEGER"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX recovery_member ON recovery (member_id, at)"
    " WHERE member_id IS NOT NULL;"
    "CREATE INDEX recovery_expires ON recovery (expires_at);"

    "CREATE TABLE outbox ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " member_id INTEGER NOT NULL REFERENCES member (id),"
    " kind TEXT NOT NULL,"
    " channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),"
    " dedupe TEXT NOT NULL UNIQUE,"
    " sealed BLOB NOT NULL,"            /* empty once it left or died */
    " state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'dead')),"
    " at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL,"
    " next_try INTEGER NOT NULL,"
    " lease_until INTEGER NOT NULL DEFAULT 0,"
    " tries INTEGER NOT NULL DEFAULT 0,"
    " done_at INTEGER"
    ") STRICT;"
    "CREATE INDEX outbox_due ON outbox (next_try, id)"
    " WHERE state = 'queued';"
    "CREATE INDEX outbox_member ON outbox (member_id, at);"
    "CREATE INDEX outbox_done ON outbox (done_at)"
    " WHERE done_at IS NOT NULL;"

    /* where the chain starts after older rows were moved away */
    "CREATE TABLE audit_anchor ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " seq INTEGER NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32),"
    " seal BLOB NOT NULL CHECK (length(seal) = 32)"
    ") STRICT;"

    /* wrong one-time codes behind a right password */
    "ALTER TABLE officer ADD COLUMN"
    " code_failures INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE officer ADD COLUMN"
    " code_until INTEGER NOT NULL DEFAULT 0;"

    /* a confirmation whose member was erased: nothing is left of what it
     * froze, and who asks for its code is told so */
    "ALTER TABLE confirmation ADD COLUMN erased_at INTEGER;"

    "CREATE TABLE meta ("
    " key TEXT NOT NULL PRIMARY KEY CHECK (length(key) > 0),"
    " value BLOB NOT NULL"
    ") STRICT, WITHOUT ROWID;";


/* All photos of a member: they are given out and erased together. */
const char  mc_schema_account_photo[] =
    "CREATE INDEX photo_member ON photo (member_id);";
