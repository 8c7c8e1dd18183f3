/*
 * One row of a members' file.
 *
 * Depends on domain (fields, members), auth (is it a hash we take).  A
 * command only.  Spreadsheets are met half way: dates as 2020/1/5, sex as a
 * word, a user type by its Chinese name, blanks in numbers.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* memmem() */
#endif

#include "mc_import_row.h"

#include <stdio.h>

#include "mc_label.h"
#include "mc_legacy.h"
#include "mc_utf8.h"


static bool
map_column(mc_import_map_t *map, const mc_fields_t *fields, mc_str_t name,
    size_t at)
{
    const mc_field_t  *field;

    if (mc_str_is(name, "user_type")) {
        map->user_type = at;

    } else if (mc_str_is(name, "member_no")) {
        map->member_no = at;

    } else if (mc_str_is(name, "status")) {
        map->status = at;

    } else if (mc_str_is(name, "password_hash")) {
        map->password = at;

    } else {
        field = mc_field_find(fields, name);

        if (field == NULL) {
            return false;
        }

        map->fields[map->count] = field;
        map->at[map->count] = at;
        map->count++;
    }

    return true;
}


mc_err_t
mc_import_map(mc_import_members_t *members,
    const mc_str_t names[MC_CSV_COLUMNS])
{
    size_t              i;
    mc_import_table_t  *table;
    const mc_fields_t  *fields;

    table = &members->table;
    fields = &table->admin->site->settings->fields;

    for (i = 0; i < table->columns; i++) {

        if (!map_column(&members->map, fields, names[i], i + 1)) {
            mc_import_fault(table, 0, i + 1, "unknown column%s",
                            mc_str_is(names[i], "password")
                            ? ": passwords are imported as password_hash, "
                              "never as they are" : "");
        }
    }

    if (members->map.user_type == 0) {
        mc_import_fault(table, 0, 0, "column \"user_type\" is missing");
    }

    if (members->map.member_no == 0) {
        mc_import_fault(table, 0, 0, "column \"member_no\" is missing");
    }

    if (mc_import_column(table, names, mc_str("name")) == 0) {
        mc_import_fault(table, 0, 0, "column \"name\" is missing");
    }

    return table->file->fault_count == 0 ? MC_OK : MC_EINVAL;
}


/* "2020/1/5", "2020.01.05", "2020-1-5" as 2020-01-05; else unchanged. */
static mc_str_t
read_date(mc_str_t cell, mc_arena_t *arena)
{
    int       year, month, day, used;
    char      text[16], a, b;

    if (cell.len == 0 || cell.len >= sizeof(text)) {
        return cell;
    }

    memcpy(text, cell.data, cell.len);
    text[cell.len] = '\0';
    used = 0;

    if (sscanf(text, "%4d%c%2d%c%2d%n", &year, &a, &month, &b, &day, &used)
        != 5
        || (size_t) used != cell.len || a != b
        || (a != '/' && a != '.' && a != '-')
        || year < 1 || month < 1 || day < 1)
    {
        return cell;
    }

    return mc_arena_printf(arena, "%04d-%02d-%02d", year, month, day);
}


static mc_str_t
read_sex(mc_str_t cell)
{
    if (mc_str_eq(cell, mc_label_male.zh) || mc_str_is(cell, "m")
        || mc_str_eq(cell, mc_label_male.en))
    {
        return mc_str("M");
    }

    if (mc_str_eq(cell, mc_label_female.zh) || mc_str_is(cell, "f")
        || mc_str_eq(cell, mc_label_female.en))
    {
        return mc_str("F");
    }

    return cell;
}


/* The stored form of a cell; the csv reader's bytes do not last. */
static mc_str_t
read_value(const mc_field_t *field, mc_str_t cell, mc_arena_t *arena)
{
    char  letters[18];

    switch (field->type) {

    case MC_FIELD_DATE:
        return mc_arena_str(arena, read_date(cell, arena));

    case MC_FIELD_SEX:
        return mc_arena_str(arena, read_sex(cell));

    case MC_FIELD_ID_NUMBER:
        if (cell.len == sizeof(letters) && cell.data[17] == 'x') {
            memcpy(letters, cell.data, sizeof(letters));
            letters[17] = 'X';
            return mc_arena_str(arena, (mc_str_t) { letters,
                                                    sizeof(letters) });
        }

        return mc_arena_str(arena, cell);

    default:
        return mc_arena_str(arena, cell);
    }
}


static bool
has_institute(const mc_import_members_t *members, mc_str_t code)
{
    size_t  i;

    for (i = 0; i < members->institute_count; i++) {
        if (mc_str_eq(members->institutes[i].code, code)) {
            return true;
        }
    }

    return false;
}


static const char *
form_of(mc_field_type_t type)
{
    switch (type) {

    case MC_FIELD_DATE:
        return "not a date (YYYY-MM-DD)";

    case MC_FIELD_PHONE:
        return "not a telephone number";

    case MC_FIELD_EMAIL:
        return "not an e-mail address";

    case MC_FIELD_POSTCODE:
        return "not a postcode (6 digits)";

    case MC_FIELD_ID_NUMBER:
        return "not an ID number (18 characters with a right check digit)";

    case MC_FIELD_SEX:
        return "neither M nor F";

    default:
        return "a character that cannot be stored";
    }
}


/* What is wrong with a value that is there; NULL: nothing. */
static const char *
value_fault(mc_import_members_t *members, const mc_field_t *field,
    mc_str_t value)
{
    if (mc_import_is_exponent(value)) {
        return "a number in a spreadsheet's exponent form; format the "
               "column as text";
    }

    if (field->sensitive && value.len >= 3
        && memmem(value.data, value.len, "***", 3) != NULL)
    {
        return "a masked value; export without masks, or leave it empty";
    }

    members->problems.count = 0;

    if (!mc_field_check(field, value, &members->problems)) {
        return members->problems.count > 0
               && members->problems.items[0].code == MC_P_FIELD_TOO_LONG
               ? "too long" : form_of(field->type);
    }

    if (field->column == MC_COLUMN_INSTITUTE
        && !has_institute(members, value))
    {
        return "no institute has this code; import institutes first";
    }

    return NULL;
}


static bool
read_values(mc_import_members_t *members, mc_import_row_t *row)
{
    bool                    good;
    size_t                  i;
    mc_str_t                cell;
    const char             *reason;
    const mc_field_t       *field;
    const mc_import_map_t  *map;

    good = true;
    map = &members->map;

    for (i = 0; i < map->count; i++) {
        field = map->fields[i];
        cell = mc_import_cell(&members->table, map->at[i]);
        row->values[i] = read_value(field, cell, &members->arena);
        reason = NULL;

        if (row->values[i].len > 0) {
            reason = value_fault(members, field, row->values[i]);

        } else if (field->column == MC_COLUMN_NAME) {
            reason = "the name is empty";
        }

        if (reason != NULL) {
            mc_import_fault(&members->table, 0, map->at[i], "%s", reason);
            good = false;
        }
    }

    return good;
}


static bool
read_type(mc_import_members_t *members, mc_import_row_t *row)
{
    size_t                 i;
    mc_str_t               cell;
    const mc_settings_t   *settings;
    const mc_user_type_t  *type;

    settings = members->table.admin->site->settings;
    cell = mc_import_cell(&members->table, members->map.user_type);

    for (i = 0; i < settings->user_type_count; i++) {
        type = &settings->user_types[i];

        if (mc_str_eq(cell, type->code) || mc_str_eq(cell, type->zh)) {
            row->user_type = type->code;
            return true;
        }
    }

    mc_import_fault(&members->table, 0, members->map.user_type,
                    "no such user type (membercert_user_type)");

    return false;
}


static bool
read_number(mc_import_members_t *members, mc_import_row_t *row)
{
    mc_str_t  cell;

    cell = mc_import_cell(&members->table, members->map.member_no);

    if (mc_import_is_exponent(cell)) {
        mc_import_fault(&members->table, 0, members->map.member_no,
                        "a number in a spreadsheet's exponent form; format "
                        "the column as text");
        return false;
    }

    if (mc_member_no_read(cell, &members->arena, &row->member_no) != MC_OK) {
        mc_import_fault(&members->table, 0, members->map.member_no,
                        "member_no: 1 to 32 letters, digits and dashes");
        return false;
    }

    return true;
}


static bool
read_rest(mc_import_members_t *members, mc_import_row_t *row)
{
    bool              good;
    mc_str_t          cell;
    mc_legacy_kind_t  kind;

    good = true;
    row->fast = false;
    cell = mc_import_cell(&members->table, members->map.status);

    if (cell.len > 0) {
        row->has_status = mc_status_read(cell, &row->status);

        if (!row->has_status) {
            mc_import_fault(&members->table, 0, members->map.status,
                            "status: active, suspended, left or deceased");
            good = false;
        }
    }

    cell = mc_import_cell(&members->table, members->map.password);

    if (cell.len > 0) {
        kind = mc_legacy_kind(cell);
        row->fast = kind == MC_LEGACY_FAST;

        if (kind == MC_LEGACY_BAD) {
            mc_import_fault(&members->table, 0, members->map.password,
                            "none of the password hashes that are taken "
                            "(Argon2id m <= 65536, t <= 4, p <= 4; bcrypt "
                            "cost <= 12; md5:, sha1:, sha256: ...)");
            return false;
        }
    }

    row->phc = mc_arena_str(&members->arena, cell);

    return good;
}


bool
mc_import_row_read(mc_import_members_t *members, mc_import_row_t *row)
{
    bool  good;

    mc_arena_free(&members->arena);
    memset(row, 0, sizeof(*row));

    good = read_type(members, row);
    good = read_number(members, row) && good;
    good = read_values(members, row) && good;
    good = read_rest(members, row) && good;

    if (members->arena.failed) {
        mc_import_fault(&members->table, 0, 0, "out of memory");
        return false;
    }

    return good;
}


/*
 * Whether (type, number) was seen before; two of a million differing ones
 * meet in 64 bits of SHA-256 with a chance of 3 in 10^8.
 */
static bool
seen_before(mc_import_members_t *members, const mc_import_row_t *row)
{
    size_t    i;
    uint8_t   digest[MC_SHA256_SIZE];
    uint64_t  hash;
    mc_str_t  parts[2];

    parts[0] = row->user_type;
    parts[1] = row->member_no;

    if (mc_sha256_parts(parts, 2, digest) != MC_OK) {
        return false;
    }

    memcpy(&hash, digest, sizeof(hash));
    hash |= 1;      /* 0 is an empty place */

    i = (size_t) hash & (members->seen_size - 1);

    while (members->seen[i] != 0) {

        if (members->seen[i] == hash) {
            return true;
        }

        i = (i + 1) & (members->seen_size - 1);
    }

    members->seen[i] = hash;

    return false;
}


void
mc_import_row_check(mc_import_members_t *members, const mc_import_row_t *row)
{
    size_t                  i;
    const mc_import_map_t  *map;

    map = &members->map;

    if (seen_before(members, row)) {
        mc_import_fault(&members->table, 0, map->member_no,
                        "this user_type and member_no stand twice in the "
                        "file");
    }

    mc_import_glyphs(&members->table, map->member_no, row->member_no);

    for (i = 0; i < map->count; i++) {

        switch (map->fields[i]->column) {

        case MC_COLUMN_NAME:
        case MC_COLUMN_CERTIFICATE_NO:
        case MC_COLUMN_CATEGORY:
            mc_import_glyphs(&members->table, map->at[i], row->values[i]);
            break;

        default:
            break;
        }
    }
}
