/*
 * For tests of the settings: a directive written as one line, words
 * parted by single blanks ("~" stands for a blank inside a word).
 */

#ifndef TEST_DOMAIN_SETTINGS_LINE_H
#define TEST_DOMAIN_SETTINGS_LINE_H

#include "mc_settings.h"

#define LINE_WORDS  80


static inline mc_err_t
take_line(mc_settings_t *settings, const char *line,
    char error[MC_SETTINGS_ERROR])
{
    char      copy[8192], *p, *end;
    size_t    count;
    mc_str_t  words[LINE_WORDS];

    assert_true(strlen(line) < sizeof(copy));
    (void) snprintf(copy, sizeof(copy), "%s", line);

    for (count = 0, p = copy; p != NULL; count++) {
        assert_true(count < LINE_WORDS);

        end = strchr(p, ' ');
        words[count].data = p;
        words[count].len = end != NULL ? (size_t) (end - p) : strlen(p);
        p = end != NULL ? end + 1 : NULL;
    }

    for (p = copy; *p != '\0'; p++) {
        if (*p == '~') {
            *p = ' ';
        }
    }

    return mc_settings_take(settings, words, count, "nginx.conf:7", error);
}


static inline mc_settings_t *
take_lines(const char *const *lines)
{
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);

    for (; *lines != NULL; lines++) {
        if (take_line(settings, *lines, error) != MC_OK) {
            fail_msg("%s: %s", *lines, error);
        }
    }

    return settings;
}

#endif /* TEST_DOMAIN_SETTINGS_LINE_H */
