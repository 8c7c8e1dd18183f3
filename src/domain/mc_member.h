/*
 * A member, and what the institute's rules say of one.
 *
 * Values only; strings live in an arena of the caller.  Any thread.
 */

#ifndef MC_MEMBER_H
#define MC_MEMBER_H

#include "mc_field.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_STATUS_ACTIVE = 0,       /* active    正常 */
    MC_STATUS_SUSPENDED,        /* suspended 暂停 */
    MC_STATUS_LEFT,             /* left      已退会 */
    MC_STATUS_DECEASED,         /* deceased  已故 */
    MC_STATUSES
} mc_status_t;

const char *mc_status_code(mc_status_t status);
mc_str_t mc_status_text(mc_status_t status, bool english);

/* Takes the code or the Chinese word. */
bool mc_status_read(mc_str_t text, mc_status_t *out);

typedef struct {
    mc_str_t key;
    mc_str_t value;
} mc_value_t;

typedef struct {
    int64_t      id;
    mc_str_t     user_type;
    mc_str_t     member_no;
    mc_str_t     columns[MC_COLUMNS];   /* by mc_column_t */
    mc_status_t  status;
    mc_str_t     password_hash;         /* as auth/mc_legacy.h has it; empty:
                                           none, cannot log in */
    int64_t      password_at;           /* ms; 0: unknown, imported */
    bool         password_forced;       /* to be changed first */
    bool         disabled;
    int64_t      epoch;                 /* raised to end all sessions */
    int64_t      photo_id;              /* current photo; 0: none */
    int64_t      revision;              /* ETag of GET member */
    uint32_t     attempts;              /* mismatches since the last reset */

    /* What is written beside a profile, not read: HMAC of the ID number,
     * for look-ups.  NULL data: left as it is; empty: there is none. */
    mc_str_t     id_key;

    size_t       value_count;           /* profile, opened */
    mc_value_t   values[MC_FIELDS];
} mc_member_t;

typedef struct {
    mc_str_t code;
    mc_str_t name;
    mc_str_t name_en;
    mc_str_t contact;
    mc_str_t phone;
} mc_institute_t;

/* The value of a field, wherever it lives; empty when unset. */
mc_str_t mc_member_value(const mc_member_t *member, const mc_field_t *field);

/* Sets it; the string is not copied, an empty one removes the entry.
 * MC_ETOOBIG when the profile is full. */
mc_err_t mc_member_set(mc_member_t *member, const mc_field_t *field,
    mc_str_t value);

/* How a value is shown: sex as a word, dates and the rest as they are. */
mc_str_t mc_member_shown(const mc_field_t *field, mc_str_t value,
    bool english);

/* Profile values as JSON {"key":"value",...} in key order, and back (all
 * values replaced; an empty text holds none; MC_ECORRUPT when it is not of
 * that form).  Keys without a field are kept. */
mc_err_t mc_member_profile_write(const mc_member_t *member, mc_buf_t *out);
mc_err_t mc_member_profile_read(mc_member_t *member, mc_str_t json,
    mc_arena_t *arena);

/* "13800001234" from pasted " 1380 000 1234": all blanks removed (S08).
 * MC_EINVAL: empty, over 32 bytes, or not [A-Za-z0-9-]. */
mc_err_t mc_member_no_read(mc_str_t text, mc_arena_t *arena, mc_str_t *out);

/* Contact line of an institute: "浙江省注册会计师协会 0571-12345678" (name,
 * contact and phone as far as known, the hot line in place of the phone).
 * "institute" may be NULL.  NULL data when out of memory. */
mc_str_t mc_institute_line(const mc_institute_t *institute, mc_str_t hotline,
    mc_arena_t *arena);


#pragma GCC visibility pop

#endif /* MC_MEMBER_H */
