/*
 * Statements: bytes, their decimal form, and the signature under them.
 *
 * Depends on base and, through mc_p256, on libcrypto.  Any thread; the
 * memory of a call is its arena and its stack.
 */

#include "mc_statement.h"

#include "mc_decimal.h"
#include "mc_stated.h"
#include "mc_time.h"


#define VERSION      1
#define DAY_2000     10957          /* days from 1970 to 2000 */

#define AT_KEY       1
#define AT_CODE      5
#define AT_DAYS      15
#define AT_PHOTO     17
#define AT_TEXTS     37
#define TEXTS        3
#define BYTES_MIN    (AT_TEXTS + TEXTS + MC_P256_SIGNED)

/* Order in the statement. */
enum {
    NUMBER = 0,
    NAME,
    CATEGORY
};

static const char  label[] = "membercert statement 1";


mc_err_t
mc_statement_days(int64_t ms, int timezone, uint16_t *days)
{
    int64_t  day;

    if (ms < 0 || ms > INT64_MAX / 2) {
        return MC_EINVAL;
    }

    ms += timezone * MC_MINUTE;
    day = ms / MC_DAY - (ms % MC_DAY < 0) - DAY_2000;

    if (day < 0 || day > UINT16_MAX) {
        return MC_EINVAL;
    }

    *days = (uint16_t) day;

    return MC_OK;
}


/* Into "room" bytes without the heads: the name gives way first. */
static mc_err_t
fit_texts(const mc_statement_t *in, size_t room, mc_stated_t texts[TEXTS])
{
    size_t  first;

    if (!mc_stated_whole(in->number, MC_STATED_MAX, &texts[NUMBER])
        || texts[NUMBER].len > room)
    {
        return MC_ETOOBIG;
    }

    room -= texts[NUMBER].len;

    if (mc_stated_put(in->category, MC_STATED_MAX, &texts[CATEGORY])
        && texts[CATEGORY].len < room
        && mc_stated_put(in->name, room - texts[CATEGORY].len, &texts[NAME]))
    {
        return MC_OK;
    }

    first = mc_stated_first(in->name);

    if (first > room || !mc_stated_put(in->name, first, &texts[NAME])) {
        return MC_ETOOBIG;
    }

    return mc_stated_put(in->category, room - texts[NAME].len,
                         &texts[CATEGORY])
           ? MC_OK : MC_ETOOBIG;
}


/* Everything but the signature; its length. */
static size_t
statement_write(const mc_statement_key_t *key, const mc_statement_t *in,
    const mc_stated_t texts[TEXTS], uint8_t bytes[MC_STATEMENT_BYTES])
{
    size_t  i, n;

    bytes[0] = VERSION;
    memcpy(bytes + AT_KEY, key->id, sizeof(key->id));
    memcpy(bytes + AT_CODE, in->code, sizeof(in->code));
    bytes[AT_DAYS] = (uint8_t) (in->days >> 8);
    bytes[AT_DAYS + 1] = (uint8_t) in->days;
    memcpy(bytes + AT_PHOTO, in->photo, sizeof(in->photo));
    n = AT_TEXTS;

    for (i = 0; i < TEXTS; i++) {
        bytes[n++] = (uint8_t) ((unsigned) texts[i].form << 6
                                | texts[i].len);
        memcpy(bytes + n, texts[i].bytes, texts[i].len);
        n += texts[i].len;
    }

    return n;
}


/* SHA-256 of the label and of all bytes before the signature. */
static mc_err_t
statement_digest(const uint8_t *bytes, size_t len,
    uint8_t digest[MC_SHA256_SIZE])
{
    uint8_t  input[sizeof(label) - 1 + MC_STATEMENT_BYTES];

    memcpy(input, label, sizeof(label) - 1);
    memcpy(input + sizeof(label) - 1, bytes, len);

    return mc_sha256(input, sizeof(label) - 1 + len, digest);
}


mc_err_t
mc_statement_make(const mc_keys_t *keys, const mc_statement_t *in,
    size_t max_digits, mc_arena_t *arena, mc_str_t *digits)
{
    size_t                     len, room;
    uint8_t                    bytes[MC_STATEMENT_BYTES];
    uint8_t                    digest[MC_SHA256_SIZE];
    mc_err_t                   err;
    mc_stated_t                texts[TEXTS];
    const mc_statement_key_t  *key;

    if (keys->count == 0 || !mc_stated_good(in->number, false)
        || !mc_stated_good(in->name, false)
        || !mc_stated_good(in->category, true))
    {
        return MC_EINVAL;
    }

    room = mc_decimal_bytes(max_digits);

    if (room < BYTES_MIN) {
        return MC_ETOOBIG;
    }

    err = fit_texts(in, room - BYTES_MIN, texts);

    if (err != MC_OK) {
        return err;
    }

    key = &keys->statement[0];
    len = statement_write(key, in, texts, bytes);
    err = statement_digest(bytes, len, digest);

    if (err == MC_OK) {
        err = mc_p256_sign(key->scalar, key->point, digest, bytes + len);
    }

    if (err != MC_OK) {
        return err;
    }

    return mc_decimal_write(bytes, len + MC_P256_SIGNED, arena, digits);
}


/* The parts of a statement, without an opinion of what the texts say. */
static mc_err_t
statement_split(const uint8_t *bytes, size_t len, mc_stated_t texts[TEXTS])
{
    size_t  i, n, end;

    if (len < BYTES_MIN || bytes[0] != VERSION) {
        return MC_EINVAL;
    }

    n = AT_TEXTS;
    end = len - MC_P256_SIGNED;

    for (i = 0; i < TEXTS; i++) {

        if (n == end) {
            return MC_EINVAL;
        }

        texts[i].form = (mc_form_t) (bytes[n] >> 6);
        texts[i].len = bytes[n] & 63;
        n++;

        if (texts[i].len > end - n) {
            return MC_EINVAL;
        }

        memcpy(texts[i].bytes, bytes + n, texts[i].len);
        n += texts[i].len;
    }

    return n == end ? MC_OK : MC_EINVAL;
}


mc_err_t
mc_statement_read(mc_str_t digits, mc_arena_t *arena, mc_statement_t *out)
{
    size_t          i, from;
    uint8_t         buf[MC_STATEMENT_BYTES];
    mc_err_t        err;
    mc_stated_t     texts[TEXTS];
    mc_str_t       *places[TEXTS] = { &out->number, &out->name,
                                      &out->category };
    const uint8_t  *bytes;

    err = mc_decimal_read(digits, buf, &from);

    if (err != MC_OK) {
        return err;
    }

    bytes = buf + from;
    err = statement_split(bytes, sizeof(buf) - from, texts);

    if (err != MC_OK) {
        return err;
    }

    if (texts[NUMBER].form == MC_FORM_CUT || texts[NUMBER].len == 0
        || texts[NAME].len == 0)
    {
        return MC_EINVAL;
    }

    memcpy(out->key, bytes + AT_KEY, sizeof(out->key));
    memcpy(out->code, bytes + AT_CODE, sizeof(out->code));
    memcpy(out->photo, bytes + AT_PHOTO, sizeof(out->photo));
    out->days = (uint16_t) (bytes[AT_DAYS] << 8 | bytes[AT_DAYS + 1]);
    out->name_cut = texts[NAME].form == MC_FORM_CUT;
    out->category_cut = texts[CATEGORY].form == MC_FORM_CUT;

    for (i = 0; err == MC_OK && i < TEXTS; i++) {
        err = mc_stated_read(&texts[i], arena, places[i]);
    }

    return err;
}


mc_err_t
mc_statement_verify(const uint8_t point[MC_P256_POINT], mc_str_t digits)
{
    size_t          from, len;
    uint8_t         buf[MC_STATEMENT_BYTES], digest[MC_SHA256_SIZE];
    mc_err_t        err;
    mc_stated_t     texts[TEXTS];
    const uint8_t  *bytes;

    err = mc_decimal_read(digits, buf, &from);

    if (err != MC_OK) {
        return err;
    }

    bytes = buf + from;
    len = sizeof(buf) - from;
    err = statement_split(bytes, len, texts);

    if (err == MC_OK) {
        len -= MC_P256_SIGNED;
        err = statement_digest(bytes, len, digest);
    }

    return err == MC_OK ? mc_p256_verify(point, digest, bytes + len) : err;
}
