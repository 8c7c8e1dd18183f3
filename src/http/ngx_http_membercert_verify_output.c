/*
 * The JSON of the public check and of the keys.
 *
 * Plain functions over a call and a writer, as in _output.c.  Nothing of the
 * member but what stands on the certificate, and the standing.  Event loop
 * only.
 */

#include "ngx_http_membercert_verify.h"

#include "mc_crypto.h"
#include "mc_time.h"


/* "2026-11-23" in the site's zone; null: it did not happen. */
static void
write_date(mc_json_out_t *out, const char *key, int64_t at, int timezone)
{
    char  date[11];

    mc_json_key(out, key);

    if (at == 0) {
        mc_json_null(out);
        return;
    }

    mc_date_write(at, timezone, date);
    mc_json_str(out, mc_str_from(date));
}


static void
write_or_null(mc_json_out_t *out, const char *key, mc_str_t text)
{
    mc_json_key(out, key);

    if (text.len == 0) {
        mc_json_null(out);

    } else {
        mc_json_str(out, text);
    }
}


static void
write_pair(mc_json_out_t *out, const char *key, const char *key_en,
    mc_text_t text)
{
    mc_json_pair_str(out, key, text.zh);
    mc_json_pair_str(out, key_en, text.en.len ? text.en : text.zh);
}


static void
write_files(mc_json_out_t *out, const mc_verify_t *verify)
{
    char    hex[65];
    size_t  i;

    mc_json_key(out, "files");
    mc_json_open(out, '[');

    for (i = 0; i < verify->file_count; i++) {
        mc_hex(verify->files[i].sha256, 32, hex);
        mc_json_str(out, mc_str_from(hex));
    }

    mc_json_close(out, ']');
}


static void
write_found(mc_json_out_t *out, const mc_verify_t *verify)
{
    int                      timezone;
    const mc_certificate_t  *certificate;

    certificate = &verify->certificate;
    timezone = verify->call.site->settings->timezone;

    mc_json_pair_str(out, "code", certificate->code);
    mc_json_pair_int(out, "serial", certificate->serial);

    write_date(out, "at", certificate->confirmed_at, timezone);
    write_date(out, "replaced_at", verify->replaced_at, timezone);
    write_date(out, "revoked_at", verify->revoked_at, timezone);
    write_or_null(out, "reason", verify->reason);

    write_pair(out, "name", "name_en", certificate->values[MC_CERT_NAME]);
    mc_json_pair_str(out, "number", verify->number);
    write_pair(out, "category", "category_en",
               certificate->values[MC_CERT_CATEGORY]);
    write_pair(out, "institute", "institute_en",
               certificate->values[MC_CERT_INSTITUTE]);
    write_pair(out, "issuer", "issuer_en", certificate->issuer);

    mc_json_pair_str(out, "member_status",
                     mc_status_text(verify->member_status, false));
    mc_json_pair_str(out, "member_status_en",
                     mc_status_text(verify->member_status, true));

    mc_json_pair_bool(out, "photo", verify->photo);
    write_files(out, verify);
    write_or_null(out, "statement", verify->statement);
}


void
ngx_http_membercert_write_verify(mc_json_out_t *out, const void *call)
{
    const mc_verify_t  *verify;

    verify = call;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "status",
                     mc_str_from(mc_standing_code(verify->standing)));
    mc_json_pair_str(out, "text", mc_standing_text(verify->standing, false));
    mc_json_pair_str(out, "text_en",
                     mc_standing_text(verify->standing, true));

    if (verify->standing != MC_STANDING_ERASED) {
        write_found(out, verify);
    }

    mc_json_close(out, '}');
}


/* The point's halves, as a browser's JWK wants them. */
static void
write_key(mc_json_out_t *out, const mc_known_key_t *key)
{
    char  text[44];

    mc_json_open(out, '{');

    mc_hex(key->id, sizeof(key->id), text);
    mc_json_pair_str(out, "id", mc_str_from(text));

    mc_base64url(key->point + 1, 32, text);
    mc_json_pair_str(out, "x", mc_str_from(text));

    mc_base64url(key->point + 33, 32, text);
    mc_json_pair_str(out, "y", mc_str_from(text));

    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_keys(mc_json_out_t *out, const void *call)
{
    size_t                   i;
    const mc_verify_keys_t  *keys;

    keys = call;

    mc_json_open(out, '{');
    mc_json_key(out, "keys");
    mc_json_open(out, '[');

    for (i = 0; i < keys->count; i++) {
        write_key(out, &keys->keys[i]);
    }

    mc_json_close(out, ']');
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_verify_photo(mc_json_out_t *out,
    const mc_cert_view_t *view)
{
    mc_json_key(out, "verify_photo");

    if (view->verify_said) {
        mc_json_bool(out, view->verify_accepted);

    } else {
        mc_json_null(out);
    }
}


void
ngx_http_membercert_write_verify_site(mc_json_out_t *out,
    const mc_settings_t *settings)
{
    mc_json_key(out, "verify");
    mc_json_open(out, '{');
    mc_json_pair_bool(out, "photo", settings->verify_photo);
    mc_json_close(out, '}');
}
