/*
 * A growing byte buffer with a maximum given at creation.
 *
 * Errors stick: after the first failure every append does nothing, and
 * "err" says why (MC_ENOMEM, MC_ETOOBIG), so that a writer checks once.
 * One owner; mc_buf_free() accepts an empty buffer.  Any one thread.
 */

#ifndef MC_BUF_H
#define MC_BUF_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    uint8_t  *data;
    size_t    len;
    size_t    size;
    size_t    max;
    mc_err_t  err;
} mc_buf_t;

void mc_buf_init(mc_buf_t *buf, size_t max);
void mc_buf_free(mc_buf_t *buf);
void mc_buf_wipe(mc_buf_t *buf);          /* overwrites, then frees */

/* Makes room for "len" more bytes, for one who then writes to data + len
 * himself and adds to "len". */
mc_err_t mc_buf_reserve(mc_buf_t *buf, size_t len);

mc_err_t mc_buf_append(mc_buf_t *buf, const void *data, size_t len);
mc_err_t mc_buf_str(mc_buf_t *buf, mc_str_t s);
mc_err_t mc_buf_cstr(mc_buf_t *buf, const char *s);
mc_err_t mc_buf_byte(mc_buf_t *buf, uint8_t byte);
/* As text of an XML element or attribute: control characters left out. */
mc_err_t mc_buf_xml(mc_buf_t *buf, mc_str_t text);
mc_err_t mc_buf_printf(mc_buf_t *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

mc_str_t mc_buf_view(const mc_buf_t *buf);


#pragma GCC visibility pop

#endif /* MC_BUF_H */
