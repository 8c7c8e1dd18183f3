/*
 * The data on a certificate: filled from a member, hashed to a version,
 * frozen as JSON and read back.  What blocks it is mc_blockers.c.
 *
 * Depends on base and domain.  Pure functions; any thread.
 */

#include "mc_certificate.h"
#include "mc_crypto.h"
#include "mc_json.h"


/* format word, three parts a field, three of the issuer, the photo */
#define VERSION_PARTS  (1 + 3 * MC_CERT_FIELDS + 3 + 1)

#define FORMAT         1


/* In the order of mc_cert_field_t. */
static const char *const keys[MC_CERT_FIELDS] = {
    "name", "sex", "category", "certificate_no", "member_no", "admitted_on",
    "institute"
};


const char *
mc_cert_key(mc_cert_field_t field)
{
    return (unsigned) field < MC_CERT_FIELDS ? keys[field] : "";
}


mc_text_t
mc_cert_label(mc_cert_field_t field)
{
    static const mc_text_t  none;

    return (unsigned) field < MC_CERT_FIELDS ? mc_label_certificate[field]
                                             : none;
}


static bool
put(mc_text_t *text, mc_str_t zh, mc_str_t en, mc_arena_t *arena)
{
    text->zh = mc_arena_str(arena, zh);
    text->en = mc_arena_str(arena, en);

    return text->zh.data != NULL && text->en.data != NULL;
}


/* The column's word, in English where a user type is called the same; the
 * user type itself for a member whose column is empty. */
static mc_text_t
category_of(const mc_settings_t *settings, const mc_member_t *member)
{
    size_t                 i;
    mc_text_t              text;
    const mc_user_type_t  *type;

    text.zh = member->columns[MC_COLUMN_CATEGORY];
    text.en = mc_str_null;

    for (i = 0; i < settings->user_type_count; i++) {
        type = &settings->user_types[i];

        if (text.zh.len > 0 ? mc_str_eq(type->zh, text.zh)
                            : mc_str_eq(type->code, member->user_type))
        {
            text.zh = type->zh;
            text.en = type->en;
            break;
        }
    }

    return text;
}


mc_err_t
mc_certificate_fill(mc_certificate_t *certificate,
    const mc_settings_t *settings, const mc_member_t *member,
    const mc_institute_t *institute, mc_arena_t *arena)
{
    bool             done;
    mc_str_t         sex, sex_en;
    mc_text_t        category, *values;
    const mc_str_t  *columns;

    static const mc_field_t  sex_field = { .type = MC_FIELD_SEX };

    memset(certificate, 0, sizeof(*certificate));

    values = certificate->values;
    columns = member->columns;

    sex = mc_member_shown(&sex_field, columns[MC_COLUMN_SEX], false);
    sex_en = mc_member_shown(&sex_field, columns[MC_COLUMN_SEX], true);
    category = category_of(settings, member);

    done = put(&values[MC_CERT_NAME], columns[MC_COLUMN_NAME], mc_str_null,
               arena)
        && put(&values[MC_CERT_SEX], sex, sex_en, arena)
        && put(&values[MC_CERT_CATEGORY], category.zh, category.en, arena)
        && put(&values[MC_CERT_CERTIFICATE_NO],
               columns[MC_COLUMN_CERTIFICATE_NO], mc_str_null, arena)
        && put(&values[MC_CERT_MEMBER_NO], member->member_no, mc_str_null,
               arena)
        && put(&values[MC_CERT_ADMITTED_ON],
               columns[MC_COLUMN_ADMITTED_ON], mc_str_null, arena)
        && put(&values[MC_CERT_INSTITUTE],
               institute ? institute->name : mc_str_null,
               institute ? institute->name_en : mc_str_null, arena)
        && put(&certificate->issuer, settings->issuer, settings->issuer_en,
               arena);

    certificate->institute_code =
        mc_arena_str(arena, institute ? institute->code : mc_str_null);

    return done && certificate->institute_code.data != NULL ? MC_OK
                                                            : MC_ENOMEM;
}


mc_err_t
mc_certificate_version(const mc_certificate_t *certificate, char out[65])
{
    size_t    i, n;
    uint8_t   digest[MC_SHA256_SIZE];
    mc_err_t  err;
    mc_str_t  parts[VERSION_PARTS];

    n = 0;
    parts[n++] = mc_str("membercert certificate 1");

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        parts[n++] = mc_str_from(keys[i]);
        parts[n++] = certificate->values[i].zh;
        parts[n++] = certificate->values[i].en;
    }

    parts[n++] = mc_str("issuer");
    parts[n++] = certificate->issuer.zh;
    parts[n++] = certificate->issuer.en;

    parts[n].data = (const char *) certificate->photo_sha256;
    parts[n].len = certificate->has_photo ? MC_SHA256_SIZE : 0;
    n++;

    err = mc_sha256_parts(parts, n, digest);

    if (err == MC_OK) {
        mc_hex(digest, sizeof(digest), out);
    }

    return err;
}


static void
write_text(mc_json_out_t *json, const char *key, const mc_text_t *text)
{
    mc_json_key(json, key);
    mc_json_open(json, '{');
    mc_json_pair_str(json, "zh", text->zh);
    mc_json_pair_str(json, "en", text->en);
    mc_json_close(json, '}');
}


mc_err_t
mc_certificate_write(const mc_certificate_t *certificate, mc_buf_t *out)
{
    char           hex[2 * MC_SHA256_SIZE + 1];
    unsigned       i;
    mc_json_out_t  json;

    mc_json_out_init(&json, out);
    mc_json_open(&json, '{');
    mc_json_pair_int(&json, "format", FORMAT);

    mc_json_key(&json, "values");
    mc_json_open(&json, '{');

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        write_text(&json, keys[i], &certificate->values[i]);
    }

    mc_json_close(&json, '}');

    write_text(&json, "issuer", &certificate->issuer);

    if (certificate->has_photo) {
        mc_hex(certificate->photo_sha256, MC_SHA256_SIZE, hex);
        mc_json_pair_str(&json, "photo", mc_str_from(hex));
    }

    if (certificate->institute_code.len > 0) {
        mc_json_pair_str(&json, "institute_code",
                         certificate->institute_code);
    }

    mc_json_close(&json, '}');

    return out->err;
}


static bool
is_string(const mc_json_t *value)
{
    return value != NULL && value->type == MC_JSON_STRING;
}


static bool
read_text(const mc_json_t *object, const char *key, mc_text_t *out)
{
    const mc_json_t  *text, *zh, *en;

    text = mc_json_get(object, key);
    zh = mc_json_get(text, "zh");
    en = mc_json_get(text, "en");

    if (!is_string(zh) || !is_string(en)) {
        return false;
    }

    out->zh = zh->string;
    out->en = en->string;

    return true;
}


/* What need not be there: a photo, the code of an institute. */
static mc_err_t
read_optional(const mc_json_t *root, mc_certificate_t *out)
{
    const mc_json_t  *photo, *code;

    photo = mc_json_get(root, "photo");

    if (photo != NULL) {

        if (!is_string(photo)
            || mc_hex_read(photo->string, out->photo_sha256, MC_SHA256_SIZE)
               != MC_OK)
        {
            return MC_ECORRUPT;
        }

        out->has_photo = true;
    }

    code = mc_json_get(root, "institute_code");

    if (code != NULL) {

        if (!is_string(code)) {
            return MC_ECORRUPT;
        }

        out->institute_code = code->string;
    }

    return MC_OK;
}


mc_err_t
mc_certificate_read(mc_str_t json, mc_arena_t *arena, mc_certificate_t *out)
{
    unsigned          i;
    mc_err_t          err;
    mc_json_t        *root;
    const mc_json_t  *format, *values;

    memset(out, 0, sizeof(*out));

    err = mc_json_read(arena, json, &root, NULL);

    if (err != MC_OK) {
        return err == MC_EINVAL ? MC_ECORRUPT : err;
    }

    format = mc_json_get(root, "format");

    if (format == NULL || format->type != MC_JSON_NUMBER
        || !mc_str_is(format->string, "1"))
    {
        return MC_ECORRUPT;
    }

    values = mc_json_get(root, "values");

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        if (!read_text(values, keys[i], &out->values[i])) {
            return MC_ECORRUPT;
        }
    }

    if (!read_text(root, "issuer", &out->issuer)) {
        return MC_ECORRUPT;
    }

    return read_optional(root, out);
}
