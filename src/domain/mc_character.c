/*
 * Private code points and variation selectors: see mc_character.h.
 *
 * Depends on base.  Pure; any thread.
 */

#include "mc_character.h"

#include "mc_utf8.h"


#define GBK_FIRST     0xE815

#define LEAD_PRIVATE  0xEE      /* first byte of U+E000 and, as 0xEF, of the
                                 * rest up to the selectors */
#define LEAD_PLANE    0xF3      /* of planes 12 to 15 */


/* For U+E815 on, in the order of the two-byte codes FE50 to FEA0. */
static const uint32_t  gbk[] = {
    0x2E81, 0x20087, 0x20089, 0x200CC, 0x2E84, 0x3473, 0x3447, 0x2E88,
    0x2E8B, 0x9FB4, 0x359E, 0x361A, 0x360E, 0x2E8C, 0x2E97, 0x396E,
    0x3918, 0x9FB5, 0x39CF, 0x39DF, 0x3A73, 0x39D0, 0x9FB6, 0x9FB7,
    0x3B4E, 0x3C6E, 0x3CE0, 0x2EA7, 0x215D7, 0x9FB8, 0x2EAA, 0x4056,
    0x415F, 0x2EAE, 0x4337, 0x2EB3, 0x2EB6, 0x2EB7, 0x2298F, 0x43B1,
    0x43AC, 0x2EBB, 0x43DD, 0x44D6, 0x4661, 0x464C, 0x9FB9, 0x4723,
    0x4729, 0x477C, 0x478D, 0x2ECA, 0x4947, 0x497A, 0x497D, 0x4982,
    0x4983, 0x4985, 0x4986, 0x499F, 0x499B, 0x49B7, 0x49B6, 0x9FBA,
    0x241FE, 0x4CA3, 0x4C9F, 0x4CA0, 0x4CA1, 0x4C77, 0x4CA2, 0x4D13,
    0x4D14, 0x4D15, 0x4D16, 0x4D17, 0x4D18, 0x4D19, 0x4DAE, 0x9FBB
};


bool
mc_character_is_private(uint32_t code_point)
{
    return (code_point >= 0xE000 && code_point <= 0xF8FF)
           || (code_point >= 0xF0000 && code_point <= 0xFFFFD)
           || (code_point >= 0x100000 && code_point <= 0x10FFFD);
}


bool
mc_character_is_selector(uint32_t code_point)
{
    return (code_point >= 0xFE00 && code_point <= 0xFE0F)
           || (code_point >= 0xE0100 && code_point <= 0xE01EF);
}


uint32_t
mc_character_public(uint32_t code_point, const mc_character_map_t *map)
{
    size_t  i;

    if (!mc_character_is_private(code_point)) {
        return code_point;
    }

    for (i = 0; map != NULL && i < map->count; i++) {
        if (map->pairs[i].from == code_point) {
            return map->pairs[i].to;
        }
    }

    if (code_point >= GBK_FIRST && code_point - GBK_FIRST < mc_count(gbk)) {
        return gbk[code_point - GBK_FIRST];
    }

    return code_point;
}


bool
mc_character_unsettled(mc_str_t text)
{
    size_t   i;
    uint8_t  byte;

    for (i = 0; i < text.len; i++) {
        byte = (uint8_t) text.data[i];

        if (byte == LEAD_PRIVATE || byte == LEAD_PRIVATE + 1
            || byte >= LEAD_PLANE)
        {
            return true;
        }
    }

    return false;
}


mc_err_t
mc_character_settle(mc_str_t text, const mc_character_map_t *map,
    mc_buf_t *out)
{
    char      bytes[4];
    size_t    pos, len;
    uint32_t  code_point;

    for (pos = 0; pos < text.len; /* void */ ) {
        code_point = mc_utf8_next(text, &pos);

        if (mc_character_is_selector(code_point)) {
            continue;
        }

        len = mc_utf8_encode(mc_character_public(code_point, map), bytes);
        (void) mc_buf_append(out, bytes, len);
    }

    return out->err;
}


static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = (char) (c | 0x20);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* "E000", "U+20BB7": at most six digits; "rest" begins behind them. */
static bool
read_code_point(mc_str_t *rest, uint32_t *out)
{
    int       digit;
    size_t    n;
    uint32_t  sum;

    *rest = mc_utf8_trim(*rest);

    if (rest->len >= 2 && (rest->data[0] | 0x20) == 'u'
        && rest->data[1] == '+')
    {
        rest->data += 2;
        rest->len -= 2;
    }

    sum = 0;

    for (n = 0; n < rest->len && n < 7; n++) {
        digit = hex_digit(rest->data[n]);

        if (digit < 0) {
            break;
        }

        sum = sum << 4 | (uint32_t) digit;
    }

    rest->data += n;
    rest->len -= n;
    *out = sum;

    return n >= 4 && n <= 6
           && (rest->len == 0 || rest->data[0] == ' '
               || rest->data[0] == '\t');
}


static bool
is_character(uint32_t code_point)
{
    return code_point >= 0x20 && code_point <= 0x10FFFF
           && (code_point < 0xD800 || code_point > 0xDFFF)
           && !mc_character_is_private(code_point)
           && !mc_character_is_selector(code_point);
}


/* MC_ENOTFOUND: nothing but blanks and a comment. */
static mc_err_t
read_pair(mc_str_t line, mc_character_pair_t *pair)
{
    const char  *comment;

    comment = line.len > 0 ? memchr(line.data, '#', line.len) : NULL;

    if (comment != NULL) {
        line.len = (size_t) (comment - line.data);
    }

    line = mc_utf8_trim(line);

    if (line.len == 0) {
        return MC_ENOTFOUND;
    }

    if (!read_code_point(&line, &pair->from)
        || !read_code_point(&line, &pair->to) || line.len != 0
        || !mc_character_is_private(pair->from) || !is_character(pair->to))
    {
        return MC_EINVAL;
    }

    return MC_OK;
}


static bool
stands_already(const mc_character_map_t *map, uint32_t from)
{
    size_t  i;

    for (i = 0; i < map->count; i++) {
        if (map->pairs[i].from == from) {
            return true;
        }
    }

    return false;
}


mc_err_t
mc_character_map_read(mc_str_t text, mc_character_map_t *map, unsigned *line)
{
    size_t                end;
    mc_err_t              err;
    const char           *feed;
    mc_character_pair_t   pair;

    map->count = 0;

    for (*line = 1; text.len > 0; (*line)++) {
        feed = memchr(text.data, '\n', text.len);
        end = feed != NULL ? (size_t) (feed - text.data) : text.len;

        err = read_pair((mc_str_t) { text.data, end }, &pair);

        if (err == MC_EINVAL
            || (err == MC_OK && stands_already(map, pair.from)))
        {
            return MC_EINVAL;
        }

        if (err == MC_OK) {
            if (map->count == MC_CHARACTER_PAIRS) {
                return MC_ETOOBIG;
            }

            map->pairs[map->count++] = pair;
        }

        end += feed != NULL;
        text.data += end;
        text.len -= end;
    }

    return MC_OK;
}
