/*
 * Captcha of a site: challenges, judgement, drawing.
 *
 * Depends on auth.  mc_captcha_draw_run() in a pool thread, the rest in the
 * loop.
 */

#include "mc_captcha_use.h"

#include "mc_crypto.h"


#define URL_HEAD  "data:image/png;base64,"


mc_err_t
mc_captcha_challenge(const mc_site_t *site, int64_t now,
    const mc_captcha_drawn_t *drawn, mc_captcha_challenge_t *out)
{
    mc_err_t      err;
    mc_captcha_t  captcha;

    memset(&captcha, 0, sizeof(captcha));
    memset(out, 0, sizeof(*out));

    captcha.expires = now + site->settings->captcha_ttl;

    if (drawn != NULL) {
        captcha.kind = MC_CAPTCHA_PICTURE;
        memcpy(captcha.letters, drawn->letters, sizeof(captcha.letters));
        out->picture = (mc_str_t) { drawn->url, drawn->len };

    } else {
        captcha.kind = MC_CAPTCHA_WORK;
        captcha.bits = site->settings->captcha_bits;
    }

    out->kind = captcha.kind;
    out->bits = captcha.bits;
    out->expires_in = site->settings->captcha_ttl / 1000;

    err = mc_captcha_make(&site->keys, &captcha, out->id);
    explicit_bzero(&captcha, sizeof(captcha));

    return err;
}


mc_problem_code_t
mc_captcha_judge(const mc_site_t *site, int64_t now, mc_str_t id,
    mc_str_t answer, bool *uses_up, uint8_t nonce[MC_CAPTCHA_NONCE])
{
    mc_captcha_t         captcha;
    mc_problem_code_t    code;
    mc_captcha_result_t  result;

    *uses_up = false;
    memset(&captcha, 0, sizeof(captcha));

    result = mc_captcha_check(&site->keys, id, answer, now, &captcha);

    switch (result) {

    case MC_CAPTCHA_RIGHT:
        *uses_up = true;
        code = MC_P_NONE;
        break;

    case MC_CAPTCHA_WRONG:
        *uses_up = captcha.kind == MC_CAPTCHA_PICTURE;
        code = MC_P_CAPTCHA_WRONG;
        break;

    default:
        /* a secret that was taken away looks the same: ask for a new one */
        code = MC_P_CAPTCHA_EXPIRED;
        break;
    }

    memcpy(nonce, captcha.nonce, MC_CAPTCHA_NONCE);
    explicit_bzero(&captcha, sizeof(captcha));

    return code;
}


static mc_err_t
draw_one(const mc_site_t *site, mc_captcha_drawn_t *drawn)
{
    mc_err_t  err;
    mc_buf_t  png;

    err = mc_captcha_letters(drawn->letters);

    if (err != MC_OK) {
        return err;
    }

    mc_buf_init(&png, MC_CAPTCHA_PNG_MAX);
    err = mc_captcha_picture(site->captcha, drawn->letters, &png);

    if (err == MC_OK) {
        drawn->len = sizeof(URL_HEAD) - 1 + (png.len + 2) / 3 * 4;
        drawn->url = mc_alloc(drawn->len + 1);

        if (drawn->url != NULL) {
            memcpy(drawn->url, URL_HEAD, sizeof(URL_HEAD) - 1);
            mc_base64(png.data, png.len, drawn->url + sizeof(URL_HEAD) - 1);

        } else {
            err = MC_ENOMEM;
        }
    }

    mc_buf_free(&png);

    return err;
}


void
mc_captcha_draw_run(mc_captcha_draw_t *draw)
{
    size_t    wanted;
    mc_err_t  err;

    err = MC_OK;
    wanted = draw->wanted == 0 ? 1 : draw->wanted;

    while (draw->count < wanted && draw->count < MC_CAPTCHA_BATCH) {
        err = draw->call.site->captcha != NULL
              ? draw_one(draw->call.site, &draw->drawn[draw->count])
              : MC_EINVAL;

        if (err != MC_OK) {
            break;
        }

        draw->count++;
    }

    if (draw->count == 0) {
        (void) mc_call_refuse(&draw->call, err == MC_ENOMEM
                                           ? MC_P_SERVICE_BUSY
                                           : MC_P_SERVICE_UNAVAILABLE);
        draw->call.hint = "a captcha's picture cannot be drawn";
    }
}


void
mc_captcha_draw_free(mc_captcha_draw_t *draw)
{
    size_t  i;

    for (i = 0; i < draw->count; i++) {
        mc_captcha_drawn_free(&draw->drawn[i]);
    }

    draw->count = 0;
}


void
mc_captcha_drawn_free(mc_captcha_drawn_t *drawn)
{
    mc_free(drawn->url);
    explicit_bzero(drawn, sizeof(*drawn));
}
