/*
 * A QR code as page content, already deflated.
 *
 * The content is one path, a rectangle for each run of dark modules, and
 * "f": a viewer then fills it without seams.  As text that is 10 kB for 57
 * modules, and deflating it would take 200 us.  But it is always the same
 * few words in the same order: here its deflated form (2.4 kB) is put
 * together from ready pieces of bits, in about 2 us.
 *
 * The tables are made with a template and read-only afterwards.
 * Source: RFC 1950, RFC 1951; ISO 32000-1 8.5.2.
 */

#ifndef MC_QR_PATH_H
#define MC_QR_PATH_H

#include "mc_qr.h"

#pragma GCC visibility push(hidden)


/* Coordinates begin here, so that all have two digits. */
#define MC_QR_PATH_ORIGIN  10

/* Some characters of the content: their code, and what they add to the
 * stream's check sum. */
typedef struct {
    uint64_t  bits;             /* the first in the lowest */
    uint64_t  sums;             /* of the characters; from bit 32 on: the
                                 * last once, that before twice, ... */
    unsigned  count;            /* of the bits */
} mc_qr_piece_t;

/* The same in 16 bytes: the count is in the highest byte of "code". */
typedef struct {
    uint64_t  code;
    uint64_t  sums;
} mc_qr_code_t;

typedef struct {
    uint8_t        head[128];   /* zlib's, code lengths, first words */
    size_t         head_len;
    mc_qr_piece_t  rest;        /* bits of the head beyond whole bytes; its
                                 * check sums in "sums" */
    size_t         words;       /* characters of the head */

    /* "12" of "12 34 5 1 re\n": alone, and with " 34 " repeated from 13 or
     * 14 characters before; weighted by its place */
    mc_qr_code_t   first[MC_QR_MODULES];
    mc_qr_code_t   x[2][MC_QR_MODULES];
    mc_qr_code_t   y[MC_QR_MODULES];        /* " 34 ", likewise */
    mc_qr_code_t   width[MC_QR_MODULES + 1];    /* "5 1 re\n" */
    mc_qr_piece_t  end;                     /* "f\n" */
} mc_qr_path_t;

void mc_qr_path_init(mc_qr_path_t *path);

/* MC_EINVAL: no QR code.  The form's box is [ORIGIN ORIGIN ORIGIN + size
 * ORIGIN + size]. */
mc_err_t mc_qr_path_write(const mc_qr_path_t *path, const mc_qr_t *qr,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_QR_PATH_H */
