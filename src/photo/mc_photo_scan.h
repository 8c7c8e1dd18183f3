/*
 * JPEG marker scanner: checks a photo's structure while its bytes arrive.
 *
 * Sees marker segments only, never pixels; about 1 us a photo.  The verdict
 * does not depend on how the bytes were cut into pieces.  It neither blocks
 * nor allocates, so it may run in the event loop (marked *loop*).
 * Source: ITU-T T.81 annex B; JFIF 1.02; Exif 2.3; spec S28-S31, I09, I12.
 */

#ifndef MC_PHOTO_SCAN_H
#define MC_PHOTO_SCAN_H

#include "mc_problem.h"

#pragma GCC visibility push(hidden)


/* What is allowed; a copy of the site's settings. */
typedef struct {
    uint32_t  min;              /* bytes */
    uint32_t  max;
    uint32_t  width;            /* pixels */
    uint32_t  height;
    uint32_t  dpi;
    bool      dpi_missing_ok;
    int64_t   max_age;          /* ms; 0: not checked */
    int64_t   now;              /* ms, when the upload began */
} mc_photo_limits_t;

typedef enum {
    MC_SCAN_MORE = 0,           /* fine so far */
    MC_SCAN_STOP                /* cannot become a photo: refuse at once */
} mc_scan_t;

typedef struct mc_photo_scan_s  mc_photo_scan_t;

/*
 * The state is a plain struct of fixed size that the caller places where it
 * likes (request pool, stack); its members are private to src/photo.
 */
#define MC_PHOTO_EXIF_MAX   4096
#define MC_PHOTO_HEAD_MAX   32
#define MC_PHOTO_MAGIC_MAX  16
#define MC_PHOTO_SCANS_MAX  100
struct mc_photo_scan_s {
    mc_photo_limits_t  limits;
    uint64_t           total;           /* bytes seen, limits.max at most */
    uint32_t           state;
    uint32_t           need;            /* bytes left of the segment */
    uint32_t           length;          /* its payload */
    uint32_t           have;            /* bytes in head, magic or exif */
    uint8_t            marker;
    uint8_t            magic_len;
    uint8_t            head[MC_PHOTO_HEAD_MAX];     /* of a segment */
    uint8_t            magic[MC_PHOTO_MAGIC_MAX];   /* of the file */
    uint32_t           exif_len;        /* 0: none yet */
    uint8_t            exif[MC_PHOTO_EXIF_MAX];

    uint8_t            sof;             /* marker, 0: none yet */
    uint8_t            components;
    uint16_t           width;
    uint16_t           height;
    uint8_t            coding;          /* mc_photo_coding_t */
    bool               rgb_ids;         /* components named R, G, B */
    uint8_t            adobe;           /* transform + 1; 0: none */
    uint32_t           scans;
    bool               jfif;
    uint8_t            jfif_unit;
    uint16_t           jfif_x;
    uint16_t           jfif_y;

    bool               too_large;
    bool               not_jpeg;
    bool               damaged;         /* impossible structure */
    bool               ended;           /* EOI seen */
    bool               trailing;        /* something not zero behind it */
};

/* loop: none of the three blocks or allocates */
void mc_photo_scan_init(mc_photo_scan_t *scan,
    const mc_photo_limits_t *limits);

/* STOP as soon as the first bytes are no JPEG, the maximum is passed, or
 * the structure cannot be one any more; further bytes are ignored then. */
mc_scan_t mc_photo_scan_feed(mc_photo_scan_t *scan, const uint8_t *data,
    size_t len);

/*
 * After the last byte, or after STOP: adds every fault found, with measured
 * and allowed values (texts in "arena"); true when there is none.  After
 * STOP for size: photo_too_large with the measured value "more than MAX"
 * (the caller may pass the announced length in "announced", else 0) and what
 * was found up to there.  What is no JPEG, or broken, is that alone.
 * Order: size, pixels, density, coding, colour, scans, orientation, date,
 * truncated, trailing bytes.
 */
bool mc_photo_scan_end(mc_photo_scan_t *scan, uint64_t announced,
    mc_arena_t *arena, mc_problems_t *problems);

/*
 * The density in dots per inch (centimetres converted, rounded, 65535 at
 * most): JFIF if it has a unit, else Exif; false where none is recorded.
 */
bool mc_photo_scan_density(const mc_photo_scan_t *scan, uint16_t *x,
    uint16_t *y);

/* Complete and of a kind we decode, whatever its size and pixels. */
bool mc_photo_scan_sound(const mc_photo_scan_t *scan);


#pragma GCC visibility pop

#endif /* MC_PHOTO_SCAN_H */
