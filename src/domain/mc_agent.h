/*
 * A User-Agent header as a few words that a person knows again: "Chrome ·
 * Windows", "微信 · Android", "小程序 · iPhone".
 *
 * Only words of our own come out, so that whatever a client sends can stand
 * on a page and in the store.  Depends on base.  Pure; any thread.
 */

#ifndef MC_AGENT_H
#define MC_AGENT_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_AGENT_LABEL  48          /* bytes with the final zero */

/*
 * Always a label: "浏览器" for a browser nobody knows, "小程序" for one of the
 * mini program ("mini").  Answers its length.  Of a header the first 512
 * bytes are looked at.
 */
size_t mc_agent_label(mc_str_t agent, bool mini, char out[MC_AGENT_LABEL]);


#pragma GCC visibility pop

#endif /* MC_AGENT_H */
