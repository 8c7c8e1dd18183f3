/*
 * The built-in fields, and what their types accept and hide.
 *
 * Sources: GB 11643-1999 (ID number), RFC 5321 4.5.3.1 (lengths of an
 * e-mail address), E.164 (at most 15 digits).
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_field.h"
#include "mc_label.h"
#include "mc_time.h"
#include "mc_utf8.h"


#define KEY_MAX      32
#define CODE_MAX     32     /* institute's code */

/* Built-in fields: who may do what. */
#define INSTITUTE    false
#define MEMBER       true


/* In the order of mc_field_type_t. */
static const char *const type_names[] = {
    "text", "date", "phone", "email", "postcode", "id_number", "sex",
    "institute"
};


typedef struct {
    const char       *key;
    mc_field_type_t   type;
    mc_column_t       column;
    bool              required;
    bool              member_edits;
    bool              sensitive;
    uint32_t          max;
} builtin_t;


static const builtin_t builtin[MC_LABEL_FIELDS] = {
    { "name", MC_FIELD_TEXT, MC_COLUMN_NAME,
      true, INSTITUTE, false, 50 },
    { "sex", MC_FIELD_SEX, MC_COLUMN_SEX,
      true, INSTITUTE, false, 1 },
    { "certificate_no", MC_FIELD_TEXT, MC_COLUMN_CERTIFICATE_NO,
      true, INSTITUTE, false, 32 },
    { "category", MC_FIELD_TEXT, MC_COLUMN_CATEGORY,
      true, INSTITUTE, false, 30 },
    { "admitted_on", MC_FIELD_DATE, MC_COLUMN_ADMITTED_ON,
      true, INSTITUTE, false, 10 },
    { "institute", MC_FIELD_INSTITUTE, MC_COLUMN_INSTITUTE,
      true, INSTITUTE, false, CODE_MAX },
    { "id_number", MC_FIELD_ID_NUMBER, MC_COLUMN_NONE,
      true, INSTITUTE, true, 18 },
    { "phone", MC_FIELD_PHONE, MC_COLUMN_NONE,
      true, MEMBER, true, 20 },
    { "email", MC_FIELD_EMAIL, MC_COLUMN_NONE,
      false, MEMBER, true, 254 },
    { "work_unit", MC_FIELD_TEXT, MC_COLUMN_NONE,
      true, MEMBER, false, 100 },
    { "address", MC_FIELD_TEXT, MC_COLUMN_NONE,
      true, MEMBER, true, 200 },
    { "postcode", MC_FIELD_POSTCODE, MC_COLUMN_NONE,
      false, MEMBER, false, 6 }
};


void
mc_fields_builtin(mc_fields_t *fields)
{
    size_t       i;
    mc_field_t  *field;

    memset(fields, 0, sizeof(*fields));

    for (i = 0; i < MC_LABEL_FIELDS; i++) {
        field = &fields->items[i];

        field->key = mc_str_from(builtin[i].key);
        field->zh = mc_label_fields[i].zh;
        field->en = mc_label_fields[i].en;
        field->type = builtin[i].type;
        field->column = builtin[i].column;
        field->required = builtin[i].required;
        field->member_edits = builtin[i].member_edits;
        field->sensitive = builtin[i].sensitive;
        field->max = builtin[i].max;
    }

    fields->count = MC_LABEL_FIELDS;
}


const mc_field_t *
mc_field_find(const mc_fields_t *fields, mc_str_t key)
{
    size_t  i;

    for (i = 0; i < fields->count; i++) {
        if (mc_str_eq(fields->items[i].key, key)) {
            return &fields->items[i];
        }
    }

    return NULL;
}


const char *
mc_field_type_name(mc_field_type_t type)
{
    if ((size_t) type >= mc_count(type_names)) {
        return "";
    }

    return type_names[type];
}


bool
mc_field_type_read(mc_str_t name, mc_field_type_t *out)
{
    size_t  i;

    for (i = 0; i < mc_count(type_names); i++) {
        if (mc_str_is(name, type_names[i])) {
            *out = (mc_field_type_t) i;
            return true;
        }
    }

    return false;
}


static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}


static bool
is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}


static bool
all_digits(const char *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (!is_digit(data[i])) {
            return false;
        }
    }

    return true;
}


bool
mc_field_key_valid(mc_str_t key)
{
    size_t  i;
    char    c;

    for (i = 0; i < key.len; i++) {
        c = key.data[i];

        if (!is_digit(c) && !(c >= 'a' && c <= 'z') && c != '_') {
            return false;
        }
    }

    return key.len > 0 && key.len <= KEY_MAX;
}


static bool
is_phone(mc_str_t value)
{
    size_t  i, digits;

    if (value.len == 11 && value.data[0] == '1') {
        return value.data[1] >= '3' && all_digits(value.data, value.len);
    }

    if (value.len == 0 || value.len > 20 || value.data[0] != '+') {
        return false;
    }

    digits = 0;

    for (i = 1; i < value.len; i++) {
        if (is_digit(value.data[i])) {
            digits++;

        } else if (value.data[i] != '-' || value.data[i - 1] == '-'
                   || i == 1 || i == value.len - 1)
        {
            return false;
        }
    }

    return digits >= 6 && digits <= 15;
}


/* Words of letters and "extra" with single dots between them. */
static bool
is_dotted(const char *data, size_t len, const char *extra)
{
    size_t  i;

    if (len == 0 || data[0] == '.' || data[len - 1] == '.') {
        return false;
    }

    for (i = 0; i < len; i++) {
        if (data[i] == '.') {
            if (data[i - 1] == '.') {
                return false;
            }

        } else if (!is_alnum(data[i])
                   && (data[i] == '\0' || strchr(extra, data[i]) == NULL))
        {
            return false;
        }
    }

    return true;
}


static bool
is_email(mc_str_t value)
{
    const char  *at, *host, *end;
    size_t       i, len;

    if (value.len > 254) {
        return false;
    }

    at = memchr(value.data, '@', value.len);

    if (at == NULL || at - value.data > 64) {
        return false;
    }

    end = value.data + value.len;
    host = at + 1;
    len = (size_t) (end - host);

    if (!is_dotted(value.data, (size_t) (at - value.data),
                   "!#$%&'*+-/=?^_`{|}~")
        || !is_dotted(host, len, "-")
        || memchr(host, '.', len) == NULL)
    {
        return false;
    }

    /* no label of the host begins or ends with a hyphen */

    for (i = 0; i < len; i++) {
        if (host[i] == '-'
            && (i == 0 || i == len - 1 || host[i - 1] == '.'
                || host[i + 1] == '.'))
        {
            return false;
        }
    }

    return true;
}


static bool
is_id_number(mc_str_t value)
{
    static const unsigned weights[17] = {
        7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2
    };

    char       check, date[10];
    size_t     i;
    unsigned   sum;
    mc_date_t  born;

    if (value.len != 18 || !all_digits(value.data, 17)
        || value.data[0] == '0')
    {
        return false;
    }

    memcpy(date, value.data + 6, 4);
    date[4] = '-';
    memcpy(date + 5, value.data + 10, 2);
    date[7] = '-';
    memcpy(date + 8, value.data + 12, 2);

    if (mc_date_read((mc_str_t) { date, sizeof(date) }, &born) != MC_OK) {
        return false;
    }

    sum = 0;

    for (i = 0; i < 17; i++) {
        sum += weights[i] * (unsigned) (value.data[i] - '0');
    }

    check = value.data[17] == 'x' ? 'X' : value.data[17];

    return check == "10X98765432"[sum % 11];
}


static bool
is_institute(mc_str_t value)
{
    size_t  i;

    for (i = 0; i < value.len; i++) {
        if (!is_alnum(value.data[i]) && value.data[i] != '-'
            && value.data[i] != '_')
        {
            return false;
        }
    }

    return value.len > 0 && value.len <= CODE_MAX;
}


static bool
fits_type(mc_field_type_t type, mc_str_t value)
{
    mc_date_t  date;

    switch (type) {

    case MC_FIELD_TEXT:
        return true;

    case MC_FIELD_DATE:
        return mc_date_read(value, &date) == MC_OK;

    case MC_FIELD_PHONE:
        return is_phone(value);

    case MC_FIELD_EMAIL:
        return is_email(value);

    case MC_FIELD_POSTCODE:
        return value.len == 6 && all_digits(value.data, 6);

    case MC_FIELD_ID_NUMBER:
        return is_id_number(value);

    case MC_FIELD_SEX:
        return mc_str_is(value, "M") || mc_str_is(value, "F");

    case MC_FIELD_INSTITUTE:
        return is_institute(value);
    }

    return false;
}


/*
 * The letters of a number up to 999, so that a problem can name a field's
 * maximum without memory of its own: three digits each, one behind the
 * other.
 */
#define ones(p)  p "0" p "1" p "2" p "3" p "4" p "5" p "6" p "7" p "8" p "9"
#define tens(p)  ones(p "0") ones(p "1") ones(p "2") ones(p "3") ones(p "4") \
                 ones(p "5") ones(p "6") ones(p "7") ones(p "8") ones(p "9")

static mc_str_t
small_number(uint32_t n)
{
    static const char letters[] =
        tens("0") tens("1") tens("2") tens("3") tens("4") tens("5") tens("6")
        tens("7") tens("8") tens("9");

    mc_str_t  s;

    if (n > 999) {
        n = 999;
    }

    s.data = letters + 3 * n;
    s.len = 3;

    while (s.len > 1 && s.data[0] == '0') {
        s.data++;
        s.len--;
    }

    return s;
}


static mc_problem_t *
add(mc_problems_t *problems, mc_problem_code_t code, const mc_field_t *field)
{
    mc_problem_t  *problem;

    problem = mc_problem_add(problems, code);
    problem->field = field->key;
    mc_problem_arg(problem, "field", field->zh, field->en);

    return problem;
}


bool
mc_field_check(const mc_field_t *field, mc_str_t value,
    mc_problems_t *problems)
{
    mc_problem_t  *problem;

    if (!mc_utf8_printable(value, false)) {
        add(problems, MC_P_FIELD_FORMAT, field);
        return false;
    }

    if (mc_utf8_trim(value).len == 0) {
        if (field->required) {
            add(problems, MC_P_FIELD_REQUIRED, field);
            return false;
        }

        return true;
    }

    if (mc_utf8_count(value) > field->max) {
        problem = add(problems, MC_P_FIELD_TOO_LONG, field);
        mc_problem_arg(problem, "max", small_number(field->max),
                       mc_str_null);
        return false;
    }

    if (!fits_type(field->type, value)) {
        add(problems, MC_P_FIELD_FORMAT, field);
        return false;
    }

    return true;
}


/* Bytes of the first "points" code points. */
static size_t
head_of(mc_str_t value, size_t points)
{
    size_t  pos;

    pos = 0;

    while (points-- > 0 && pos < value.len) {
        (void) mc_utf8_next(value, &pos);
    }

    return pos;
}


/* "head" bytes, stars, "tail" bytes. */
static mc_str_t
hide(mc_str_t value, size_t head, int stars, size_t tail, mc_arena_t *arena)
{
    return mc_arena_printf(arena, "%.*s%.*s%.*s",
                           (int) head, value.data,
                           stars, "****************",
                           (int) tail, value.data + value.len - tail);
}


mc_str_t
mc_field_mask(const mc_field_t *field, mc_str_t value, mc_arena_t *arena)
{
    size_t       head;
    const char  *at;

    if (value.len == 0 || !field->sensitive) {
        return mc_arena_str(arena, value);
    }

    if (field->type == MC_FIELD_PHONE && value.len >= 11) {
        return hide(value, 3, 4, 4, arena);
    }

    if (field->type == MC_FIELD_ID_NUMBER && value.len == 18) {
        return hide(value, 4, 10, 4, arena);
    }

    if (field->type == MC_FIELD_EMAIL) {
        at = memchr(value.data, '@', value.len);

        if (at != NULL && at > value.data) {
            head = (size_t) (at - value.data);
            head = head > 2 ? 2 : head - 1;
            return hide(value, head, 3,
                        (size_t) (value.data + value.len - at), arena);
        }
    }

    head = head_of(value, 3);

    return hide(value, head < value.len ? head : 0, 6, 0, arena);
}
