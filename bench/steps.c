/*
 * bench/steps: CPU time of single steps, without nginx.  Prints one line a
 * step: name, microseconds of process CPU (median of 7 batches), and the
 * ratio to the yardstick (SHA-256 of 40 kB), which tells how fast this
 * machine is today.
 */

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


#define BATCHES  7

typedef struct {
    uint8_t             block[40000];
    mc_str_t            photo;          /* as uploaded */
    mc_str_t            stored;         /* as kept */
    mc_photo_limits_t   limits;
    mc_template_t      *document;
    mc_certificate_t    certificate;
    mc_signer_t        *p256;
    mc_signer_t        *rsa;
} bench_t;

typedef void (*step_pt)(bench_t *bench);


static double
cpu(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);

    return (double) ts.tv_sec * 1e6 + (double) ts.tv_nsec / 1e3;
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

    bench->document = mc_template_open(settings, 0, NULL, error);
    need(bench->document != NULL, error);

    bench->p256 = bench_signer(0);
    bench->rsa = bench_signer(2048);
    need(bench->p256 != NULL && bench->rsa != NULL, "signer");

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
    bench->certificate.code = mc_str("AAAAAAAAAAAAAAAAAAAAAA");
}


int
main(void)
{
    static const struct {
        const char *name;
        step_pt     step;
        int         times;
    } steps[] = {
        { "SHA-256 of 40 kB (yardstick)", yardstick, 2000 },
        { "photo scan", scan, 20000 },
        { "photo coefficient pass + transcode", transcode, 300 },
        { "certificate PDF (reference writer)", document, 500 },
        { "signature alone (CMS, P-256)", sign_p256, 2000 },
        { "signature alone (CMS, RSA 2048)", sign_rsa, 200 },
        { "note for the audit", note, 200000 },
        { "password hash (Argon2id 19 MiB, t=2)", password, 3 }
    };
    static bench_t  bench;
    double          us, unit = 0;

    need(mc_password_init() == MC_OK, "libsodium");
    prepare(&bench);

    for (size_t i = 0; i < mc_count(steps); i++) {
        us = measure(&bench, steps[i].step, steps[i].times);
        unit = i == 0 ? us : unit;
        printf("%-38s %10.2f us %8.2f x yardstick\n", steps[i].name, us,
               us / unit);
    }

    return 0;
}
