/*
 * JSON (RFC 8259): a strict reader into a tree, and a writer.
 *
 * Reader: whole text in memory, tree in an arena.  Refused with MC_EINVAL:
 * anything outside the grammar, invalid UTF-8, lone surrogates, U+0000 in a
 * string, a key that stands twice in one object, a number beyond double,
 * deeper than MC_JSON_DEPTH, more than MC_JSON_NODES values or
 * MC_JSON_MEMBERS in one object.  MC_ENOMEM when the arena gives out.
 * Any thread.
 */

#ifndef MC_JSON_H
#define MC_JSON_H

#include "mc_arena.h"
#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_JSON_DEPTH    16
#define MC_JSON_NODES    1024
#define MC_JSON_MEMBERS  128

typedef enum {
    MC_JSON_NULL = 0,
    MC_JSON_BOOL,
    MC_JSON_NUMBER,
    MC_JSON_STRING,
    MC_JSON_ARRAY,
    MC_JSON_OBJECT
} mc_json_type_t;

typedef struct mc_json_s  mc_json_t;

struct mc_json_s {
    mc_json_type_t  type;
    bool            boolean;
    double          number;
    mc_str_t        string;     /* decoded text; of a number: its letters */
    mc_str_t        key;        /* of a member of an object */
    mc_json_t      *child;      /* first of an array or object */
    mc_json_t      *next;
};

/* *offset tells where the text went wrong; may be NULL. */
mc_err_t mc_json_read(mc_arena_t *arena, mc_str_t text, mc_json_t **out,
    size_t *offset);

/* NULL where "object" is NULL, no object, or has no such member. */
const mc_json_t *mc_json_get(const mc_json_t *object, const char *key);

/* The string of a member; mc_str_null where absent or no string. */
mc_str_t mc_json_get_str(const mc_json_t *object, const char *key);

/*
 * Writer.  Commas are set by the writer; text is escaped so that it can
 * also stand in HTML (<, >, & and U+2028/2029 as \u escapes).  Invalid
 * UTF-8 becomes U+FFFD.  Errors stick in the buffer.
 */
typedef struct {
    mc_buf_t *buf;
    bool      comma;
} mc_json_out_t;

void mc_json_out_init(mc_json_out_t *out, mc_buf_t *buf);
void mc_json_open(mc_json_out_t *out, char bracket);     /* '{' or '[' */
void mc_json_close(mc_json_out_t *out, char bracket);    /* '}' or ']' */
void mc_json_key(mc_json_out_t *out, const char *key);
void mc_json_str(mc_json_out_t *out, mc_str_t value);
void mc_json_int(mc_json_out_t *out, int64_t value);
void mc_json_bool(mc_json_out_t *out, bool value);
void mc_json_null(mc_json_out_t *out);

/* Key and value at once. */
void mc_json_pair_str(mc_json_out_t *out, const char *key, mc_str_t value);
void mc_json_pair_int(mc_json_out_t *out, const char *key, int64_t value);
void mc_json_pair_bool(mc_json_out_t *out, const char *key, bool value);


#pragma GCC visibility pop

#endif /* MC_JSON_H */
