/*
 * DER: heads and nesting.
 *
 * Depends on base only.  Any thread; no state.
 */

#include "mc_der.h"

#include <stdlib.h>


size_t
mc_der_head(uint8_t tag, size_t len, uint8_t out[MC_DER_HEAD])
{
    size_t  n, bytes;

    n = 0;
    out[n++] = tag;

    if (len < 0x80) {
        out[n++] = (uint8_t) len;
        return n;
    }

    bytes = len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
    out[n++] = (uint8_t) (0x80 | bytes);

    while (bytes > 0) {
        bytes--;
        out[n++] = (uint8_t) (len >> 8 * bytes);
    }

    return n;
}


void
mc_der_put(mc_buf_t *out, uint8_t tag, mc_str_t content)
{
    size_t   len;
    uint8_t  head[MC_DER_HEAD];

    len = mc_der_head(tag, content.len, head);
    (void) mc_buf_append(out, head, len);
    (void) mc_buf_str(out, content);
}


/* X.690 11.6: compared as bytes; no value of a set begins another. */
static int
by_bytes(const void *a, const void *b)
{
    int              order;
    const mc_str_t  *left, *right;

    left = a;
    right = b;
    order = memcmp(left->data, right->data,
                   left->len < right->len ? left->len : right->len);

    return order != 0 ? order : (left->len > right->len)
                                - (left->len < right->len);
}


void
mc_der_put_set(mc_buf_t *out, uint8_t tag, mc_str_t *values, size_t count)
{
    size_t   i, len;
    uint8_t  head[MC_DER_HEAD];

    qsort(values, count, sizeof(*values), by_bytes);
    len = 0;

    for (i = 0; i < count; i++) {
        len += values[i].len;
    }

    len = mc_der_head(tag, len, head);
    (void) mc_buf_append(out, head, len);

    for (i = 0; i < count; i++) {
        (void) mc_buf_str(out, values[i]);
    }
}
