/*
 * Fuzz target: a message as Internet mail, whatever stands in it.  Input: five
 * parts that end in NUL: to, from, name, subject, text.
 *
 * Promises held: either an address is refused and nothing is written, or the
 * mail has exactly our header fields, one each and in order; lines are short
 * ASCII and end in CR LF; the text can be read back.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_outbox_send.h"


#define PARTS      5
#define LINE_MOST  998              /* RFC 5322; an address may be long */

static const char *const  fields[] = {
    "Date: ", "From: ", "To: ", "Subject: ", "Message-ID: ",
    "MIME-Version: ", "Content-Type: ", "Content-Transfer-Encoding: ",
    "Auto-Submitted: "
};


static void
read_parts(const uint8_t *data, size_t size, mc_str_t parts[PARTS])
{
    size_t       i;
    const char  *start, *end, *stop;

    start = (const char *) data;
    end = start + size;

    for (i = 0; i < PARTS; i++) {
        stop = memchr(start, '\0', (size_t) (end - start));
        stop = stop != NULL && i < PARTS - 1 ? stop : end;
        parts[i] = (mc_str_t) { start, (size_t) (stop - start) };
        start = stop < end ? stop + 1 : end;
    }
}


/* The next line without its end; the mail must have one. */
static mc_str_t
next_line(mc_str_t *mail)
{
    size_t    i;
    mc_str_t  line;

    for (i = 0; i + 1 < mail->len && mail->data[i] != '\r'; i++) {
        fuzz_check(mail->data[i] >= ' ' && mail->data[i] <= '~');
    }

    fuzz_check(i + 1 < mail->len && mail->data[i + 1] == '\n');
    fuzz_check(i <= LINE_MOST);

    line = (mc_str_t) { mail->data, i };
    mail->data += i + 2;
    mail->len -= i + 2;

    return line;
}


static void
check_head(mc_str_t *mail)
{
    size_t    n;
    mc_str_t  line;

    n = 0;

    for (line = next_line(mail); line.len > 0; line = next_line(mail)) {

        if (line.data[0] == ' ') {
            fuzz_check(n == 2 || n == 4);       /* From, Subject go on */
            continue;
        }

        fuzz_check(n < mc_count(fields));
        fuzz_check(line.len >= strlen(fields[n])
                   && memcmp(line.data, fields[n], strlen(fields[n])) == 0);
        n++;
    }

    fuzz_check(n == mc_count(fields));
}


static int
base64_value(char letter)
{
    static const char  letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char        *at;

    at = memchr(letters, letter, 64);

    return at != NULL ? (int) (at - letters) : -1;
}


/* Reads the body back beside the text it was made from. */
static void
check_body(mc_str_t mail, mc_str_t text)
{
    int       value;
    size_t    i, bits, done;
    uint32_t  word;
    mc_str_t  line;

    word = 0;
    bits = done = 0;

    while (mail.len > 0) {
        line = next_line(&mail);
        fuzz_check(line.len > 0 && line.len <= 76 && line.len % 4 == 0);

        for (i = 0; i < line.len; i++) {
            value = base64_value(line.data[i]);

            if (value < 0) {
                fuzz_check(line.data[i] == '=' && mail.len == 0);
                continue;
            }

            word = word << 6 | (uint32_t) value;
            bits += 6;

            if (bits >= 8) {
                bits -= 8;
                fuzz_check(done < text.len
                           && (uint8_t) text.data[done]
                              == (uint8_t) (word >> bits));
                done++;
            }
        }
    }

    fuzz_check(done == text.len);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_err_t     err;
    mc_buf_t     out;
    mc_str_t     parts[PARTS], mail;
    mc_letter_t  letter;

    read_parts(data, size, parts);

    letter = (mc_letter_t) { .dedupe = "00112233445566778899aabbccddeeff",
                             .to = parts[0], .subject = parts[3],
                             .text = parts[4],
                             .now = (int64_t) size * 86400007 };

    mc_buf_init(&out, 4 * 1024 * 1024);
    err = mc_mail_write(&letter, parts[1], parts[2], &out);

    if (err == MC_EINVAL) {
        fuzz_check(out.len == 0);
        fuzz_check(!mc_mail_address(parts[0]) || !mc_mail_address(parts[1]));

    } else if (err == MC_OK) {
        fuzz_check(mc_mail_address(parts[0]) && mc_mail_address(parts[1]));
        mail = mc_buf_view(&out);
        check_head(&mail);
        check_body(mail, parts[4]);
    }

    mc_buf_free(&out);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
#define seed(text)  { text, sizeof(text) - 1 }
    static const mc_str_t  seeds[] = {
        seed("a@b.example\0c@d.example\0\xe5\x8d\x8f\xe4\xbc\x9a\0"
             "\xe9\xaa\x8c\xe8\xaf\x81\xe7\xa0\x81 / code\0"
             "\xe9\xaa\x8c\xe8\xaf\x81 13572468\n\nYour code is 13572468"),
        seed("a@b\r\nBcc: x@y\0c@d\0n\0s\0t"),
        seed("a@b\0c@d\0n\r\nTo: x@y\0s\r\n\r\n.\r\n\0t\r\n.\r\nQUIT"),
        seed("a@b\0c@d\0\0\0"),
        seed("a@b\0c@d\0n\0\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7"
             "\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7\xf0\xa0\xae"
             "\xb7\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7\xf0\xa0\xae\xb7\xff\0x"),
        seed("o'hara_=?!#$%&*-/^`{|}~@b.c\0a@b@c\0n\0s\0t")
    };
#undef seed

    if (n >= mc_count(seeds) || seeds[n].len > cap) {
        return 0;
    }

    memcpy(out, seeds[n].data, seeds[n].len);

    return seeds[n].len;
}
