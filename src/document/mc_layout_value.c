/*
 * Values by name, and texts that hold some.
 *
 * Depends on base, domain (labels, certificate).  Pure; any thread.
 *
 * Runs for every document, so numbers are written by hand.
 */

#include "mc_layout_page.h"

#include "mc_time.h"
#include "mc_wording.h"


#define CODE_LETTERS  16            /* shown in groups of four */


static const char *const names[MC_VALUES - MC_CERT_FIELDS] = {
    "issuer", "serial", "code", "date", "membership"
};


const char *
mc_value_name(int value)
{
    if (value < MC_CERT_FIELDS) {
        return mc_cert_key((mc_cert_field_t) value);
    }

    return value < MC_VALUES ? names[value - MC_CERT_FIELDS] : "";
}


int
mc_value_find(mc_str_t name)
{
    int  value;

    for (value = 0; value < MC_VALUES; value++) {
        if (mc_str_is(name, mc_value_name(value))) {
            return value;
        }
    }

    return -1;
}


mc_text_t
mc_value_label(int value)
{
    switch (value) {
    case MC_VALUE_ISSUER:
        return (mc_text_t) { mc_wording.issuer, mc_wording.issuer_en };
    case MC_VALUE_SERIAL:
        return (mc_text_t) { mc_wording.serial, mc_wording.serial_en };
    case MC_VALUE_CODE:
        return (mc_text_t) { mc_wording.code, mc_wording.code_en };
    case MC_VALUE_DATE:
        return (mc_text_t) { mc_wording.issued, mc_wording.issued_en };
    case MC_VALUE_MEMBERSHIP:
        return mc_cert_label(MC_CERT_CATEGORY);
    default:
        return mc_cert_label((mc_cert_field_t) value);
    }
}


/* At least "digits" of them. */
static char *
put_number(char *to, int64_t number, int digits)
{
    int       n;
    char      text[24];
    uint64_t  rest;

    rest = number < 0 ? 0 : (uint64_t) number;

    for (n = 0; n < digits || rest > 0; n++) {
        text[n] = (char) ('0' + rest % 10);
        rest /= 10;
    }

    while (n > 0) {
        *to++ = text[--n];
    }

    return to;
}


static char *
put_str(char *to, mc_str_t text)
{
    memcpy(to, text.data, text.len);

    return to + text.len;
}


static mc_str_t
between(const char *from, const char *to)
{
    return (mc_str_t) { from, (size_t) (to - from) };
}


/* 2026年11月23日 and 23 November 2026 */
static mc_err_t
fill_date(mc_values_t *values, int64_t time, int timezone)
{
    char       *to;
    mc_date_t   date;
    mc_text_t  *text;

    date = mc_date_at(time, timezone);

    if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31
        || date.year < 0 || date.year > 9999)
    {
        return MC_EINVAL;
    }

    text = &values->texts[MC_VALUE_DATE];

    to = put_number(values->date_zh, date.year, 1);
    to = put_str(to, mc_wording.year);
    to = put_number(to, date.month, 1);
    to = put_str(to, mc_wording.month);
    to = put_number(to, date.day, 1);
    to = put_str(to, mc_wording.day);
    text->zh = between(values->date_zh, to);

    to = put_number(values->date_en, date.day, 1);
    *to++ = ' ';
    to = put_str(to, mc_wording.months_en[date.month - 1]);
    *to++ = ' ';
    to = put_number(to, date.year, 1);
    text->en = between(values->date_en, to);

    return MC_OK;
}


/* ABCD-EFGH-JKMN-PQRS; another length is shown as it is */
static void
fill_code(mc_values_t *values, mc_str_t code)
{
    char    *to;
    size_t   i;

    values->texts[MC_VALUE_CODE] = (mc_text_t) { code, mc_str_null };

    if (code.len != CODE_LETTERS) {
        return;
    }

    to = values->code;

    for (i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % 4 == 0) {
            *to++ = '-';
        }

        *to++ = code.data[i];
    }

    values->texts[MC_VALUE_CODE].zh = between(values->code, to);
}


static bool
ends_with(mc_str_t text, mc_str_t end)
{
    return text.len >= end.len
           && memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}


/* 执业会员 as it is, others as 会员（...） */
static mc_err_t
fill_membership(mc_values_t *values)
{
    char       *to;
    mc_text_t   category, *text;

    category = values->texts[MC_CERT_CATEGORY];
    text = &values->texts[MC_VALUE_MEMBERSHIP];
    *text = category;

    if (category.zh.len == 0) {
        text->zh = mc_wording.member;
        return MC_OK;
    }

    if (ends_with(category.zh, mc_wording.member)) {
        return MC_OK;
    }

    if (category.zh.len + mc_wording.member_open.len
        + mc_wording.member_close.len > sizeof(values->membership))
    {
        return MC_ETOOBIG;
    }

    to = put_str(values->membership, mc_wording.member_open);
    to = put_str(to, category.zh);
    to = put_str(to, mc_wording.member_close);
    text->zh = between(values->membership, to);

    return MC_OK;
}


mc_err_t
mc_values_fill(mc_values_t *values, const mc_certificate_t *certificate,
    int timezone)
{
    mc_err_t  err;

    memcpy(values->texts, certificate->values, sizeof(certificate->values));
    values->texts[MC_VALUE_ISSUER] = certificate->issuer;
    values->texts[MC_VALUE_SERIAL] = (mc_text_t) { mc_wording.none,
                                                   mc_str_null };

    if (certificate->serial > 0) {      /* a preview has none */
        values->texts[MC_VALUE_SERIAL].zh =
            between(values->serial,
                    put_number(values->serial, certificate->serial, 8));
    }

    fill_code(values, certificate->code);

    err = fill_date(values, certificate->confirmed_at, timezone);

    return err != MC_OK ? err : fill_membership(values);
}


static bool
is_name(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}


/* "$name" or "${name}" at text[*pos]; moves behind it. */
static mc_str_t
take_name(mc_str_t text, size_t *pos)
{
    bool      braces;
    size_t    end;
    mc_str_t  name;

    *pos += 1;
    braces = *pos < text.len && text.data[*pos] == '{';
    *pos += braces;

    for (end = *pos; end < text.len && is_name(text.data[end]); end++) {
        /* void */
    }

    name = (mc_str_t) { text.data + *pos, end - *pos };

    if (braces) {
        if (end == text.len || text.data[end] != '}') {
            name.len = 0;
        } else {
            end++;
        }
    }

    *pos = end;

    return name;
}


static bool
read_value(mc_str_t name, mc_piece_t *piece)
{
    piece->en = false;
    piece->value = mc_value_find(name);

    if (piece->value < 0 && ends_with(name, mc_str("_en"))) {
        name.len -= 3;
        piece->en = true;
        piece->value = mc_value_find(name);
    }

    return piece->value >= 0;
}


mc_err_t
mc_words_read(mc_arena_t *arena, mc_str_t text, mc_words_t *out,
    mc_str_t *bad)
{
    size_t       pos, end, count;
    mc_str_t     name;
    mc_piece_t  *piece, *copy, pieces[MC_LAYOUT_PIECES];

    count = 0;

    for (pos = 0; pos < text.len; pos = end) {
        if (count == MC_LAYOUT_PIECES) {
            return MC_ETOOBIG;
        }

        piece = &pieces[count++];
        memset(piece, 0, sizeof(*piece));
        end = pos;

        if (text.data[pos] == '$') {
            name = take_name(text, &end);

            if (!read_value(name, piece)) {
                *bad = (mc_str_t) { text.data + pos, end - pos };
                return MC_EINVAL;
            }

            continue;
        }

        while (end < text.len && text.data[end] != '$') {
            end++;
        }

        piece->value = -1;
        piece->words = mc_arena_str(arena, (mc_str_t) { text.data + pos,
                                                        end - pos });
        if (piece->words.data == NULL) {
            return MC_ENOMEM;
        }
    }

    copy = mc_arena_alloc(arena, sizeof(mc_piece_t) * (count + 1));
    if (copy == NULL) {
        return MC_ENOMEM;
    }

    memcpy(copy, pieces, sizeof(mc_piece_t) * count);
    out->count = count;
    out->pieces = copy;

    return MC_OK;
}


bool
mc_words_fixed(const mc_words_t *words)
{
    size_t  i;

    for (i = 0; i < words->count; i++) {
        if (words->pieces[i].value >= 0) {
            return false;
        }
    }

    return true;
}


/* What a text says where the value is empty: a dash; in English the other
 * language first. */
static mc_str_t
piece_text(const mc_piece_t *piece, const mc_values_t *values)
{
    mc_text_t  text;

    if (piece->value < 0 || values == NULL) {
        return piece->words;
    }

    text = values->texts[piece->value];

    if (piece->en && text.en.len > 0) {
        return text.en;
    }

    if (piece->en && piece->value == MC_VALUE_ISSUER) {
        return mc_wording.institute_en;
    }

    return text.zh.len > 0 ? text.zh : mc_wording.none;
}


mc_err_t
mc_words_compose(const mc_words_t *words, const mc_values_t *values,
    char room[MC_LAYOUT_TEXT], mc_str_t *out)
{
    size_t    i, used;
    mc_str_t  text;

    if (words->count == 0) {
        *out = mc_str_null;
        return MC_OK;
    }

    if (words->count == 1) {
        *out = piece_text(&words->pieces[0], values);
        return MC_OK;
    }

    used = 0;

    for (i = 0; i < words->count; i++) {
        text = piece_text(&words->pieces[i], values);

        if (text.len > MC_LAYOUT_TEXT - used) {
            return MC_ETOOBIG;
        }

        memcpy(room + used, text.data, text.len);
        used += text.len;
    }

    *out = (mc_str_t) { room, used };

    return MC_OK;
}
