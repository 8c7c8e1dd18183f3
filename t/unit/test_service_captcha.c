/*
 * Unit tests of the captcha of a site (I01 I02 S09): what a challenge says,
 * what an answer uses up, pictures drawn in batches, no memory.
 */

#include "test_service.h"

#include "mc_captcha_use.h"


static mc_captcha_drawn_t
draw_letters(const char *letters)
{
    mc_captcha_drawn_t  drawn;

    memset(&drawn, 0, sizeof(drawn));
    (void) snprintf(drawn.letters, sizeof(drawn.letters), "%s", letters);

    return drawn;
}


static void
a_challenge_says_kind_time_and_difficulty(void **state)
{
    mc_captcha_drawn_t      drawn;
    mc_captcha_challenge_t  work, picture;

    assert_int_equal(mc_captcha_challenge(t.site, t.now, NULL, &work),
                     MC_OK);
    assert_int_equal(work.kind, MC_CAPTCHA_WORK);
    assert_int_equal(work.bits, t.settings->captcha_bits);
    assert_int_equal(work.expires_in, 300);
    assert_int_equal(strlen(work.id), MC_CAPTCHA_ID);

    drawn = draw_letters("ACE37");
    drawn.url = (char *) "data:x";
    drawn.len = 6;
    assert_int_equal(mc_captcha_challenge(t.site, t.now, &drawn, &picture),
                     MC_OK);
    assert_int_equal(picture.kind, MC_CAPTCHA_PICTURE);
    assert_int_equal(picture.bits, 0);
    assert_text(picture.picture, "data:x");
    assert_int_equal(strlen(picture.id), MC_CAPTCHA_ID);
}


static void
what_an_answer_uses_up(void **state)
{
    bool                    uses_up;
    size_t                  i;
    uint8_t                 nonce[MC_CAPTCHA_NONCE];
    mc_captcha_drawn_t      drawn;
    mc_captcha_challenge_t  work, picture;

    drawn = draw_letters("ACE37");
    assert_int_equal(mc_captcha_challenge(t.site, t.now, NULL, &work),
                     MC_OK);
    assert_int_equal(mc_captcha_challenge(t.site, t.now, &drawn, &picture),
                     MC_OK);

    const struct {
        const char         *id;
        const char         *answer;
        int64_t             late;
        mc_problem_code_t   code;
        bool                uses_up;
    } cases[] = {
        { picture.id, "ace37", 0, MC_P_NONE, true },
        { picture.id, "ace3x", 0, MC_P_CAPTCHA_WRONG, true },
        { picture.id, "ace37", 300000, MC_P_CAPTCHA_EXPIRED, false },
        { work.id, "x", 0, MC_P_CAPTCHA_WRONG, false },
        { work.id, "x", 300000, MC_P_CAPTCHA_EXPIRED, false },
        { "AAAA", "x", 0, MC_P_CAPTCHA_EXPIRED, false },
        { "", "", 0, MC_P_CAPTCHA_EXPIRED, false }
    };

    for (i = 0; i < mc_count(cases); i++) {
        uses_up = !cases[i].uses_up;
        assert_int_equal(mc_captcha_judge(t.site, t.now + cases[i].late,
                                          mc_str_from(cases[i].id),
                                          mc_str_from(cases[i].answer),
                                          &uses_up, nonce),
                         cases[i].code);
        assert_int_equal(uses_up, cases[i].uses_up);
    }
}


static void
a_batch_is_as_long_as_wanted(void **state)
{
    size_t                 i, n;
    mc_captcha_draw_t     *draw;
    static const size_t    wanted[] = { 0, 1, 3, MC_CAPTCHA_BATCH, 99 };
    static const size_t    count[] = { 1, 1, 3, MC_CAPTCHA_BATCH,
                                       MC_CAPTCHA_BATCH };

    for (i = 0; i < mc_count(wanted); i++) {
        draw = calloc(1, sizeof(*draw));
        assert_non_null(draw);
        begin(&draw->call, NULL);
        draw->wanted = wanted[i];

        mc_captcha_draw_run(draw);
        assert_codes(&draw->call.problems, "");
        assert_int_equal(draw->count, count[i]);

        for (n = 0; n < draw->count; n++) {
            assert_memory_equal(draw->drawn[n].url,
                                "data:image/png;base64,iVBORw0KGgo", 33);
            assert_int_equal(strlen(draw->drawn[n].url),
                             draw->drawn[n].len);
            assert_int_equal(strlen(draw->drawn[n].letters),
                             MC_CAPTCHA_LETTERS);
            assert_true(draw->drawn[n].len < 12000);
        }

        mc_captcha_draw_free(draw);
        mc_call_free(&draw->call);
        free(draw);
    }
}


/* Whatever fails: all pictures that were made, or a refusal. */
static void
memory_may_run_out_while_drawing(void **state)
{
    bool                whole;
    unsigned long       n;
    mc_captcha_draw_t  *draw;

    whole = false;

    for (n = 1; !whole; n++) {
        assert_true(n < 200);
        draw = calloc(1, sizeof(*draw));
        assert_non_null(draw);
        begin(&draw->call, NULL);
        draw->wanted = 2;

        mc_alloc_fail_at(n, true);
        mc_captcha_draw_run(draw);
        mc_alloc_fail_at(0, false);

        whole = draw->count == 2;

        if (draw->count == 0) {
            assert_codes(&draw->call.problems, "service_busy");
            assert_non_null(draw->call.hint);

        } else {
            assert_codes(&draw->call.problems, "");
        }

        mc_captcha_draw_free(draw);
        mc_call_free(&draw->call);
        free(draw);
    }

    assert_true(n > 5);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_challenge_says_kind_time_and_difficulty),
        cmocka_unit_test(what_an_answer_uses_up),
        cmocka_unit_test(a_batch_is_as_long_as_wanted),
        cmocka_unit_test(memory_may_run_out_while_drawing)
    };

    return cmocka_run_group_tests(tests, site_setup_document,
                                  site_teardown);
}
