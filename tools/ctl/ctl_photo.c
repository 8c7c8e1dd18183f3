/*
 * membercertctl: photos.  photo check, list, show, approve, reject, reset.
 */

#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_photo_content.h"
#include "mc_photo_store.h"
#include "mc_time.h"


/* What a photo is judged by, and what was found. */
typedef struct {
    mc_photo_limits_t       limits;
    const mc_rule_modes_t  *modes;
    mc_arena_t              arena;
    mc_problems_t           faults;
    mc_problems_t           warnings;
} check_t;


static void
json_problems(mc_json_out_t *out, const char *key,
    const mc_problems_t *problems)
{
    mc_buf_t                 allowed;
    const mc_problem_arg_t  *arg;

    mc_json_key(out, key);
    mc_json_open(out, '[');

    for (size_t i = 0; i < problems->count; i++) {
        mc_json_open(out, '{');
        mc_json_pair_str(out, "code",
                  mc_str_from(mc_problem_code(problems->items[i].code)));

        arg = mc_problem_get(&problems->items[i], "measured");
        if (arg != NULL) {
            mc_json_pair_str(out, "measured", arg->zh);
        }

        mc_buf_init(&allowed, 256);
        (void) mc_problem_allowed(&problems->items[i], &allowed);
        if (allowed.len > 0) {
            mc_json_pair_str(out, "allowed", mc_buf_view(&allowed));
        }

        mc_buf_free(&allowed);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
}


static void
json_check(const char *path, const check_t *check)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    mc_buf_init(&buf, 64 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "file", mc_str_from(path));
    mc_json_pair_bool(&out, "ok", check->faults.count == 0);
    json_problems(&out, "errors", &check->faults);
    json_problems(&out, "warnings", &check->warnings);
    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


/* The upload's way: fed until it stops, then decoded, then looked at. */
static mc_err_t
check_bytes(mc_str_t bytes, check_t *check)
{
    mc_err_t  err;
    mc_buf_t  stored;

    mc_buf_init(&stored, 256 * 1024);
    err = mc_photo_check(bytes, &check->limits, &stored, &check->arena,
                         &check->faults);

    if (err == MC_OK) {
        err = mc_photo_content(mc_buf_view(&stored), check->modes,
                               &check->arena, &check->faults,
                               &check->warnings);
    }

    mc_buf_free(&stored);

    return err == MC_EINVAL ? MC_OK : err;
}


static int
check_file(const char *path, check_t *check)
{
    int       code;
    mc_buf_t  bytes;

    memset(&check->faults, 0, sizeof(check->faults));
    memset(&check->warnings, 0, sizeof(check->warnings));
    mc_arena_init(&check->arena, 64 * 1024);

    code = ctl_read_file(path, 64 * 1024 * 1024, &bytes);

    if (code == CTL_OK
        && check_bytes(mc_buf_view(&bytes), check) != MC_OK)
    {
        code = ctl_fail("%s: out of memory", path);
    }

    if (code == CTL_OK) {
        json_check(path, check);
        code = check->faults.count == 0 ? CTL_OK : CTL_REFUSED;
    }

    mc_buf_free(&bytes);
    mc_arena_free(&check->arena);

    return code;
}


/* Needs neither store nor secret; with -c the site's limits, else the
 * usual ones. */
static int
check(ctl_t *ctl)
{
    int        code = CTL_OK, one;
    check_t    state;
    mc_site_t  site;

    if (ctl->argc == 0 || !ctl_words(ctl, ctl->argc)) {
        return -1;
    }

    if (ctl->conf == NULL) {
        /* settings want both; neither is opened here */
        ctl->store = ctl->store != NULL ? ctl->store : "/none";
        ctl->secret = ctl->secret != NULL ? ctl->secret : "/none";
    }

    if (ctl_settings(ctl) != CTL_OK) {
        return CTL_FAILED;
    }

    memset(&site, 0, sizeof(site));
    site.settings = ctl->settings;
    mc_site_photo_limits(&site, mc_now(), &state.limits);
    state.modes = &ctl->settings->photo_check;

    for (int i = 0; i < ctl->argc; i++) {
        one = check_file(ctl->argv[i], &state);
        code = one > code ? one : code;
    }

    return code;
}


static mc_err_t
list_row(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    char            at[25];
    ctl_t          *ctl = data;
    mc_buf_t        buf;
    mc_json_out_t   out;

    mc_time_write(row->at, at);

    if (!ctl->json) {
        printf("%-8" PRId64 " %-11s %-24s %.*s-%.*s %.*s\n", row->photo_id,
               mc_case_name(row->state), at,
               (int) member->user_type.len, member->user_type.data,
               (int) member->member_no.len, member->member_no.data,
               (int) row->reason.len, row->reason.data);
        return MC_OK;
    }

    mc_buf_init(&buf, 64 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "photo_id", row->photo_id);
    mc_json_pair_str(&out, "state", mc_str_from(mc_case_name(row->state)));
    mc_json_pair_int(&out, "at", row->at);
    mc_json_pair_str(&out, "user_type", member->user_type);
    mc_json_pair_str(&out, "member_no", member->member_no);
    mc_json_pair_str(&out, "reason", row->reason);
    mc_json_pair_bool(&out, "declared", row->declared);
    mc_json_close(&out, '}');
    ctl_print_json(&buf);

    return MC_OK;
}


static int
list(ctl_t *ctl)
{
    int              code;
    const char      *name = ctl_option(ctl, "--state");
    mc_case_state_t  state = MC_CASE_NONE;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    if (name != NULL && !mc_case_read(mc_str_from(name), &state)) {
        return ctl_fail("%s: not a state", name);
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    return code != CTL_OK ? code
           : ctl_answer(ctl, mc_admin_photo_list(&ctl->admin, state,
                                                 list_row, ctl));
}


static int
show(ctl_t *ctl)
{
    int          code;
    FILE        *file;
    int64_t      id;
    mc_str_t     jpeg;
    const char  *path = ctl_option(ctl, "-o");

    if (path == NULL || !ctl_words(ctl, 1) || !ctl_id(ctl->argv[0], &id)) {
        return -1;
    }

    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_photo_show(&ctl->admin, id, &jpeg));
    }

    return code != CTL_OK ? code : ctl_write_all(file, path, jpeg);
}


static int
decide(ctl_t *ctl, bool approve)
{
    int            code;
    int64_t        id;
    const char    *reason = ctl_option(ctl, "--reason");
    mc_case_row_t  row;

    if (!ctl_words(ctl, 1) || !ctl_id(ctl->argv[0], &id)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    memset(&row, 0, sizeof(row));
    code = ctl_answer(ctl, mc_admin_photo_decide(&ctl->admin, id, approve,
                                                 mc_str_from(reason), &row));
    if (code == CTL_OK) {
        printf("%" PRId64 " %s\n", id, mc_case_name(row.state));
    }

    return code;
}


static int
approve(ctl_t *ctl)
{
    return decide(ctl, true);
}


static int
reject(ctl_t *ctl)
{
    return decide(ctl, false);
}


static int
reset(ctl_t *ctl)
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
           : ctl_answer(ctl, mc_admin_photo_reset(&ctl->admin, &key));
}


const ctl_command_t  ctl_photo_commands[] = {
    { "photo check", "FILE...", check },
    { "photo list", "[--state STATE]", list },
    { "photo show", "PHOTO-ID -o FILE", show },
    { "photo approve", "PHOTO-ID [--reason TEXT]", approve },
    { "photo reject", "PHOTO-ID [--reason TEXT]", reject },
    { "photo reset", "[USER_TYPE-]NO", reset },
    { NULL, NULL, NULL }
};
