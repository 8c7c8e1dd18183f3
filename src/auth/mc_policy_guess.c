/*
 * How soon a password is guessed: the cheapest row of pieces that makes it,
 * in points, two for about a bit.
 *
 * Depends on base and the lists.  No I/O, no memory but the stack; any
 * thread.  best[i] is the least for the first i bytes; each place offers its
 * pieces to the places behind it, so one pass from left to right finds the
 * cheapest row.  With at most 256 bytes it takes a few ms at the worst.
 */

#include "mc_policy.h"


#define POINTS_DIGIT    7
#define POINTS_LOWER    8
#define POINTS_OTHER    10           /* capitals, signs */
#define POINTS_WIDE     14           /* a character beyond ASCII */
#define POINTS_REPEAT   6           /* again what stood just before */
#define POINTS_RUN      10           /* abc, 987 */
#define POINTS_STEP     12           /* 2468, acegi */
#define POINTS_WALK     12           /* and two a turn */
#define POINTS_YEAR     13
#define POINTS_DAY      18           /* month and day */
#define POINTS_MONTH    20           /* year and month */
#define POINTS_DATE     26
#define POINTS_SHORT    33          /* 850101 */
#define POINTS_WORD     18
#define POINTS_LIST     28          /* of the operator's list */
#define POINTS_CONTEXT  6

#define REPEAT_MAX      32          /* bytes that stand again */
#define CONTEXT_DIGITS  6           /* in a row, of a number */

#define FORMS  3

typedef struct {
    size_t    len;
    char      text[MC_POLICY_MAX];          /* as it came */
    char      form[FORMS][MC_POLICY_MAX];   /* lower case; leet read, with 1
                                               and ! as i, as l */
    bool      plain[MC_POLICY_MAX + 1];     /* [i]: no letter before i */
    bool      tail[MC_POLICY_MAX + 1];      /* [i]: none from i on */
    uint32_t  best[MC_POLICY_MAX + 1];

    const mc_policy_list_t     *list;
    const mc_policy_context_t  *context;
} guess_t;


static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}


static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (unsigned char) c >= 0x80;
}


static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}


/* What a digit or sign stands for in "p@ssw0rd". */
static char
leet(char c, char one)
{
    switch (c) {

    case '0':
        return 'o';

    case '1': case '!': case '|':
        return one;

    case '3':
        return 'e';

    case '4': case '@':
        return 'a';

    case '5': case '$':
        return 's';

    case '7': case '+':
        return 't';

    case '8':
        return 'b';

    case '9':
        return 'g';

    default:
        return lower(c);
    }
}


static void
offer(guess_t *guess, size_t from, size_t len, uint32_t points)
{
    points += guess->best[from];

    if (points < guess->best[from + len]) {
        guess->best[from + len] = points;
    }
}


/* --- single characters --------------------------------------------------- */

static void
offer_character(guess_t *guess, size_t i)
{
    char      c;
    uint32_t  points;

    c = guess->text[i];

    if (is_digit(c)) {
        points = POINTS_DIGIT;

    } else if (c >= 'a' && c <= 'z') {
        points = POINTS_LOWER;

    } else if ((unsigned char) c < 0x80) {
        points = POINTS_OTHER;

    } else {
        /* the bytes behind the first cost nothing */
        points = (unsigned char) c >= 0xC0 ? POINTS_WIDE : 0;
    }

    offer(guess, i, 1, points);
}


/* --- repeats, runs, walks ------------------------------------------------ */

/* "aaaa", "abcabc": what follows is what stood up to 32 bytes before. */
static void
offer_repeats(guess_t *guess, size_t i)
{
    size_t       back, n;
    const char  *text;

    text = guess->form[0];

    for (back = 1; back <= i && back <= REPEAT_MAX; back++) {

        for (n = 0; i + n < guess->len && text[i + n] == text[i + n - back];
             n++)
        {
            if (n + 1 >= 2 && n + 1 >= back) {
                offer(guess, i, n + 1, POINTS_REPEAT);
            }
        }
    }
}


static void
offer_runs(guess_t *guess, size_t i, int step, size_t least, uint32_t points)
{
    size_t       n;
    const char  *text;

    text = guess->form[0] + i;

    if (!is_digit(text[0]) && (text[0] < 'a' || text[0] > 'z')) {
        return;
    }

    for (n = 1; i + n < guess->len && text[n] - text[n - 1] == step
                && is_digit(text[n]) == is_digit(text[0])
                && (is_digit(text[n])
                    || (text[n] >= 'a' && text[n] <= 'z'));
         n++)
    {
        if (n + 1 >= least) {
            offer(guess, i, n + 1, points);
        }
    }
}


/* "qwertyuiop", "1qaz", "!@#$": at least four keys. */
static void
offer_walk(guess_t *guess, size_t i)
{
    int       step, last;
    size_t    n;
    uint32_t  points;

    last = 0;
    points = POINTS_WALK;

    for (n = 1; i + n < guess->len; n++) {
        step = mc_policy_key_step(guess->text[i + n - 1],
                                  guess->text[i + n]);

        if (step == 0) {
            return;
        }

        points += last != 0 && step != last ? 2 : 0;
        last = step;

        if (n + 1 >= 4) {
            offer(guess, i, n + 1, points);
        }
    }
}


/* --- dates --------------------------------------------------------------- */

/* "count" digits at i as a number; -1 when they are not there. */
static int
number_at(const guess_t *guess, size_t i, size_t count)
{
    int     value;
    size_t  n;

    if (i + count > guess->len) {
        return -1;
    }

    value = 0;

    for (n = 0; n < count; n++) {
        if (!is_digit(guess->text[i + n])) {
            return -1;
        }

        value = value * 10 + (guess->text[i + n] - '0');
    }

    return value;
}


static bool
is_year(int year)
{
    return year >= 1930 && year <= 2049;
}


static bool
is_day(int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}


/* "1985-1-1", "1985/01/01", "1985.1.1" */
static void
offer_parted_date(guess_t *guess, size_t i)
{
    char    sign;
    size_t  a, b, at;

    if (!is_year(number_at(guess, i, 4)) || i + 4 >= guess->len) {
        return;
    }

    sign = guess->text[i + 4];

    if (sign != '-' && sign != '/' && sign != '.' && sign != '_') {
        return;
    }

    for (a = 1; a <= 2; a++) {
        at = i + 5 + a;

        if (at >= guess->len || guess->text[at] != sign) {
            continue;
        }

        for (b = 1; b <= 2; b++) {
            if (is_day(number_at(guess, i + 5, a),
                       number_at(guess, at + 1, b)))
            {
                offer(guess, i, 5 + a + 1 + b, POINTS_DATE);
            }
        }
    }
}


static void
offer_dates(guess_t *guess, size_t i)
{
    int  a, b, c, year;

    a = number_at(guess, i, 2);
    b = number_at(guess, i + 2, 2);
    c = number_at(guess, i + 4, 2);
    year = number_at(guess, i, 4);

    if (is_year(year)) {
        offer(guess, i, 4, POINTS_YEAR);

        if (c >= 1 && c <= 12) {
            offer(guess, i, 6, POINTS_MONTH);
        }

        if (is_day(c, number_at(guess, i + 6, 2))) {
            offer(guess, i, 8, POINTS_DATE);
        }
    }

    if (is_day(a, b) || is_day(b, a)) {
        offer(guess, i, 4, POINTS_DAY);

        if (is_year(number_at(guess, i + 4, 4))) {
            offer(guess, i, 8, POINTS_DATE);
        }
    }

    if (a >= 0 && is_day(b, c)) {
        offer(guess, i, 6, POINTS_SHORT);
    }

    offer_parted_date(guess, i);
}


/* --- words --------------------------------------------------------------- */

static bool
word_known(const char *text, size_t len)
{
    int          order;
    size_t       low, high, middle, own;
    const char  *word;

    low = 0;
    high = mc_policy_word_count;

    while (low < high) {
        middle = low + (high - low) / 2;
        word = mc_policy_words[middle];
        own = strlen(word);
        order = memcmp(word, text, own < len ? own : len);

        if (order == 0 && own == len) {
            return true;
        }

        if (order == 0) {
            order = own < len ? -1 : 1;
        }

        if (order < 0) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return false;
}


/* A capital, and digits or signs for letters, cost two points each. */
static uint32_t
spelling(const guess_t *guess, size_t i, size_t len, unsigned form)
{
    bool    capital, digits;
    size_t  n;

    capital = false;
    digits = false;

    for (n = i; n < i + len; n++) {
        capital |= guess->text[n] != guess->form[0][n];
        digits |= guess->form[form][n] != guess->form[0][n];
    }

    return (capital ? 2u : 0) + (digits ? 2u : 0);
}


static void
offer_words(guess_t *guess, size_t i, unsigned form)
{
    size_t  len;

    for (len = 3; len <= MC_POLICY_WORD && i + len <= guess->len; len++) {
        if (word_known(guess->form[form] + i, len)) {
            offer(guess, i, len,
                  POINTS_WORD + spelling(guess, i, len, form));
        }
    }
}


/* The operator's list: the password without the digits and signs before and
 * behind it, or with some of them. */
static void
offer_list(guess_t *guess, size_t i, unsigned form)
{
    size_t    len;
    mc_str_t  word;

    if (guess->list == NULL || guess->list->count == 0 || !guess->plain[i])
    {
        return;
    }

    for (len = MC_POLICY_LIST_MIN; i + len <= guess->len; len++) {
        word = (mc_str_t) { guess->form[form] + i, len };

        if (guess->tail[i + len] && mc_policy_list_has(guess->list, word)) {
            offer(guess, i, len,
                  POINTS_LIST + spelling(guess, i, len, form));
        }
    }
}


/* --- the member's own ---------------------------------------------------- */

/* How many bytes at i are those of the word at "at", whatever their case. */
static size_t
common(const guess_t *guess, size_t i, mc_str_t word, size_t at)
{
    size_t  n;

    for (n = 0; i + n < guess->len && at + n < word.len; n++) {
        if (guess->form[0][i + n] != lower(word.data[at + n])) {
            break;
        }
    }

    return n;
}


/* A word as a whole; of a number also six digits of it. */
static void
offer_context(guess_t *guess, size_t i, mc_str_t word)
{
    size_t  at, n, run;

    if (common(guess, i, word, 0) == word.len) {
        offer(guess, i, word.len, POINTS_CONTEXT);
    }

    for (at = 0; at < word.len; at++) {
        n = common(guess, i, word, at);

        for (run = 0; run < n && is_digit(guess->text[i + run]); run++) {
            /* void */
        }

        for ( /* void */ ; run >= CONTEXT_DIGITS; run--) {
            offer(guess, i, run, POINTS_CONTEXT);
        }
    }
}


static void
prepare(guess_t *guess, mc_str_t password)
{
    size_t  i;

    guess->len = password.len < MC_POLICY_MAX ? password.len : MC_POLICY_MAX;
    memcpy(guess->text, password.data, guess->len);

    guess->plain[0] = true;
    guess->tail[guess->len] = true;
    guess->best[0] = 0;

    for (i = 0; i < guess->len; i++) {
        guess->form[0][i] = lower(guess->text[i]);
        guess->form[1][i] = leet(guess->text[i], 'i');
        guess->form[2][i] = leet(guess->text[i], 'l');
        guess->plain[i + 1] = guess->plain[i] && !is_letter(guess->text[i]);
        guess->best[i + 1] = UINT32_MAX;
    }

    for (i = guess->len; i > 0; i--) {
        guess->tail[i - 1] = guess->tail[i]
                             && !is_letter(guess->text[i - 1]);
    }
}


uint32_t
mc_policy_points(mc_str_t password, const mc_policy_list_t *list,
    const mc_policy_context_t *context)
{
    size_t    i, n;
    guess_t   guess;
    unsigned  form;
    uint32_t  points;

    memset(&guess, 0, sizeof(guess));

    if (password.len == 0) {
        return 0;
    }

    guess.list = list;
    guess.context = context;

    prepare(&guess, password);

    for (i = 0; i < guess.len; i++) {
        offer_character(&guess, i);
        offer_repeats(&guess, i);
        offer_runs(&guess, i, 1, 3, POINTS_RUN);
        offer_runs(&guess, i, -1, 3, POINTS_RUN);
        offer_runs(&guess, i, 2, 4, POINTS_STEP);
        offer_runs(&guess, i, -2, 4, POINTS_STEP);
        offer_walk(&guess, i);
        offer_dates(&guess, i);

        for (form = 0; form < FORMS; form++) {
            offer_words(&guess, i, form);
            offer_list(&guess, i, form);
        }

        for (n = 0; context != NULL && n < context->count; n++) {
            offer_context(&guess, i, context->words[n]);
        }
    }

    points = guess.best[guess.len];
    explicit_bzero(&guess, sizeof(guess));

    return points;
}
