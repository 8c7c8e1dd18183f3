/*
 * A growing byte buffer with a maximum.
 *
 * Depends on mc_base only.  One owner; any one thread.
 *
 * Growth copies into a new block and overwrites the old one instead of
 * calling realloc(), so that mc_buf_wipe() holds for every byte that was
 * ever in the buffer.  One byte beyond "size" is allocated: vsnprintf()
 * puts its NUL there.
 */

#include "mc_buf.h"

#include <stdarg.h>
#include <stdio.h>


#define BUF_FIRST  256


void
mc_buf_init(mc_buf_t *buf, size_t max)
{
    *buf = (mc_buf_t) { .max = max };
}


void
mc_buf_free(mc_buf_t *buf)
{
    mc_free(buf->data);
    mc_buf_init(buf, buf->max);
}


void
mc_buf_wipe(mc_buf_t *buf)
{
    mc_free_wiped(buf->data, buf->size);
    mc_buf_init(buf, buf->max);
}


static mc_err_t
buf_fail(mc_buf_t *buf, mc_err_t err)
{
    buf->err = err;
    return err;
}


/* Makes room for "len" more bytes, within the maximum. */
static mc_err_t
buf_reserve(mc_buf_t *buf, size_t len)
{
    size_t    size;
    uint8_t  *data;

    if (buf->err != MC_OK) {
        return buf->err;
    }

    if (len > buf->max - buf->len) {
        return buf_fail(buf, MC_ETOOBIG);
    }

    if (buf->data != NULL && len <= buf->size - buf->len) {
        return MC_OK;
    }

    size = buf->size < BUF_FIRST ? BUF_FIRST : buf->size;

    if (size < buf->len + len || size == buf->size) {
        size = size > buf->max / 2 ? buf->max : size * 2;
    }

    if (size < buf->len + len) {
        size = buf->len + len;
    }

    if (size > buf->max) {
        size = buf->max;
    }

    data = size < SIZE_MAX ? mc_alloc(size + 1) : NULL;
    if (data == NULL) {
        return buf_fail(buf, MC_ENOMEM);
    }

    if (buf->len > 0) {
        memcpy(data, buf->data, buf->len);
    }

    mc_free_wiped(buf->data, buf->len);
    buf->data = data;
    buf->size = size;

    return MC_OK;
}


mc_err_t
mc_buf_reserve(mc_buf_t *buf, size_t len)
{
    return buf_reserve(buf, len);
}


mc_err_t
mc_buf_append(mc_buf_t *buf, const void *data, size_t len)
{
    mc_err_t  err;

    if (len == 0) {
        return buf->err;
    }

    /* most often there is room: "size" is never over the maximum */
    if (buf->err != MC_OK || len > buf->size - buf->len) {
        err = buf_reserve(buf, len);
        if (err != MC_OK) {
            return err;
        }
    }

    memcpy(buf->data + buf->len, data, len);
    buf->len += len;

    return MC_OK;
}


mc_err_t
mc_buf_str(mc_buf_t *buf, mc_str_t s)
{
    return mc_buf_append(buf, s.data, s.len);
}


mc_err_t
mc_buf_cstr(mc_buf_t *buf, const char *s)
{
    return mc_buf_str(buf, mc_str_from(s));
}


mc_err_t
mc_buf_byte(mc_buf_t *buf, uint8_t byte)
{
    return mc_buf_append(buf, &byte, 1);
}


mc_err_t
mc_buf_xml(mc_buf_t *buf, mc_str_t text)
{
    size_t  i;

    for (i = 0; i < text.len; i++) {
        switch (text.data[i]) {

        case '&':
            (void) mc_buf_str(buf, mc_str("&amp;"));
            break;

        case '<':
            (void) mc_buf_str(buf, mc_str("&lt;"));
            break;

        case '>':
            (void) mc_buf_str(buf, mc_str("&gt;"));
            break;

        case '"':
            (void) mc_buf_str(buf, mc_str("&quot;"));
            break;

        default:
            if ((uint8_t) text.data[i] >= 0x20) {
                (void) mc_buf_byte(buf, (uint8_t) text.data[i]);
            }
        }
    }

    return buf->err;
}


mc_err_t
mc_buf_printf(mc_buf_t *buf, const char *format, ...)
{
    int       len;
    va_list   args;
    mc_err_t  err;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    if (len < 0) {
        return buf->err == MC_OK ? buf_fail(buf, MC_EINVAL) : buf->err;
    }

    err = buf_reserve(buf, (size_t) len);
    if (err != MC_OK) {
        return err;
    }

    va_start(args, format);
    (void) vsnprintf((char *) buf->data + buf->len, (size_t) len + 1, format,
                     args);
    va_end(args);

    buf->len += (size_t) len;

    return MC_OK;
}


mc_str_t
mc_buf_view(const mc_buf_t *buf)
{
    if (buf->data == NULL) {
        return (mc_str_t) { "", 0 };
    }

    return (mc_str_t) { (const char *) buf->data, buf->len };
}
