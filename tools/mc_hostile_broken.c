/*
 * Recipes about the format: codings, colours, structure, coded data, and
 * what is no JPEG at all.
 *
 * Depends on base, the portrait generator and mc_hostile_edit.  For tools
 * and tests; any one thread.
 */

#include "mc_hostile_row.h"


static void
make_sof_huge(mc_recipe_t *recipe)
{
    size_t  at;

    mc_recipe_valid(recipe);
    at = mc_recipe_find(recipe, MC_M_SOF0);
    mc_recipe_splice(recipe, at + 5, 4, "\xff\xdc\xff\xdc", 4);
}


/*
 * As many scans as a decoder takes without a warning: each codes "no
 * coefficient in 168 blocks" of the second component in one byte (EOBRUN
 * 2^7 + 40; the table has this one symbol).
 */
static void
make_scans(mc_recipe_t *recipe)
{
    long    have, i;
    size_t  at;

    static const char  table[] =
        "\xff\xc4\0\x14\x10" "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\x70";
    static const char  scan[] =
        "\xff\xda\0\x08\1\2\0\x01\x3f\0" "\x28";

    mc_recipe_portrait(recipe, &(mc_portrait_options_t) {
        .progressive = true, .quality = 3
    });

    if (recipe->jpeg->err != MC_OK || recipe->jpeg->len < 2) {
        return;
    }

    have = 0;

    for (at = 0; at + 1 < recipe->jpeg->len; at++) {
        have += recipe->jpeg->data[at] == 0xff
                && recipe->jpeg->data[at + 1] == MC_M_SOS;
    }

    recipe->jpeg->len -= 2;
    mc_buf_append(recipe->jpeg, table, sizeof(table) - 1);

    for (i = have; i < recipe->number; i++) {
        mc_buf_append(recipe->jpeg, scan, sizeof(scan) - 1);
    }

    mc_buf_append(recipe->jpeg, "\xff\xd9", 2);

    if (recipe->jpeg->len < MC_RECIPE_SIZE - 4) {
        mc_edit_pad(recipe->jpeg, MC_RECIPE_SIZE);
    }
}


/* sof:N: the frame header's marker is N */
static void
make_sof(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_patch(recipe, MC_M_SOF0, 1, (unsigned) recipe->number);
}


static void
make_twelve_bits(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_patch(recipe, MC_M_SOF0, 4, 12);
}


static void
make_sampling(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_patch(recipe, MC_M_SOF0, 11, 0x41);
}


static void
make_dnl(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_patch(recipe, MC_M_SOF0, 5, 0);
    mc_recipe_patch(recipe, MC_M_SOF0, 6, 0);
    mc_recipe_splice(recipe, recipe->jpeg->len - 2, 0,
                     "\xff\xdc\0\4\0\xdc", 6);
}


/* The first table again with 16-bit values, one of them above 255. */
static void
make_wide_table(mc_recipe_t *recipe)
{
    size_t   at;
    uint8_t  table[1 + 128];

    memset(table, 0, sizeof(table));
    table[0] = 0x10;

    for (at = 0; at < 64; at++) {
        table[1 + 2 * at] = at == 63;
        table[2 + 2 * at] = 16;
    }

    mc_recipe_padded(recipe);
    mc_recipe_patch(recipe, MC_M_SOF0, 1, 0xc1);
    at = mc_recipe_find(recipe, 0xc1);
    mc_edit_segment(recipe->jpeg, at, MC_M_DQT, table, sizeof(table));
}


static void
make_plain(mc_recipe_t *recipe)
{
    mc_err_t  err;

    err = mc_plain_draw((mc_plain_t) recipe->number, recipe->jpeg);

    if (err != MC_OK && recipe->jpeg->err == MC_OK) {
        recipe->jpeg->err = err;
    }
}


static void
make_rgb_ids(mc_recipe_t *recipe)
{
    make_plain(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .dots = { 96, 1 }, .unit = 2
    });
}


/* truncated:N keeps N bytes; a negative N drops as many. */
static void
make_truncated(mc_recipe_t *recipe)
{
    long  len;

    mc_recipe_valid(recipe);

    len = recipe->number < 0 ? (long) recipe->jpeg->len + recipe->number
                             : recipe->number;

    if (len >= 0 && (size_t) len <= recipe->jpeg->len) {
        recipe->jpeg->len = (size_t) len;
    }
}


static void
make_trailing_zip(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    mc_buf_append(recipe->jpeg, "PK\3\4\24\0\0\0", 8);
}


static void
make_trailing_html(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    mc_buf_cstr(recipe->jpeg, "<html><script>alert(1)</script></html>");
}


static void
make_trailing_zero(mc_recipe_t *recipe)
{
    long  i;

    mc_recipe_padded(recipe);

    for (i = 0; i < recipe->number; i++) {
        mc_buf_byte(recipe->jpeg, 0);
    }
}


static void
make_two_frames(mc_recipe_t *recipe)
{
    size_t   at;
    uint8_t  frame[19];

    mc_recipe_valid(recipe);
    at = mc_recipe_find(recipe, MC_M_SOF0);

    if (recipe->jpeg->err == MC_OK) {
        memcpy(frame, recipe->jpeg->data + at, sizeof(frame));
        mc_edit_splice(recipe->jpeg, at, 0, frame, sizeof(frame));
    }
}


static void
make_scan_first(mc_recipe_t *recipe)
{
    size_t  at;

    mc_recipe_valid(recipe);
    at = mc_recipe_find(recipe, MC_M_SOF0);
    mc_recipe_splice(recipe, at, 19, "", 0);
}


/* A segment that says it has N bytes. */
static void
make_length(mc_recipe_t *recipe)
{
    char  segment[4];

    memcpy(segment, "\xff\xfe\0\0", 4);
    segment[2] = (char) (recipe->number >> 8);
    segment[3] = (char) recipe->number;

    mc_recipe_valid(recipe);
    mc_recipe_splice(recipe, 20, 0, segment, sizeof(segment));
}


static void
make_fill(mc_recipe_t *recipe)
{
    size_t  at;

    mc_recipe_padded(recipe);
    at = mc_recipe_find(recipe, MC_M_SOF0);
    mc_recipe_splice(recipe, at, 0, "\xff\xff\xff\xff\xff", 5);
    mc_recipe_splice(recipe, 20, 0, "\xff", 1);
    mc_recipe_splice(recipe, recipe->jpeg->len - 2, 0, "\xff\xff", 2);
}


/* insert:N: these two bytes between the first segments */
static void
make_insert(mc_recipe_t *recipe)
{
    char  bytes[2];

    bytes[0] = (char) (recipe->number >> 8);
    bytes[1] = (char) recipe->number;

    mc_recipe_valid(recipe);
    mc_recipe_splice(recipe, 20, 0, bytes, sizeof(bytes));
}


static void
make_no_scan(mc_recipe_t *recipe)
{
    size_t  at;

    mc_recipe_padded(recipe);
    at = mc_recipe_find(recipe, MC_M_SOS);
    mc_recipe_splice(recipe, at, recipe->jpeg->len - at, "\xff\xd9", 2);
}


/* Sound structure, but the coded data is not what the tables say. */
static void
make_entropy_noise(mc_recipe_t *recipe)
{
    size_t    i, at;
    uint32_t  noise;

    mc_recipe_valid(recipe);
    at = mc_recipe_find(recipe, MC_M_SOS) + 2000;
    noise = 7;

    for (i = at; i < at + 500 && i < recipe->jpeg->len; i++) {
        noise = noise * 1664525 + 1013904223;
        recipe->jpeg->data[i] = (uint8_t) ((noise >> 24) & 0x7f);
    }
}


static void
make_entropy_cut(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_splice(recipe, recipe->jpeg->len - 2002, 2000, "", 0);
}


static void
make_no_tables(mc_recipe_t *recipe)
{
    size_t  at;

    mc_recipe_padded(recipe);

    while ((at = mc_edit_find(recipe->jpeg, MC_M_DQT, 0)) != 0
           && recipe->jpeg->err == MC_OK)
    {
        mc_recipe_splice(recipe, at, 69, "", 0);
    }
}


/* is:N: the first bytes of another format, then zeros */
static void
make_other(mc_recipe_t *recipe)
{
    size_t  i;

    static const struct {
        const char *bytes;
        size_t      len;
    } formats[] = {
        { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16 },
        { "\0\0\0\x18" "ftypheic\0\0\0\0", 16 },
        { "RIFF\x10\x27\0\0WEBPVP8 ", 16 },
        { "GIF89a\xb2\0\xdc\0\xf7\0\0\0\0\0", 16 },
        { "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1", 16 },
        { "BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0", 16 },
        { "II*\0\x08\0\0\0\0\0\0\0\0\0\0\0", 16 },
        { "PK\3\4\24\0\6\0\x08\0\0\0!\0\0\0", 16 },
        { "<!DOCTYPE html>\n", 16 },
        { "\x01\x02\x03\x04\x05\x06\x07\x08", 8 }
    };

    if (recipe->number < 0 || (size_t) recipe->number >= mc_count(formats)) {
        recipe->jpeg->err = MC_EINVAL;
        return;
    }

    mc_buf_append(recipe->jpeg, formats[recipe->number].bytes,
                  formats[recipe->number].len);

    for (i = recipe->jpeg->len; i < MC_RECIPE_SIZE; i++) {
        mc_buf_byte(recipe->jpeg, 0);
    }
}


const mc_hostile_row_t  mc_hostile_broken[] = {
    { "restart", make_plain, false, MC_PLAIN_RESTART },
    { "fill", make_fill, false, 0 },
    { "sof-huge", make_sof_huge, false, 0 },
    { "scans", make_scans, true, 100 },
    { "scans", make_scans, true, 101 },
    { "scans", make_scans, true, 1665 },
    { "sof", make_sof, true, 0xc3 },
    { "sof", make_sof, true, 0xc5 },
    { "sof", make_sof, true, 0xc9 },
    { "sof", make_sof, true, 0xca },
    { "twelve-bits", make_twelve_bits, false, 0 },
    { "sampling", make_sampling, false, 0 },
    { "dnl", make_dnl, false, 0 },
    { "wide-table", make_wide_table, false, 0 },
    { "gray", make_plain, false, MC_PLAIN_GRAY },
    { "cmyk", make_plain, false, MC_PLAIN_CMYK },
    { "rgb", make_plain, false, MC_PLAIN_RGB },
    { "rgb-ids", make_rgb_ids, false, MC_PLAIN_RGB_IDS },
    { "truncated", make_truncated, true, 20 },
    { "truncated", make_truncated, true, 300 },
    { "truncated", make_truncated, true, 12000 },
    { "truncated", make_truncated, true, -2 },
    { "truncated", make_truncated, true, -1 },
    { "trailing-zip", make_trailing_zip, false, 0 },
    { "trailing-html", make_trailing_html, false, 0 },
    { "trailing-zero", make_trailing_zero, true, 100 },
    { "two-frames", make_two_frames, false, 0 },
    { "scan-first", make_scan_first, false, 0 },
    { "no-scan", make_no_scan, false, 0 },
    { "length", make_length, true, 0 },
    { "length", make_length, true, 1 },
    { "length", make_length, true, 2 },
    { "length", make_length, true, 65535 },
    { "insert", make_insert, true, 0x2020 },
    { "insert", make_insert, true, 0xffd8 },
    { "insert", make_insert, true, 0xffd0 },
    { "insert", make_insert, true, 0xff00 },
    { "insert", make_insert, true, 0xff01 },
    { "entropy-noise", make_entropy_noise, false, 0 },
    { "entropy-cut", make_entropy_cut, false, 0 },
    { "no-tables", make_no_tables, false, 0 },
    { "is", make_other, true, 0 },
    { "is", make_other, true, 1 },
    { "is", make_other, true, 2 },
    { "is", make_other, true, 3 },
    { "is", make_other, true, 4 },
    { "is", make_other, true, 5 },
    { "is", make_other, true, 6 },
    { "is", make_other, true, 7 },
    { "is", make_other, true, 8 },
    { "is", make_other, true, 9 },
};

const size_t  mc_hostile_broken_count = mc_count(mc_hostile_broken);
