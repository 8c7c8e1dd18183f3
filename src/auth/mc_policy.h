/*
 * What may become a password (S12 X04; ASVS 5.0 6.2, NIST SP 800-63B).
 *
 * Profile "nist" asks for a length and that the password is not among those
 * that are guessed first; "djcp" (GB/T 22239) for three of four classes as
 * well.  Nothing is trimmed, cut or folded in what is hashed later: the
 * password is its exact bytes.
 *
 * What is guessed first is told by points, two for about a bit of work: the
 * password is read as the cheapest row of pieces (words of our list and of
 * the operator's, dates, years, repeats, sequences, walks over the keyboard,
 * what belongs to the member, single characters), and one below
 * MC_POLICY_POINTS is refused.  So "Woaini1314520", "Password123!",
 * "qwertyuiop123", "Zhang19850101" and "aaaaaaaaaa" fall; ten random letters
 * pass (99 of 100), four words, and most rows of eleven random digits.
 *
 * Opened while configuration is read, read-only afterwards: any thread.  A
 * check takes up to a few ms for the longest passwords: no loop.
 */

#ifndef MC_POLICY_H
#define MC_POLICY_H

#include "mc_problem.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_POLICY_POINTS   60
#define MC_POLICY_MAX      256      /* bytes of a password */
#define MC_POLICY_HISTORY  5        /* of djcp: the last ones, with the
                                       present one */
#define MC_POLICY_AGE      (INT64_C(90) * 86400000)     /* ms, of djcp */
#define MC_POLICY_CONTEXT  24

/* The operator's list: sorted, 8 bytes a word (SipHash of its lower-case
 * form).  A file has one password a line; empty lines and words under 5
 * bytes are passed over. */
#define MC_POLICY_LIST_BYTES  (64 * 1024 * 1024)
#define MC_POLICY_LIST_WORDS  4000000
#define MC_POLICY_LIST_MIN    5

typedef struct {
    size_t     count;
    uint64_t  *hashes;
} mc_policy_list_t;

typedef struct mc_policy_s  mc_policy_t;

/* What an attacker knows of the member; strings are borrowed. */
typedef struct {
    size_t    count;
    mc_str_t  words[MC_POLICY_CONTEXT];
} mc_policy_context_t;

/* After mc_password_init().  Reads the file of blocklist=; NULL and a text
 * ("/etc/x:17: ...") when it is not to be used. */
mc_policy_t *mc_policy_open(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);
void mc_policy_close(mc_policy_t *policy);      /* NULL is fine */

/* Whole as it is, and an e-mail address also in its parts; nothing under 3
 * bytes; those beyond the array are dropped. */
void mc_policy_context_add(mc_policy_context_t *context, mc_str_t word);

/* Adds every fault (password_short, _long, _classes, and one of _common and
 * _context); true when there was none.  "context" may be NULL. */
bool mc_policy_check(const mc_policy_t *policy, mc_str_t password,
    const mc_policy_context_t *context, mc_problems_t *problems);


/* --- parts (mc_policy_guess.c, _keys.c, _list.c, _words.c) --------------- */

/* Points of the password, at most MC_POLICY_MAX bytes; "list" and "context"
 * may be NULL. */
uint32_t mc_policy_points(mc_str_t password, const mc_policy_list_t *list,
    const mc_policy_context_t *context);

/* MC_EINVAL with *line (from 1) and *why; MC_ETOOBIG: too many words;
 * MC_ENOMEM.  On MC_OK "list" owns its hashes. */
mc_err_t mc_policy_list_parse(mc_policy_list_t *list, mc_str_t text,
    size_t *line, const char **why);
void mc_policy_list_free(mc_policy_list_t *list);

/* "word" is in lower case. */
bool mc_policy_list_has(const mc_policy_list_t *list, mc_str_t word);

/* The way from one key to a neighbour, as a number other than 0; 0: none. */
int mc_policy_key_step(char from, char to);

/* Sorted, lower case, 3 to MC_POLICY_WORD letters and digits. */
#define MC_POLICY_WORD  25
extern const char *const  mc_policy_words[];
extern const size_t       mc_policy_word_count;


#pragma GCC visibility pop

#endif /* MC_POLICY_H */
