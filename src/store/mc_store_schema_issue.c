/*
 * The step to version 5: certificates that can be checked (what was signed
 * at a confirmation, what was sent of it under which template).
 *
 * Statements only; run by mc_store_schema.c in a command.
 */

#include "mc_store_sqlite.h"


const char  mc_schema_issue[] =

    /* decimal digits, signed; NULL: none was made, or its member erased */
    "ALTER TABLE confirmation ADD COLUMN"
    " statement TEXT CHECK (length(statement) > 0);"

    /* what depends on the page, made with the first file of a template */
    "CREATE TABLE issued ("
    " serial INTEGER NOT NULL REFERENCES confirmation (serial),"
    " template BLOB NOT NULL CHECK (length(template) = 32),"
    " modules BLOB NOT NULL,"           /* of the QR; empty: it has none */
    " cms BLOB CHECK (length(cms) > 0),"    /* NULL: not signed */
    " sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"   /* of the file */
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (serial, template)"
    ") STRICT, WITHOUT ROWID;"

    /* keys that signed statements, also when their secret has gone */
    "CREATE TABLE statement_key ("
    " id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 4),"
    " public BLOB NOT NULL CHECK (length(public) = 65),"
    " at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";
