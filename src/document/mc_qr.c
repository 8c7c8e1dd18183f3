/*
 * QR symbols over libqrencode, which does the coding; segments, bounds and
 * the form in the store are ours.
 *
 * Depends on base and libqrencode.  Any thread, not the loop.
 */

#include "mc_qr.h"

#include <errno.h>

#include <qrencode.h>


#define SMALLEST     21             /* modules of version 1 */
#define STEP         4              /* modules from version to version */

/* ISO/IEC 18004, version 10, level M */
#define DATA_BITS    (216 * 8)
#define MODE_BITS    4              /* which kind of segment */
#define BYTES_BITS   16             /* its length */
#define DIGITS_BITS  12
#define BYTES_MOST   (DATA_BITS / 8)

#define DARK         1              /* lowest bit of libqrencode's bytes */


/* What is left of version 10 behind the address, in bits; negative: it
 * does not fit itself. */
static int
room_behind(size_t address_len)
{
    if (address_len > BYTES_MOST) {
        return -1;
    }

    return DATA_BITS - MODE_BITS - BYTES_BITS - 8 * (int) address_len;
}


/* Three digits take ten bits, two seven, one four. */
size_t
mc_qr_digits(size_t address_len)
{
    int  room;

    room = room_behind(address_len) - MODE_BITS - DIGITS_BITS;

    if (room < 4) {
        return 0;
    }

    return (size_t) (room / 10 * 3
                     + (room % 10 >= 7 ? 2 : room % 10 >= 4 ? 1 : 0));
}


static bool
is_digits(mc_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }
    }

    return true;
}


static size_t
bytes_of(unsigned size)
{
    return (size * size + 7) / 8;
}


static bool
size_valid(unsigned size)
{
    return size >= SMALLEST && size <= MC_QR_MODULES
           && (size - SMALLEST) % STEP == 0;
}


static mc_err_t
take_modules(const QRcode *code, mc_qr_t *out)
{
    unsigned  i, modules;

    if (code->width < 0 || !size_valid((unsigned) code->width)) {
        return MC_ETOOBIG;
    }

    memset(out, 0, sizeof(*out));
    out->size = (unsigned) code->width;
    modules = out->size * out->size;

    for (i = 0; i < modules; i++) {
        if ((code->data[i] & DARK) != 0) {
            out->bits[i / 8] |= (uint8_t) (0x80u >> i % 8);
        }
    }

    return MC_OK;
}


/* errno is libqrencode's way to tell; other code's is given back. */
static mc_err_t
encode(QRinput *input, mc_str_t address, mc_str_t digits, mc_qr_t *out)
{
    int       saved;
    QRcode   *code;
    mc_err_t  err;

    saved = errno;
    code = NULL;

    if (QRinput_append(input, QR_MODE_8, (int) address.len,
                       (const unsigned char *) address.data) == 0
        && (digits.len == 0
            || QRinput_append(input, QR_MODE_NUM, (int) digits.len,
                              (const unsigned char *) digits.data) == 0))
    {
        code = QRcode_encodeInput(input);
    }

    if (code != NULL) {
        err = take_modules(code, out);
        QRcode_free(code);

    } else {
        err = errno == ENOMEM ? MC_ENOMEM
                              : errno == ERANGE ? MC_ETOOBIG : MC_EINVAL;
    }

    errno = saved;

    return err;
}


mc_err_t
mc_qr_make(mc_str_t address, mc_str_t digits, mc_qr_t *out)
{
    QRinput   *input;
    mc_err_t   err;

    if (address.len == 0 || !is_digits(digits)) {
        return MC_EINVAL;
    }

    if (room_behind(address.len) < 0
        || digits.len > mc_qr_digits(address.len))
    {
        return MC_ETOOBIG;
    }

    /* version 0: the smallest that holds it */

    input = QRinput_new2(0, QR_ECLEVEL_M);
    if (input == NULL) {
        return MC_ENOMEM;
    }

    err = encode(input, address, digits, out);

    QRinput_free(input);

    return err;
}


bool
mc_qr_dark(const mc_qr_t *qr, unsigned x, unsigned y)
{
    unsigned  i;

    i = y * qr->size + x;

    return (qr->bits[i / 8] & 0x80u >> i % 8) != 0;
}


mc_err_t
mc_qr_pack(const mc_qr_t *qr, mc_buf_t *out)
{
    if (!size_valid(qr->size)) {
        return MC_EINVAL;
    }

    (void) mc_buf_byte(out, (uint8_t) qr->size);

    return mc_buf_append(out, qr->bits, bytes_of(qr->size));
}


mc_err_t
mc_qr_unpack(mc_str_t packed, mc_qr_t *out)
{
    size_t    len;
    uint8_t   rest;
    unsigned  size;

    if (packed.len < 2) {
        return MC_ECORRUPT;
    }

    size = (uint8_t) packed.data[0];

    if (!size_valid(size) || packed.len != 1 + bytes_of(size)) {
        return MC_ECORRUPT;
    }

    len = bytes_of(size);
    rest = (uint8_t) (0xFFu >> (size * size + 7) % 8 >> 1);

    if (((uint8_t) packed.data[len] & rest) != 0) {
        return MC_ECORRUPT;
    }

    memset(out, 0, sizeof(*out));
    out->size = size;
    memcpy(out->bits, packed.data + 1, len);

    return MC_OK;
}
