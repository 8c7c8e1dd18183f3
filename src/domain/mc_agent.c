/*
 * User-Agent headers as labels, by two tables: the first row whose mark
 * stands in the header names the program, or the system.
 *
 * A browser built on another one carries the marks of both, so the rarer one
 * stands first: Edge says Chrome and Safari too, every Android says Linux.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_agent.h"

#include <stdio.h>


#define LOOKED_AT  512


typedef struct {
    const char  *mark;
    const char  *name;
} agent_row_t;


static const agent_row_t  programs[] = {
    { "wxwork/", "企业微信" },
    { "MicroMessenger/", "微信" },
    { "DingTalk/", "钉钉" },
    { "AlipayClient/", "支付宝" },
    { "QQ/", "QQ" },
    { "Edg/", "Edge" },
    { "EdgA/", "Edge" },
    { "EdgiOS/", "Edge" },
    { "Edge/", "Edge" },
    { "OPR/", "Opera" },
    { "QQBrowser/", "QQ 浏览器" },
    { "UCBrowser/", "UC 浏览器" },
    { "HuaweiBrowser/", "华为浏览器" },
    { "MiuiBrowser/", "小米浏览器" },
    { "HeyTapBrowser/", "OPPO 浏览器" },
    { "VivoBrowser/", "vivo 浏览器" },
    { "SamsungBrowser/", "Samsung Internet" },
    { "MetaSr ", "搜狗浏览器" },
    { "QihooBrowser/", "360 浏览器" },
    { "360SE", "360 浏览器" },
    { "Firefox/", "Firefox" },
    { "FxiOS/", "Firefox" },
    { "Chrome/", "Chrome" },
    { "Chromium/", "Chromium" },
    { "CriOS/", "Chrome" },
    { "Safari/", "Safari" },
    { "Trident/", "Internet Explorer" },
    { "MSIE ", "Internet Explorer" }
};

static const agent_row_t  systems[] = {
    { "OpenHarmony", "HarmonyOS" },
    { "HarmonyOS", "HarmonyOS" },
    { "Windows", "Windows" },
    { "Android", "Android" },
    { "iPhone", "iPhone" },
    { "iPad", "iPad" },
    { "Macintosh", "Mac" },
    { "CrOS", "ChromeOS" },
    { "Linux", "Linux" }
};


static bool
has_mark(mc_str_t agent, const char *mark)
{
    size_t  i, len;

    len = strlen(mark);

    for (i = 0; i + len <= agent.len; i++) {
        if (agent.data[i] == mark[0]
            && memcmp(agent.data + i, mark, len) == 0)
        {
            return true;
        }
    }

    return false;
}


static const char *
first_row(const agent_row_t *rows, size_t count, mc_str_t agent)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (has_mark(agent, rows[i].mark)) {
            return rows[i].name;
        }
    }

    return NULL;
}


size_t
mc_agent_label(mc_str_t agent, bool mini, char out[MC_AGENT_LABEL])
{
    int          n;
    const char  *program, *system;

    if (agent.len > LOOKED_AT) {
        agent.len = LOOKED_AT;
    }

    program = mini ? "小程序"
                   : first_row(programs, mc_count(programs), agent);
    system = first_row(systems, mc_count(systems), agent);

    if (program == NULL) {
        program = "浏览器";
    }

    n = snprintf(out, MC_AGENT_LABEL, "%s%s%s", program,
                 system ? " · " : "", system ? system : "");

    return n > 0 && n < MC_AGENT_LABEL ? (size_t) n : strlen(out);
}
