/*
 * The fixed words of the document, in Chinese and English.
 *
 * Labels of values come from the domain (mc_cert_label); here is what only
 * the document says.  Constant; any thread.
 */

#ifndef MC_WORDING_H
#define MC_WORDING_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_str_t  document;             /* the file's title */
    mc_str_t  national;             /* on the ring of a seal place */
    mc_str_t  national_en;
    mc_str_t  regional;
    mc_str_t  regional_en;
    mc_str_t  seal;                 /* inside of it */
    mc_str_t  serial;
    mc_str_t  serial_en;
    mc_str_t  issued;
    mc_str_t  issued_en;
    mc_str_t  code;
    mc_str_t  code_en;
    mc_str_t  issuer;
    mc_str_t  issuer_en;

    mc_str_t  member;               /* the end of most categories */
    mc_str_t  member_open;          /* 会员（CATEGORY） of the others */
    mc_str_t  member_close;
    mc_str_t  institute_en;         /* an issuer without English name */

    mc_str_t  year;
    mc_str_t  month;
    mc_str_t  day;
    mc_str_t  none;                 /* an empty value */
    mc_str_t  months_en[12];
    mc_str_t  spare;                /* in the fixed subset: the letters that
                                     * most values consist of */
} mc_wording_t;

extern const mc_wording_t mc_wording;


#pragma GCC visibility pop

#endif /* MC_WORDING_H */
