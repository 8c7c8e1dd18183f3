/*
 * Exif reader: two image file directories of a TIFF structure.
 *
 * Depends on base only.  Neither blocks nor allocates; any thread and the
 * loop.  Every offset of the file is checked against the bytes there are;
 * directories are read once each and never followed further, so that loops
 * of offsets cannot matter.
 * Source: Exif 2.3 (CIPA DC-008) section 4.6; TIFF 6.0 section 2.
 */

#include "mc_photo_exif.h"


#define EXIF_HEAD     6         /* "Exif\0\0" */
#define ENTRY_SIZE    12
#define ENTRIES_MAX   512

#define TYPE_ASCII    2
#define TYPE_SHORT    3
#define TYPE_LONG     4
#define TYPE_RATIONAL 5

#define TAG_ORIENTATION  0x0112
#define TAG_X            0x011a
#define TAG_Y            0x011b
#define TAG_UNIT         0x0128
#define TAG_EXIF         0x8769
#define TAG_ORIGINAL     0x9003
#define TAG_DIGITIZED    0x9004

#define UNIT_INCH        2
#define UNIT_CENTIMETRE  3

#define DATE_LEN         19     /* "YYYY:MM:DD HH:MM:SS" */


typedef struct {
    const uint8_t *data;        /* from the TIFF header on */
    size_t         len;
    bool           big;         /* endian */
} tiff_t;

typedef struct {
    uint32_t  tag;
    uint32_t  type;
    uint32_t  count;
    size_t    value;            /* offset of the four value bytes */
} entry_t;

/* Densities as fractions, until the unit is known. */
typedef struct {
    uint32_t  x[2];
    uint32_t  y[2];
    uint32_t  unit;
    uint32_t  exif;             /* offset of the Exif directory */
} ifd0_t;


/* Callers have checked the bounds. */
static uint32_t
read_16(const tiff_t *tiff, size_t at)
{
    const uint8_t  *p;

    p = tiff->data + at;

    return tiff->big ? (uint32_t) (p[0] << 8 | p[1])
                     : (uint32_t) (p[1] << 8 | p[0]);
}


static uint32_t
read_32(const tiff_t *tiff, size_t at)
{
    uint32_t  first, second;

    first = read_16(tiff, at);
    second = read_16(tiff, at + 2);

    return tiff->big ? first << 16 | second : second << 16 | first;
}


static bool
fits(const tiff_t *tiff, size_t at, size_t size)
{
    return at <= tiff->len && size <= tiff->len - at;
}


static bool
tiff_open(tiff_t *tiff, const uint8_t *data, size_t len)
{
    if (len < EXIF_HEAD + 8 || memcmp(data, "Exif\0\0", EXIF_HEAD) != 0) {
        return false;
    }

    tiff->data = data + EXIF_HEAD;
    tiff->len = len - EXIF_HEAD;

    if (memcmp(tiff->data, "MM", 2) == 0) {
        tiff->big = true;

    } else if (memcmp(tiff->data, "II", 2) == 0) {
        tiff->big = false;

    } else {
        return false;
    }

    return read_16(tiff, 2) == 42;
}


/* Number of entries that are really there. */
static size_t
ifd_count(const tiff_t *tiff, size_t at)
{
    size_t  count, room;

    if (!fits(tiff, at, 2)) {
        return 0;
    }

    count = read_16(tiff, at);
    room = (tiff->len - at - 2) / ENTRY_SIZE;

    if (count > room) {
        count = room;
    }

    return count > ENTRIES_MAX ? ENTRIES_MAX : count;
}


static entry_t
ifd_entry(const tiff_t *tiff, size_t at, size_t n)
{
    entry_t  entry;

    at += 2 + n * ENTRY_SIZE;

    entry.tag = read_16(tiff, at);
    entry.type = read_16(tiff, at + 2);
    entry.count = read_32(tiff, at + 4);
    entry.value = at + 8;

    return entry;
}


/* 0 where it is no single SHORT or LONG. */
static uint32_t
entry_number(const tiff_t *tiff, const entry_t *entry)
{
    if (entry->count != 1) {
        return 0;
    }

    if (entry->type == TYPE_SHORT) {
        return read_16(tiff, entry->value);
    }

    return entry->type == TYPE_LONG ? read_32(tiff, entry->value) : 0;
}


static void
entry_rational(const tiff_t *tiff, const entry_t *entry, uint32_t out[2])
{
    size_t  at;

    if (entry->type != TYPE_RATIONAL || entry->count != 1) {
        return;
    }

    at = read_32(tiff, entry->value);

    if (fits(tiff, at, 8)) {
        out[0] = read_32(tiff, at);
        out[1] = read_32(tiff, at + 4);
    }
}


/* Rounded dots per inch; 0 where it is no density. */
static uint32_t
density(const uint32_t fraction[2], uint32_t unit)
{
    uint64_t  dots, per;

    dots = fraction[0];
    per = fraction[1];

    if (per == 0 || (unit != UNIT_INCH && unit != UNIT_CENTIMETRE)) {
        return 0;
    }

    if (unit == UNIT_CENTIMETRE) {
        dots *= 254;
        per *= 100;
    }

    dots = (dots + per / 2) / per;

    return dots > 65535 ? 65535 : (uint32_t) dots;
}


/* "count" digits at *p, which moves on; -1 where one is none. */
static int
digits(const uint8_t **p, int count)
{
    int  value;

    for (value = 0; count > 0; count--, (*p)++) {
        if (**p < '0' || **p > '9') {
            return -1;
        }

        value = value * 10 + (**p - '0');
    }

    return value;
}


/* Cameras write zeros or blanks for "not set": no date. */
static bool
entry_date(const tiff_t *tiff, const entry_t *entry, mc_date_t *out)
{
    int             part[6], i;
    char            text[11];
    size_t          at;
    const uint8_t  *p;

    static const int   size[6] = { 4, 2, 2, 2, 2, 2 };
    static const char  after[6] = { ':', ':', ' ', ':', ':', '\0' };

    at = read_32(tiff, entry->value);

    if (entry->type != TYPE_ASCII || entry->count < DATE_LEN
        || !fits(tiff, at, DATE_LEN))
    {
        return false;
    }

    p = tiff->data + at;

    for (i = 0; i < 6; i++) {
        part[i] = digits(&p, size[i]);

        if (part[i] < 0 || (i < 5 && *p++ != (uint8_t) after[i])) {
            return false;
        }
    }

    if (part[3] > 23 || part[4] > 59 || part[5] > 60) {
        return false;
    }

    memcpy(text, tiff->data + at, 10);
    text[4] = '-';
    text[7] = '-';

    if (mc_date_read((mc_str_t) { text, 10 }, out) != MC_OK) {
        return false;
    }

    out->hour = part[3];
    out->minute = part[4];
    out->second = part[5];

    return true;
}


static void
read_ifd0(const tiff_t *tiff, ifd0_t *ifd, mc_photo_exif_t *out)
{
    size_t    i, at, count;
    entry_t   entry;
    uint32_t  number;

    at = read_32(tiff, 4);
    count = ifd_count(tiff, at);

    for (i = 0; i < count; i++) {
        entry = ifd_entry(tiff, at, i);
        number = entry_number(tiff, &entry);

        switch (entry.tag) {

        case TAG_ORIENTATION:
            if (number >= 1 && number <= 8) {
                out->orientation = number;
            }

            break;

        case TAG_X:
            entry_rational(tiff, &entry, ifd->x);
            break;

        case TAG_Y:
            entry_rational(tiff, &entry, ifd->y);
            break;

        case TAG_UNIT:
            ifd->unit = number;
            break;

        case TAG_EXIF:
            ifd->exif = number;
            break;

        default:
            break;
        }
    }
}


static void
read_dates(const tiff_t *tiff, size_t at, mc_photo_exif_t *out)
{
    bool       original;
    size_t     i, count;
    entry_t    entry;
    mc_date_t  date;

    count = ifd_count(tiff, at);
    original = false;

    for (i = 0; i < count; i++) {
        entry = ifd_entry(tiff, at, i);

        if ((entry.tag != TAG_ORIGINAL && entry.tag != TAG_DIGITIZED)
            || (entry.tag == TAG_DIGITIZED && original)
            || !entry_date(tiff, &entry, &date))
        {
            continue;
        }

        original = entry.tag == TAG_ORIGINAL;
        out->dated = true;
        out->date = date;
    }
}


void
mc_photo_exif_read(const uint8_t *data, size_t len, mc_photo_exif_t *out)
{
    tiff_t  tiff;
    ifd0_t  ifd;

    memset(out, 0, sizeof(*out));
    out->orientation = 1;

    if (!tiff_open(&tiff, data, len)) {
        return;
    }

    memset(&ifd, 0, sizeof(ifd));
    ifd.unit = UNIT_INCH;

    read_ifd0(&tiff, &ifd, out);

    out->x_dpi = density(ifd.x, ifd.unit);
    out->y_dpi = density(ifd.y, ifd.unit);

    if (out->x_dpi == 0 || out->y_dpi == 0) {
        out->x_dpi += out->y_dpi;
        out->y_dpi = out->x_dpi;
    }

    if (ifd.exif != 0) {
        read_dates(&tiff, ifd.exif, out);
    }
}
