/*
 * membercertctl: certificates.  certificate render, list, revoke, unrevoke.
 */

#include "ctl.h"

#include <inttypes.h>

#include "mc_history.h"
#include "mc_portrait.h"
#include "mc_time.h"


#define SAMPLE_PERSON  7        /* of our generator: nobody */


/* What is drawn: a member's certificate, or a sample of the layout. */
static int
render_pdf(ctl_t *ctl, bool sample, const char *layout,
    const char *institute, mc_buf_t *pdf)
{
    int             code;
    bool            confirmed = true;
    mc_buf_t        jpeg;
    mc_err_t        err;
    mc_admin_key_t  key;

    if (!sample) {
        code = ctl_key(ctl, ctl->argv[0], &key);
        if (code != CTL_OK) {
            return code;
        }

        code = ctl_answer(ctl, mc_admin_certificate(&ctl->admin, &key,
                                                    mc_str_from(layout),
                                                    pdf, &confirmed));

        if (code == CTL_OK && !confirmed) {
            fputs("not confirmed by the member: drawn from today's data, "
                  "without code and signature\n", stderr);
        }

        return code;
    }

    mc_buf_init(&jpeg, 64 * 1024);
    err = mc_portrait_draw(SAMPLE_PERSON, 0, NULL, &jpeg);

    code = err != MC_OK
           ? ctl_fail("the portrait of the sample: %s", mc_err_name(err))
           : ctl_answer(ctl, mc_admin_sample(&ctl->admin,
                                             mc_str_from(layout),
                                             mc_str_from(institute),
                                             mc_buf_view(&jpeg), pdf));

    mc_buf_free(&jpeg);
    return code;
}


static int
render(ctl_t *ctl)
{
    int         code;
    bool        sample = ctl_flag(ctl, "--sample");
    FILE       *file;
    mc_buf_t    pdf;
    const char *path = ctl_option(ctl, "-o"),
               *layout = ctl_option(ctl, "--layout"),
               *institute = ctl_option(ctl, "--institute");

    if (path == NULL || (institute != NULL && !sample)
        || !ctl_words(ctl, sample ? 0 : 1))
    {
        return -1;
    }

    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    mc_buf_init(&pdf, MC_DOCUMENT_MAX);

    code = ctl_open(ctl, 0);

    if (code == CTL_OK) {
        code = render_pdf(ctl, sample, layout == NULL ? "" : layout,
                          institute == NULL ? "" : institute, &pdf);
    }

    if (code == CTL_OK) {
        code = ctl_write_all(file, path, mc_buf_view(&pdf));
    }

    mc_buf_free(&pdf);
    return code;
}


typedef struct {
    ctl_t                   *ctl;
    bool                     all;
    mc_confirmation_state_t  state;     /* unless all */
} list_t;


static void
time_pair(mc_json_out_t *out, const char *key, int64_t time)
{
    char text[25];

    mc_json_key(out, key);

    if (time == 0) {
        mc_json_null(out);
        return;
    }

    mc_time_write(time, text);
    mc_json_str(out, mc_str_from(text));
}


static void
list_json(const mc_confirmation_row_t *row, const char *state)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    mc_buf_init(&buf, 16 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "serial", row->serial);
    mc_json_pair_str(&out, "code", row->code);
    time_pair(&out, "at", row->at);
    mc_json_pair_str(&out, "state", mc_str_from(state));
    time_pair(&out, "replaced_at", row->superseded_at);
    time_pair(&out, "revoked_at", row->revoked_at);
    mc_json_pair_str(&out, "reason", row->reason);
    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


static mc_err_t
list_visit(void *data, const mc_confirmation_row_t *row)
{
    char                      at[25];
    list_t                   *list = data;
    const char               *state;
    mc_confirmation_state_t   is;

    is = mc_confirmation_state(row);

    if (!list->all && is != list->state) {
        return MC_OK;
    }

    state = mc_confirmation_name(is);

    if (list->ctl->json) {
        list_json(row, state);
        return MC_OK;
    }

    mc_time_write(row->at, at);
    printf("%" PRId64 "\t%.*s\t%s\t%s\t%.*s\n", row->serial,
           (int) row->code.len, row->code.data, at, state,
           (int) row->reason.len, row->reason.len > 0 ? row->reason.data
                                                      : "");
    return MC_OK;
}


static int
list(ctl_t *ctl)
{
    int             code;
    bool            json = ctl_flag(ctl, "--json"), one;
    list_t          out = { .ctl = ctl, .all = true };
    const char     *state = ctl_option(ctl, "--state");
    mc_admin_key_t  key;

    ctl->json = ctl->json || json;
    one = ctl->argc == 1;

    if (!ctl_words(ctl, one ? 1 : 0)) {
        return -1;
    }

    if (state != NULL) {
        out.all = false;

        if (!mc_confirmation_state_read(mc_str_from(state), &out.state)) {
            return ctl_fail("%s: not a state (valid, replaced, revoked, "
                            "erased)", state);
        }
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    if (code == CTL_OK && one) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_confirmations(&ctl->admin,
                                                    one ? &key : NULL,
                                                    list_visit, &out));
}


static int
change(ctl_t *ctl, bool revoke)
{
    int                     code;
    int64_t                 serial;
    const char             *reason = ctl_option(ctl, "--reason");
    mc_confirmation_row_t   row;

    if (reason == NULL || !ctl_words(ctl, 1)) {
        return -1;
    }

    if (!ctl_id(ctl->argv[0], &serial)) {
        return ctl_fail("%s: not a serial", ctl->argv[0]);
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_revoke(&ctl->admin, serial, revoke,
                                               mc_str_from(reason), &row));
    }

    if (code != CTL_OK) {
        return code;
    }

    if (ctl->json) {
        list_json(&row, mc_confirmation_name(mc_confirmation_state(&row)));

    } else {
        printf("serial %" PRId64 ": %s; downloads know it within 30 s\n",
               row.serial,
               mc_confirmation_name(mc_confirmation_state(&row)));
    }

    return CTL_OK;
}


static int
revoke_one(ctl_t *ctl)
{
    return change(ctl, true);
}


static int
unrevoke_one(ctl_t *ctl)
{
    return change(ctl, false);
}


const ctl_command_t  ctl_certificate_commands[] = {
    { "certificate render", "[USER_TYPE-]NO|--sample [--layout NAME] "
      "[--institute CODE] -o FILE", render },
    { "certificate list", "[[USER_TYPE-]NO] [--state STATE] [--json]",
      list },
    { "certificate revoke", "SERIAL --reason TEXT", revoke_one },
    { "certificate unrevoke", "SERIAL --reason TEXT", unrevoke_one },
    { NULL, NULL, NULL }
};
