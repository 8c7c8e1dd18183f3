/*
 * Fuzz target: what a comparison service answers: first byte the status,
 * second one its Retry-After, then the body.
 *
 * Promises held: only 200 and 409 with a JSON object whose "result" is a
 * known word are an answer; whatever says "retry" keeps no score and no
 * name; a wait lies within its bounds; a name is short text.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_compare.h"
#include "mc_json.h"
#include "mc_retry.h"
#include "mc_utf8.h"


static const long  statuses[] = {
    200, 202, 409, 429, 503, 500, 302, 404, 0, -1, 201, 204
};


/* The reader's own view of the body, by other means. */
static mc_str_t
word_of(mc_str_t body, mc_arena_t *arena)
{
    mc_json_t  *object;

    if (mc_json_read(arena, body, &object, NULL) != MC_OK) {
        return mc_str_null;
    }

    return mc_json_get_str(object, "result");
}


static void
check_answer(long status, mc_str_t body, const mc_compare_result_t *result)
{
    mc_str_t    word;
    mc_arena_t  arena;

    fuzz_check(status == 200 || status == 409);
    fuzz_check(body.len <= MC_COMPARE_ANSWER);
    fuzz_check(!result->failed && result->hint == NULL);
    fuzz_check(result->retry_after == 0);

    mc_arena_init(&arena, 1024 * 1024);
    word = word_of(body, &arena);
    fuzz_check(mc_str_is(word, mc_answer_name(result->answer)));
    mc_arena_free(&arena);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    long                 status;
    mc_str_t             body;
    mc_compare_result_t  result;

    if (size < 2) {
        return 0;
    }

    status = statuses[data[0] % mc_count(statuses)];
    body = (mc_str_t) { (const char *) data + 2, size - 2 };

    memset(&result, 0x55, sizeof(result));
    result.asked = true;

    mc_compare_read(status, body, (int64_t) data[1] * 100 - 1000, &result);

    fuzz_check(result.asked);
    fuzz_check(result.answer <= MC_ANSWER_RETRY);
    fuzz_check(result.score >= -1 && result.score <= 10000);
    fuzz_check(result.retry_after >= 0
               && result.retry_after <= MC_RETRY_MOST);
    fuzz_check(memchr(result.model, '\0', sizeof(result.model)) != NULL);
    fuzz_check(mc_utf8_printable(mc_str_from(result.model), false));

    if (result.answer != MC_ANSWER_RETRY) {
        check_answer(status, body, &result);

    } else {
        fuzz_check(result.score == -1 && result.model[0] == '\0');
        fuzz_check(result.failed == (result.hint != NULL));
        fuzz_check(result.failed || result.retry_after > 0);
    }

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  texts[] = {
        "\014\001{\"result\":\"match\",\"score\":0.87,\"provider\":\"x\","
            "\"model\":\"y\",\"trace\":\"z\",\"thresholds\":[0.4,0.6]}",
        "\014\001{\"result\":\"mismatch\",\"score\":null}",
        "\002\001{\"retry_after\":5}",
        "\015\001{\"retry_after\":1e308}",
        "\003\001{\"result\":\"unsure\",\"score\":1}",
        "\014\001{\"result\":\"no_reference\",\"model\":\"\\u540d\\n\"}",
        "\030\001{\"result\":\"bad_probe\",\"score\":-0.0001}",
        "\014\001{\"result\":\"bad_reference\",\"score\":\"1\"}",
        "\014\001{\"result\":\"MATCH\"}",
        "\004\377{}", "\005\001{}", "\006\001<html>", "\014\001[]",
        "\014\001{\"result\":{\"result\":\"match\"}}",
        "\014\001{\"result\":\"match\",\"result\":\"match\"}"
    };

    if (n >= mc_count(texts)) {
        return 0;
    }

    len = strlen(texts[n]);

    if (len > cap) {
        return 0;
    }

    memcpy(out, texts[n], len);

    return len;
}
