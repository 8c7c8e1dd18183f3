/*
 * Words of the configuration.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_word.h"
#include "mc_time.h"


#define TIME_MAX  (36525 * MC_DAY)


static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}


static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}


static mc_str_t
behind(mc_str_t word, size_t n)
{
    return (mc_str_t) { word.data + n, word.len - n };
}


bool
mc_word_number(mc_str_t word, uint32_t max, uint32_t *out)
{
    size_t    i;
    uint64_t  n;

    if (word.len == 0 || word.len > 10) {
        return false;
    }

    n = 0;

    for (i = 0; i < word.len; i++) {
        if (!is_digit(word.data[i])) {
            return false;
        }

        n = n * 10 + (uint64_t) (word.data[i] - '0');
    }

    if (n > max) {
        return false;
    }

    *out = (uint32_t) n;

    return true;
}


static int64_t
unit_of(char c)
{
    switch (c) {

    case 'w':
        return 7 * MC_DAY;

    case 'd':
        return MC_DAY;

    case 'h':
        return MC_HOUR;

    case 'm':
        return MC_MINUTE;

    case 's':
        return MC_SECOND;

    default:
        return 0;
    }
}


bool
mc_word_time(mc_str_t word, int64_t *out)
{
    size_t    i, digits;
    int64_t   sum, unit, last;
    uint32_t  n;

    sum = 0;
    last = INT64_MAX;

    for (i = 0; i < word.len; /* void */) {

        for (digits = 0; i + digits < word.len; digits++) {
            if (!is_digit(word.data[i + digits])) {
                break;
            }
        }

        if (!mc_word_number((mc_str_t) { word.data + i, digits }, UINT32_MAX,
                            &n))
        {
            return false;
        }

        i += digits;
        unit = i < word.len ? unit_of(word.data[i++]) : MC_SECOND;

        if (unit == 0 || unit >= last || n > TIME_MAX / unit) {
            return false;
        }

        sum += n * unit;
        last = unit;
    }

    if (word.len == 0 || sum > TIME_MAX) {
        return false;
    }

    *out = sum;

    return true;
}


bool
mc_word_size(mc_str_t word, uint32_t max, uint32_t *out)
{
    char      last;
    uint32_t  unit;

    last = word.len > 0 ? word.data[word.len - 1] : '\0';
    unit = last == 'k' || last == 'K' ? 1024
           : last == 'm' || last == 'M' ? 1024 * 1024 : 1;

    if (unit > 1) {
        word.len--;
    }

    if (!mc_word_number(word, max / unit, out)) {
        return false;
    }

    *out *= unit;

    return true;
}


bool
mc_word_switch(mc_str_t word, bool *out)
{
    *out = mc_str_is(word, "on");

    return *out || mc_str_is(word, "off");
}


bool
mc_word_zone(mc_str_t word, int *out)
{
    int       minutes;
    uint32_t  hour, minute;

    if (word.len != 6 || (word.data[0] != '+' && word.data[0] != '-')
        || word.data[3] != ':'
        || !mc_word_number((mc_str_t) { word.data + 1, 2 }, 14, &hour)
        || !mc_word_number((mc_str_t) { word.data + 4, 2 }, 59, &minute))
    {
        return false;
    }

    minutes = (int) (hour * 60 + minute);

    if (word.data[0] == '-') {
        minutes = -minutes;
    }

    if (minutes < -12 * 60 || minutes > 14 * 60) {
        return false;
    }

    *out = minutes;

    return true;
}


bool
mc_word_split(mc_str_t word, char mark, mc_str_t *left, mc_str_t *right)
{
    const char  *at;

    at = word.len > 0 ? memchr(word.data, mark, word.len) : NULL;

    if (at == NULL) {
        return false;
    }

    left->data = word.data;
    left->len = (size_t) (at - word.data);
    *right = behind(word, left->len + 1);

    return true;
}


bool
mc_word_name(mc_str_t word, const char *extra, size_t max)
{
    char    c;
    size_t  i;

    for (i = 0; i < word.len; i++) {
        c = word.data[i];

        if (!is_digit(c) && !is_letter(c)
            && (c == '\0' || strchr(extra, c) == NULL))
        {
            return false;
        }
    }

    return word.len > 0 && word.len <= max;
}


static bool
is_path(mc_str_t word)
{
    char    c;
    size_t  i;

    for (i = 0; i < word.len; i++) {
        c = word.data[i];

        if (c <= ' ' || c > '~' || strchr("\"'<>\\^`{|}$#", c) != NULL) {
            return false;
        }
    }

    return true;
}


/* name, or [::1] */
static bool
is_host(mc_str_t host)
{
    if (host.len > 2 && host.data[0] == '['
        && host.data[host.len - 1] == ']')
    {
        host.data++;
        host.len -= 2;
        return mc_word_name(host, ":.", 45);
    }

    return mc_word_name(host, ".-", 253) && host.data[0] != '.'
           && host.data[0] != '-' && host.data[host.len - 1] != '-';
}


bool
mc_word_url(mc_str_t word, bool path)
{
    size_t    len;
    mc_str_t  rest, host, port;
    uint32_t  number;

    if (word.len > 8 && memcmp(word.data, "https://", 8) == 0) {
        rest = behind(word, 8);

    } else if (word.len > 7 && memcmp(word.data, "http://", 7) == 0) {
        rest = behind(word, 7);

    } else {
        return false;
    }

    for (len = 0; len < rest.len && rest.data[len] != '/'; len++) {
        /* void */
    }

    if (len < rest.len && (!path || !is_path(behind(rest, len)))) {
        return false;
    }

    host.data = rest.data;
    host.len = len;

    while (len > 0 && is_digit(rest.data[len - 1])) {
        len--;
    }

    if (len > 0 && rest.data[len - 1] == ':' && rest.data[0] != ':'
        && (rest.data[0] != '[' || (len > 1 && rest.data[len - 2] == ']')))
    {
        port.data = rest.data + len;
        port.len = host.len - len;
        host.len = len - 1;

        if (!mc_word_number(port, 65535, &number) || number == 0) {
            return false;
        }
    }

    return is_host(host);
}


bool
mc_word_link(mc_str_t word)
{
    if (word.len > 0 && word.data[0] == '/') {
        return is_path(word) && (word.len == 1 || word.data[1] != '/');
    }

    return mc_word_url(word, true);
}


bool
mc_word_loopback(mc_str_t url)
{
    size_t    len, i;
    mc_str_t  host, scheme;

    if (!mc_word_split(url, ':', &scheme, &host) || host.len < 2) {
        return false;
    }

    host = behind(host, 2);

    if (host.len >= 5 && memcmp(host.data, "[::1]", 5) == 0) {
        return host.len == 5 || host.data[5] == ':' || host.data[5] == '/';
    }

    for (len = 0; len < host.len; len++) {
        if (host.data[len] == ':' || host.data[len] == '/') {
            break;
        }
    }

    host.len = len;

    if (mc_str_is(host, "localhost")) {
        return true;
    }

    /* digits and dots alone: 127.0.0.1.example.org is somewhere else */

    for (i = 0; i < host.len; i++) {
        if (!is_digit(host.data[i]) && host.data[i] != '.') {
            return false;
        }
    }

    return host.len > 4 && memcmp(host.data, "127.", 4) == 0;
}
