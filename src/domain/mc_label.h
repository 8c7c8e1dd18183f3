/*
 * Words of the institute that are no prompts: names of fields, states and
 * of what stands on a certificate, and the texts that are defaults.
 *
 * With mc_problem.c the only place for Chinese text.  Constant; any thread.
 */

#ifndef MC_LABEL_H
#define MC_LABEL_H

#include "mc_base.h"

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
extern const mc_text_t mc_label_case[5];            /* by mc_case_why_t */
extern const mc_text_t mc_label_male;
extern const mc_text_t mc_label_female;

/* Defaults of settings. */
extern const mc_text_t mc_label_nonpractising;
extern const mc_text_t mc_label_practising;
extern const mc_text_t mc_label_review_time;


#pragma GCC visibility pop

#endif /* MC_LABEL_H */
