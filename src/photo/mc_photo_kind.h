/*
 * What a file is by its first bytes, and the names of codings we refuse.
 *
 * Neither blocks nor allocates; any thread and the loop.
 */

#ifndef MC_PHOTO_KIND_H
#define MC_PHOTO_KIND_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_CODING_OK = 0,
    MC_CODING_ARITHMETIC,
    MC_CODING_LOSSLESS,
    MC_CODING_HIERARCHICAL,
    MC_CODING_PRECISION,        /* not 8 bits a sample */
    MC_CODING_SAMPLING,         /* a factor beyond 2 */
    MC_CODING_DNL,              /* height stated after the first scan */
    MC_CODING_QUANTISATION,     /* 16-bit quantisation values */
    MC_CODING_UNKNOWN
} mc_photo_coding_t;

typedef struct {
    const char *zh;
    const char *en;
} mc_photo_name_t;

/* "data" are the first bytes, 16 where there are as many. */
mc_photo_name_t mc_photo_kind(const uint8_t *data, size_t len);

mc_photo_name_t mc_photo_coding_name(mc_photo_coding_t coding);

/* "more than ", for a size that was not read to its end */
extern const mc_photo_name_t  mc_photo_more_than;


#pragma GCC visibility pop

#endif /* MC_PHOTO_KIND_H */
