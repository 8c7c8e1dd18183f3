/*
 * Words of the institute that are no prompts: names of fields, states and
 * of what stands on a certificate, and the texts that are defaults.
 *
 * With mc_problem.c the only place for Chinese text (mc_label*.c).  Constant;
 * any thread.
 */

#ifndef MC_LABEL_H
#define MC_LABEL_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_str_t  zh;
    mc_str_t  en;
} mc_text_t;

/* Built-in fields in the order of mc_fields_builtin(). */
#define MC_LABEL_FIELDS  12
extern const mc_text_t mc_label_fields[MC_LABEL_FIELDS];

extern const mc_text_t mc_label_certificate[7];     /* by mc_cert_field_t */
extern const mc_text_t mc_label_status[4];          /* by mc_status_t */
extern const mc_text_t mc_label_standing[6];        /* by mc_standing_t */
extern const mc_text_t mc_label_case[5];            /* by mc_case_why_t */
extern const mc_text_t mc_label_male;
extern const mc_text_t mc_label_female;

/* Defaults of settings. */
extern const mc_text_t mc_label_nonpractising;
extern const mc_text_t mc_label_practising;
extern const mc_text_t mc_label_review_time;

/* What messages to members say (mc_label_message.c); places in braces. */
typedef struct {
    mc_text_t  subject;
    mc_text_t  text;
} mc_label_message_t;

#define MC_LABEL_MESSAGES  4
extern const mc_label_message_t mc_label_message[MC_LABEL_MESSAGES];
                                                    /* mc_message_kind_t */

/* What stands in a place of a text. */
typedef struct {
    const char *key;
    mc_str_t    value;
} mc_label_place_t;

/* Appends "text" with its places filled; one without a value becomes "-".
 * Errors stick in the buffer. */
void mc_label_fill(mc_str_t text, const mc_label_place_t *places, size_t count,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_LABEL_H */
