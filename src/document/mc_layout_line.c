/*
 * Pieces of a layout's lines: numbers, places, the page, room for items.
 *
 * Depends on base.  While configuration is read; any thread.
 */

#include "mc_layout_line.h"

#include <stdarg.h>
#include <stdio.h>


#define PAGE_LEAST  40000           /* micrometres */
#define PAGE_MOST   1200000


mc_err_t
mc_reader_fail(mc_reader_t *reader, const char *format, ...)
{
    int      n;
    va_list  args;

    n = snprintf(reader->error, MC_SETTINGS_ERROR, "\"%.*s\" ",
                 mc_cut60(reader->line->words[0]));

    va_start(args, format);
    (void) vsnprintf(reader->error + n, (size_t) (MC_SETTINGS_ERROR - n),
                     format, args);
    va_end(args);

    return MC_EINVAL;
}


bool
mc_reader_number(mc_str_t word, int most, int *out)
{
    int     number, decimals;
    size_t  i, digits;

    number = 0;
    decimals = -1;
    digits = 0;

    for (i = 0; i < word.len; i++) {
        if (word.data[i] == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }

        if (word.data[i] < '0' || word.data[i] > '9' || digits == 9
            || decimals == 3)
        {
            return false;
        }

        number = number * 10 + (word.data[i] - '0');
        digits++;
        decimals += decimals >= 0;

        if (number > 2000000) {
            return false;
        }
    }

    if (digits == 0 || decimals == 0) {
        return false;
    }

    for (decimals = decimals < 0 ? 0 : decimals; decimals < 3; decimals++) {
        if (number > 2000000) {
            return false;
        }

        number *= 10;
    }

    *out = number;

    return number <= most;
}


int
mc_reader_points(int length)
{
    return (int) (((int64_t) length * 36 + 63) / 127);
}


bool
mc_reader_is_number(mc_str_t word)
{
    return word.len > 0 && ((word.data[0] >= '0' && word.data[0] <= '9')
                            || word.data[0] == '-' || word.data[0] == '.');
}


mc_err_t
mc_line_page(mc_reader_t *reader)
{
    size_t    i;
    mc_str_t  name;

    static const struct {
        const char  *name;
        int          width;
        int          height;
    } sizes[] = {
        { "a4", 210000, 297000 }, { "a5", 148000, 210000 },
        { "a6", 105000, 148000 }, { "card", 148000, 105000 }
    };

    if (reader->page[0] > 0) {
        return mc_reader_fail(reader, "is duplicate");
    }

    name = reader->words[0];

    for (i = 0; reader->count == 1 && i < mc_count(sizes); i++) {
        if (mc_str_is(name, sizes[i].name)) {
            reader->page[0] = sizes[i].width;
            reader->page[1] = sizes[i].height;
        }
    }

    for (i = 0; reader->count == 2 && i < 2; i++) {
        if (!mc_reader_number(reader->words[i], PAGE_MOST, &reader->page[i])
            || reader->page[i] < PAGE_LEAST)
        {
            return mc_reader_fail(reader, "invalid length \"%.*s\", must be "
                                  "%d to %d mm", mc_cut60(reader->words[i]),
                                  PAGE_LEAST / 1000, PAGE_MOST / 1000);
        }
    }

    if (reader->page[0] == 0) {
        return mc_reader_fail(reader, "unknown size \"%.*s\", must be a4, a5, "
                              "a6, card or WIDTH HEIGHT", mc_cut60(name));
    }

    reader->layout->width = mc_reader_points(reader->page[0]);
    reader->layout->height = mc_reader_points(reader->page[1]);

    return MC_OK;
}


mc_err_t
mc_reader_place(mc_reader_t *reader, size_t *at, mc_lengths_t lengths,
    mc_item_t *item)
{
    int     numbers[4], most;
    size_t  i, count;

    static const char *const  names[] = { "x", "y", "width", "height" };

    for (count = 0; count < 4 && *at + count < reader->count
         && mc_reader_is_number(reader->words[*at + count]); count++)
    {
        most = reader->page[count % 2];

        if (!mc_reader_number(reader->words[*at + count], most,
                              &numbers[count]))
        {
            return mc_reader_fail(reader, "invalid %s \"%.*s\", must be 0 to "
                                  "%d.%d mm", names[count],
                                  mc_cut60(reader->words[*at + count]),
                                  most / 1000, most / 100 % 10);
        }
    }

    if (count < 3 || (lengths == MC_PLACE_BOX && count < 4)
        || ((lengths == MC_PLACE_SQUARE || lengths == MC_PLACE_WIDTH)
            && count > 3))
    {
        return mc_reader_fail(reader, "needs X Y %s",
                    lengths == MC_PLACE_SQUARE ? "SIZE"
                    : lengths == MC_PLACE_BOX ? "WIDTH HEIGHT"
                    : lengths == MC_PLACE_WIDE ? "WIDTH [HEIGHT]" : "WIDTH");
    }

    item->tall = count == 4;

    if (count == 3) {
        numbers[3] = lengths == MC_PLACE_SQUARE ? numbers[2] : 0;
    }

    for (i = 0; i < 2; i++) {
        if (numbers[i] + numbers[2 + i] > reader->page[i]) {
            return mc_reader_fail(reader, "the place ends at %d.%d mm, the "
                                  "page at %d.%d",
                                  (numbers[i] + numbers[2 + i]) / 1000,
                                  (numbers[i] + numbers[2 + i]) / 100 % 10,
                                  reader->page[i] / 1000,
                                  reader->page[i] / 100 % 10);
        }
    }

    if (numbers[2] < 1000 || (count == 4 && numbers[3] < 1000)) {
        return mc_reader_fail(reader, "a place of less than 1 mm");
    }

    item->box.x = mc_reader_points(numbers[0]);
    item->box.width = mc_reader_points(numbers[2]);
    item->box.height = mc_reader_points(numbers[3]);
    item->box.y = reader->layout->height - mc_reader_points(numbers[1])
                  - item->box.height;
    item->box.y = item->box.y < 0 ? 0 : item->box.y;    /* rounding */
    *at += count;

    return MC_OK;
}


mc_item_t *
mc_reader_next(mc_reader_t *reader)
{
    mc_item_t    *item;
    mc_layout_t  *layout;

    layout = reader->layout;

    if (reader->page[0] == 0) {
        (void) mc_reader_fail(reader, "stands before \"page\"");
        return NULL;
    }

    if (layout->item_count == MC_LAYOUT_ITEMS) {
        (void) mc_reader_fail(reader, "more than %d items in a layout",
                    MC_LAYOUT_ITEMS);
        return NULL;
    }

    item = &layout->items[layout->item_count];
    memset(item, 0, sizeof(*item));
    item->where = reader->line->where.data;
    item->mark.id = -1;

    return item;
}


mc_err_t
mc_reader_add(mc_reader_t *reader, mc_item_t *item)
{
    mc_layout_t  *layout;

    layout = reader->layout;

    if (item->mark.role != MC_ROLE_ARTIFACT) {
        item->mark.id = (int) layout->marked_count;
        layout->marked[layout->marked_count++]
            = (uint8_t) layout->item_count;
    }

    layout->item_count++;

    return MC_OK;
}
