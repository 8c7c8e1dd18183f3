/*
 * Reads page content, word by word.
 *
 * Depends on base, mc_seal_draw.  Any one thread.
 */

#include "mc_preview_page.h"

#include "mc_preview_operator.h"


#define WORD  32                    /* letters of an operand */

typedef mc_preview_run_t  page_t;


static bool
is_operand(mc_str_t word)
{
    size_t  i;

    if (word.data[0] == '/') {
        return true;                    /* draw_form() looks closer */
    }

    if (word.data[0] == '[') {

        if (word.data[word.len - 1] != ']' || word.len > WORD) {
            return false;
        }

        word.data++;
        word.len -= 2;

    } else if (word.len > WORD) {
        return false;
    }

    for (i = 0; i < word.len; i++) {

        if (!((word.data[i] >= '0' && word.data[i] <= '9')
              || word.data[i] == '-' || word.data[i] == '.'
              || word.data[i] == ' '))
        {
            return false;
        }
    }

    return true;
}


/* The next word; an array is one. */
static mc_str_t
next_word(page_t *page)
{
    char      end;
    mc_str_t  word;

    mc_seal_blanks(&page->scan);
    word = (mc_str_t) { page->scan.p, 0 };

    if (page->scan.p == page->scan.end) {
        return word;
    }

    end = *page->scan.p == '[' ? ']' : '\0';

    while (page->scan.p < page->scan.end) {

        if (end == '\0' && (*page->scan.p == ' ' || *page->scan.p == '\n')) {
            break;
        }

        if (*page->scan.p++ == end && end != '\0') {
            break;
        }
    }

    word.len = (size_t) (page->scan.p - word.data);

    return word;
}


static bool
run(page_t *page, mc_str_t word)
{
    bool                          good;
    const mc_preview_operator_t  *operator_;

    operator_ = mc_preview_operator(word);

    if (operator_ != NULL) {
        good = page->count == operator_->operands && operator_->run(page);
        page->count = 0;

        return good;
    }

    if (page->count == MC_PREVIEW_OPERANDS || !is_operand(word)) {
        return false;
    }

    page->operands[page->count++] = word;

    return true;
}


mc_err_t
mc_preview_page(mc_str_t content, unsigned *clips, mc_buf_t *out)
{
    bool       good;
    page_t    *page;
    mc_str_t   word;
    mc_err_t   err;

    page = mc_alloc(sizeof(page_t));

    if (page == NULL) {
        return MC_ENOMEM;
    }

    page->scan = mc_seal_scan(content);
    page->out = out;
    page->clips = clips;
    mc_buf_init(&page->path, out->max);
    good = true;

    while (good && out->err == MC_OK) {
        word = next_word(page);

        if (word.len == 0) {
            break;
        }

        good = run(page, word);
    }

    good = good && page->saved == 0 && page->count == 0;
    mc_preview_close(page);

    err = page->path.err != MC_OK ? page->path.err
          : out->err != MC_OK ? out->err : good ? MC_OK : MC_EINVAL;

    mc_buf_free(&page->path);
    mc_free(page);

    return err;
}
