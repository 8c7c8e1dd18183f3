/*
 * The problems of one request: collecting them, filling the places of their
 * texts (the table: mc_problem.c).
 *
 * Depends on base.  Any thread.
 */

#include "mc_problem.h"


mc_problem_t *
mc_problem_add(mc_problems_t *problems, mc_problem_code_t code)
{
    mc_problem_t  *problem;

    if (problems->count < MC_PROBLEMS) {
        problem = &problems->items[problems->count++];

    } else {
        problem = &problems->spare;
    }

    memset(problem, 0, sizeof(*problem));
    problem->code = code;

    return problem;
}


void
mc_problem_arg(mc_problem_t *problem, const char *key, mc_str_t zh,
    mc_str_t en)
{
    size_t  i;

    for (i = 0; i < problem->count; i++) {
        if (strcmp(problem->args[i].key, key) == 0) {
            break;
        }
    }

    if (i == MC_PROBLEM_ARGS) {
        return;
    }

    if (i == problem->count) {
        problem->count++;
    }

    problem->args[i].key = key;
    problem->args[i].zh = zh;
    problem->args[i].en = en;
}


static const mc_problem_arg_t *
find_arg(const mc_problem_t *problem, mc_str_t key)
{
    size_t  i;

    for (i = 0; i < problem->count; i++) {
        if (mc_str_is(key, problem->args[i].key)) {
            return &problem->args[i];
        }
    }

    return NULL;
}


const mc_problem_arg_t *
mc_problem_get(const mc_problem_t *problem, const char *key)
{
    return find_arg(problem, mc_str_from(key));
}


static void
write_place(const mc_problem_t *problem, mc_str_t key, bool english,
    mc_buf_t *out)
{
    const mc_problem_arg_t  *arg;

    arg = find_arg(problem, key);

    if (arg == NULL) {
        mc_buf_byte(out, '-');

    } else if (english && arg->en.len > 0) {
        mc_buf_str(out, arg->en);

    } else {
        mc_buf_str(out, arg->zh);
    }
}


mc_err_t
mc_problem_text(const mc_problem_t *problem, bool english, mc_buf_t *out)
{
    mc_str_t     key;
    const char  *text, *open, *close;

    text = mc_problem_template(problem->code, english);

    for ( ;; ) {
        open = strchr(text, '{');
        close = open ? strchr(open, '}') : NULL;

        if (close == NULL) {
            return mc_buf_cstr(out, text);
        }

        mc_buf_append(out, text, (size_t) (open - text));

        key.data = open + 1;
        key.len = (size_t) (close - open - 1);
        write_place(problem, key, english, out);

        text = close + 1;
    }
}


mc_err_t
mc_problem_allowed(const mc_problem_t *problem, mc_buf_t *out)
{
    const mc_problem_arg_t  *allowed, *min, *max;

    allowed = mc_problem_get(problem, "allowed");
    min = mc_problem_get(problem, "min");
    max = mc_problem_get(problem, "max");

    if (allowed != NULL) {
        return mc_buf_str(out, allowed->zh);
    }

    if (min == NULL && max == NULL) {
        return MC_OK;
    }

    if (min == NULL || max == NULL) {
        mc_buf_cstr(out, min != NULL ? ">=" : "<=");
        return mc_buf_str(out, min != NULL ? min->zh : max->zh);
    }

    mc_buf_str(out, min->zh);
    mc_buf_byte(out, '-');

    return mc_buf_str(out, max->zh);
}


mc_problem_code_t
mc_problem_of(mc_err_t err)
{
    switch (err) {

    case MC_OK:
        return MC_P_NONE;

    case MC_EINVAL:
        return MC_P_REQUEST_MALFORMED;

    case MC_ENOTFOUND:
        return MC_P_NOT_FOUND;

    case MC_ECONFLICT:
        return MC_P_CHANGED_MEANWHILE;

    case MC_EBUSY:
    case MC_ECROWDED:
    case MC_ENOMEM:
        return MC_P_SERVICE_BUSY;

    default:
        return MC_P_SERVICE_UNAVAILABLE;
    }
}
