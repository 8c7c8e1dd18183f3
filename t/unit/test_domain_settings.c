/*
 * Unit tests of domain: what each directive of the table takes and
 * refuses (I12, S02, S06, S29, S30, S31, X01).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "test_domain_settings_line.h"

#include "mc_time.h"


static void
the_table_lists_each_directive_once(void **state)
{
    static const char *const names[] = {
        "membercert_store", "membercert_secret", "membercert_thread_pool",
        "membercert_session", "membercert_origin", "membercert_issuer",
        "membercert_hotline", "membercert_public_url",
        "membercert_mini_program", "membercert_review_time",
        "membercert_footer", "membercert_privacy", "membercert_timezone",
        "membercert_user_type", "membercert_field", "membercert_login_limit",
        "membercert_captcha", "membercert_recovery", "membercert_outbox",
        "membercert_password", "membercert_photo", "membercert_photo_check",
        "membercert_compare", "membercert_compare_consent",
        "membercert_font", "membercert_layout", "membercert_sign",
        "membercert_verify", "membercert_certificate_cache"
    };

    size_t  i;

    assert_int_equal(mc_settings_rows(), mc_count(names));

    for (i = 0; i < mc_count(names); i++) {
        assert_string_equal(mc_settings_name(i), names[i]);
    }
    assert_string_equal(mc_settings_name(i), "");
}


static void
defaults_are_those_of_the_manual_S02_S06_S29_S30_S31_X01(void **state)
{
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);

    assert_int_equal(settings->set, 0);
    assert_true(mc_str_is(settings->pool_store, "default"));
    assert_true(mc_str_is(settings->pool_cpu, "default"));
    assert_true(mc_str_is(settings->pool_hash, "default"));
    assert_true(mc_str_is(settings->pool_net, "default"));

    assert_int_equal(settings->session_idle, 30 * MC_MINUTE);
    assert_int_equal(settings->session_absolute, 12 * MC_HOUR);
    assert_int_equal(settings->session_mini, 7 * MC_DAY);
    assert_int_equal(settings->session_max, 5);
    assert_true(settings->session_secure);

    assert_int_equal(settings->origin_count, 0);
    assert_int_equal(settings->footer_count, 0);
    assert_int_equal(settings->privacy_version.len, 0);
    assert_true(mc_str_is(settings->hotline, "010-88250337/0338"));
    assert_true(mc_str_is(settings->review_time, "2个工作日"));
    assert_int_equal(settings->timezone, 480);

    assert_int_equal(settings->user_type_count, 2);
    assert_true(mc_str_is(settings->user_types[0].zh, "非执业会员"));
    assert_true(mc_str_is(settings->user_types[0].en,
                          "Non-practising member"));
    assert_ptr_equal(mc_settings_user_type(settings,
                                           mc_str("practising")),
                     &settings->user_types[1]);
    assert_true(mc_str_is(settings->user_types[1].zh, "注册会计师"));
    assert_null(mc_settings_user_type(settings, mc_str("Practising")));

    assert_int_equal(settings->fields.count, 12);

    assert_int_equal(settings->login_account, 5);
    assert_int_equal(settings->login_account_time, 15 * MC_MINUTE);
    assert_int_equal(settings->login_address, 100);
    assert_int_equal(settings->login_address_time, 10 * MC_MINUTE);

    assert_int_equal(settings->photo_min, 10000);
    assert_int_equal(settings->photo_max, 20480);
    assert_int_equal(settings->photo_width, 178);
    assert_int_equal(settings->photo_height, 220);
    assert_int_equal(settings->photo_dpi, 96);
    assert_false(settings->photo_dpi_missing_ok);
    assert_int_equal(settings->photo_max_age, 366 * MC_DAY);
    assert_int_equal(settings->photo_daily, 20);
    assert_int_equal(settings->photo_check.of[MC_RULE_BACKGROUND],
                     MC_RULE_REJECT);
    assert_int_equal(settings->photo_check.of[MC_RULE_QUALITY],
                     MC_RULE_WARN);
    assert_int_equal(settings->photo_check.of[MC_RULE_SAME_REJECTED],
                     MC_RULE_WARN);
    assert_int_equal(settings->compare_attempts, 5);
    assert_false(settings->compare_http);
    assert_int_equal(settings->compare_timeout, 3 * MC_SECOND);
    assert_false(settings->compare_by_ref);

    assert_int_equal(settings->font_count, 4);
    assert_true(mc_str_is(settings->fonts[0],
        "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"));
    assert_true(mc_str_is(settings->fonts[3],
        "/usr/share/fonts/truetype/cns11643/TW-Sung-Ext-B-98_1.ttf"));

    mc_settings_free(settings);
    mc_settings_free(NULL);
}


static void
every_directive_reaches_its_values(void **state)
{
    static const char *const lines[] = {
        "membercert_store sqlite:/var/lib/membercert/",
        "membercert_secret /etc/a.key /etc/b.key",
        "membercert_thread_pool store=s cpu=c-1 hash=h_2",
        "membercert_session idle=10m absolute=1h30m mini=2w max=3 secure=off",
        "membercert_origin https://Example.org:443 http://example.org:80"
        " http://127.0.0.1:8080 https://[::1]:8443 https://a.example:80",
        "membercert_issuer 某某协会 Some~Institute",
        "membercert_hotline 0571-12345678",
        "membercert_public_url https://example.org/cert/",
        "membercert_mini_program 示例小程序 qr=/srv/mini.png",
        "membercert_review_time 三个工作日",
        "membercert_footer 京ICP备05000000号 https://beian.example.org/",
        "membercert_footer 第二行",
        "membercert_privacy /privacy.html 2026-01",
        "membercert_timezone -03:30",
        "membercert_user_type a 甲 A",
        "membercert_login_limit account=3/1h",
        "membercert_captcha bits=18",
        "membercert_recovery tries=3", "membercert_outbox exec",
        "membercert_password min=12",
        "membercert_photo size=10k-20K pixels=295x413 dpi=300 "
        "dpi_missing=accept max_age=0 daily=7",
        "membercert_photo_check blur=warn background_even=off "
        "same_rejected=reject",
        "membercert_compare http url=https://face.example:8443/v1/compare "
        "timeout=5s secret=/etc/token ca=/etc/ca.pem reference=by-ref "
        "attempts=3",
        "membercert_compare_consent /comparison.html 2026-11",
        "membercert_font /fonts/a.ttf /fonts/b.ttf",
        "membercert_layout card",
        "membercert_sign certificate=/a.pem key=/a.key",
        "membercert_verify photo=off", "membercert_certificate_cache off",
        NULL
    };

    size_t          i;
    mc_settings_t  *settings;

    settings = take_lines(lines);

    assert_true(mc_str_is(settings->store_dir, "/var/lib/membercert"));
    assert_int_equal(settings->secret_count, 2);
    assert_true(mc_str_is(settings->secrets[1], "/etc/b.key"));
    assert_true(mc_str_is(settings->pool_store, "s"));
    assert_true(mc_str_is(settings->pool_cpu, "c-1"));
    assert_true(mc_str_is(settings->pool_hash, "h_2"));
    assert_true(mc_str_is(settings->pool_net, "default"));
    assert_int_equal(settings->session_idle, 10 * MC_MINUTE);
    assert_int_equal(settings->session_absolute, 90 * MC_MINUTE);
    assert_int_equal(settings->session_mini, 14 * MC_DAY);
    assert_int_equal(settings->session_max, 3);
    assert_false(settings->session_secure);

    assert_int_equal(settings->origin_count, 5);
    assert_true(mc_str_is(settings->origins[0], "https://example.org"));
    assert_true(mc_str_is(settings->origins[1], "http://example.org"));
    assert_true(mc_str_is(settings->origins[2], "http://127.0.0.1:8080"));
    assert_true(mc_str_is(settings->origins[3], "https://[::1]:8443"));
    assert_true(mc_str_is(settings->origins[4], "https://a.example:80"));

    assert_true(mc_str_is(settings->issuer, "某某协会"));
    assert_true(mc_str_is(settings->issuer_en, "Some Institute"));
    assert_true(mc_str_is(settings->hotline, "0571-12345678"));
    assert_true(mc_str_is(settings->public_url, "https://example.org/cert"));
    assert_true(mc_str_is(settings->review_time, "三个工作日"));
    assert_int_equal(settings->footer_count, 2);
    assert_true(mc_str_is(settings->footers[0].url,
                          "https://beian.example.org/"));
    assert_true(mc_str_is(settings->footers[1].text, "第二行"));
    assert_int_equal(settings->footers[1].url.len, 0);
    assert_true(mc_str_is(settings->privacy_url, "/privacy.html"));
    assert_true(mc_str_is(settings->privacy_version, "2026-01"));
    assert_int_equal(settings->timezone, -210);
    assert_int_equal(settings->user_type_count, 1);
    assert_true(mc_str_is(settings->user_types[0].zh, "甲"));
    assert_int_equal(settings->login_account, 3);
    assert_int_equal(settings->login_account_time, MC_HOUR);
    assert_int_equal(settings->login_address, 100);
    assert_int_equal(settings->photo_min, 10240);
    assert_int_equal(settings->photo_max, 20480);
    assert_int_equal(settings->photo_width, 295);
    assert_int_equal(settings->photo_height, 413);
    assert_int_equal(settings->photo_dpi, 300);
    assert_true(settings->photo_dpi_missing_ok);
    assert_int_equal(settings->photo_max_age, 0);
    assert_int_equal(settings->photo_daily, 7);
    assert_int_equal(settings->photo_check.of[MC_RULE_BLUR], MC_RULE_WARN);
    assert_int_equal(settings->photo_check.of[MC_RULE_BACKGROUND_EVEN],
                     MC_RULE_OFF);
    assert_int_equal(settings->photo_check.of[MC_RULE_SAME_REJECTED],
                     MC_RULE_REJECT);
    assert_int_equal(settings->photo_check.of[MC_RULE_DARK],
                     MC_RULE_REJECT);
    assert_int_equal(settings->compare_attempts, 3);
    assert_true(settings->compare_http);
    assert_true(mc_str_is(settings->compare_url,
                          "https://face.example:8443/v1/compare"));
    assert_int_equal(settings->compare_timeout, 5 * MC_SECOND);
    assert_true(mc_str_is(settings->compare_secret, "/etc/token"));
    assert_true(mc_str_is(settings->compare_ca, "/etc/ca.pem"));
    assert_true(settings->compare_by_ref);
    assert_true(mc_str_is(settings->compare_consent_url,
                          "/comparison.html"));
    assert_true(mc_str_is(settings->compare_consent_version, "2026-11"));
    assert_int_equal(settings->font_count, 2);
    assert_true(mc_str_is(settings->fonts[1], "/fonts/b.ttf"));

    for (i = 0; i < mc_settings_rows(); i++) {
        if (strcmp(mc_settings_name(i), "membercert_field") != 0) {
            assert_true((settings->set & (uint64_t) 1 << i) != 0);
            assert_true(mc_str_is(settings->where[i], "nginx.conf:7"));
        }
    }

    mc_settings_free(settings);
}


static const struct {
    const char  *line;
    const char  *error;
} refused[] = {
    { "membercert_store", "invalid number of arguments" },
    { "membercert_store sqlite:/a /b", "invalid number of arguments" },
    { "membercert_store sqlite:var", "path \"var\" is not absolute" },
    { "membercert_store sqlite:", "path \"\" is not absolute" },
    { "membercert_store sqlite:/", "invalid path \"/\"" },
    { "membercert_store sqlite:/a/$host",
      "variables are not supported in \"/a/$host\"" },
    { "membercert_store postgresql:x",
      "store \"postgresql:x\" is not supported, must be \"sqlite:DIR\"" },
    { "membercert_store /var/x",
      "store \"/var/x\" is not supported, must be \"sqlite:DIR\"" },
    { "membercert_secret a.key", "path \"a.key\" is not absolute" },
    { "membercert_secret /a /a/", "duplicate file \"/a\"" },
    { "membercert_secret /a /b /c /d /e", "invalid number of arguments" },
    { "membercert_thread_pool foo=x", "unknown parameter \"foo=x\"" },
    { "membercert_thread_pool store", "unknown parameter \"store\"" },
    { "membercert_thread_pool store=a store=b",
      "duplicate parameter \"store=b\"" },
    { "membercert_thread_pool cpu=", "invalid value \"\" of \"cpu\"" },
    { "membercert_thread_pool cpu=a/b", "invalid value \"a/b\" of \"cpu\"" },
    { "membercert_session idle=x",
      "invalid time \"x\" of \"idle\", must be 60s to 2592000s" },
    { "membercert_session idle=59",
      "invalid time \"59\" of \"idle\", must be 60s to 2592000s" },
    { "membercert_session idle=13h",
      "\"idle\" is longer than \"absolute\"" },
    { "membercert_session mini=20m", "\"idle\" is longer than \"mini\"" },
    { "membercert_session max=0",
      "invalid number \"0\" of \"max\", must be 1 to 100" },
    { "membercert_session max=101",
      "invalid number \"101\" of \"max\", must be 1 to 100" },
    { "membercert_session secure=yes",
      "invalid value \"yes\" of \"secure\"" },
    { "membercert_session max=1 timeout=5",
      "unknown parameter \"timeout=5\"" },
    { "membercert_origin example.org",
      "invalid origin \"example.org\", must be scheme://host[:port]" },
    { "membercert_origin https://a.example/",
      "invalid origin \"https://a.example/\", must be "
      "scheme://host[:port]" },
    { "membercert_origin *",
      "invalid origin \"*\", must be scheme://host[:port]" },
    { "membercert_issuer ~", "empty text" },
    { "membercert_issuer a\nb", "word 1 is not printable UTF-8" },
    { "membercert_issuer \xE4\xBD", "word 1 is not printable UTF-8" },
    { "membercert_hotline "
      "0123456789012345678901234567890123456789012345678901234567890123456",
      "text \"0123456789012345678901234567890123456789012345678901234567890"
      "123456\" is longer than 64 letters" },
    { "membercert_public_url /x", "invalid URL \"/x\"" },
    { "membercert_public_url https://a.example/?b",
      "invalid URL \"https://a.example/?b\"" },
    { "membercert_footer a javascript:alert(1)",
      "invalid URL \"javascript:alert(1)\"" },
    { "membercert_footer a //b.example", "invalid URL \"//b.example\"" },
    { "membercert_privacy ftp://x 1", "invalid URL \"ftp://x\"" },
    { "membercert_privacy /p a:b", "invalid version \"a:b\"" },
    { "membercert_privacy /p", "invalid number of arguments" },
    { "membercert_timezone 8",
      "invalid offset \"8\", must be like \"+08:00\"" },
    { "membercert_timezone +15:00",
      "invalid offset \"+15:00\", must be like \"+08:00\"" },
    { "membercert_user_type A 甲 A",
      "invalid key \"A\", must be 1 to 32 of a-z 0-9 _" },
    { "membercert_user_type a 甲", "invalid number of arguments" },
    { "membercert_login_limit account=5",
      "invalid rate \"5\" of \"account\", must be N/TIME, 1 to 100000 "
      "within 1s to 30d" },
    { "membercert_login_limit account=0/1m",
      "invalid rate \"0/1m\" of \"account\", must be N/TIME, 1 to 100000 "
      "within 1s to 30d" },
    { "membercert_login_limit address=5/0",
      "invalid rate \"5/0\" of \"address\", must be N/TIME, 1 to 100000 "
      "within 1s to 30d" },
    { "membercert_photo size=20480-10000",
      "invalid size: 20480 is more than 10000" },
    { "membercert_photo size=0-10",
      "invalid size \"0-10\" of \"size\", must be MIN-MAX, both 1 to 65536 "
      "bytes" },
    { "membercert_photo size=1-65k",
      "invalid size \"1-65k\" of \"size\", must be MIN-MAX, both 1 to 65536 "
      "bytes" },
    { "membercert_photo pixels=178",
      "invalid size \"178\" of \"pixels\", must be WxH, both 16 to 4096 "
      "pixels" },
    { "membercert_photo pixels=15x220",
      "invalid size \"15x220\" of \"pixels\", must be WxH, both 16 to 4096 "
      "pixels" },
    { "membercert_photo dpi=2401",
      "invalid number \"2401\" of \"dpi\", must be 1 to 2400" },
    { "membercert_photo dpi_missing=maybe",
      "invalid value \"maybe\" of \"dpi_missing\"" },
    { "membercert_photo daily=0",
      "invalid number \"0\" of \"daily\", must be 1 to 1000" },
    { "membercert_photo daily=1001",
      "invalid number \"1001\" of \"daily\", must be 1 to 1000" },
    { "membercert_photo", "invalid number of arguments" },
    { "membercert_photo_check", "invalid number of arguments" },
    { "membercert_photo_check blur", "unknown parameter \"blur\"" },
    { "membercert_photo_check face=off", "unknown parameter \"face=off\"" },
    { "membercert_photo_check blur=on",
      "invalid value \"on\" of \"blur\", must be off, warn or reject" },
    { "membercert_photo_check blur=off blur=warn",
      "duplicate parameter \"blur=warn\"" },
    { "membercert_font fonts/a.ttf",
      "path \"fonts/a.ttf\" is not absolute" },
    { "membercert_field x 甲", "invalid number of arguments" },
    { "membercert_field X 甲 A",
      "invalid key \"X\", must be 1 to 32 of a-z 0-9 _" },
    { "membercert_field status 状态 Status", "reserved key \"status\"" },
    { "membercert_field x 甲 A type=foo", "invalid parameter \"type=foo\"" },
    { "membercert_field x 甲 A edit=all", "invalid parameter \"edit=all\"" },
    { "membercert_field x 甲 A max=0", "invalid parameter \"max=0\"" },
    { "membercert_field x 甲 A max=501", "invalid parameter \"max=501\"" },
    { "membercert_field x 甲 A optional", "unknown parameter \"optional\"" },
    { "membercert_field x 甲 A required=1",
      "unknown parameter \"required=1\"" },
    { "membercert_field x 甲 A type", "unknown parameter \"type\"" },
    { "membercert_field x 甲 A required required",
      "duplicate parameter \"required\"" },
    { "membercert_field x 甲 A type=institute",
      "type=institute is not for the field \"x\"" },
    { "membercert_field sex 性别 Sex type=text",
      "type=text is not for the field \"sex\"" },
};


static void
every_mistake_is_named_I12(void **state)
{
    size_t          i;
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    for (i = 0; i < mc_count(refused); i++) {
        settings = mc_settings_create();
        assert_non_null(settings);

        assert_int_equal(take_line(settings, refused[i].line, error),
                         MC_EINVAL);
        assert_string_equal(error, refused[i].error);
        assert_int_equal(settings->set, 0);

        mc_settings_free(settings);
    }
}


static void
a_word_without_end_is_refused_and_cut_in_the_message(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    mc_str_t        words[2];
    mc_settings_t  *settings;

    static char  word[4000];

    settings = mc_settings_create();
    assert_non_null(settings);

    memset(word, 'x', sizeof(word));
    words[0] = mc_str("membercert_hotline");
    words[1] = (mc_str_t) { word, sizeof(word) };

    assert_int_equal(mc_settings_take(settings, words, 2, "f:1", error),
                     MC_EINVAL);
    assert_true(strlen(error) < 120);
    assert_ptr_equal(strstr(error, "too long word \"xxx"), error);

    mc_settings_free(settings);
}


static void
other_names_are_nobodys(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);

    assert_int_equal(take_line(settings, "membercert", error), MC_ENOTFOUND);
    assert_int_equal(take_line(settings, "membercert_zone zone=a:1m", error),
                     MC_ENOTFOUND);
    assert_int_equal(mc_settings_take(settings, NULL, 0, "f:1", error),
                     MC_ENOTFOUND);

    mc_settings_free(settings);
}


static void
only_repeatable_directives_may_stand_twice(void **state)
{
    static const struct {
        const char  *line;
        const char  *second;
        const char  *error;     /* NULL: fine */
    } cases[] = {
        { "membercert_hotline 1", "membercert_hotline 1", "is duplicate" },
        { "membercert_origin https://a.example",
          "membercert_origin https://b.example", "is duplicate" },
        { "membercert_footer a", "membercert_footer a", NULL },
        { "membercert_user_type a 甲 A", "membercert_user_type b 乙 B",
          NULL },
        { "membercert_user_type a 甲 A", "membercert_user_type a 乙 B",
          "duplicate code \"a\"" },
        { "membercert_field a 甲 A", "membercert_field b 乙 B", NULL },
        { "membercert_field a 甲 A", "membercert_field a 乙 B",
          "duplicate key \"a\"" },
        { "membercert_field phone 甲 A", "membercert_field phone 乙 B",
          "duplicate key \"phone\"" },
    };

    size_t          i;
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    for (i = 0; i < mc_count(cases); i++) {
        settings = mc_settings_create();
        assert_non_null(settings);
        assert_int_equal(take_line(settings, cases[i].line, error), MC_OK);
        assert_string_equal(error, "");

        assert_int_equal(take_line(settings, cases[i].second, error),
                         cases[i].error != NULL ? MC_EINVAL : MC_OK);
        assert_string_equal(error, cases[i].error ? cases[i].error : "");
        mc_settings_free(settings);
    }
}


static void
lists_are_bounded(void **state)
{
    int             i;
    char            line[64], error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);

    for (i = 0; i < MC_SETTINGS_FOOTERS; i++) {
        assert_int_equal(take_line(settings, "membercert_footer a", error),
                         MC_OK);
    }

    assert_int_equal(take_line(settings, "membercert_footer a", error),
                     MC_EINVAL);
    assert_string_equal(error, "more than 8 of them");

    for (i = 0; i <= MC_SETTINGS_USER_TYPES; i++) {
        (void) snprintf(line, sizeof(line), "membercert_user_type t%d 甲 A",
                        i);
        assert_int_equal(take_line(settings, line, error),
                         i < MC_SETTINGS_USER_TYPES ? MC_OK : MC_EINVAL);
    }

    for (i = 0; i <= MC_FIELDS - 12; i++) {
        (void) snprintf(line, sizeof(line), "membercert_field f%d 甲 A", i);
        assert_int_equal(take_line(settings, line, error),
                         i < MC_FIELDS - 12 ? MC_OK : MC_EINVAL);
    }

    assert_string_equal(error, "more than 64 of them");
    assert_int_equal(settings->fields.count, MC_FIELDS);

    mc_settings_free(settings);
}


static void
a_field_is_added_or_a_built_in_one_redefined_S37_S38(void **state)
{
    static const char *const lines[] = {
        "membercert_field job 职务 Job",
        "membercert_field tel2 电话 Phone type=phone edit=institute "
        "required max=20",
        "membercert_field id_number 证件号码 Document type=text max=30",
        "membercert_field email 邮箱 E-mail required",
        "membercert_field sex 性别 Gender required type=sex",
        NULL
    };

    mc_settings_t     *settings;
    const mc_field_t  *field;

    settings = take_lines(lines);
    assert_int_equal(settings->fields.count, 14);

    field = &settings->fields.items[12];
    assert_true(mc_str_is(field->key, "job"));
    assert_true(mc_str_is(field->zh, "职务"));
    assert_true(mc_str_is(field->en, "Job"));
    assert_int_equal(field->type, MC_FIELD_TEXT);
    assert_int_equal(field->column, MC_COLUMN_NONE);
    assert_int_equal(field->max, 100);
    assert_true(field->member_edits);
    assert_false(field->required);
    assert_false(field->sensitive);

    field = &settings->fields.items[13];
    assert_int_equal(field->type, MC_FIELD_PHONE);
    assert_int_equal(field->max, 20);
    assert_false(field->member_edits);
    assert_true(field->required);
    assert_true(field->sensitive);

    /* keeps its place, who edits it, and that it is masked */

    field = &settings->fields.items[6];
    assert_true(mc_str_is(field->key, "id_number"));
    assert_true(mc_str_is(field->zh, "证件号码"));
    assert_int_equal(field->type, MC_FIELD_TEXT);
    assert_int_equal(field->max, 30);
    assert_false(field->member_edits);
    assert_false(field->required);
    assert_true(field->sensitive);

    field = mc_field_find(&settings->fields, mc_str("email"));
    assert_int_equal(field->type, MC_FIELD_EMAIL);
    assert_true(field->required);
    assert_true(field->member_edits);

    field = mc_field_find(&settings->fields, mc_str("sex"));
    assert_int_equal(field->column, MC_COLUMN_SEX);
    assert_true(mc_str_is(field->en, "Gender"));

    mc_settings_free(settings);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_table_lists_each_directive_once),
        cmocka_unit_test(
            defaults_are_those_of_the_manual_S02_S06_S29_S30_S31_X01),
        cmocka_unit_test(every_directive_reaches_its_values),
        cmocka_unit_test(every_mistake_is_named_I12),
        cmocka_unit_test(
            a_word_without_end_is_refused_and_cut_in_the_message),
        cmocka_unit_test(other_names_are_nobodys),
        cmocka_unit_test(only_repeatable_directives_may_stand_twice),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(
            a_field_is_added_or_a_built_in_one_redefined_S37_S38),
    };

    return cmocka_run_group_tests_name("domain: settings", tests, NULL,
                                       NULL);
}
