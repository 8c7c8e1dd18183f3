/*
 * What a member reads about the devices that are logged in.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_agent.h"
#include "mc_utf8.h"


#define WEBKIT  " AppleWebKit/537.36 (KHTML, like Gecko) "


static void
what_people_use_is_named_as_they_know_it(void **state)
{
    size_t  i, len;
    char    label[MC_AGENT_LABEL];

    static const struct {
        const char  *agent;
        const char  *label;
    } cases[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36", "Chrome · Windows" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge · Windows" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
          " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
          " Safari/605.1.15", "Safari · Mac" },
        { "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101"
          " Firefox/128.0", "Firefox · Linux" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
          " AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
          " MicroMessenger/8.0.49(0x18003131) NetType/WIFI Language/zh_CN",
          "微信 · iPhone" },
        { "Mozilla/5.0 (Linux; Android 14; V2318A; wv)" WEBKIT
          "Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117"
          " MMWEBSDK/20240404 MicroMessenger/8.0.49.2600 WeChat/arm64",
          "微信 · Android" },
        { "Mozilla/5.0 (Linux; Android 14; 23127PN0CC)" WEBKIT
          "Chrome/118.0.0.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.4",
          "小米浏览器 · Android" },
        { "Mozilla/5.0 (Phone; OpenHarmony 5.0)" WEBKIT
          "Chrome/114.0.0.0 Safari/537.36 HuaweiBrowser/5.0",
          "华为浏览器 · HarmonyOS" },
        { "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)"
          " AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35"
          " Mobile/15E148 Safari/604.1", "Chrome · iPad" },
        { "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
          "Internet Explorer · Windows" },
        { "curl/8.5.0", "浏览器" },
        { "Mozilla/5.0 (Windows NT 10.0)", "浏览器 · Windows" },
        { "", "浏览器" }
    };

    for (i = 0; i < mc_count(cases); i++) {
        len = mc_agent_label(mc_str_from(cases[i].agent), false, label);
        assert_string_equal(label, cases[i].label);
        assert_int_equal(len, strlen(label));
    }
}


static void
the_mini_program_is_named_by_what_it_said_at_log_in(void **state)
{
    char  label[MC_AGENT_LABEL];

    (void) mc_agent_label(mc_str("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5)"
                                 " MicroMessenger/8.0.49"), true, label);
    assert_string_equal(label, "小程序 · iPhone");

    (void) mc_agent_label(mc_str_null, true, label);
    assert_string_equal(label, "小程序");
}


static void
nothing_of_the_header_itself_comes_out(void **state)
{
    char    label[MC_AGENT_LABEL], agent[2000];
    size_t  len;

    (void) mc_agent_label(mc_str("<script>alert(1)</script> Firefox/1"),
                          false, label);
    assert_string_equal(label, "Firefox");

    /* a mark far behind is not looked for */

    memset(agent, '\xff', sizeof(agent));
    memcpy(agent + 600, "Firefox/128.0", 13);
    len = mc_agent_label((mc_str_t) { agent, sizeof(agent) }, false, label);
    assert_string_equal(label, "浏览器");
    assert_true(mc_utf8_valid((mc_str_t) { label, len }));

    /* nor one that the end cuts */

    memset(agent, ' ', sizeof(agent));
    memcpy(agent + 505, "Firefox/", 8);
    (void) mc_agent_label((mc_str_t) { agent, sizeof(agent) }, false, label);
    assert_string_equal(label, "浏览器");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_people_use_is_named_as_they_know_it),
        cmocka_unit_test(the_mini_program_is_named_by_what_it_said_at_log_in),
        cmocka_unit_test(nothing_of_the_header_itself_comes_out),
    };

    return cmocka_run_group_tests_name("domain: User-Agent", tests, NULL,
                                       NULL);
}
