/*
 * The marker state machine: from bytes to facts.  mc_photo_faults.c makes
 * refusals of the facts.
 *
 * Depends on base and domain.  Neither blocks nor allocates; any thread and
 * the loop.
 *
 * Every state consumes bytes one by one or as a run whose end does not
 * depend on the piece, so a cut of the input changes nothing.  No length
 * that the file states is ever used as an index: segments are counted down,
 * and only their first MC_PHOTO_HEAD_MAX bytes are kept (an Exif segment's
 * first MC_PHOTO_EXIF_MAX).
 *
 * Stricter than a decoder where decoders differ: no byte may stand between
 * segments but fill bytes (0xFF), no RSTn outside of a scan, one frame
 * header, the first JFIF and Exif segment counts.
 */

#include "mc_photo_scan.h"

#include "mc_photo_exif.h"
#include "mc_photo_kind.h"


typedef enum {
    STATE_MAGIC = 0,        /* SOI, or what stands in its place */
    STATE_FF,               /* 0xFF of a marker is due */
    STATE_MARKER,           /* 0xFF seen */
    STATE_LENGTH_HIGH,
    STATE_LENGTH_LOW,
    STATE_SEGMENT,
    STATE_ENTROPY,          /* coded data of a scan */
    STATE_ENTROPY_FF,       /* 0xFF in it */
    STATE_END,              /* behind EOI */
    STATE_STOPPED
} state_t;

enum {
    M_SOF0 = 0xc0,
    M_SOF1 = 0xc1,
    M_SOF2 = 0xc2,
    M_SOF3 = 0xc3,
    M_DHT = 0xc4,
    M_SOF5 = 0xc5,
    M_SOF7 = 0xc7,
    M_JPG = 0xc8,
    M_SOF9 = 0xc9,
    M_SOF10 = 0xca,
    M_SOF11 = 0xcb,
    M_DAC = 0xcc,
    M_SOF13 = 0xcd,
    M_SOF15 = 0xcf,
    M_RST0 = 0xd0,
    M_RST7 = 0xd7,
    M_EOI = 0xd9,
    M_SOS = 0xda,
    M_DQT = 0xdb,
    M_DNL = 0xdc,
    M_DRI = 0xdd,
    M_DHP = 0xde,
    M_EXP = 0xdf,
    M_APP0 = 0xe0,
    M_APP1 = 0xe1,
    M_APP14 = 0xee,
    M_APP15 = 0xef,
    M_COM = 0xfe
};


void
mc_photo_scan_init(mc_photo_scan_t *scan, const mc_photo_limits_t *limits)
{
    memset(scan, 0, sizeof(*scan));
    scan->limits = *limits;
    scan->state = STATE_MAGIC;
}


static void
damaged(mc_photo_scan_t *scan)
{
    scan->damaged = true;
    scan->state = STATE_STOPPED;
}


static uint16_t
read_16(const uint8_t *p)
{
    return (uint16_t) (p[0] << 8 | p[1]);
}


/* The first cause counts. */
static void
set_coding(mc_photo_scan_t *scan, mc_photo_coding_t coding)
{
    if (scan->coding == MC_CODING_OK) {
        scan->coding = (uint8_t) coding;
    }
}


static mc_photo_coding_t
sof_coding(uint8_t marker)
{
    switch (marker) {

    case M_SOF0:
    case M_SOF1:
    case M_SOF2:
        return MC_CODING_OK;

    case M_SOF3:
    case M_SOF11:
        return MC_CODING_LOSSLESS;

    case M_SOF9:
    case M_SOF10:
        return MC_CODING_ARITHMETIC;

    case M_JPG:
        return MC_CODING_UNKNOWN;

    default:
        return MC_CODING_HIERARCHICAL;
    }
}


/* P(8) Y(16) X(16) Nf(8), then C(8) H(4) V(4) Tq(8) for each component. */
static void
segment_sof(mc_photo_scan_t *scan, uint32_t len)
{
    uint8_t         i, h, v;
    const uint8_t  *p;

    p = scan->head;

    if (scan->sof != 0 || len < 6 || p[5] < 1 || p[5] > 4
        || len != 6 + 3u * p[5] || read_16(p + 3) == 0)
    {
        damaged(scan);
        return;
    }

    scan->sof = scan->marker;
    scan->height = read_16(p + 1);
    scan->width = read_16(p + 3);
    scan->components = p[5];

    set_coding(scan, sof_coding(scan->marker));

    if (p[0] != 8) {
        set_coding(scan, MC_CODING_PRECISION);
    }

    if (scan->height == 0) {
        set_coding(scan, MC_CODING_DNL);
    }

    scan->rgb_ids = scan->components == 3 && p[6] == 'R' && p[9] == 'G'
                    && p[12] == 'B';

    for (i = 0; i < scan->components; i++) {
        h = p[7 + 3 * i] >> 4;
        v = p[7 + 3 * i] & 15;

        if (h < 1 || h > 4 || v < 1 || v > 4 || p[8 + 3 * i] > 3) {
            damaged(scan);
            return;
        }

        if (h > 2 || v > 2) {
            set_coding(scan, MC_CODING_SAMPLING);
        }
    }
}


/* Ns(8), then two bytes for each component, then Ss Se AhAl. */
static void
segment_sos(mc_photo_scan_t *scan, uint32_t len)
{
    uint8_t  count;

    count = scan->head[0];

    if (scan->sof == 0 || len < 1 || count < 1 || count > scan->components
        || len != 4 + 2u * count)
    {
        damaged(scan);
        return;
    }

    scan->scans++;
    scan->state = STATE_ENTROPY;
}


static void
segment_app0(mc_photo_scan_t *scan, uint32_t len)
{
    const uint8_t  *p;

    p = scan->head;

    if (scan->jfif || len < 14 || memcmp(p, "JFIF", 5) != 0) {
        return;
    }

    scan->jfif = true;
    scan->jfif_unit = p[7];
    scan->jfif_x = read_16(p + 8);
    scan->jfif_y = read_16(p + 10);
}


/* scan->exif holds the segment's first scan->have bytes. */
static void
segment_app1(mc_photo_scan_t *scan)
{
    if (scan->exif_len == 0 && scan->have >= 6
        && memcmp(scan->exif, "Exif\0\0", 6) == 0)
    {
        scan->exif_len = scan->have;
    }
}


static void
segment_app14(mc_photo_scan_t *scan, uint32_t len)
{
    if (scan->adobe == 0 && len >= 12
        && memcmp(scan->head, "Adobe", 5) == 0)
    {
        scan->adobe = scan->head[11] == UINT8_MAX
                          ? UINT8_MAX : (uint8_t) (scan->head[11] + 1);
    }
}


static bool
is_sof(uint8_t marker)
{
    return marker >= M_SOF0 && marker <= M_SOF15 && marker != M_DHT
           && marker != M_DAC;
}


/* The segment is complete; "len" is that of its payload. */
static void
segment_end(mc_photo_scan_t *scan, uint32_t len)
{
    scan->state = STATE_FF;

    if (is_sof(scan->marker)) {
        segment_sof(scan, len);
        return;
    }

    switch (scan->marker) {

    case M_SOS:
        segment_sos(scan, len);
        break;

    case M_APP0:
        segment_app0(scan, len);
        break;

    case M_APP1:
        segment_app1(scan);
        break;

    case M_APP14:
        segment_app14(scan, len);
        break;

    case M_DAC:
        set_coding(scan, MC_CODING_ARITHMETIC);
        break;

    case M_DNL:
        set_coding(scan, MC_CODING_DNL);
        break;

    case M_DHP:
    case M_EXP:
        set_coding(scan, MC_CODING_HIERARCHICAL);
        break;

    default:
        break;
    }
}


/* A marker that is neither fill, stuffing nor a restart within a scan. */
static void
marker_seen(mc_photo_scan_t *scan, uint8_t marker)
{
    scan->marker = marker;

    if (marker == M_EOI) {
        if (scan->scans == 0) {
            damaged(scan);
            return;
        }

        scan->ended = true;
        scan->state = STATE_END;
        return;
    }

    if (is_sof(marker) || (marker >= M_SOS && marker <= M_APP15)
        || marker == M_DHT || marker == M_DAC || marker == M_COM)
    {
        scan->state = STATE_LENGTH_HIGH;
        return;
    }

    damaged(scan);
}


/* First bytes: SOI, else up to 16 of them to say what the file is. */
static void
take_magic(mc_photo_scan_t *scan, uint8_t byte)
{
    scan->magic[scan->magic_len++] = byte;

    if (scan->magic_len == 2 && scan->magic[0] == 0xff
        && scan->magic[1] == 0xd8)
    {
        scan->state = STATE_FF;
        return;
    }

    if (scan->magic_len == MC_PHOTO_MAGIC_MAX) {
        scan->not_jpeg = true;
        scan->state = STATE_STOPPED;
    }
}


static void
take_length(mc_photo_scan_t *scan, uint8_t byte)
{
    if (scan->state == STATE_LENGTH_HIGH) {
        scan->need = (uint32_t) byte << 8;
        scan->state = STATE_LENGTH_LOW;
        return;
    }

    scan->need |= byte;

    if (scan->need < 2) {
        damaged(scan);
        return;
    }

    scan->need -= 2;
    scan->length = scan->need;
    scan->have = 0;
    scan->state = STATE_SEGMENT;
    memset(scan->head, 0, sizeof(scan->head));

    if (scan->need == 0) {
        segment_end(scan, 0);
    }
}


/* Takes up to "len" bytes of the segment; answers how many. */
static size_t
take_segment(mc_photo_scan_t *scan, const uint8_t *data, size_t len)
{
    bool      exif;
    size_t    room, keep;
    uint8_t  *to;

    if (len > scan->need) {
        len = scan->need;
    }

    exif = scan->marker == M_APP1 && scan->exif_len == 0;
    to = exif ? scan->exif : scan->head;
    room = (exif ? sizeof(scan->exif) : sizeof(scan->head)) - scan->have;
    keep = len < room ? len : room;

    memcpy(to + scan->have, data, keep);
    scan->have += (uint32_t) keep;
    scan->need -= (uint32_t) len;

    if (scan->need == 0) {
        segment_end(scan, scan->length);
    }

    return len;
}


/* The run up to and with the next 0xFF; answers its length. */
static size_t
take_entropy(mc_photo_scan_t *scan, const uint8_t *data, size_t len)
{
    const uint8_t  *p;

    p = memchr(data, 0xff, len);

    if (p == NULL) {
        return len;
    }

    scan->state = STATE_ENTROPY_FF;

    return (size_t) (p - data) + 1;
}


static void
take_byte(mc_photo_scan_t *scan, uint8_t byte)
{
    switch ((state_t) scan->state) {

    case STATE_MAGIC:
        take_magic(scan, byte);
        break;

    case STATE_FF:
        if (byte == 0xff) {
            scan->state = STATE_MARKER;

        } else {
            damaged(scan);
        }

        break;

    case STATE_MARKER:
        if (byte != 0xff) {
            marker_seen(scan, byte);
        }

        break;

    case STATE_ENTROPY_FF:
        if (byte == 0x00 || (byte >= M_RST0 && byte <= M_RST7)) {
            scan->state = STATE_ENTROPY;

        } else if (byte != 0xff) {
            marker_seen(scan, byte);
        }

        break;

    case STATE_LENGTH_HIGH:
    case STATE_LENGTH_LOW:
        take_length(scan, byte);
        break;

    case STATE_END:
        if (byte != 0x00) {
            scan->trailing = true;
        }

        break;

    default:
        break;
    }
}


mc_scan_t
mc_photo_scan_feed(mc_photo_scan_t *scan, const uint8_t *data, size_t len)
{
    size_t  done, used, take;

    if (scan->state == STATE_STOPPED) {
        return MC_SCAN_STOP;
    }

    take = scan->limits.max - (size_t) scan->total;
    if (take > len) {
        take = len;
    }

    for (done = 0; done < take; done += used) {
        used = 1;

        if (scan->state == STATE_SEGMENT) {
            used = take_segment(scan, data + done, take - done);

        } else if (scan->state == STATE_ENTROPY) {
            used = take_entropy(scan, data + done, take - done);

        } else if (scan->state == STATE_STOPPED) {
            break;

        } else {
            take_byte(scan, data[done]);
        }
    }

    scan->total += done;

    if (scan->state != STATE_STOPPED && len > take) {
        scan->too_large = true;
        scan->state = STATE_STOPPED;
    }

    return scan->state == STATE_STOPPED ? MC_SCAN_STOP : MC_SCAN_MORE;
}


bool
mc_photo_scan_density(const mc_photo_scan_t *scan, uint16_t *x, uint16_t *y)
{
    uint32_t         across, down;
    mc_photo_exif_t  exif;

    across = scan->jfif_x;
    down = scan->jfif_y;

    if (scan->jfif && scan->jfif_unit == 2) {
        across = (across * 254 + 50) / 100;
        down = (down * 254 + 50) / 100;

    } else if (!scan->jfif || scan->jfif_unit != 1) {
        across = 0;
    }

    if (across == 0 || down == 0) {
        mc_photo_exif_read(scan->exif, scan->exif_len, &exif);
        across = exif.x_dpi;
        down = exif.y_dpi;
    }

    *x = (uint16_t) (across > UINT16_MAX ? UINT16_MAX : across);
    *y = (uint16_t) (down > UINT16_MAX ? UINT16_MAX : down);

    return across > 0 && down > 0;
}
