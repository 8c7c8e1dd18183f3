/*
 * Every refusal a person or client can meet: one table of code, kind, text
 * in Chinese and English.
 *
 * The texts are those of the operating manual to the letter (spec S ids in
 * mc_problem.c).  A text may hold {name} places, filled from the problem's
 * arguments.  Only src/http maps a kind to a status.  Any thread.
 */

#ifndef MC_PROBLEM_H
#define MC_PROBLEM_H

#include "mc_arena.h"
#include "mc_buf.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_KIND_MALFORMED = 0,      /* 400 */
    MC_KIND_UNAUTHENTICATED,    /* 401 */
    MC_KIND_FORBIDDEN,          /* 403 */
    MC_KIND_NOT_FOUND,          /* 404 */
    MC_KIND_WRONG_METHOD,       /* 405 with Allow */
    MC_KIND_CONFLICT,           /* 409 */
    MC_KIND_PRECONDITION,       /* 412 */
    MC_KIND_TOO_LARGE,          /* 413 */
    MC_KIND_WRONG_TYPE,         /* 415 */
    MC_KIND_INVALID,            /* 422 */
    MC_KIND_PRECONDITION_MISSING, /* 428 */
    MC_KIND_LIMITED,            /* 429 with Retry-After */
    MC_KIND_UNAVAILABLE         /* 503 with Retry-After */
} mc_kind_t;

/* In the order of the table in mc_problem.c (a unit test holds them). */
typedef enum {
    MC_P_NONE = 0,

    /* request */
    MC_P_REQUEST_MALFORMED,     /* request_malformed  400 */
    MC_P_BODY_MALFORMED,        /* body_malformed     400 {measured} */
    MC_P_BODY_TYPE,             /* body_type          415 {allowed} */
    MC_P_BODY_SIZE,             /* body_size          413 {allowed} */
    MC_P_METHOD_NOT_ALLOWED,    /* method_not_allowed 405 */
    MC_P_NOT_FOUND,             /* not_found          404 */
    MC_P_ORIGIN_REFUSED,        /* origin_refused     403 */
    MC_P_TWO_CREDENTIALS,       /* two_credentials    400 cookie + bearer */
    MC_P_SERVICE_BUSY,          /* service_busy       503 */
    MC_P_SERVICE_UNAVAILABLE,   /* service_unavailable 503 store fails */

    /* session */
    MC_P_LOGIN_FAILED,          /* login_failed       401 S12 */
    MC_P_TOO_MANY_ATTEMPTS,     /* too_many_attempts  429 {wait} */
    MC_P_SESSION_EXPIRED,       /* session_expired    401 */

    /* profile */
    MC_P_IF_MATCH_MISSING,      /* if_match_missing   428 */
    MC_P_CHANGED_MEANWHILE,     /* changed_meanwhile  412 */
    MC_P_FIELD_UNKNOWN,         /* field_unknown      422 {field} = key */
    MC_P_FIELD_REQUIRED,        /* field_required     422 {field} */
    MC_P_FIELD_TOO_LONG,        /* field_too_long     422 {field} {max} */
    MC_P_FIELD_FORMAT,          /* field_format       422 {field} */
    MC_P_FIELD_MASKED,          /* field_masked       422 {field} */
    MC_P_FIELD_INSTITUTE_ONLY,  /* field_institute_only 422 {field}
                                   {contact} */

    /* photo */
    MC_P_PHOTO_NONE,            /* photo_none         404 S19 */
    MC_P_PHOTO_UNAVAILABLE,     /* photo_unavailable  503 S20 */
    MC_P_PHOTO_NOT_JPEG,        /* photo_not_jpeg     422 {kind} S28 */
    MC_P_PHOTO_SIZE,            /* photo_size  422 {measured}{min}{max} S29 */
    MC_P_PHOTO_TOO_LARGE,       /* photo_too_large 413, same text as size */
    MC_P_PHOTO_PIXELS,          /* photo_pixels 422 {measured}{allowed} S30 */
    MC_P_PHOTO_DPI,             /* photo_dpi    422 {measured}{min} S31 */
    MC_P_PHOTO_DPI_MISSING,     /* photo_dpi_missing  422 */
    MC_P_PHOTO_TRUNCATED,       /* photo_truncated    422 */
    MC_P_PHOTO_DAMAGED,         /* photo_damaged      422 decoder refused */
    MC_P_PHOTO_TRAILING,        /* photo_trailing     422 */
    MC_P_PHOTO_ORIENTATION,     /* photo_orientation  422 */
    MC_P_PHOTO_OLD,             /* photo_old          422 {measured} S27 */
    MC_P_PHOTO_FUTURE,          /* photo_future       422 {measured} */
    MC_P_PHOTO_SCANS,           /* photo_scans        422 */
    MC_P_PHOTO_CODING,          /* photo_coding       422 12 bit, arithmetic,
                                   lossless ... {kind} */
    MC_P_PHOTO_COLOUR,          /* photo_colour       422 */
    MC_P_PHOTO_DARK,            /* photo_dark         422 {measured}{min} */
    MC_P_PHOTO_BRIGHT,          /* photo_bright       422 {measured}{max} */
    MC_P_PHOTO_FLAT,            /* photo_flat         422 {measured}{min} */
    MC_P_PHOTO_BACKGROUND,      /* photo_background 422 {kind} of colour,
                                   {measured} #rrggbb, {allowed} S27 */
    MC_P_PHOTO_BACKGROUND_UNEVEN, /* photo_background_uneven 422 {kind} is
                                   the side, {measured}{min} */
    MC_P_PHOTO_BLURRED,         /* photo_blurred      422 {measured}{min} */
    MC_P_PHOTO_LOW_QUALITY,     /* photo_low_quality  422 {measured}{min} */
    MC_P_PHOTO_SAME_REJECTED,   /* photo_same_rejected 422 */
    MC_P_PHOTO_TOO_MANY,        /* photo_too_many     429 {n} in 24 h */
    MC_P_CONSENT_NEEDED,        /* consent_needed     409 */
    MC_P_CONSENT_UNKNOWN,       /* consent_unknown    422 */
    MC_P_DECLARATION_MISSING,   /* declaration_missing 422 S27 */
    MC_P_ATTEMPTS_USED,         /* attempts_used 409 {attempts}{contact} X01 */

    /* comparison states shown as prompts */
    MC_P_COMPARE_PENDING,       /* compare_pending    409 */
    MC_P_COMPARE_REVIEW,        /* compare_review     409 {review_time} */
    MC_P_COMPARE_MISMATCHED,    /* compare_mismatched 409 {n}{attempts} S26 */

    /* certificate */
    MC_P_PROFILE_INCOMPLETE,    /* profile_incomplete 409 S34 */
    MC_P_MEMBER_NOT_ACTIVE,     /* member_not_active 409 {status}{contact} */
    MC_P_GLYPH_MISSING,         /* glyph_missing      409 {char} */
    MC_P_VERSION_CHANGED,       /* version_changed 409: what was confirmed is
                                   not what stands now */
    MC_P_CONFIRM_FIRST,         /* confirm_first 409: nothing confirmed yet */
    MC_P_CONFIRM_AGAIN,         /* confirm_again      409 I13 */
    MC_P_CERTIFICATE_REVOKED,   /* certificate_revoked 409 {date}{reason} */
    MC_P_LAYOUT_UNKNOWN,        /* layout_unknown     404 */
    MC_P_CODE_UNKNOWN,          /* code_unknown       404 X05 */
    MC_P_PHOTO_NOT_SHOWN,       /* photo_not_shown    404 */
    MC_P_TOO_MANY_CHECKS,       /* too_many_checks    429 {wait} */

    /* officer */
    MC_P_OFFICER_LOGIN_FAILED,  /* officer_login_failed 401 */
    MC_P_PHOTO_REPLACED,        /* photo_replaced     409 */
    MC_P_PHOTO_DECIDED,         /* photo_decided      409 */
    MC_P_REASON_MISSING,        /* reason_missing     422 S32 */
    MC_P_SEARCH_SHORT,          /* search_short       422 */
    MC_P_FIELD_MEMBER_ONLY,     /* field_member_only  422 {field} */
    MC_P_ALREADY_REVOKED,       /* already_revoked    409 */
    MC_P_NOT_REVOKED,           /* not_revoked        409 */

    /* accounts */
    MC_P_CAPTCHA_NEEDED,        /* captcha_needed     422 I03 */
    MC_P_CAPTCHA_WRONG,         /* captcha_wrong      422 I02 */
    MC_P_CAPTCHA_EXPIRED,       /* captcha_expired    422, also: used I02 */
    MC_P_RECOVERY_OFF,          /* recovery_off       404 no outbox */
    MC_P_RECOVERY_REFUSED,      /* recovery_refused   422 I04 */
    MC_P_MEMBER_DISABLED,       /* member_disabled    409 X03 */
    MC_P_PASSWORD_EXPIRED,      /* password_expired   403 */
    MC_P_REAUTH_NEEDED,         /* reauth_needed      403 password again */
    MC_P_PASSWORD_WRONG,        /* password_wrong     422 the old one */
    MC_P_PASSWORD_SHORT,        /* password_short     422 {min} */
    MC_P_PASSWORD_LONG,         /* password_long      422 {max} */
    MC_P_PASSWORD_COMMON,       /* password_common    422 */
    MC_P_PASSWORD_CONTEXT,      /* password_context   422 */
    MC_P_PASSWORD_CLASSES,      /* password_classes   422 */
    MC_P_PASSWORD_REUSED,       /* password_reused    422 {n} */

    MC_P_COUNT
} mc_problem_code_t;

typedef struct {
    const char *key;            /* "measured", "field" ... */
    mc_str_t    zh;
    mc_str_t    en;             /* empty: as zh */
} mc_problem_arg_t;

#define MC_PROBLEM_ARGS  4
#define MC_PROBLEMS      32

typedef struct {
    mc_problem_code_t  code;
    size_t             count;
    mc_problem_arg_t   args[MC_PROBLEM_ARGS];
    mc_str_t           field;   /* key of the profile field, or empty */
} mc_problem_t;

/* All faults of one request, in the order they were found; the first one
 * names the answer.  Further ones beyond MC_PROBLEMS are dropped. */
typedef struct {
    size_t        count;
    uint32_t      retry_after;  /* seconds, for limited and unavailable */
    mc_problem_t  items[MC_PROBLEMS];
    mc_problem_t  spare;        /* takes what did not fit; never shown */
} mc_problems_t;

const char *mc_problem_code(mc_problem_code_t code);
mc_kind_t mc_problem_kind(mc_problem_code_t code);

/* The table's text with its places still in it. */
const char *mc_problem_template(mc_problem_code_t code, bool english);

/* The reverse of mc_problem_code(); MC_P_NONE for an unknown name. */
mc_problem_code_t mc_problem_find(mc_str_t name);

/* Adds one and answers it (never NULL: when full, a spare that is not
 * counted); then mc_problem_arg() for its places: the same key again
 * replaces the value, a fifth key is dropped, nothing is copied. */
mc_problem_t *mc_problem_add(mc_problems_t *problems, mc_problem_code_t code);
void mc_problem_arg(mc_problem_t *problem, const char *key, mc_str_t zh,
    mc_str_t en);

/* NULL where the problem has no such argument. */
const mc_problem_arg_t *mc_problem_get(const mc_problem_t *problem,
    const char *key);

/* Text with its places filled; an argument that is missing leaves "-". */
mc_err_t mc_problem_text(const mc_problem_t *problem, bool english,
    mc_buf_t *out);

/* What would be accepted, for machines: {allowed}, or what {min} and {max}
 * make of it ("10000-20480", ">=96", "<=20480"); nothing where the problem
 * has none of them. */
mc_err_t mc_problem_allowed(const mc_problem_t *problem, mc_buf_t *out);

/* The problem that stands for a failure below the service, or
 * MC_P_SERVICE_UNAVAILABLE: EBUSY -> SERVICE_BUSY and so on. */
mc_problem_code_t mc_problem_of(mc_err_t err);


#pragma GCC visibility pop

#endif /* MC_PROBLEM_H */
