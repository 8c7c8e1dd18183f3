/*
 * Problems as JSON: [{"code":"photo_dark","measured":["12",""],...}].
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_problem_pack.h"

#include "mc_json.h"


#define PACK_MAX  (16 * 1024)


mc_str_t
mc_problem_pack(const mc_problems_t *problems, mc_arena_t *arena)
{
    size_t               i, k;
    mc_buf_t             buf;
    mc_str_t             text;
    mc_json_out_t        out;
    const mc_problem_t  *problem;

    if (problems->count == 0) {
        return mc_str("");
    }

    mc_buf_init(&buf, PACK_MAX);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '[');

    for (i = 0; i < problems->count; i++) {
        problem = &problems->items[i];

        mc_json_open(&out, '{');
        mc_json_pair_str(&out, "code",
                         mc_str_from(mc_problem_code(problem->code)));

        for (k = 0; k < problem->count; k++) {
            mc_json_key(&out, problem->args[k].key);
            mc_json_open(&out, '[');
            mc_json_str(&out, problem->args[k].zh);
            mc_json_str(&out, problem->args[k].en);
            mc_json_close(&out, ']');
        }

        mc_json_close(&out, '}');
    }

    mc_json_close(&out, ']');

    text = buf.err == MC_OK ? mc_arena_str(arena, mc_buf_view(&buf))
                            : mc_str_null;
    mc_buf_free(&buf);

    return text;
}


/* Two texts; false: it is none. */
static bool
unpack_arg(const mc_json_t *json, mc_arena_t *arena, mc_problem_t *problem)
{
    mc_str_t          key;
    const mc_json_t  *zh, *en;

    zh = json->type == MC_JSON_ARRAY ? json->child : NULL;
    en = zh != NULL ? zh->next : NULL;

    if (en == NULL || zh->type != MC_JSON_STRING
        || en->type != MC_JSON_STRING)
    {
        return false;
    }

    key = mc_arena_str(arena, json->key);

    if (key.data != NULL) {
        mc_problem_arg(problem, key.data, zh->string, en->string);
    }

    return true;
}


static bool
unpack_one(const mc_json_t *json, mc_arena_t *arena, mc_problems_t *out)
{
    mc_problem_t       *problem;
    const mc_json_t    *arg;
    mc_problem_code_t   code;

    if (json->type != MC_JSON_OBJECT
        || mc_json_get_str(json, "code").data == NULL)
    {
        return false;
    }

    code = mc_problem_find(mc_json_get_str(json, "code"));

    if (code == MC_P_NONE) {
        return true;
    }

    problem = mc_problem_add(out, code);

    for (arg = json->child; arg != NULL; arg = arg->next) {
        if (!mc_str_is(arg->key, "code")
            && !unpack_arg(arg, arena, problem))
        {
            return false;
        }
    }

    return true;
}


/* "photo_dark photo_blurred": codes alone. */
static void
unpack_codes(mc_str_t text, mc_problems_t *out)
{
    size_t              i, start;
    mc_problem_code_t   code;

    for (i = 0; i < text.len; i++) {
        start = i;

        while (i < text.len && text.data[i] != ' ') {
            i++;
        }

        code = mc_problem_find((mc_str_t) { text.data + start, i - start });

        if (code != MC_P_NONE) {
            (void) mc_problem_add(out, code);
        }
    }
}


mc_err_t
mc_problem_unpack(mc_str_t text, mc_arena_t *arena, mc_problems_t *out)
{
    mc_err_t          err;
    mc_json_t        *json;
    const mc_json_t  *item;

    memset(out, 0, sizeof(*out));

    if (text.len == 0) {
        return MC_OK;
    }

    if (text.data[0] != '[') {
        unpack_codes(text, out);
        return MC_OK;
    }

    err = mc_json_read(arena, text, &json, NULL);

    if (err != MC_OK || json->type != MC_JSON_ARRAY) {
        return err == MC_ENOMEM ? MC_ENOMEM : MC_ECORRUPT;
    }

    for (item = json->child; item != NULL; item = item->next) {
        if (!unpack_one(item, arena, out)) {
            return MC_ECORRUPT;
        }
    }

    return arena->failed ? MC_ENOMEM : MC_OK;
}
