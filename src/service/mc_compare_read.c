/*
 * The answer of a comparison service, read as from a stranger: whatever is
 * not exactly an answer of the contract means "ask again later".
 *
 * Depends on base and domain.  Pure; any thread.
 */

#include "mc_compare.h"

#include "mc_json.h"
#include "mc_retry.h"
#include "mc_utf8.h"


#define TREE_MAX  (256 * 1024)


static void
fail(mc_compare_result_t *result, const char *hint, bool alert)
{
    result->answer = MC_ANSWER_RETRY;
    result->score = -1;
    result->failed = true;
    result->alert = alert;
    result->hint = hint;
}


/* 0 to 1; absent or null is none. */
static bool
read_score(const mc_json_t *object, int32_t *score)
{
    const mc_json_t  *value;

    value = mc_json_get(object, "score");
    *score = -1;

    if (value == NULL || value->type == MC_JSON_NULL) {
        return true;
    }

    if (value->type != MC_JSON_NUMBER
        || !(value->number >= 0 && value->number <= 1))
    {
        return false;
    }

    *score = (int32_t) (value->number * 10000 + 0.5);

    return true;
}


/* A name for officers: kept as far as it is short and printable. */
static void
read_model(const mc_json_t *object, mc_compare_result_t *result)
{
    mc_str_t  model;

    model = mc_json_get_str(object, "model");

    if (model.len == 0) {
        model = mc_json_get_str(object, "provider");
    }

    if (model.len <= MC_COMPARE_MODEL && mc_utf8_printable(model, false)) {
        memcpy(result->model, model.len > 0 ? model.data : "", model.len);
        result->model[model.len] = '\0';
    }
}


static void
read_answer(const mc_json_t *object, mc_compare_result_t *result)
{
    mc_str_t  word;

    word = mc_json_get_str(object, "result");

    if (word.len == 0) {
        fail(result, "comparison: the service sends what is no answer",
             false);

    } else if (!mc_answer_read(word, &result->answer)) {
        fail(result, "comparison: the service says a word that is not in "
             "its contract", true);

    } else if (!read_score(object, &result->score)) {
        fail(result, "comparison: the service sends a score that is none",
             true);

    } else {
        read_model(object, result);
    }
}


/* "Not yet": it works, and says when to come again. */
static bool
read_wait(const mc_json_t *object, mc_compare_result_t *result)
{
    const mc_json_t  *value;

    value = mc_json_get(object, "retry_after");

    if (value == NULL || value->type != MC_JSON_NUMBER
        || mc_json_get(object, "result") != NULL)
    {
        return false;
    }

    result->retry_after = mc_retry_bound(value->number);

    return true;
}


static void
read_body(long status, mc_str_t body, mc_compare_result_t *result)
{
    mc_json_t   *object;
    mc_arena_t   arena;

    object = NULL;
    mc_arena_init(&arena, TREE_MAX);

    if (body.len > MC_COMPARE_ANSWER
        || mc_json_read(&arena, body, &object, NULL) != MC_OK
        || object->type != MC_JSON_OBJECT)
    {
        fail(result, "comparison: the service sends what is no answer",
             false);

    } else if (status == 200 || !read_wait(object, result)) {

        if (status == 202) {
            fail(result, "comparison: the service sends what is no answer",
                 false);

        } else {
            read_answer(object, result);
        }
    }

    mc_arena_free(&arena);
}


void
mc_compare_read(long status, mc_str_t body, int64_t after,
    mc_compare_result_t *result)
{
    bool  asked;

    asked = result->asked;
    *result = (mc_compare_result_t) { .answer = MC_ANSWER_RETRY,
                                      .score = -1, .asked = asked };

    switch (status) {

    case 200:
    case 202:
    case 409:
        read_body(status, body, result);
        return;

    case 429:
    case 503:
        fail(result, "comparison: the service is overloaded or down", false);

        if (after > 0) {
            result->retry_after = mc_retry_bound((double) after);
        }

        return;

    default:
        fail(result, "comparison: the service answers with an error",
             status >= 300 && status < 500);
    }
}
