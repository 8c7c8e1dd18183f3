/*
 * The page that stands where no layout is configured: lines of a layout,
 * as conf.example shows them.  Constant; any thread.
 */

#ifndef MC_LAYOUT_BUILTIN_H
#define MC_LAYOUT_BUILTIN_H

#pragma GCC visibility push(hidden)


extern const char mc_layout_builtin_text[];


#pragma GCC visibility pop

#endif /* MC_LAYOUT_BUILTIN_H */
