/*
 * The lossless transcode, over libjpeg's coefficient interface.
 *
 * Depends on base, domain, the scanner and libjpeg.  Blocks for <= 0.8 ms:
 * cpu pool or a command.
 *
 * Errors and warnings of libjpeg jump back into coefficients_copy()
 * (mc_photo_jpeg.h); all state is in a transcode_t of its caller.
 *
 * The scanner is run again over the whole (1 us), so that nothing unsound
 * reaches libjpeg whoever calls, and the density is the one that was judged.
 */

#include "mc_photo_store.h"

#include "mc_photo_jpeg.h"
#include "mc_photo_kind.h"


#define STORE_CHUNK        8192
#define STORE_DPI_DEFAULT  96


typedef struct {
    struct jpeg_decompress_struct  in;
    struct jpeg_compress_struct    out;
    struct jpeg_destination_mgr    target;
    mc_photo_jpeg_t                errors;      /* of both */
    mc_buf_t                      *buf;
    mc_str_t                       jpeg;
    uint16_t                       dpi_x;
    uint16_t                       dpi_y;
    bool                           wide_tables; /* beyond baseline */
    uint8_t                        chunk[STORE_CHUNK];
} transcode_t;


/* client_data is the transcode_t. */
static void
target_start(j_compress_ptr out)
{
    transcode_t  *transcode;

    transcode = out->client_data;
    out->dest->next_output_byte = transcode->chunk;
    out->dest->free_in_buffer = sizeof(transcode->chunk);
}


/* libjpeg: the whole chunk counts, whatever free_in_buffer says. */
static boolean
target_full(j_compress_ptr out)
{
    transcode_t  *transcode;

    transcode = out->client_data;

    if (mc_buf_append(transcode->buf, transcode->chunk,
                      sizeof(transcode->chunk))
        != MC_OK)
    {
        mc_photo_jpeg_fail((j_common_ptr) out);
    }

    target_start(out);

    return TRUE;
}


static void
target_end(j_compress_ptr out)
{
    size_t        len;
    transcode_t  *transcode;

    transcode = out->client_data;
    len = sizeof(transcode->chunk) - out->dest->free_in_buffer;

    if (mc_buf_append(transcode->buf, transcode->chunk, len) != MC_OK) {
        mc_photo_jpeg_fail((j_common_ptr) out);
    }
}


/* Baseline has 8-bit quantisation values only. */
static bool
tables_fit(const struct jpeg_decompress_struct *in)
{
    int                i, n;
    const JQUANT_TBL  *table;

    for (i = 0; i < NUM_QUANT_TBLS; i++) {
        table = in->quant_tbl_ptrs[i];

        for (n = 0; table != NULL && n < DCTSIZE2; n++) {
            if (table->quantval[n] > 255) {
                return false;
            }
        }
    }

    return true;
}


/*
 * What depends on the coefficients alone.  Component numbers are set to 1,
 * 2, 3: some viewers take "R", "G", "B" for another colour space.
 */
static void
target_prepare(transcode_t *transcode)
{
    int                           i;
    struct jpeg_compress_struct  *out;

    out = &transcode->out;

    jpeg_copy_critical_parameters(&transcode->in, out);

    for (i = 0; i < out->num_components; i++) {
        out->comp_info[i].component_id = i + 1;
    }

    out->optimize_coding = TRUE;
    out->arith_code = FALSE;
    out->restart_interval = 0;
    out->write_JFIF_header = TRUE;
    out->write_Adobe_marker = FALSE;
    out->JFIF_major_version = 1;
    out->JFIF_minor_version = 1;
    out->density_unit = 1;
    out->X_density = transcode->dpi_x;
    out->Y_density = transcode->dpi_y;

    transcode->target.init_destination = target_start;
    transcode->target.empty_output_buffer = target_full;
    transcode->target.term_destination = target_end;
    out->dest = &transcode->target;
}


/* True when all went well; both objects exist and are the caller's. */
static bool
coefficients_copy(transcode_t *transcode)
{
    jvirt_barray_ptr  *coefficients;

    if (setjmp(transcode->errors.failed) != 0) {
        return false;
    }

    mc_photo_jpeg_open(&transcode->in, transcode->jpeg);
    jpeg_create_compress(&transcode->out);
    mc_photo_jpeg_bound((j_common_ptr) &transcode->out);

    (void) jpeg_read_header(&transcode->in, TRUE);
    coefficients = jpeg_read_coefficients(&transcode->in);

    if (!tables_fit(&transcode->in)) {
        transcode->wide_tables = true;
        return false;
    }

    target_prepare(transcode);
    jpeg_write_coefficients(&transcode->out, coefficients);
    jpeg_finish_compress(&transcode->out);
    (void) jpeg_finish_decompress(&transcode->in);

    return true;
}


static void
transcode_init(transcode_t *transcode, mc_str_t jpeg, mc_buf_t *out)
{
    memset(transcode, 0, offsetof(transcode_t, chunk));

    transcode->jpeg = jpeg;
    transcode->buf = out;

    transcode->in.err = mc_photo_jpeg_init(&transcode->errors);
    transcode->out.err = transcode->in.err;
    transcode->out.client_data = transcode;
}


/* Facts of the whole file; false where it is not sound. */
static bool
scan_again(mc_str_t jpeg, mc_photo_scan_t *scan)
{
    mc_photo_limits_t  limits;

    if (jpeg.len > UINT32_MAX) {
        return false;
    }

    memset(&limits, 0, sizeof(limits));
    limits.max = (uint32_t) jpeg.len;

    mc_photo_scan_init(scan, &limits);
    (void) mc_photo_scan_feed(scan, (const uint8_t *) jpeg.data, jpeg.len);

    return mc_photo_scan_sound(scan);
}


static mc_err_t
refuse(const transcode_t *transcode, mc_problems_t *problems)
{
    mc_photo_name_t  name;
    mc_problem_t    *problem;

    if (transcode->buf->err != MC_OK) {
        return transcode->buf->err;
    }

    if (mc_photo_jpeg_nomem(&transcode->errors)) {
        return MC_ENOMEM;
    }

    if (transcode->wide_tables) {
        name = mc_photo_coding_name(MC_CODING_QUANTISATION);
        problem = mc_problem_add(problems, MC_P_PHOTO_CODING);
        mc_problem_arg(problem, "kind", mc_str_from(name.zh),
                       mc_str_from(name.en));

    } else {
        (void) mc_problem_add(problems, MC_P_PHOTO_DAMAGED);
    }

    return MC_EINVAL;
}


mc_err_t
mc_photo_transcode(mc_str_t jpeg, mc_buf_t *out, mc_arena_t *arena,
    mc_problems_t *problems)
{
    size_t           before;
    mc_err_t         err;
    transcode_t      transcode;
    mc_photo_scan_t  scan;

    if (!scan_again(jpeg, &scan)) {
        (void) mc_problem_add(problems, MC_P_PHOTO_DAMAGED);
        return MC_EINVAL;
    }

    before = out->len;
    transcode_init(&transcode, jpeg, out);

    if (!mc_photo_scan_density(&scan, &transcode.dpi_x, &transcode.dpi_y)) {
        transcode.dpi_x = STORE_DPI_DEFAULT;
        transcode.dpi_y = STORE_DPI_DEFAULT;
    }

    err = MC_OK;

    if (!coefficients_copy(&transcode)) {
        err = refuse(&transcode, problems);
        out->len = before;
    }

    /* safe on objects that were never created: they are zero */

    jpeg_destroy_compress(&transcode.out);
    jpeg_destroy_decompress(&transcode.in);

    return err;
}


mc_err_t
mc_photo_check(mc_str_t jpeg, const mc_photo_limits_t *limits, mc_buf_t *out,
    mc_arena_t *arena, mc_problems_t *problems)
{
    mc_photo_scan_t  scan;

    mc_photo_scan_init(&scan, limits);
    (void) mc_photo_scan_feed(&scan, (const uint8_t *) jpeg.data, jpeg.len);

    if (!mc_photo_scan_end(&scan, jpeg.len, arena, problems)) {
        return MC_EINVAL;
    }

    return mc_photo_transcode(jpeg, out, arena, problems);
}
