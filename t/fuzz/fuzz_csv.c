/*
 * Fuzz target: the CSV reader, its conversion from GB18030, and the writer.
 *
 * Promises held: bounds, lines that only grow, every fault with place and
 * reason, progress after each fault, and records that are written read back
 * as they were (but for the apostrophe before a formula).
 */

#include "fuzz.h"

#include <string.h>

#include "mc_csv.h"
#include "mc_utf8.h"


#define ROOM  (1024 * 1024)


static bool
has_apostrophe(mc_str_t written, mc_str_t field)
{
    return written.len == field.len + 1 && written.data[0] == '\''
           && mc_str_eq((mc_str_t) { written.data + 1, field.len }, field);
}


static void
check_round(const mc_csv_t *csv)
{
    size_t     i;
    mc_csv_t   again;
    mc_buf_t   buf;
    mc_str_t   field, other;

    if (csv->count == 1 && csv->fields[0].len == 0) {
        return;        /* an empty line has no record */
    }

    mc_buf_init(&buf, ROOM * 4);

    for (i = 0; i < csv->count; i++) {
        if (csv->fields[i].len > MC_CSV_FIELD / 2 - 1) {
            mc_buf_free(&buf);
            return;
        }

        fuzz_check(mc_csv_write(&buf, csv->fields[i], i + 1 == csv->count)
                   == MC_OK);
    }

    mc_csv_init(&again, mc_buf_view(&buf));

    /* a first field that begins with U+FEFF looks like a mark of order */

    if (again.pos == 0) {
        fuzz_check(mc_csv_next(&again) == MC_OK);
        fuzz_check(again.count == csv->count);

        for (i = 0; i < csv->count; i++) {
            field = csv->fields[i];
            other = again.fields[i];
            fuzz_check(mc_str_eq(field, other)
                       || (memchr("=+-@\t\r\n", field.data[0], 7) != NULL
                           || (uint8_t) field.data[0] < 0x20
                           ? has_apostrophe(other, field) : false));
        }

        fuzz_check(mc_csv_next(&again) == MC_ENOTFOUND);
    }

    mc_csv_free(&again);
    mc_buf_free(&buf);
}


static void
check_fields(const mc_csv_t *csv)
{
    size_t  i;

    fuzz_check(csv->count >= 1 && csv->count <= MC_CSV_COLUMNS);

    for (i = 0; i < csv->count; i++) {
        fuzz_check(csv->fields[i].len <= MC_CSV_FIELD);
        fuzz_check(mc_utf8_valid(csv->fields[i]));
    }
}


static void
check_gb18030(mc_str_t text)
{
    size_t    offset;
    mc_buf_t  buf;
    mc_err_t  err;

    mc_buf_init(&buf, ROOM);
    err = mc_csv_gb18030(text, &buf, &offset);

    fuzz_check(offset <= text.len);
    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ENOTFOUND);
    fuzz_check(mc_utf8_valid(mc_buf_view(&buf)));
    fuzz_check(err != MC_OK || offset == text.len);

    mc_buf_free(&buf);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t    pos;
    mc_csv_t  csv;
    mc_str_t  text;
    mc_err_t  err;
    unsigned  line;

    text = (mc_str_t) { (const char *) data, size };
    line = 0;

    mc_csv_init(&csv, text);

    for ( ;; ) {
        pos = csv.pos;
        err = mc_csv_next(&csv);

        if (err == MC_ENOTFOUND) {
            fuzz_check(csv.pos == size && csv.line >= line);
            break;
        }

        fuzz_check(csv.pos > pos && csv.pos <= size && csv.line > line);
        line = csv.line;

        if (err == MC_OK) {
            check_fields(&csv);
            check_round(&csv);

        } else {
            fuzz_check(err == MC_EINVAL && csv.reason != NULL
                       && csv.column >= 1
                       && csv.column <= MC_CSV_COLUMNS + 1);
        }
    }

    mc_csv_free(&csv);
    check_gb18030(text);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  texts[] = {
        "user_type,member_no,name,institute\r\n"
            "individual,0001234,\"Wang, Fang\",BJ\r\n"
            "individual,0001235,\"the \"\"other\"\" one\",SH\r\n",
        "\xEF\xBB\xBF" "code,name\n01,\xE5\x8C\x97\xE4\xBA\xAC\n\n"
            "02,\xE4\xB8\x8A\xE6\xB5\xB7",
        "a,\"b\nc\r\nd\",\"\"\"\"\n,,\n\"\",x\n",
        "=1+1,+86,-7,@x,\t,'\n",
        ("\xBB\xE1\xD4\xB1,\xB1\xB1\xBE\xA9\n1,\x81\x30\x81\x30,2\n"
            "\x95\x32\x82\x36,x\n"),
        "a\"b,c\n\"x\"y,z\nok,ok\n\"open,\n1,2\n",
        "a\rb\n\xFF,2\n3,4\n",
    };

    if (n < mc_count(texts)) {
        len = strlen(texts[n]);

        if (len > cap) {
            return 0;
        }

        memcpy(out, texts[n], len);
        return len;
    }

    if (n == mc_count(texts) && cap > MC_CSV_COLUMNS) {
        memset(out, ',', MC_CSV_COLUMNS - 1);
        out[MC_CSV_COLUMNS - 1] = '\n';

        return MC_CSV_COLUMNS;
    }

    if (n == mc_count(texts) + 1 && cap > MC_CSV_FIELD + 8) {
        memset(out, 'x', MC_CSV_FIELD);
        memcpy(out + MC_CSV_FIELD, ",\"y\"\n", 5);

        return MC_CSV_FIELD + 5;
    }

    return 0;
}
