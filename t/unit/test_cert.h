/*
 * For tests of certificates: a member who is ready for one, the calls in
 * his name, and the file a download consists of.
 */

#ifndef TEST_CERT_H
#define TEST_CERT_H

#include "mc_cert.h"
#include "test_service.h"


static inline void
view_as(mc_cert_view_t *view, const uint8_t hash[32])
{
    memset(view, 0, sizeof(*view));
    begin(&view->call, hash);
    mc_cert_view_run(view);
    assert_codes(&view->call.problems, "");
}


static inline void
confirm_as(mc_cert_confirm_t *confirm, const uint8_t hash[32],
    const char *version)
{
    memset(confirm, 0, sizeof(*confirm));
    begin(&confirm->view.call, hash);
    confirm->version = mc_str_from(version);
    mc_cert_confirm_run(confirm);
}


static inline void
pdf_as(mc_cert_pdf_t *pdf, const uint8_t hash[32], const char *match)
{
    memset(pdf, 0, sizeof(*pdf));
    begin(&pdf->call, hash);
    pdf->if_none_match = mc_str_from(match);
    mc_cert_pdf_run(pdf);
}


static inline void
pdf_done(mc_cert_pdf_t *pdf)
{
    mc_cert_pdf_free(pdf);
    mc_call_free(&pdf->call);
}


/* The parts, one behind the other. */
static inline void
file_of(const mc_cert_pdf_t *pdf, mc_buf_t *file)
{
    size_t  i;

    mc_buf_init(file, MC_DOCUMENT_MAX);

    for (i = 0; i < pdf->document.count; i++) {
        assert_int_equal(mc_buf_str(file, pdf->document.parts[i]), MC_OK);
    }

    assert_int_equal(file->len, pdf->document.len);
}


static inline void
assert_same_file(const mc_cert_pdf_t *one, const mc_cert_pdf_t *two)
{
    mc_buf_t  files[2];

    file_of(one, &files[0]);
    file_of(two, &files[1]);
    assert_int_equal(files[0].len, files[1].len);
    assert_memory_equal(files[0].data, files[1].data, files[0].len);
    mc_buf_free(&files[0]);
    mc_buf_free(&files[1]);
}


static inline void
confirm_present(const uint8_t hash[32], char version[65])
{
    mc_cert_view_t     view;
    mc_cert_confirm_t  confirm;

    view_as(&view, hash);
    assert_codes(&view.blockers, "");
    memcpy(version, view.version, 65);
    mc_call_free(&view.call);

    confirm_as(&confirm, hash, version);
    assert_codes(&confirm.view.call.problems, "");
    mc_call_free(&confirm.view.call);
}


static inline void
ready_member(const char *no, uint8_t hash[32])
{
    add_member(no);
    record_photo(no, 1, 0);
    log_in(no, hash);
}


#endif /* TEST_CERT_H */
