/*
 * What a stranger is told of a certificate (X05).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mc_standing.h"


static void
the_strongest_of_what_happened_is_told_X05(void **state)
{
    size_t  i;

    static const struct {
        int64_t        erased;
        int64_t        revoked;
        int64_t        replaced;
        mc_status_t    member;
        mc_standing_t  standing;
    } rows[] = {
        { 0, 0, 0, MC_STATUS_ACTIVE, MC_STANDING_VALID },
        { 0, 0, 0, MC_STATUS_SUSPENDED, MC_STANDING_SUSPENDED },
        { 0, 0, 0, MC_STATUS_LEFT, MC_STANDING_ENDED },
        { 0, 0, 0, MC_STATUS_DECEASED, MC_STANDING_ENDED },
        { 0, 0, 9, MC_STATUS_ACTIVE, MC_STANDING_REPLACED },
        { 0, 0, 9, MC_STATUS_LEFT, MC_STANDING_REPLACED },
        { 0, 0, 9, MC_STATUS_SUSPENDED, MC_STANDING_REPLACED },
        { 0, 5, 0, MC_STATUS_ACTIVE, MC_STANDING_REVOKED },
        { 0, 5, 9, MC_STATUS_LEFT, MC_STANDING_REVOKED },
        { 0, 9, 5, MC_STATUS_ACTIVE, MC_STANDING_REVOKED },
        { 1, 0, 0, MC_STATUS_ACTIVE, MC_STANDING_ERASED },
        { 1, 5, 9, MC_STATUS_LEFT, MC_STANDING_ERASED },

        /* a status there is not */

        { 0, 0, 0, (mc_status_t) 77, MC_STANDING_ENDED }
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_int_equal(mc_standing(rows[i].erased, rows[i].revoked,
                                     rows[i].replaced, rows[i].member),
                         rows[i].standing);
    }
}


static void
each_has_a_word_and_a_text_in_both_languages(void **state)
{
    int       i, k;
    mc_str_t  zh, en;

    for (i = 0; i < MC_STANDINGS; i++) {
        zh = mc_standing_text((mc_standing_t) i, false);
        en = mc_standing_text((mc_standing_t) i, true);

        assert_true(zh.len > 0 && (zh.data[0] & 0x80) != 0);
        assert_true(en.len > 0 && (en.data[0] & 0x80) == 0);

        for (k = 0; k < i; k++) {
            assert_string_not_equal(mc_standing_code((mc_standing_t) i),
                                    mc_standing_code((mc_standing_t) k));
        }
    }

    assert_string_equal(mc_standing_code(MC_STANDINGS), "");
    assert_int_equal(mc_standing_text(MC_STANDINGS, true).len, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_strongest_of_what_happened_is_told_X05),
        cmocka_unit_test(each_has_a_word_and_a_text_in_both_languages),
    };

    return cmocka_run_group_tests_name("domain: standing", tests, NULL,
                                       NULL);
}
