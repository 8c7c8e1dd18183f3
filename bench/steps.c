/*
 * bench/steps [pdf]: CPU time of single steps, without nginx.  Prints one
 * line a step: name, microseconds of process CPU (median of 7 batches), and
 * the ratio to the yardstick (SHA-256 of 40 kB), which tells how fast this
 * machine is today.  Then what a document takes of memory and of a file, and
 * whether a million of them leave something behind.  "pdf": of certificates
 * only.
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mc_audit_ring.h"
#include "mc_crypto.h"
#include "mc_document.h"
#include "mc_password.h"
#include "mc_photo_scan.h"
#include "mc_photo_store.h"
#include "mc_portrait.h"
#include "mc_settings.h"
#include "mc_site.h"
#include "mc_time.h"
#include "signer.h"


#define BATCHES    7
#define DOCUMENTS  1000000
#define PDF_STEPS  7       /* of the table below, behind the yardstick */

/* 300 digits, as a statement has */
#define DIGITS     "12345678901234567890123456789012345678901234567890"
#define STATEMENT  DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS

typedef struct {
    uint8_t             block[40000];
    mc_str_t            photo;          /* as uploaded */
    mc_str_t            stored;         /* as kept */
    mc_photo_limits_t   limits;
    mc_template_t      *document;
    mc_certificate_t    certificate;
    mc_signer_t        *p256;
    mc_signer_t        *rsa;
    const mc_settings_t  *settings;
    mc_template_t      *signs;          /* like document, P-256 */
    mc_qr_t             qr;
    mc_buf_t            own;            /* used again and again */
    uint8_t             cms[4096];      /* of an earlier file */
    size_t              cms_len;
} bench_t;

typedef void (*step_pt)(bench_t *bench);


static double
cpu(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);

    return (double) ts.tv_sec * 1e6 + (double) ts.tv_nsec / 1e3;
}


/*
 * Every allocation of the process comes by here: __libc_* are glibc's own
 * names of the same functions.
 */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static unsigned long  allocations;


void *
malloc(size_t size)
{
    allocations++;

    return __libc_malloc(size);
}


void *
calloc(size_t count, size_t size)
{
    allocations++;

    return __libc_calloc(count, size);
}


void *
realloc(void *p, size_t size)
{
    allocations++;

    return __libc_realloc(p, size);
}


static int
by_value(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}


static double
measure(bench_t *bench, step_pt step, int times)
{
    double batch[BATCHES], start;

    step(bench);

    for (int i = 0; i < BATCHES; i++) {
        start = cpu();

        for (int n = 0; n < times; n++) {
            step(bench);
        }

        batch[i] = (cpu() - start) / times;
    }

    qsort(batch, BATCHES, sizeof(double), by_value);

    return batch[BATCHES / 2];
}


static void
need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench: %s failed\n", what);
        exit(2);
    }
}


static void
yardstick(bench_t *bench)
{
    uint8_t digest[32];

    need(mc_sha256(bench->block, sizeof(bench->block), digest) == MC_OK,
         "sha256");
}


static void
scan(bench_t *bench)
{
    static mc_photo_scan_t  state;
    mc_arena_t              arena;
    static mc_problems_t    problems;

    problems.count = 0;
    mc_arena_init(&arena, 65536);
    mc_photo_scan_init(&state, &bench->limits);
    (void) mc_photo_scan_feed(&state, (const uint8_t *) bench->photo.data,
                              bench->photo.len);
    need(mc_photo_scan_end(&state, 0, &arena, &problems), "scan");
    mc_arena_free(&arena);
}


static void
transcode(bench_t *bench)
{
    mc_buf_t              out;
    mc_arena_t            arena;
    static mc_problems_t  problems;

    problems.count = 0;
    mc_arena_init(&arena, 65536);
    mc_buf_init(&out, 65536);
    need(mc_photo_transcode(bench->photo, &out, &arena, &problems) == MC_OK,
         "transcode");
    mc_buf_free(&out);
    mc_arena_free(&arena);
}


static void
document(bench_t *bench)
{
    mc_buf_t          out;
    mc_document_in_t  in = { .photo = bench->stored };

    mc_buf_init(&out, MC_DOCUMENT_MAX);
    need(mc_document_render(bench->document, &bench->certificate, &in, &out)
         == MC_OK, "document");
    mc_buf_free(&out);
}


/* What a request does: its own part; the rest lies in the template. */
static size_t
make(bench_t *bench, const mc_template_t *document, mc_str_t cms)
{
    mc_document_t     out;
    mc_document_in_t  in = {
        .photo = bench->stored, .qr = &bench->qr, .cms = cms
    };

    bench->own.len = 0;
    need(mc_document_make(document, &bench->certificate, &in, &bench->own,
                          &out) == MC_OK, "document");

    if (bench->cms_len == 0 && out.cms.len > 0) {
        bench->cms_len = out.cms.len;
        memcpy(bench->cms, out.cms.data, out.cms.len);
    }

    return out.len;
}


static void
make_unsigned(bench_t *bench)
{
    (void) make(bench, bench->document, mc_str_null);
}


static void
make_signed(bench_t *bench)
{
    (void) make(bench, bench->signs, mc_str_null);
}


static void
make_again(bench_t *bench)
{
    (void) make(bench, bench->signs,
                (mc_str_t) { (const char *) bench->cms, bench->cms_len });
}


/* All that a configuration load does for one layout: fonts, subsets, page. */
static void
load(bench_t *bench)
{
    char            error[MC_SETTINGS_ERROR];
    mc_template_t  *opened;

    opened = mc_template_open(bench->settings, 0, NULL, error);
    need(opened != NULL, error);
    mc_template_close(opened);
}


static void
sign_with(const mc_signer_t *signer)
{
    size_t          len;
    uint8_t         out[4096];
    static uint8_t  digest[32];

    digest[0]++;
    need(mc_signer_cms(signer, digest, out, sizeof(out), &len) == MC_OK,
         "signature");
}


static void
sign_p256(bench_t *bench)
{
    sign_with(bench->p256);
}


static void
sign_rsa(bench_t *bench)
{
    sign_with(bench->rsa);
}


static void
password(bench_t *bench)
{
    char hash[MC_PASSWORD_HASH];

    need(mc_password_hash(mc_str("a good long password"), hash) == MC_OK,
         "password");
}


/* What a download costs the loop for its row in the audit. */
static void
note(bench_t *bench)
{
    static mc_audit_ring_t        ring;
    static const mc_audit_note_t  download = {
        .action = "download", .result = "serial 4711", .member_id = 17
    };

    mc_audit_ring_put(&ring, &download, 1790000000000,
                      mc_str("192.0.2.7"),
                      mc_str("00112233445566778899aabbccddeeff"));

    if (mc_audit_ring_full(&ring)) {
        (void) mc_audit_ring_begin(&ring);
        mc_audit_ring_end(&ring, true);
    }
}


static void
prepare(bench_t *bench)
{
    char                   error[MC_SETTINGS_ERROR];
    mc_buf_t               photo, stored;
    mc_site_t              site;
    mc_arena_t             arena;
    const char            *where = "";
    mc_settings_t         *settings = mc_settings_create();
    static mc_problems_t   problems;
    static const mc_str_t  words[3][2] = {
        { mc_str("membercert_store"), mc_str("sqlite:/none") },
        { mc_str("membercert_secret"), mc_str("/none") },
        { mc_str("membercert_issuer"), mc_str("示例注册会计师协会") }
    };
    static const mc_str_t  statement = mc_str(STATEMENT);
    static const mc_text_t  values[MC_CERT_FIELDS] = {
        { mc_str("林晓岚"), mc_str("") },
        { mc_str("女"), mc_str("Female") },
        { mc_str("个人会员"), mc_str("") },
        { mc_str("F33-2019-0001"), mc_str("") },
        { mc_str("330000010001"), mc_str("") },
        { mc_str("2019-06-18"), mc_str("") },
        { mc_str("浙江省注册会计师协会"), mc_str("Zhejiang Institute") }
    };

    need(settings != NULL, "settings");
    for (int i = 0; i < 3; i++) {
        need(mc_settings_take(settings, words[i], 2, "", error) == MC_OK,
             error);
    }

    need(mc_settings_finish(settings, error, &where) == MC_OK, error);

    memset(&site, 0, sizeof(site));
    site.settings = settings;
    mc_site_photo_limits(&site, mc_now(), &bench->limits);

    settings->font_count = 3;
    bench->settings = settings;
    bench->document = mc_template_open(settings, 0, NULL, error);
    need(bench->document != NULL, error);

    bench->p256 = bench_signer(0);
    bench->rsa = bench_signer(2048);
    need(bench->p256 != NULL && bench->rsa != NULL, "signer");

    bench->signs = mc_template_open(settings, 0, bench->p256, error);
    need(bench->signs != NULL, error);
    mc_buf_init(&bench->own, MC_DOCUMENT_MAX);

    mc_buf_init(&photo, 65536);
    need(mc_portrait_draw(1, 0, NULL, &photo) == MC_OK, "portrait");
    bench->photo = mc_buf_view(&photo);

    mc_arena_init(&arena, 65536);
    mc_buf_init(&stored, 65536);
    need(mc_photo_transcode(bench->photo, &stored, &arena, &problems)
         == MC_OK, "transcode");
    bench->stored = mc_buf_view(&stored);

    memcpy(bench->certificate.values, values, sizeof(values));
    bench->certificate.issuer.zh = settings->issuer;
    bench->certificate.issuer.en = settings->issuer_en;
    bench->certificate.has_photo = true;
    bench->certificate.serial = 1;
    bench->certificate.confirmed_at = INT64_C(1780000000000);
    bench->certificate.code = mc_str("AAAAAAAAAAAAAAAA");
    bench->certificate.institute_code = mc_str("33");

    need(mc_qr_make(mc_str("https://cert.example.org/v/#"), statement,
                    &bench->qr) == MC_OK, "qr");
}


static long
resident(void)
{
    long   pages = 0;
    FILE  *file = fopen("/proc/self/statm", "r");

    need(file != NULL && fscanf(file, "%*d %ld", &pages) == 1, "statm");
    fclose(file);

    return pages * 4;
}


static void
memory(bench_t *bench)
{
    long           before;
    size_t         kept;
    unsigned long  count;

    printf("== a document's memory and file\n");

    kept = make(bench, bench->document, mc_str_null);
    printf("%-38s %10.1f kB\n", "file, unsigned", (double) kept / 1e3);
    kept = make(bench, bench->signs, mc_str_null);
    printf("%-38s %10.1f kB\n", "file, signed", (double) kept / 1e3);
    make_unsigned(bench);
    printf("%-38s %10.1f kB\n", "of it the document's own, unsigned",
           (double) bench->own.len / 1e3);

    count = allocations;
    make_unsigned(bench);
    printf("%-38s %10lu\n", "allocations, unsigned", allocations - count);

    before = resident();

    for (int i = 0; i < DOCUMENTS; i++) {
        bench->certificate.serial = i + 1;
        make_unsigned(bench);
    }

    printf("%-38s %10ld kB (%ld before)\n", "resident after 1,000,000",
           resident(), before);
}


int
main(int argc, char **argv)
{
    bool pdf = argc > 1 && strcmp(argv[1], "pdf") == 0;

    static const struct {
        const char *name;
        step_pt     step;
        int         times;
    } steps[] = {
        { "SHA-256 of 40 kB (yardstick)", yardstick, 2000 },
        { "certificate PDF, unsigned", make_unsigned, 10000 },
        { "certificate PDF, first signed (P-256)", make_signed, 2000 },
        { "certificate PDF, signed once more", make_again, 5000 },
        { "certificate PDF, reference writer", document, 300 },
        { "signature alone (CMS, P-256)", sign_p256, 2000 },
        { "signature alone (CMS, RSA 2048)", sign_rsa, 200 },
        { "a layout's template, three fonts", load, 1 },
        { "photo scan", scan, 20000 },
        { "photo coefficient pass + transcode", transcode, 300 },
        { "note for the audit", note, 200000 },
        { "password hash (Argon2id 19 MiB, t=2)", password, 3 }
    };
    static bench_t  bench;
    double          us, unit = 0;

    need(mc_password_init() == MC_OK, "libsodium");
    prepare(&bench);

    for (size_t i = 0; i < mc_count(steps); i++) {

        if (pdf && i > PDF_STEPS) {
            break;
        }

        us = measure(&bench, steps[i].step, steps[i].times);
        unit = i == 0 ? us : unit;
        printf("%-38s %10.2f us %8.2f x yardstick\n", steps[i].name, us,
               us / unit);
    }

    memory(&bench);

    return 0;
}
