/*
 * membercertctl: one member.  member show, status, passwd, activate, disable,
 * enable.
 */

#include "ctl.h"

#include <inttypes.h>
#include <termios.h>
#include <unistd.h>

#include "mc_password.h"
#include "mc_recovery.h"
#include "mc_time.h"


static void
json_member(const mc_admin_member_t *shown)
{
    mc_buf_t             buf;
    mc_json_out_t        out;
    const mc_member_t   *m = &shown->member;

    mc_buf_init(&buf, 256 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "user_type", m->user_type);
    mc_json_pair_str(&out, "member_no", m->member_no);
    mc_json_pair_str(&out, "status",
                     mc_str_from(mc_status_code(m->status)));
    mc_json_pair_bool(&out, "disabled", m->disabled);
    mc_json_pair_bool(&out, "has_password", shown->has_password);
    mc_json_pair_bool(&out, "complete", shown->complete);
    mc_json_pair_int(&out, "revision", m->revision);
    mc_json_pair_int(&out, "photo_id", m->photo_id);
    mc_json_pair_int(&out, "attempts", m->attempts);
    mc_json_pair_str(&out, "photo_state",
                     mc_str_from(mc_case_name(shown->has_case
                                              ? shown->newest.state
                                              : MC_CASE_NONE)));
    mc_json_pair_int(&out, "serial",
                     shown->has_confirmation ? shown->serial : 0);

    mc_json_key(&out, "fields");
    mc_json_open(&out, '{');

    for (size_t i = 0; i < shown->count; i++) {
        mc_json_pair_str(&out, shown->items[i].field->key.data,
                         shown->items[i].value);
    }

    mc_json_close(&out, '}');
    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


static void
print_str(const char *label, mc_str_t value)
{
    printf("%-16s %.*s\n", label, (int) value.len, value.data);
}


static void
print_member(const mc_admin_member_t *shown)
{
    const mc_member_t *m = &shown->member;

    print_str("user_type", m->user_type);
    print_str("member_no", m->member_no);
    printf("%-16s %s%s\n", "status", mc_status_code(m->status),
           m->disabled ? " (disabled)" : "");
    printf("%-16s %s\n", "password", shown->has_password ? "set" : "none");

    for (size_t i = 0; i < shown->count; i++) {
        printf("%-16s %.*s%s\n", shown->items[i].field->key.data,
               (int) shown->items[i].value.len, shown->items[i].value.data,
               shown->items[i].missing ? "(missing)" : "");
    }

    printf("%-16s %" PRId64 "\n", "photo_id", m->photo_id);
    printf("%-16s %s, %u attempts used\n", "photo",
           mc_case_name(shown->has_case ? shown->newest.state
                                        : MC_CASE_NONE), m->attempts);

    if (shown->has_confirmation) {
        printf("%-16s %" PRId64 "\n", "serial", shown->serial);
    }
}


static int
show(ctl_t *ctl)
{
    int                        code;
    mc_admin_key_t             key;
    static mc_admin_member_t   shown;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_member_show(&ctl->admin, &key,
                                                    &shown));
    }

    if (code != CTL_OK) {
        return code;
    }

    if (ctl->json) {
        json_member(&shown);
    } else {
        print_member(&shown);
    }

    explicit_bzero(&shown, sizeof(shown));
    return CTL_OK;
}


static int
status(ctl_t *ctl)
{
    int             code;
    mc_status_t     value;
    mc_admin_key_t  key;

    if (!ctl_words(ctl, 2)) {
        return -1;
    }

    if (!mc_status_read(mc_str_from(ctl->argv[1]), &value)) {
        return ctl_fail("%s: not a status (active, suspended, left, "
                        "deceased)", ctl->argv[1]);
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_member_status(&ctl->admin, &key,
                                                    value));
}


static int
set_disabled(ctl_t *ctl, bool disabled)
{
    int             code;
    mc_admin_key_t  key;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_member_disabled(&ctl->admin, &key,
                                                      disabled));
}


static int
disable(ctl_t *ctl)
{
    return set_disabled(ctl, true);
}


static int
enable(ctl_t *ctl)
{
    return set_disabled(ctl, false);
}


/* A line that is typed, not shown; Ctrl-C is a letter that is refused. */
static int
typed_line(mc_buf_t *line)
{
    char            text[MC_PASSWORD_MAX + 2];
    ssize_t         n;
    struct termios  before, hidden;

    mc_buf_init(line, sizeof(text));

    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return ctl_fail("the terminal cannot be read");
    }

    hidden = before;
    hidden.c_lflag &= (tcflag_t) ~(ECHO|ISIG);

    (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    fputs("new password: ", stderr);
    n = read(STDIN_FILENO, text, sizeof(text));
    (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);

    if (n > 0) {
        (void) mc_buf_append(line, text, (size_t) n);
    }

    explicit_bzero(text, sizeof(text));

    return n >= 0 && line->err == MC_OK
           ? CTL_OK : ctl_fail("the terminal cannot be read");
}


/* The line of standard input without its end; false: it is not one line. */
static bool
only_line(mc_str_t *text)
{
    if (text->len > 0 && text->data[text->len - 1] == '\n') {
        text->len--;
    }

    if (text->len > 0 && text->data[text->len - 1] == '\r') {
        text->len--;
    }

    for (size_t i = 0; i < text->len; i++) {
        if ((unsigned char) text->data[i] < ' ' || text->data[i] == 0x7f) {
            return false;
        }
    }

    return true;
}


int
ctl_password(mc_buf_t *line, mc_str_t *password)
{
    int  code;

    code = isatty(STDIN_FILENO)
           ? typed_line(line)
           : ctl_read_file(NULL, MC_PASSWORD_MAX + 2, line);
    *password = mc_buf_view(line);

    if (code == CTL_OK && !only_line(password)) {
        ctl_fail("the password is one line of text");
        code = CTL_REFUSED;
    }

    return code;
}


/* The new password is one line of standard input, never an argument.  With
 * --own it is the member who typed it; else it must be changed first. */
static int
passwd(ctl_t *ctl)
{
    int             code;
    bool            own = ctl_flag(ctl, "--own");
    mc_buf_t        line;
    mc_str_t        password;
    mc_admin_key_t  key;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_password(&line, &password);

    if (code == CTL_OK) {
        code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_member_password(&ctl->admin, &key,
                                                        password, own));
    }

    mc_buf_wipe(&line);
    return code;
}


/* A code the institute gives to the member, shown here and nowhere else. */
static int
activate(ctl_t *ctl)
{
    int             result;
    char            code[MC_CODE_SHOWN + 1], until[25];
    int64_t         ends;
    mc_buf_t        buf;
    mc_json_out_t   out;
    mc_admin_key_t  key;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    result = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (result == CTL_OK) {
        result = ctl_key(ctl, ctl->argv[0], &key);
    }

    if (result == CTL_OK) {
        result = ctl_answer(ctl, mc_admin_member_activate(&ctl->admin, &key,
                                                          code, &ends));
    }

    if (result != CTL_OK) {
        return result;
    }

    mc_time_write(ends, until);

    if (ctl->json) {
        mc_buf_init(&buf, 256);
        mc_json_out_init(&out, &buf);
        mc_json_open(&out, '{');
        mc_json_pair_str(&out, "code", mc_str_from(code));
        mc_json_pair_str(&out, "until", mc_str_from(until));
        mc_json_close(&out, '}');
        ctl_print_json(&buf);

    } else {
        printf("code   %s\nuntil  %s\n", code, until);
    }

    explicit_bzero(code, sizeof(code));
    return CTL_OK;
}


const ctl_command_t  ctl_member_commands[] = {
    { "member show", "[USER_TYPE-]NO", show },
    { "member status", "[USER_TYPE-]NO active|suspended|left|deceased",
      status },
    { "member passwd", "[USER_TYPE-]NO [--own] < PASSWORD", passwd },
    { "member activate", "[USER_TYPE-]NO", activate },
    { "member disable", "[USER_TYPE-]NO", disable },
    { "member enable", "[USER_TYPE-]NO", enable },
    { NULL, NULL, NULL }
};
