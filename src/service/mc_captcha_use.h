/*
 * Captcha of a site: making a challenge, drawing its picture, judging an
 * answer (GET captcha and whoever needs one; I01 I02 I03 S09).
 *
 * The loop makes and judges: no I/O, no lock, nothing allocated.  Drawing
 * is a use case of its own, for a pool thread.  That an id is used once is
 * the loop's part (the shared zone): mc_captcha_judge() says what to keep.
 */

#ifndef MC_CAPTCHA_USE_H
#define MC_CAPTCHA_USE_H

#include "mc_call.h"
#include "mc_captcha.h"

#pragma GCC visibility push(hidden)


#define MC_CAPTCHA_BATCH  8     /* pictures of one call, about 4 ms */

/* What GET captcha tells. */
typedef struct {
    mc_captcha_kind_t  kind;
    char               id[MC_CAPTCHA_ID + 1];
    int64_t            expires_in;  /* s */
    uint32_t           bits;        /* of work */
    mc_str_t           picture;     /* of a picture: a data: URL, borrowed */
} mc_captcha_challenge_t;

/* A picture before anybody was asked: its time has not begun. */
typedef struct {
    char    letters[MC_CAPTCHA_LETTERS + 1];
    char   *url;                /* mc_free(), or mc_captcha_drawn_free() */
    size_t  len;
} mc_captcha_drawn_t;

/* loop: a challenge of that kind ("drawn" is NULL for work).  MC_EIO where
 * there is no randomness. */
mc_err_t mc_captcha_challenge(const mc_site_t *site, int64_t now,
    const mc_captcha_drawn_t *drawn, mc_captcha_challenge_t *out);

/*
 * loop: MC_P_NONE, MC_P_CAPTCHA_WRONG or MC_P_CAPTCHA_EXPIRED (also for what
 * is no id of this site).  *uses_up: the id must be added to the used ones,
 * and when it is among them already the answer is MC_P_CAPTCHA_EXPIRED.  A
 * wrong word uses a picture up; a wrong number costs no work to find and
 * uses nothing.
 */
mc_problem_code_t mc_captcha_judge(const mc_site_t *site, int64_t now,
    mc_str_t id, mc_str_t answer, bool *uses_up,
    uint8_t nonce[MC_CAPTCHA_NONCE]);

/* Draws.  Cpu pool. */
typedef struct {
    mc_call_t           call;
    /* in */
    size_t              wanted;     /* <= MC_CAPTCHA_BATCH; 0: one */
    /* out */
    size_t              count;
    mc_captcha_drawn_t  drawn[MC_CAPTCHA_BATCH];
} mc_captcha_draw_t;

void mc_captcha_draw_run(mc_captcha_draw_t *draw);
void mc_captcha_draw_free(mc_captcha_draw_t *draw);
void mc_captcha_drawn_free(mc_captcha_drawn_t *drawn);


#pragma GCC visibility pop

#endif /* MC_CAPTCHA_USE_H */
