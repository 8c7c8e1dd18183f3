/*
 * Kinds of files by their first bytes: one table; and other names that
 * stand in photo refusals.
 *
 * Depends on base only.  Neither blocks nor allocates; any thread and the
 * loop.  This file is a message table and therefore UTF-8.
 * Sources: the formats' own specifications (PNG, RFC 9649, ISO/IEC 23008-12,
 * TIFF 6.0, ISO 32000, PKWARE APPNOTE, ISO/IEC 18181-2).
 */

#include "mc_photo_kind.h"


/* "bytes" stand at "offset"; with "bytes2" also those at "offset2" */
typedef struct {
    uint8_t          offset;
    uint8_t          len;
    uint8_t          offset2;
    uint8_t          len2;
    const char      *bytes;
    const char      *bytes2;
    mc_photo_name_t  name;
} kind_t;

#define NAME_PNG   { "PNG 图片", "a PNG picture" }
#define NAME_HEIC  { "HEIC 图片", "a HEIC picture" }
#define NAME_AVIF  { "AVIF 图片", "an AVIF picture" }
#define NAME_WEBP  { "WebP 图片", "a WebP picture" }
#define NAME_GIF   { "GIF 图片", "a GIF picture" }
#define NAME_BMP   { "BMP 图片", "a BMP picture" }
#define NAME_TIFF  { "TIFF 图片", "a TIFF picture" }
#define NAME_PDF   { "PDF 文档", "a PDF document" }
#define NAME_ZIP   { "ZIP 或 Office 文件", "a ZIP or Office file" }
#define NAME_DOC   { "Office 文件", "an Office file" }
#define NAME_JP2   { "JPEG 2000 图片", "a JPEG 2000 picture" }
#define NAME_JXL   { "JPEG XL 图片", "a JPEG XL picture" }
#define NAME_MP4   { "视频", "a video" }

static const kind_t  kinds[] = {
    { 0, 8, 0, 0, "\x89PNG\r\n\x1a\n", "", NAME_PNG },
    { 0, 4, 8, 4, "RIFF", "WEBP", NAME_WEBP },
    { 4, 4, 8, 4, "ftyp", "avif", NAME_AVIF },
    { 4, 4, 8, 4, "ftyp", "avis", NAME_AVIF },
    { 4, 4, 8, 3, "ftyp", "hei", NAME_HEIC },
    { 4, 4, 8, 3, "ftyp", "hev", NAME_HEIC },
    { 4, 4, 8, 4, "ftyp", "mif1", NAME_HEIC },
    { 4, 4, 8, 4, "ftyp", "msf1", NAME_HEIC },
    { 4, 4, 0, 0, "ftyp", "", NAME_MP4 },
    { 0, 6, 0, 0, "GIF87a", "", NAME_GIF },
    { 0, 6, 0, 0, "GIF89a", "", NAME_GIF },
    { 0, 5, 0, 0, "%PDF-", "", NAME_PDF },
    { 0, 4, 0, 0, "II*\0", "", NAME_TIFF },
    { 0, 4, 0, 0, "MM\0*", "", NAME_TIFF },
    { 0, 2, 6, 4, "BM", "\0\0\0\0", NAME_BMP },
    { 0, 4, 0, 0, "PK\x03\x04", "", NAME_ZIP },
    { 0, 4, 0, 0, "\xd0\xcf\x11\xe0", "", NAME_DOC },
    { 0, 4, 4, 4, "\0\0\0\x0c", "jP  ", NAME_JP2 },
    { 0, 4, 0, 0, "\xff\x4f\xff\x51", "", NAME_JP2 },
    { 0, 4, 4, 4, "\0\0\0\x0c", "JXL ", NAME_JXL },
    { 0, 2, 0, 0, "\xff\x0a", "", NAME_JXL },
};

static const mc_photo_name_t  kind_text = { "文本或网页", "a text" };
static const mc_photo_name_t  kind_unknown = {
    "未知格式", "of an unknown format"
};

static const mc_photo_name_t  codings[] = {
    { "", "" },
    { "算术编码", "arithmetic coding" },
    { "无损 JPEG", "lossless JPEG" },
    { "分层 JPEG", "hierarchical JPEG" },
    { "非 8 位色深", "not 8 bits a sample" },
    { "特殊采样", "unusual sampling" },
    { "未标明高度（DNL）", "height not stated (DNL)" },
    { "16 位量化表", "16-bit quantisation" },
    { "未知编码", "unknown coding" },
};

const mc_photo_name_t  mc_photo_more_than = { "超过 ", "more than " };


static bool
bytes_at(const uint8_t *data, size_t len, size_t offset, const char *bytes,
    size_t count)
{
    return len >= offset + count
           && memcmp(data + offset, bytes, count) == 0;
}


/* Printable ASCII, white space, or bytes as UTF-8 and GB18030 have them. */
static bool
is_text(const uint8_t *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (data[i] == 0x7f || data[i] == 0xff
            || (data[i] < 0x20 && data[i] != '\t' && data[i] != '\n'
                && data[i] != '\r'))
        {
            return false;
        }
    }

    return len > 0;
}


mc_photo_name_t
mc_photo_kind(const uint8_t *data, size_t len)
{
    size_t         i;
    const kind_t  *kind;

    for (i = 0; i < mc_count(kinds); i++) {
        kind = &kinds[i];

        if (bytes_at(data, len, kind->offset, kind->bytes, kind->len)
            && bytes_at(data, len, kind->offset2, kind->bytes2, kind->len2))
        {
            return kind->name;
        }
    }

    return is_text(data, len) ? kind_text : kind_unknown;
}


mc_photo_name_t
mc_photo_coding_name(mc_photo_coding_t coding)
{
    if ((size_t) coding >= mc_count(codings)) {
        coding = MC_CODING_UNKNOWN;
    }

    return codings[coding];
}
