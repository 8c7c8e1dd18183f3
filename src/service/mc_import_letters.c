/*
 * What mc_import_letters.h says.
 *
 * Depends on domain and base.  A command only.
 */

#include "mc_import_letters.h"

#include "mc_character.h"
#include "mc_utf8.h"


/* The first character of a line that is changed, or is private and known to
 * nobody; 0: none. */
static uint32_t
strange(mc_str_t line)
{
    size_t    pos;
    uint32_t  code_point;

    for (pos = 0; pos < line.len; /* void */ ) {
        code_point = mc_utf8_next(line, &pos);

        if (mc_character_is_private(code_point)
            || mc_character_is_selector(code_point))
        {
            return code_point;
        }
    }

    return 0;
}


static void
tell(mc_import_table_t *table, unsigned line, uint32_t code_point,
    const mc_character_map_t *map)
{
    uint32_t  public_;

    if (mc_character_is_selector(code_point)) {
        mc_import_warn_line(table, line, "variation selector U+%04X is left "
                            "out", (unsigned) code_point);
        return;
    }

    public_ = mc_character_public(code_point, map);

    if (public_ != code_point) {
        mc_import_warn_line(table, line, "private-use U+%04X was read as "
                            "U+%04X", (unsigned) code_point,
                            (unsigned) public_);
        return;
    }

    mc_import_warn_line(table, line, "nobody knows what private-use U+%04X "
                        "means: name it by --private-use",
                        (unsigned) code_point);
}


mc_err_t
mc_import_letters(mc_import_table_t *table, mc_buf_t *settled)
{
    size_t                     end;
    unsigned                   line;
    mc_str_t                   rest;
    uint32_t                   code_point;
    const char                *feed;
    const mc_character_map_t  *map;

    rest = table->text;
    map = table->file->private_use;

    if (!mc_character_unsettled(rest) || !mc_utf8_valid(rest)) {
        return MC_OK;
    }

    for (line = 1; rest.len > 0; line++) {
        feed = memchr(rest.data, '\n', rest.len);
        end = feed != NULL ? (size_t) (feed - rest.data) + 1 : rest.len;

        code_point = strange((mc_str_t) { rest.data, end });

        if (code_point != 0) {
            tell(table, line, code_point, map);
        }

        rest.data += end;
        rest.len -= end;
    }

    return mc_character_settle(table->text, map, settled);
}
