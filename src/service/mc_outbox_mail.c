/*
 * A message as Internet mail.
 *
 * Depends on base.  Pure; any thread.
 *
 * No header can be broken into: what comes from outside is either an
 * address of few letters, or base64.
 */

#include "mc_outbox_send.h"

#include "mc_crypto.h"
#include "mc_time.h"
#include "mc_utf8.h"


#define LINE_BYTES  57          /* 76 letters of base64 */
#define WORD_BYTES  39          /* of an encoded word: no line over 76 */

/* At most LINE_BYTES of them. */
static void
write_base64(const char *data, size_t len, mc_buf_t *out)
{
    char  line[(LINE_BYTES + 2) / 3 * 4 + 1];

    mc_base64(data, len, line);
    (void) mc_buf_cstr(out, line);
}


/* Encoded words (RFC 2047), each of whole letters, on lines of their own. */
static void
write_words(mc_str_t text, mc_buf_t *out)
{
    size_t  start, end, next;

    for (start = 0; start < text.len; start = end) {

        for (end = next = start; next < text.len; end = next) {
            (void) mc_utf8_next(text, &next);

            if (next - start > WORD_BYTES) {
                break;
            }
        }

        (void) mc_buf_cstr(out, start > 0 ? "\r\n =?UTF-8?B?"
                                          : "=?UTF-8?B?");
        write_base64(text.data + start, end - start, out);
        (void) mc_buf_cstr(out, "?=");
    }
}


static void
write_date(int64_t time, mc_buf_t *out)
{
    int64_t    day;
    mc_date_t  date;

    static const char *const  days[] = {
        "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"
    };
    static const char *const  months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun",
        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    date = mc_date_at(time, 0);
    day = time >= 0 ? time / MC_DAY : 0;

    (void) mc_buf_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n",
                         days[day % 7], date.day, months[date.month - 1],
                         date.year, date.hour, date.minute, date.second);
}


static void
write_text(mc_str_t text, mc_buf_t *out)
{
    size_t  start, len;

    for (start = 0; start < text.len; start += len) {
        len = text.len - start < LINE_BYTES ? text.len - start : LINE_BYTES;

        write_base64(text.data + start, len, out);
        (void) mc_buf_cstr(out, "\r\n");
    }
}


bool
mc_mail_address(mc_str_t address)
{
    size_t  i, at;

    at = 0;

    for (i = 0; i < address.len; i++) {

        if (address.data[i] <= ' ' || address.data[i] > '~'
            || strchr("<>()[]\\,;:\"", address.data[i]) != NULL)
        {
            return false;
        }

        if (address.data[i] == '@') {

            if (at > 0 || i == 0) {
                return false;
            }

            at = i;
        }
    }

    return at > 0 && at + 1 < address.len && address.len <= 254;
}


mc_err_t
mc_mail_write(const mc_letter_t *letter, mc_str_t from, mc_str_t name,
    mc_buf_t *out)
{
    const char  *host;

    if (!mc_mail_address(from) || !mc_mail_address(letter->to)) {
        return MC_EINVAL;
    }

    host = (const char *) memchr(from.data, '@', from.len) + 1;

    write_date(letter->now, out);

    (void) mc_buf_cstr(out, "From: ");
    write_words(name, out);
    (void) mc_buf_printf(out, "%s<%.*s>\r\n", name.len > 0 ? "\r\n " : "",
                         (int) from.len, from.data);
    (void) mc_buf_printf(out, "To: <%.*s>\r\n", (int) letter->to.len,
                         letter->to.data);

    (void) mc_buf_cstr(out, "Subject: ");
    write_words(letter->subject, out);

    (void) mc_buf_printf(out, "\r\nMessage-ID: <%s@%.*s>\r\n",
                         letter->dedupe,
                         (int) (from.data + from.len - host), host);
    (void) mc_buf_cstr(out, "MIME-Version: 1.0\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: base64\r\n"
                            "Auto-Submitted: auto-generated\r\n\r\n");
    write_text(letter->text, out);

    return out->err;
}
