/*
 * The fast writer's parts (only for mc_fast*.c).
 *
 * One fast_t a document, on its thread's stack; all it writes goes to the
 * caller's buffer.
 */

#ifndef MC_FAST_H
#define MC_FAST_H

#include "mc_document.h"
#include "mc_hole.h"
#include "mc_jpeg_head.h"
#include "mc_quick.h"
#include "mc_template.h"

#pragma GCC visibility push(hidden)


#define MC_FAST_OBJECTS  (8 + 5 * MC_SETTINGS_FONTS)
#define MC_FAST_SLOTS    8
#define MC_FAST_CUTS     2

typedef struct {
    const mc_template_t     *template_;
    const mc_certificate_t  *certificate;
    const mc_document_in_t  *in;
    mc_buf_t                *own;
    size_t                   elsewhere; /* bytes of the file so far that lie
                                         * not in "own" */
    mc_jpeg_head_t           head;
    int                      region;    /* index of its seal; -1: none */
    mc_quick_t               quick;
    unsigned                 next;      /* number of the next object */
    size_t                   slots[MC_FAST_SLOTS];      /* offsets; 0: not
                                                         * there */
    size_t                   offsets[MC_FAST_OBJECTS];  /* of the others */
    unsigned                 faces[MC_SETTINGS_FONTS];  /* numbers */
    unsigned                 qr;
    size_t                   cuts[MC_FAST_CUTS];    /* in "own": between
                                                     * them lie other parts */
    mc_hole_t                hole;
    mc_cast_t                cast;      /* large: the last member */
} mc_fast_t;

/* Text of a PDF. */
void mc_fast_put(mc_buf_t *out, const char *text);
void mc_fast_uint(mc_buf_t *out, uint64_t value);
void mc_fast_ref(mc_buf_t *out, const char *key, unsigned id);

/* Where the next byte stands in the file. */
size_t mc_fast_here(const mc_fast_t *fast);

/* "12 0 obj <<"; slots have fixed numbers, others (slot 0) the next one. */
unsigned mc_fast_begin(mc_fast_t *fast, unsigned slot);
void mc_fast_end(mc_fast_t *fast);

/* "/Length      >>stream"; returns where in "own" the bytes begin, which
 * the other one takes to fill in their number. */
size_t mc_fast_bytes(mc_fast_t *fast);
void mc_fast_bytes_end(mc_fast_t *fast, size_t start);

/* Objects. */
mc_err_t mc_fast_content(mc_fast_t *fast);
mc_err_t mc_fast_face(mc_fast_t *fast, size_t font);


#pragma GCC visibility pop

#endif /* MC_FAST_H */
