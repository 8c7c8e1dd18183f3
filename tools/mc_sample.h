/*
 * A certificate to try the document with: settings, data, photo, all made
 * up.  For tools, tests and benches.  Any one thread.
 */

#ifndef MC_SAMPLE_H
#define MC_SAMPLE_H

#include "mc_document.h"

#pragma GCC visibility push(hidden)


/* The default font chain and China's time zone; nothing to free. */
void mc_sample_settings(mc_settings_t *settings);

/* Strings are constant but for the name, which stays the caller's. */
void mc_sample_certificate(mc_certificate_t *certificate, mc_str_t name);

/* A baseline JPEG, 178 x 220, of nobody.  Appended to "out". */
mc_err_t mc_sample_photo(mc_buf_t *out);

/* Names that have gone wrong somewhere: rare characters, other planes,
 * minority names, long ones, Latin ones, look-alikes. */
extern const char *const mc_sample_names[];
extern const size_t mc_sample_name_count;


#pragma GCC visibility pop

#endif /* MC_SAMPLE_H */
