/*
 * The deflated path of a QR code.
 *
 * Depends on base, mc_qr.  Any thread.
 *
 * A run of modules is "12 34 5 1 re\n": 13 characters, 14 where it is 10
 * or more modules wide.  Within a row " 34 " is copied from the run before,
 * and " 1 re\n" always is; so the distances are 13 and 14, one symbol of
 * the alphabet of distances (13 .. 16) with two bits behind it.  What is
 * left are digits.  Code lengths are fixed: near to the best for the few
 * symbols that appear, and a complete code as decoders demand.
 */

#include "mc_qr_path.h"

#include <endian.h>


#define SYMBOLS    261          /* literals, end of block, lengths 3 .. 6 */
#define DISTANCES  8
#define END        256
#define FOUR       258          /* a copy of 4 characters */
#define SIX        260

#define RUN        13           /* characters of a run */
#define COUNT      56           /* where a code's count stands */
#define CODE       (~(UINT64_MAX << COUNT))
#define ROOM       1024         /* of one row, and then some */

/* Code lengths; 0: not used. */
static const struct {
    uint16_t  symbol;
    uint8_t   len;
} lengths[] = {
    { FOUR, 2 }, { SIX, 2 }, { '1', 3 }, { '2', 3 }, { '3', 4 }, { '4', 4 },
    { '5', 5 }, { '6', 5 }, { '7', 6 }, { '8', 6 }, { '9', 6 }, { '0', 7 },
    { ' ', 8 }, { '\n', 11 }, { '%', 11 }, { 'e', 11 }, { 'f', 11 },
    { 'g', 11 }, { 'q', 11 }, { 'r', 11 }, { END, 11 }
};

/* The alphabet the code lengths themselves are sent in: lengths of its
 * codes, by symbol.  18 is a run of 11 to 138 zeros. */
static const uint8_t  meta[19] = {
    [0] = 3, [18] = 3, [11] = 3, [2] = 3, [1] = 4, [3] = 4, [4] = 4,
    [5] = 4, [6] = 4, [7] = 4, [8] = 4, [17] = 4
};

/* ... and the order those lengths are sent in (RFC 1951 3.2.7). */
static const uint8_t  meta_order[19] = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
};

typedef struct {
    uint16_t  bits;             /* the first in the lowest */
    uint8_t   len;
} code_t;

typedef struct {
    uint8_t  *p;
    uint64_t  bits;
    unsigned  count;
} writer_t;


/* Canonical codes of RFC 1951 3.2.2, turned round for writing. */
static void
make_codes(const uint8_t *sizes, size_t count, code_t *codes)
{
    size_t    i;
    unsigned  len, next, code, n;

    next = 0;

    for (len = 1; len <= 15; len++) {
        next <<= 1;

        for (i = 0; i < count; i++) {
            if (sizes[i] != len) {
                continue;
            }

            code = next++;
            codes[i].len = (uint8_t) len;
            codes[i].bits = 0;

            for (n = 0; n < len; n++) {
                codes[i].bits = (uint16_t) ((unsigned) codes[i].bits << 1
                                            | (code >> n & 1));
            }
        }
    }
}


static inline void
flush(writer_t *writer)
{
    unsigned  bytes;
    uint64_t  bits;

    bits = htole64(writer->bits);
    memcpy(writer->p, &bits, sizeof(bits));

    bytes = writer->count / 8;
    writer->p += bytes;
    writer->bits >>= bytes * 8;
    writer->count &= 7;
}


/* At most 57 bits between two flushes. */
static inline void
put(writer_t *writer, uint64_t bits, unsigned count)
{
    writer->bits |= bits << writer->count;
    writer->count += count;
}


static void
put_now(writer_t *writer, uint64_t bits, unsigned count)
{
    put(writer, bits, count);
    flush(writer);
}


static void
add_bits(mc_qr_piece_t *piece, uint64_t bits, unsigned count)
{
    piece->bits |= bits << piece->count;
    piece->count += count;
}


/* Characters that are known, however they are sent. */
static void
add_text(mc_qr_piece_t *piece, const char *text)
{
    for ( ; *text != '\0'; text++) {
        piece->sums += (uint8_t) *text;
        piece->sums += piece->sums << 32;
    }
}


/* So many characters follow within the same run. */
static void
add_place(mc_qr_piece_t *piece, unsigned behind)
{
    piece->sums += (piece->sums & UINT32_MAX) * behind << 32;
}


static mc_qr_code_t
code_of(const mc_qr_piece_t *piece)
{
    return (mc_qr_code_t) {
        piece->bits | (uint64_t) piece->count << COUNT, piece->sums
    };
}


static void
add_literals(mc_qr_piece_t *piece, const code_t *codes, const char *text)
{
    add_text(piece, text);

    for ( ; *text != '\0'; text++) {
        add_bits(piece, codes[(uint8_t) *text].bits,
                 codes[(uint8_t) *text].len);
    }
}


/* The only code of the distances is "0"; 13 is its first value. */
static void
add_copy(mc_qr_piece_t *piece, const code_t *codes, int symbol,
    unsigned distance)
{
    add_bits(piece, codes[symbol].bits, codes[symbol].len);
    add_bits(piece, (uint64_t) (distance - RUN) << 1, 3);
}


static const char *
number(char out[8], unsigned value)
{
    size_t  n;

    n = 0;
    if (value >= 10) {
        out[n++] = (char) ('0' + value / 10);
    }

    out[n++] = (char) ('0' + value % 10);
    out[n] = '\0';

    return out;
}


static void
make_column(mc_qr_path_t *path, const code_t *codes, unsigned i)
{
    char           text[8];
    mc_qr_piece_t  piece, copy;

    number(text, i + MC_QR_PATH_ORIGIN);

    memset(&piece, 0, sizeof(piece));
    add_literals(&piece, codes, text);
    add_place(&piece, RUN - 2);
    path->first[i] = code_of(&piece);

    copy = piece;
    add_copy(&copy, codes, FOUR, RUN);
    path->x[0][i] = code_of(&copy);

    copy = piece;
    add_copy(&copy, codes, FOUR, RUN + 1);
    path->x[1][i] = code_of(&copy);

    memset(&piece, 0, sizeof(piece));
    add_literals(&piece, codes, " ");
    add_literals(&piece, codes, text);
    add_literals(&piece, codes, " ");
    add_place(&piece, RUN - 6);
    path->y[i] = code_of(&piece);
}


static void
make_pieces(mc_qr_path_t *path, const code_t *codes)
{
    char           text[8];
    unsigned       i;
    mc_qr_piece_t  piece;

    for (i = 0; i < MC_QR_MODULES; i++) {
        make_column(path, codes, i);
    }

    for (i = 1; i <= MC_QR_MODULES; i++) {
        memset(&piece, 0, sizeof(piece));
        add_literals(&piece, codes, number(text, i));
        add_copy(&piece, codes, SIX, i < 10 ? RUN : RUN + 1);
        add_text(&piece, " 1 re\n");
        path->width[i] = code_of(&piece);
    }

    add_literals(&path->end, codes, "f\n");
    add_bits(&path->end, codes[END].bits, codes[END].len);
}


/* Lengths of the codes, zeros in runs. */
static void
put_lengths(writer_t *writer, const uint8_t *sizes, size_t count)
{
    size_t  i, zeros;
    code_t  codes[19];

    memset(codes, 0, sizeof(codes));
    make_codes(meta, 19, codes);

    for (i = 0; i < count; /* void */ ) {

        for (zeros = 0; i + zeros < count && sizes[i + zeros] == 0
             && zeros < 138; zeros++)
        {
            /* void */
        }

        if (zeros >= 11) {
            put_now(writer, codes[18].bits, codes[18].len);
            put_now(writer, zeros - 11, 7);
            i += zeros;

        } else if (zeros >= 3) {
            put_now(writer, codes[17].bits, codes[17].len);
            put_now(writer, zeros - 3, 3);
            i += zeros;

        } else {
            put_now(writer, codes[sizes[i]].bits, codes[sizes[i]].len);
            i++;
        }
    }
}


/* zlib's two bytes, the block's header, and the words before the runs: a
 * comment gives the first run something to copy. */
static void
make_head(mc_qr_path_t *path, const uint8_t *sizes, const code_t *codes)
{
    size_t           i;
    writer_t         writer;
    mc_qr_piece_t    piece;
    const char      *p;

    static const char  words[] = "0 0 0 rg\n% 1 re\n";

    memset(path->head, 0, sizeof(path->head));
    writer = (writer_t) { path->head, 0, 0 };

    put_now(&writer, 0x78, 8);
    put_now(&writer, 0xDA, 8);
    put_now(&writer, 1 | 2 << 1, 3);            /* last block, own codes */
    put_now(&writer, SYMBOLS - 257, 5);
    put_now(&writer, DISTANCES - 1, 5);
    put_now(&writer, 19 - 4, 4);

    for (i = 0; i < 19; i++) {
        put_now(&writer, meta[meta_order[i]], 3);
    }

    put_lengths(&writer, sizes, SYMBOLS + DISTANCES);

    for (p = words; *p != '\0'; p++) {
        put_now(&writer, codes[(uint8_t) *p].bits, codes[(uint8_t) *p].len);
    }

    path->head_len = (size_t) (writer.p - path->head);

    memset(&piece, 0, sizeof(piece));
    add_text(&piece, words);
    piece.bits = writer.bits;
    piece.count = writer.count;
    path->rest = piece;
    path->words = sizeof(words) - 1;
}


void
mc_qr_path_init(mc_qr_path_t *path)
{
    size_t   i;
    code_t   codes[SYMBOLS];
    uint8_t  sizes[SYMBOLS + DISTANCES];

    memset(path, 0, sizeof(*path));
    memset(sizes, 0, sizeof(sizes));
    memset(codes, 0, sizeof(codes));

    for (i = 0; i < mc_count(lengths); i++) {
        sizes[lengths[i].symbol] = lengths[i].len;
    }

    make_codes(sizes, SYMBOLS, codes);
    sizes[SYMBOLS + DISTANCES - 1] = 1;         /* 13 .. 16 */

    make_head(path, sizes, codes);
    make_pieces(path, codes);
}


static uint64_t
turned(uint64_t bits)
{
    bits = __builtin_bswap64(bits);
    bits = (bits & UINT64_C(0x0F0F0F0F0F0F0F0F)) << 4
           | (bits >> 4 & UINT64_C(0x0F0F0F0F0F0F0F0F));
    bits = (bits & UINT64_C(0x3333333333333333)) << 2
           | (bits >> 2 & UINT64_C(0x3333333333333333));

    return (bits & UINT64_C(0x5555555555555555)) << 1
           | (bits >> 1 & UINT64_C(0x5555555555555555));
}


/* The row's modules, the leftmost in the lowest bit: runs are then found by
 * an instruction that is quick everywhere. */
static uint64_t
row_of(const mc_qr_t *qr, unsigned y)
{
    unsigned  x, at, next;
    uint64_t  row;

    row = 0;

    for (x = 0; x < qr->size; x += 8) {
        at = y * qr->size + x;
        next = at / 8 + 1 < sizeof(qr->bits) ? qr->bits[at / 8 + 1] : 0;
        next |= (unsigned) qr->bits[at / 8] << 8;
        row |= (uint64_t) (next >> (8 - at % 8) & 0xFF) << (56 - x);
    }

    return turned(row) & ~(UINT64_MAX << qr->size);
}


/* zlib's check sum, not yet reduced. */
typedef struct {
    uint64_t  a;
    uint64_t  b;
} sums_t;


/* A text of so many characters, with the sums of a piece. */
static inline void
add_sums(sums_t *sums, uint64_t len, uint64_t piece)
{
    sums->b += len * sums->a + (piece >> 32);
    sums->a += piece & UINT32_MAX;
}


/* "bits" of one piece behind those of another. */
static inline void
put_codes(writer_t *writer, uint64_t a, uint64_t b)
{
    unsigned  count;

    count = (unsigned) (a >> COUNT);

    put(writer, (a & CODE) | (b & CODE) << count,
        count + (unsigned) (b >> COUNT));
    flush(writer);
}


/* Its runs; "modules" is a row, 57 bits at most. */
static void
put_row(const mc_qr_path_t *path, writer_t *writer, sums_t *sums,
    uint64_t modules, const mc_qr_code_t *y)
{
    sums_t               now;
    unsigned             column, width;
    uint64_t             piece;
    writer_t             out;
    const mc_qr_code_t  *x, *w, *columns;

    out = *writer;
    now = *sums;
    column = 0;
    columns = NULL;

    while (modules != 0) {
        width = (unsigned) __builtin_ctzll(modules);
        modules >>= width;
        column += width;

        /* never all ones */
        width = (unsigned) __builtin_ctzll(~modules);
        modules >>= width;

        w = &path->width[width];

        if (columns == NULL) {
            x = &path->first[column];
            put_codes(&out, x->code, y->code);
            put_codes(&out, 0, w->code);

        } else {
            x = &columns[column];
            put_codes(&out, x->code, w->code);
        }

        piece = x->sums + y->sums + w->sums;

        if (width < 10) {
            add_sums(&now, RUN, piece);
            columns = path->x[0];

        } else {
            /* what stands before the width is one more away */
            add_sums(&now, RUN + 1, piece + ((x->sums + y->sums) << 32));
            columns = path->x[1];
        }

        column += width;
    }

    *writer = out;
    *sums = now;
}


mc_err_t
mc_qr_path_write(const mc_qr_path_t *path, const mc_qr_t *qr, mc_buf_t *out)
{
    sums_t    sums;
    uint32_t  check;
    unsigned  y;
    writer_t  writer;

    if (qr->size == 0 || qr->size > MC_QR_MODULES) {
        return MC_EINVAL;
    }

    /* a run takes 5 bytes at most, and is followed by a light module */
    if (mc_buf_reserve(out, ROOM + (size_t) qr->size * (qr->size + 1) / 2
                                   * 5) != MC_OK)
    {
        return out->err;
    }

    writer.p = out->data + out->len;
    memcpy(writer.p, path->head, path->head_len);
    writer.p += path->head_len;
    writer.bits = path->rest.bits;
    writer.count = path->rest.count;

    sums = (sums_t) { 1, 0 };
    add_sums(&sums, path->words, path->rest.sums);

    for (y = 0; y < qr->size; y++) {
        put_row(path, &writer, &sums, row_of(qr, y),
                &path->y[qr->size - 1 - y]);
    }

    put(&writer, path->end.bits, path->end.count);
    add_sums(&sums, 2, path->end.sums);
    writer.count = (writer.count + 7) / 8 * 8;
    flush(&writer);

    check = htobe32((uint32_t) (sums.b % 65521 << 16 | sums.a % 65521));
    memcpy(writer.p, &check, sizeof(check));
    out->len = (size_t) (writer.p - out->data) + sizeof(check);

    return MC_OK;
}
