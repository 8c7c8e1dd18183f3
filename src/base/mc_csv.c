/*
 * CSV records from a text in memory, and fields for one that is written.
 *
 * Depends on mc_buf, mc_utf8 and libc's iconv.  Any one thread.
 *
 * A field points into the text; only one with doubled quotes is copied to
 * "scratch" without them.  Scratch may move while a record grows, so such
 * fields are kept by offset and get their address when the record is whole.
 */

#include "mc_csv.h"

#include <errno.h>
#include <iconv.h>

#include "mc_utf8.h"


#define CSV_IN_TEXT  SIZE_MAX


/* Offsets into scratch, or CSV_IN_TEXT; lives as long as one record. */
typedef struct {
    size_t  offset[MC_CSV_COLUMNS];
} moved_t;


void
mc_csv_init(mc_csv_t *csv, mc_str_t text)
{
    *csv = (mc_csv_t) { .text = text, .next_line = 1 };

    mc_buf_init(&csv->scratch, MC_CSV_COLUMNS * MC_CSV_FIELD);

    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
        csv->pos = 3;
    }
}


void
mc_csv_free(mc_csv_t *csv)
{
    mc_buf_wipe(&csv->scratch);
}


/* The byte "ahead" of the current one, or -1 behind the end. */
static int
peek(const mc_csv_t *csv, size_t ahead)
{
    if (ahead >= csv->text.len - csv->pos) {
        return -1;
    }

    return (uint8_t) csv->text.data[csv->pos + ahead];
}


/* Length of the line end here: 2, 1, or 0 where there is none. */
static size_t
line_end(const mc_csv_t *csv)
{
    if (peek(csv, 0) == '\n') {
        return 1;
    }

    return peek(csv, 0) == '\r' && peek(csv, 1) == '\n' ? 2 : 0;
}


static bool
skip_line_end(mc_csv_t *csv)
{
    size_t  len;

    len = line_end(csv);
    csv->pos += len;
    csv->next_line += len > 0;

    return len > 0;
}


/* Notes what is wrong and passes over the rest of the line. */
static mc_err_t
refuse(mc_csv_t *csv, const char *reason)
{
    csv->reason = reason;
    csv->column = (unsigned) csv->count + 1;

    while (peek(csv, 0) != -1 && !skip_line_end(csv)) {
        csv->pos++;
    }

    return MC_EINVAL;
}


static mc_err_t
read_bare(mc_csv_t *csv, mc_str_t *field)
{
    int     byte;
    size_t  start;

    start = csv->pos;

    for ( ;; ) {
        byte = peek(csv, 0);

        if (byte == -1 || byte == ',' || line_end(csv) > 0) {
            break;
        }

        if (byte == '"') {
            return refuse(csv, "a quote inside a field without quotes");
        }

        if (byte == '\r') {
            return refuse(csv, "a carriage return without line feed");
        }

        if (csv->pos - start == MC_CSV_FIELD) {
            return refuse(csv, "the field is too long");
        }

        csv->pos++;
    }

    *field = (mc_str_t) { csv->text.data + start, csv->pos - start };

    return MC_OK;
}


/*
 * Passes to the closing quote and behind it; "doubled" tells whether there
 * are quotes to remove.  MC_CSV_FIELD bounds what stands between.
 */
static mc_err_t
read_quoted(mc_csv_t *csv, mc_str_t *field, bool *doubled)
{
    int     byte;
    size_t  start;

    start = ++csv->pos;

    for ( ;; ) {
        byte = peek(csv, 0);

        if (byte == -1) {
            return refuse(csv, "the closing quote is missing");
        }

        if (byte == '"') {
            if (peek(csv, 1) != '"') {
                break;
            }

            *doubled = true;
            csv->pos++;

        } else if (byte == '\n') {
            csv->next_line++;
        }

        csv->pos++;

        if (csv->pos - start > MC_CSV_FIELD) {
            return refuse(csv, "the field is too long");
        }
    }

    *field = (mc_str_t) { csv->text.data + start, csv->pos - start };
    csv->pos++;

    byte = peek(csv, 0);

    if (byte != -1 && byte != ',' && line_end(csv) == 0) {
        return refuse(csv, "text after the closing quote");
    }

    return MC_OK;
}


/* Copies a field with every pair of quotes made one. */
static mc_err_t
undouble(mc_csv_t *csv, mc_str_t *field, size_t *offset)
{
    size_t  i, start;

    start = csv->scratch.len;

    for (i = 0; i < field->len; i++) {
        (void) mc_buf_byte(&csv->scratch, (uint8_t) field->data[i]);
        i += field->data[i] == '"';
    }

    *offset = start;
    field->len = csv->scratch.len - start;

    return csv->scratch.err;
}


static mc_err_t
read_field(mc_csv_t *csv, moved_t *moved)
{
    bool       doubled;
    mc_str_t  *field;
    mc_err_t   err;

    if (csv->count == MC_CSV_COLUMNS) {
        return refuse(csv, "too many fields");
    }

    doubled = false;
    field = &csv->fields[csv->count];
    moved->offset[csv->count] = CSV_IN_TEXT;

    err = peek(csv, 0) == '"' ? read_quoted(csv, field, &doubled)
                              : read_bare(csv, field);
    if (err != MC_OK) {
        return err;
    }

    if (!mc_utf8_valid(*field)) {
        return refuse(csv, "not UTF-8");
    }

    if (field->len > 0 && memchr(field->data, '\0', field->len) != NULL) {
        return refuse(csv, "a NUL byte");
    }

    if (doubled) {
        err = undouble(csv, field, &moved->offset[csv->count]);
        if (err != MC_OK) {
            return err;
        }
    }

    csv->count++;

    return MC_OK;
}


mc_err_t
mc_csv_next(mc_csv_t *csv)
{
    size_t    i;
    moved_t   moved;
    mc_err_t  err;

    csv->count = 0;
    csv->column = 0;
    csv->reason = NULL;
    csv->scratch.len = 0;

    while (skip_line_end(csv)) { /* void */ }

    csv->line = csv->next_line;

    if (peek(csv, 0) == -1) {
        return MC_ENOTFOUND;
    }

    for ( ;; ) {
        err = read_field(csv, &moved);
        if (err != MC_OK) {
            csv->count = 0;
            return err;
        }

        if (peek(csv, 0) != ',') {
            break;
        }

        csv->pos++;
    }

    (void) skip_line_end(csv);

    for (i = 0; i < csv->count; i++) {
        if (moved.offset[i] != CSV_IN_TEXT) {
            csv->fields[i].data = (const char *) csv->scratch.data
                                  + moved.offset[i];
        }
    }

    return MC_OK;
}


/* Whole text in pieces; "text" is left at the first byte not converted. */
static mc_err_t
convert(iconv_t converter, mc_str_t *text, mc_buf_t *out)
{
    int     error;
    char    room[4096], *in, *end;
    size_t  left, done;

    do {
        in = (char *) (uintptr_t) text->data;
        end = room;
        left = sizeof(room);

        done = iconv(converter, &in, &text->len, &end, &left);
        error = errno;

        text->data = in;
        (void) mc_buf_append(out, room, sizeof(room) - left);

        if (out->err != MC_OK) {
            return out->err;
        }

    } while (done == (size_t) -1 && error == E2BIG);

    return done == (size_t) -1 ? MC_EINVAL : MC_OK;
}


mc_err_t
mc_csv_gb18030(mc_str_t text, mc_buf_t *out, size_t *offset)
{
    mc_err_t     err;
    iconv_t      converter;
    const char  *start;

    *offset = 0;

    if (text.len == 0) {
        return out->err;
    }

    converter = iconv_open("UTF-8", "GB18030");

    if (converter == (iconv_t) -1) {
        return errno == ENOMEM ? MC_ENOMEM : MC_ENOTFOUND;
    }

    start = text.data;
    err = convert(converter, &text, out);

    (void) iconv_close(converter);

    *offset = (size_t) (text.data - start);

    return err;
}


/* Letters that make a spreadsheet compute what should be shown. */
static bool
looks_like_formula(mc_str_t field)
{
    return field.len > 0
           && (memchr("=+-@", field.data[0], 4) != NULL
               || (uint8_t) field.data[0] < 0x20);
}


static bool
needs_quotes(mc_str_t field)
{
    size_t  i;

    if (field.len == 0) {
        return false;
    }

    for (i = 0; i < field.len; i++) {
        if (field.data[i] == '"' || field.data[i] == ','
            || field.data[i] == '\n' || field.data[i] == '\r')
        {
            return true;
        }
    }

    return field.data[0] == ' ' || field.data[field.len - 1] == ' ';
}


mc_err_t
mc_csv_write(mc_buf_t *out, mc_str_t field, bool last)
{
    bool    quoted;
    size_t  i;

    quoted = needs_quotes(field);

    if (quoted) {
        (void) mc_buf_byte(out, '"');
    }

    if (looks_like_formula(field)) {
        (void) mc_buf_byte(out, '\'');
    }

    for (i = 0; i < field.len; i++) {
        if (field.data[i] == '"') {
            (void) mc_buf_byte(out, '"');
        }

        (void) mc_buf_byte(out, (uint8_t) field.data[i]);
    }

    if (quoted) {
        (void) mc_buf_byte(out, '"');
    }

    return mc_buf_cstr(out, last ? "\r\n" : ",");
}
