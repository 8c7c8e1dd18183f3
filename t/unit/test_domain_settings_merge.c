/*
 * Unit tests of domain: settings of several levels, their check at the
 * end, their digest, and what happens without memory.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "test_domain_settings_line.h"


/* Every row stated once. */
static const char *const all[] = {
    "membercert_store sqlite:/var/lib/membercert",
    "membercert_secret /etc/a.key /etc/b.key",
    "membercert_thread_pool store=s cpu=c hash=h net=n",
    "membercert_session idle=10m absolute=1h mini=2w max=3 secure=off",
    "membercert_origin https://a.example https://b.example",
    "membercert_issuer 某某协会 Some~Institute",
    "membercert_hotline 0571-12345678",
    "membercert_public_url https://example.org",
    "membercert_mini_program 示例小程序 qr=/srv/mini.png",
    "membercert_review_time 三个工作日",
    "membercert_footer 京ICP备05000000号 https://beian.example.org/",
    "membercert_footer 第二行",
    "membercert_privacy /privacy.html 2026-01",
    "membercert_timezone -03:30",
    "membercert_user_type a 甲 A",
    "membercert_field job 职务 Job max=20",
    "membercert_login_limit account=3/1h address=7/2h",
    "membercert_captcha web=on bits=12",
    "membercert_recovery tries=3",
    "membercert_outbox file:/var/out channel=sms",
    "membercert_password min=12",
    "membercert_photo size=1-2 pixels=20x30 dpi=3 dpi_missing=accept "
    "max_age=5d",
    "membercert_photo_check blur=off dark=warn",
    "membercert_compare http url=https://x/ timeout=2s attempts=3",
    "membercert_compare_consent /compare.html 1",
    "membercert_font /fonts/a.ttf",
    "membercert_layout a4 证书 Certificate",
    "membercert_sign certificate=/a.pem key=/a.key",
    "membercert_verify limit=5/1m photo=off",
    "membercert_certificate_cache 2m",
    NULL
};


static void
check_same(const mc_settings_t *a, const mc_settings_t *b, bool same)
{
    uint8_t  x[32], y[32];

    assert_int_equal(mc_settings_digest(a, x), MC_OK);
    assert_int_equal(mc_settings_digest(b, y), MC_OK);
    assert_int_equal(memcmp(x, y, sizeof(x)) == 0, same);
}


static void
an_unstated_row_comes_from_the_outer_level_and_shares_nothing(void **state)
{
    size_t          i;
    mc_settings_t  *parent, *child, *alike;

    parent = take_lines(all);
    alike = take_lines(all);
    child = mc_settings_create();
    assert_non_null(child);

    check_same(parent, child, false);
    assert_int_equal(mc_settings_merge(child, parent), MC_OK);
    assert_int_equal(child->set, parent->set);
    check_same(parent, child, true);

    /* nothing of the outer level's memory is used any more */

    mc_settings_free(parent);
    check_same(alike, child, true);

    assert_true(mc_str_is(child->fields.items[12].zh, "职务"));
    assert_true(mc_str_is(child->footers[1].text, "第二行"));
    assert_false(child->session_secure);
    assert_int_equal(child->timezone, -210);

    for (i = 0; i < mc_settings_rows(); i++) {
        assert_true(mc_str_is(child->where[i], "nginx.conf:7"));
    }

    mc_settings_free(alike);
    mc_settings_free(child);
}


static void
a_stated_row_replaces_all_lines_of_the_outer_level(void **state)
{
    static const char *const own[] = {
        "membercert_footer 第三行",
        "membercert_user_type b 乙 B",
        "membercert_field title 职称 Title",
        "membercert_session max=9",
        "membercert_issuer 别的协会",
        NULL
    };

    mc_settings_t  *parent, *child;

    parent = take_lines(all);
    child = take_lines(own);
    assert_int_equal(mc_settings_merge(child, parent), MC_OK);

    assert_int_equal(child->footer_count, 1);
    assert_true(mc_str_is(child->footers[0].text, "第三行"));
    assert_int_equal(child->user_type_count, 1);
    assert_true(mc_str_is(child->user_types[0].code, "b"));

    assert_int_equal(child->fields.count, 13);
    assert_null(mc_field_find(&child->fields, mc_str("job")));
    assert_non_null(mc_field_find(&child->fields, mc_str("title")));
    assert_non_null(mc_field_find(&child->fields, mc_str("phone")));

    /* what the line does not say is the default, not the outer value */

    assert_int_equal(child->session_max, 9);
    assert_true(child->session_secure);
    assert_int_equal(child->issuer_en.len, 0);

    /* the outer level is as it was */

    assert_int_equal(parent->footer_count, 2);
    assert_non_null(mc_field_find(&parent->fields, mc_str("job")));

    mc_settings_free(parent);
    mc_settings_free(child);
}


static void
an_empty_outer_level_leaves_the_defaults(void **state)
{
    mc_settings_t  *parent, *child;

    parent = mc_settings_create();
    child = mc_settings_create();
    assert_true(parent != NULL && child != NULL);

    assert_int_equal(mc_settings_merge(child, parent), MC_OK);
    assert_int_equal(child->set, 0);
    check_same(parent, child, true);

    mc_settings_free(parent);
    mc_settings_free(child);
}


static void
store_secret_and_issuer_are_required(void **state)
{
    static const char *const lines[] = {
        "membercert_store sqlite:/var/lib/membercert",
        "membercert_secret /etc/a.key",
        "membercert_issuer 某某协会",
    };

    static const char *const errors[] = {
        "\"membercert_store\" is required",
        "\"membercert_secret\" is required",
        "\"membercert_issuer\" is required",
    };

    size_t          missing, i;
    char            error[MC_SETTINGS_ERROR];
    const char     *where;
    mc_settings_t  *settings;

    for (missing = 0; missing <= mc_count(lines); missing++) {
        settings = mc_settings_create();
        assert_non_null(settings);

        for (i = 0; i < mc_count(lines); i++) {
            if (i != missing) {
                assert_int_equal(take_line(settings, lines[i], error),
                                 MC_OK);
            }
        }

        if (missing < mc_count(lines)) {
            assert_int_equal(mc_settings_finish(settings, error, &where),
                             MC_EINVAL);
            assert_string_equal(error, errors[missing]);

        } else {
            assert_int_equal(mc_settings_finish(settings, error, &where),
                             MC_OK);
            assert_string_equal(error, "");
        }

        assert_string_equal(where, "");
        mc_settings_free(settings);
    }
}


static void
values_that_contradict_each_other_are_named_with_their_line(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    const char     *where;
    mc_settings_t  *settings;

    settings = take_lines(all);

    settings->photo_max = 0;
    assert_int_equal(mc_settings_finish(settings, error, &where), MC_EINVAL);
    assert_string_equal(error, "invalid size: 1 is more than 0");
    assert_string_equal(where, "nginx.conf:7");

    settings->photo_max = 2;
    assert_int_equal(mc_settings_finish(settings, error, &where), MC_OK);

    mc_settings_free(settings);
}


/* Another value for each row of "all", in its order; footers and fields
 * are added. */
static const char *const others[] = {
    "membercert_store sqlite:/var/lib/membercert2",
    "membercert_secret /etc/b.key /etc/a.key",
    "membercert_thread_pool store=s cpu=c hash=h net=m",
    "membercert_session idle=10m absolute=1h mini=2w max=3",
    "membercert_origin https://a.example",
    "membercert_issuer 某某协会",
    "membercert_hotline 0571-12345679",
    "membercert_public_url http://example.org",
    "membercert_mini_program 示例小程序",
    "membercert_review_time 四个工作日",
    "membercert_footer 京ICP备05000000号 https://beian.example.org/a",
    "membercert_privacy /privacy.html 2026-02",
    "membercert_timezone +03:30",
    "membercert_user_type a 甲 B",
    "membercert_field job 职务 Job max=21",
    "membercert_login_limit account=3/1h address=7/3h",
    "membercert_captcha web=off bits=12",
    "membercert_recovery tries=4",
    "membercert_outbox file:/var/out channel=email",
    "membercert_password min=13",
    "membercert_photo size=1-2 pixels=20x30 dpi=3 max_age=5d",
    "membercert_photo_check dark=warn",
    "membercert_compare manual attempts=3",
    "membercert_compare_consent /compare.html 2",
    "membercert_font /fonts/b.ttf",
    "membercert_layout card 会员卡 Card",
    "membercert_sign certificate=/a.pem key=/b.key",
    "membercert_verify limit=5/1m",
    "membercert_certificate_cache off",
};


static void
the_digest_changes_with_every_directive(void **state)
{
    size_t          i;
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *parent, *child;

    parent = take_lines(all);
    assert_int_equal(mc_count(others), mc_settings_rows());

    for (i = 0; i < mc_count(others); i++) {
        child = mc_settings_create();
        assert_non_null(child);
        assert_int_equal(take_line(child, others[i], error), MC_OK);
        assert_int_equal(mc_settings_merge(child, parent), MC_OK);
        check_same(parent, child, false);
        mc_settings_free(child);
    }

    mc_settings_free(parent);
}


/* All of it; MC_ENOMEM as soon as some step has no memory. */
static mc_err_t
go_through(void)
{
    char            error[MC_SETTINGS_ERROR];
    uint8_t         digest[32];
    mc_err_t        err;
    const char     *where;
    mc_settings_t  *parent, *child;

    size_t  i;

    err = MC_OK;
    parent = mc_settings_create();
    child = mc_settings_create();

    if (parent == NULL || child == NULL) {
        err = MC_ENOMEM;
    }

    for (i = 0; err == MC_OK && all[i] != NULL; i++) {
        err = take_line(parent, all[i], error);

        if (err != MC_OK) {
            assert_string_equal(error, "out of memory");
        }
    }

    if (err == MC_OK) {
        err = mc_settings_merge(child, parent);
    }

    if (err == MC_OK) {
        assert_int_equal(mc_settings_finish(child, error, &where), MC_OK);
        err = mc_settings_digest(child, digest);
    }

    mc_settings_free(parent);
    mc_settings_free(child);

    return err;
}


static void
each_allocation_may_fail_without_leak_or_lie_nomem(void **state)
{
    int            after;
    mc_err_t       err;
    unsigned long  n;

    for (after = 0; after < 2; after++) {
        err = MC_ENOMEM;

        for (n = 1; n < 200 && err != MC_OK; n++) {
            mc_alloc_fail_at(n, after == 1);
            err = go_through();
            mc_alloc_fail_at(0, false);

            assert_true(err == MC_OK || err == MC_ENOMEM);
        }

        assert_int_equal(err, MC_OK);
        assert_true(n > 4);     /* some did fail */
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            an_unstated_row_comes_from_the_outer_level_and_shares_nothing),
        cmocka_unit_test(a_stated_row_replaces_all_lines_of_the_outer_level),
        cmocka_unit_test(an_empty_outer_level_leaves_the_defaults),
        cmocka_unit_test(store_secret_and_issuer_are_required),
        cmocka_unit_test(
            values_that_contradict_each_other_are_named_with_their_line),
        cmocka_unit_test(the_digest_changes_with_every_directive),
        cmocka_unit_test(each_allocation_may_fail_without_leak_or_lie_nomem),
    };

    return cmocka_run_group_tests_name("domain: levels of settings", tests,
                                       NULL, NULL);
}
