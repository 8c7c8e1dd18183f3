/*
 * Fields of a member's record: what they are called, who may edit them,
 * which value is acceptable, how a sensitive one is masked (S37, S38).
 *
 * A field is either a column of the member row (name, sex, certificate_no,
 * category, admitted_on, institute) or an entry of the sealed profile.
 * Pure functions; any thread.
 */

#ifndef MC_FIELD_H
#define MC_FIELD_H

#include "mc_arena.h"
#include "mc_problem.h"

#pragma GCC visibility push(hidden)


#define MC_FIELDS      64
#define MC_FIELD_MAX   500      /* code points; the ceiling of max= */

typedef enum {
    MC_FIELD_TEXT = 0,
    MC_FIELD_DATE,              /* YYYY-MM-DD */
    MC_FIELD_PHONE,             /* 1[3-9] and 9 digits, or +, digits, - */
    MC_FIELD_EMAIL,
    MC_FIELD_POSTCODE,          /* 6 digits */
    MC_FIELD_ID_NUMBER,         /* GB 11643: 18 with check digit */
    MC_FIELD_SEX,               /* M, F; shown as 男, 女 */
    MC_FIELD_INSTITUTE          /* code of an institute row */
} mc_field_type_t;

typedef enum {
    MC_COLUMN_NONE = 0,         /* in the profile */
    MC_COLUMN_NAME,
    MC_COLUMN_SEX,
    MC_COLUMN_CERTIFICATE_NO,
    MC_COLUMN_CATEGORY,
    MC_COLUMN_ADMITTED_ON,
    MC_COLUMN_INSTITUTE,
    MC_COLUMNS
} mc_column_t;

typedef struct {
    mc_str_t         key;       /* [a-z0-9_]{1,32} */
    mc_str_t         zh;
    mc_str_t         en;
    mc_field_type_t  type;
    mc_column_t      column;
    bool             required;
    bool             member_edits;  /* else the institute only */
    bool             sensitive;     /* masked in output */
    uint32_t         max;           /* code points */
} mc_field_t;

typedef struct {
    size_t      count;
    mc_field_t  items[MC_FIELDS];
} mc_fields_t;

/* name sex certificate_no category admitted_on institute id_number phone
 * email work_unit address postcode, in the order pages show them. */
void mc_fields_builtin(mc_fields_t *fields);

const mc_field_t *mc_field_find(const mc_fields_t *fields, mc_str_t key);

const char *mc_field_type_name(mc_field_type_t type);
bool mc_field_type_read(mc_str_t name, mc_field_type_t *out);

/* [a-z0-9_]{1,32} */
bool mc_field_key_valid(mc_str_t key);

/* Adds field_required / field_too_long / field_format to problems; true
 * when there was nothing to add.  An empty value of a field that is not
 * required is fine.  The caller trims; blanks alone count as empty. */
bool mc_field_check(const mc_field_t *field, mc_str_t value,
    mc_problems_t *problems);

/* 138****5678, 3301**********123X, zh***@example.org, 杭州市****** ; an empty
 * value stays empty.  NULL data when out of memory. */
mc_str_t mc_field_mask(const mc_field_t *field, mc_str_t value,
    mc_arena_t *arena);


#pragma GCC visibility pop

#endif /* MC_FIELD_H */
