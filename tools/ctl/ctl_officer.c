/*
 * membercertctl: accounts of officers.  officer add, list, passwd, disable,
 * enable, reset-totp.
 *
 * The secret of the one-time codes is shown here once, and never again.
 */

#include "ctl.h"

#include <inttypes.h>

#include "mc_officer.h"


/* For the authenticator app: typed by hand, or as a QR code made of it. */
static void
print_totp(ctl_t *ctl, const char *name, const mc_officer_totp_t *totp)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    if (!ctl->json) {
        printf("TOTP secret   %.*s\n%.*s\n", (int) totp->secret.len,
               totp->secret.data, (int) totp->uri.len, totp->uri.data);
        return;
    }

    mc_buf_init(&buf, 8192);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "name", mc_str_from(name));
    mc_json_pair_str(&out, "secret", totp->secret);
    mc_json_pair_str(&out, "uri", totp->uri);
    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


static int
add(ctl_t *ctl)
{
    int                code;
    bool               all = ctl_flag(ctl, "--all");
    mc_buf_t           line;
    mc_str_t           password;
    const char        *institute = ctl_option(ctl, "--institute");
    mc_officer_totp_t  totp;

    if (!ctl_words(ctl, 1) || all == (institute != NULL)
        || (institute != NULL && *institute == '\0'))
    {
        return -1;
    }

    code = ctl_password(&line, &password);

    if (code == CTL_OK) {
        code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_officer_add(&ctl->admin,
                              mc_str_from(ctl->argv[0]),
                              mc_str_from(institute), password, &totp));
    }

    mc_buf_wipe(&line);

    if (code == CTL_OK) {
        print_totp(ctl, ctl->argv[0], &totp);
    }

    return code;
}


static void
json_officer(const mc_officer_row_t *row)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    mc_buf_init(&buf, 8192);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "id", row->id);
    mc_json_pair_str(&out, "name", row->name);
    mc_json_key(&out, "institute");

    if (row->institute.len > 0) {
        mc_json_str(&out, row->institute);
    } else {
        mc_json_null(&out);
    }

    mc_json_pair_bool(&out, "disabled", row->disabled);
    mc_json_pair_int(&out, "at", row->at);
    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


static int
list(ctl_t *ctl)
{
    int                code;
    size_t             count = 0;
    mc_officer_row_t  *rows = NULL;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_officer_list(&ctl->admin, &rows,
                                                     &count));
    }

    for (size_t i = 0; code == CTL_OK && i < count; i++) {
        if (ctl->json) {
            json_officer(&rows[i]);
        } else {
            printf("%-4" PRId64 " %-32.*s %-12.*s%s\n", rows[i].id,
                   (int) rows[i].name.len, rows[i].name.data,
                   rows[i].institute.len > 0 ? (int) rows[i].institute.len
                                             : 3,
                   rows[i].institute.len > 0 ? rows[i].institute.data
                                             : "all",
                   rows[i].disabled ? " disabled" : "");
        }
    }

    return code;
}


static int
disable(ctl_t *ctl)
{
    int  code;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_officer_disable(&ctl->admin,
                                 mc_str_from(ctl->argv[0])));
}


static int
enable(ctl_t *ctl)
{
    int  code;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_officer_enable(&ctl->admin,
                                 mc_str_from(ctl->argv[0])));
}


/* One line of standard input, never an argument. */
static int
passwd(ctl_t *ctl)
{
    int       code;
    mc_buf_t  line;
    mc_str_t  password;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_password(&line, &password);

    if (code == CTL_OK) {
        code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_officer_password(&ctl->admin,
                              mc_str_from(ctl->argv[0]), password));
    }

    mc_buf_wipe(&line);

    return code;
}


static int
reset_totp(ctl_t *ctl)
{
    int                code;
    mc_officer_totp_t  totp;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_officer_totp(&ctl->admin,
                              mc_str_from(ctl->argv[0]), &totp));
    }

    if (code == CTL_OK) {
        print_totp(ctl, ctl->argv[0], &totp);
    }

    return code;
}


const ctl_command_t  ctl_officer_commands[] = {
    { "officer add", "NAME --institute CODE | --all < PASSWORD", add },
    { "officer list", "", list },
    { "officer passwd", "NAME < PASSWORD", passwd },
    { "officer disable", "NAME", disable },
    { "officer enable", "NAME", enable },
    { "officer reset-totp", "NAME", reset_totp },
    { NULL, NULL, NULL }
};
