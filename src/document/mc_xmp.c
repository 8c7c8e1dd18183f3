/*
 * XMP packet and colour profile, by hand.
 *
 * Depends on base.  Any thread.
 */

#include "mc_xmp.h"


#define HEADER    128
#define TAGS      9
#define XYZ_SIZE  20

/* Parts of 65536: D50 white, and sRGB's primaries adapted to it. */
static const uint32_t  white[3] = { 0xF6D6, 0x10000, 0xD32D };
static const uint32_t  primaries[3][3] = {
    { 0x6FA2, 0x38F5, 0x0390 },
    { 0x6299, 0xB785, 0x18DA },
    { 0x24A0, 0x0F84, 0xB6CF }
};

static const char  description[] = "sRGB";
static const char  rights[] = "Public domain";


mc_err_t
mc_xmp_write(mc_buf_t *out, mc_str_t title)
{
    (void) mc_buf_str(out, mc_str(
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
        "\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\""
        " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
        " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">"
        "<pdfaid:part>2</pdfaid:part>"
        "<pdfaid:conformance>U</pdfaid:conformance>"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">"));

    (void) mc_buf_xml(out, title);

    return mc_buf_str(out, mc_str(
        "</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF>"
        "</x:xmpmeta>\n<?xpacket end=\"r\"?>"));
}


static void
put16(mc_buf_t *out, unsigned value)
{
    (void) mc_buf_byte(out, (uint8_t) (value >> 8));
    (void) mc_buf_byte(out, (uint8_t) value);
}


static void
put32(mc_buf_t *out, uint32_t value)
{
    put16(out, value >> 16);
    put16(out, value & 0xFFFF);
}


static void
put_zeros(mc_buf_t *out, size_t count)
{
    while (count-- > 0) {
        (void) mc_buf_byte(out, 0);
    }
}


static void
put_xyz(mc_buf_t *out, const uint32_t xyz[3])
{
    int  i;

    for (i = 0; i < 3; i++) {
        put32(out, xyz[i]);
    }
}


/* Tags' data begin at multiples of 4. */
static size_t
padded(size_t len)
{
    return (len + 3) / 4 * 4;
}


/* textDescriptionType: ASCII, then empty Unicode and ScriptCode parts. */
static void
put_description(mc_buf_t *out)
{
    (void) mc_buf_append(out, "desc\0\0\0", 8);
    put32(out, sizeof(description));
    (void) mc_buf_append(out, description, sizeof(description));
    put_zeros(out, 4 + 4 + 2 + 1 + 67);
}


static void
put_header(mc_buf_t *out, uint32_t size)
{
    put32(out, size);
    put_zeros(out, 4);
    put32(out, 0x02100000);                     /* version 2.1 */
    (void) mc_buf_str(out, mc_str("mntrRGB XYZ "));

    put16(out, 2001);                           /* made on 1 April 2001, */
    put16(out, 4);                              /* as its standard */
    put16(out, 1);
    put_zeros(out, 6);

    (void) mc_buf_str(out, mc_str("acsp"));
    put_zeros(out, 28);                         /* perceptual */
    put_xyz(out, white);
    put_zeros(out, HEADER - 80);
}


static void
put_tag(mc_buf_t *out, const char *name, size_t at, size_t len)
{
    (void) mc_buf_append(out, name, 4);
    put32(out, (uint32_t) at);
    put32(out, (uint32_t) len);
}


mc_err_t
mc_xmp_profile(mc_buf_t *out)
{
    int     i;
    size_t  at, desc, cprt, curve, start;

    static const char  columns[3][5] = { "rXYZ", "gXYZ", "bXYZ" };
    static const char  curves[3][5] = { "rTRC", "gTRC", "bTRC" };

    start = out->len;
    desc = 8 + 4 + sizeof(description) + 4 + 4 + 2 + 1 + 67;
    cprt = 8 + sizeof(rights);
    curve = 14;
    at = HEADER + 4 + TAGS * 12;

    put_header(out, (uint32_t) (at + padded(desc) + padded(cprt)
                                + 4 * XYZ_SIZE + padded(curve)));
    put32(out, TAGS);

    put_tag(out, "desc", at, desc);
    at += padded(desc);
    put_tag(out, "cprt", at, cprt);
    at += padded(cprt);
    put_tag(out, "wtpt", at, XYZ_SIZE);
    at += XYZ_SIZE;

    for (i = 0; i < 3; i++) {
        put_tag(out, columns[i], at, XYZ_SIZE);
        at += XYZ_SIZE;
    }

    for (i = 0; i < 3; i++) {
        put_tag(out, curves[i], at, curve);
    }

    put_description(out);
    put_zeros(out, padded(out->len - start) - (out->len - start));
    (void) mc_buf_append(out, "text\0\0\0", 8);
    (void) mc_buf_append(out, rights, sizeof(rights));
    put_zeros(out, padded(out->len - start) - (out->len - start));

    for (i = -1; i < 3; i++) {
        (void) mc_buf_append(out, "XYZ \0\0\0", 8);
        put_xyz(out, i < 0 ? white : primaries[i]);
    }

    (void) mc_buf_append(out, "curv\0\0\0", 8);
    put32(out, 1);
    put16(out, 0x0233);                         /* 2.2 */
    put_zeros(out, 2);

    return out->err;
}
