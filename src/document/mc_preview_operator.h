/*
 * What the operators of page content do to the SVG (only for
 * mc_preview_page.c).
 *
 * Pure; any one thread.
 */

#ifndef MC_PREVIEW_OPERATOR_H
#define MC_PREVIEW_OPERATOR_H

#include "mc_preview_page.h"
#include "mc_seal_draw.h"

#pragma GCC visibility push(hidden)


#define MC_PREVIEW_OPERANDS  6

typedef struct {
    char      fill[8];              /* "#rrggbb"; empty: not set */
    char      stroke[8];
    mc_str_t  width;                /* as written; empty: not set */
    mc_str_t  miter;
    char      cap;                  /* '0' to '2'; 0: not set */
    char      join;
    mc_str_t  dash;                 /* between the brackets */
    unsigned  groups;               /* to be closed at Q */
} mc_preview_state_t;

typedef struct {
    mc_seal_scan_t       scan;
    mc_buf_t            *out;
    mc_buf_t             path;
    bool                 clip;          /* W came before */
    unsigned            *clips;
    size_t               saved;
    mc_preview_state_t   states[MC_PREVIEW_SAVED + 1];
    size_t               count;
    mc_str_t             operands[MC_PREVIEW_OPERANDS];
} mc_preview_run_t;

typedef bool (*mc_preview_operator_fn)(mc_preview_run_t *page);

typedef struct {
    const char              *name;
    size_t                   operands;
    mc_preview_operator_fn   run;       /* false: not of the set */
} mc_preview_operator_t;

/* NULL: no operator of ours. */
const mc_preview_operator_t *mc_preview_operator(mc_str_t name);

/* Closes what cm and clips opened since the last q. */
void mc_preview_close(mc_preview_run_t *page);


#pragma GCC visibility pop

#endif /* MC_PREVIEW_OPERATOR_H */
