/*
 * The JSON of each route's success, and of one problem.
 *
 * Plain functions over a call and a writer: they know neither nginx nor
 * status codes.  Errors stick in the writer's buffer; who sends it checks.
 * Event loop only.
 */

#include "ngx_http_membercert_mini.h"
#include "ngx_http_membercert_verify.h"

#include "mc_recovery.h"


static void
write_two(mc_json_out_t *out, const char *key, const char *key_en,
    mc_text_t text)
{
    mc_json_pair_str(out, key, text.zh);
    mc_json_pair_str(out, key_en, text.en.len ? text.en : text.zh);
}


void
ngx_http_membercert_write_institute(mc_json_out_t *out,
    const mc_institute_t *institute)
{
    mc_json_open(out, '{');
    mc_json_pair_str(out, "code", institute->code);
    mc_json_pair_str(out, "name", institute->name);
    mc_json_pair_str(out, "name_en", institute->name_en);
    mc_json_pair_str(out, "contact", institute->contact);
    mc_json_pair_str(out, "phone", institute->phone);
    mc_json_close(out, '}');
}


static void
write_user_types(mc_json_out_t *out, const mc_settings_t *settings)
{
    size_t                 i;
    const mc_user_type_t  *type;

    mc_json_key(out, "user_types");
    mc_json_open(out, '[');

    for (i = 0; i < settings->user_type_count; i++) {
        type = &settings->user_types[i];

        mc_json_open(out, '{');
        mc_json_pair_str(out, "code", type->code);
        mc_json_pair_str(out, "zh", type->zh);
        mc_json_pair_str(out, "en", type->en);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
}


/* What members accept, or null. */
static void
write_notice(mc_json_out_t *out, const char *key, mc_str_t url,
    mc_str_t version)
{
    mc_json_key(out, key);

    if (version.len == 0) {
        mc_json_null(out);
        return;
    }

    mc_json_open(out, '{');
    mc_json_pair_str(out, "url", url);
    mc_json_pair_str(out, "version", version);
    mc_json_close(out, '}');
}


static void
write_footer(mc_json_out_t *out, const mc_settings_t *settings)
{
    size_t  i;

    mc_json_key(out, "footer");
    mc_json_open(out, '[');

    for (i = 0; i < settings->footer_count; i++) {
        mc_json_open(out, '{');
        mc_json_pair_str(out, "text", settings->footers[i].text);
        mc_json_pair_str(out, "url", settings->footers[i].url);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');

    write_notice(out, "privacy", settings->privacy_url,
                 settings->privacy_version);
}


static void
write_captcha(mc_json_out_t *out, const mc_settings_t *settings)
{
    static const char *const  web[] = { "off", "on", "after" };

    mc_json_key(out, "captcha");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "web", mc_str_from(web[settings->captcha_web]));
    mc_json_pair_str(out, "mini", settings->captcha_mini ? mc_str("on")
                                                         : mc_str("off"));
    mc_json_close(out, '}');
}


static void
write_compare(mc_json_out_t *out, const mc_settings_t *settings)
{
    mc_json_key(out, "compare");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "provider",
                     mc_str_from(mc_compare_provider(settings)->name));
    write_notice(out, "consent", settings->compare_consent_url,
                 settings->compare_consent_version);
    mc_json_close(out, '}');
}


static void
write_photo_rules(mc_json_out_t *out, const mc_settings_t *settings)
{
    mc_json_key(out, "photo");
    mc_json_open(out, '{');
    mc_json_pair_int(out, "min", settings->photo_min);
    mc_json_pair_int(out, "max", settings->photo_max);
    mc_json_pair_int(out, "width", settings->photo_width);
    mc_json_pair_int(out, "height", settings->photo_height);
    mc_json_pair_int(out, "dpi", settings->photo_dpi);
    mc_json_pair_int(out, "attempts", settings->compare_attempts);
    mc_json_close(out, '}');
}


static void
write_password(mc_json_out_t *out, const mc_settings_t *settings)
{
    mc_json_key(out, "password");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "profile", settings->password_djcp
                                     ? mc_str("djcp") : mc_str("nist"));
    mc_json_pair_int(out, "min", settings->password_min);
    mc_json_pair_int(out, "max", MC_POLICY_MAX);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_site(mc_json_out_t *out, const void *call)
{
    size_t                i;
    const mc_settings_t  *settings;
    const mc_public_t    *site;

    site = call;

    settings = site->call.site->settings;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "issuer", settings->issuer);
    mc_json_pair_str(out, "issuer_en", settings->issuer_en);
    mc_json_pair_str(out, "hotline", settings->hotline);
    mc_json_pair_str(out, "public_url", settings->public_url);

    write_user_types(out, settings);
    write_footer(out, settings);

    ngx_http_membercert_write_mini(out, site->call.site);
    mc_json_pair_str(out, "review_time", settings->review_time);

    write_photo_rules(out, settings);
    write_compare(out, settings);

    write_captcha(out, settings);
    mc_json_pair_bool(out, "recovery", mc_recovery_on(settings));

    write_password(out, settings);

    mc_json_key(out, "institutes");

    if (site->institutes_known) {
        mc_json_open(out, '[');

        for (i = 0; i < site->count; i++) {
            ngx_http_membercert_write_institute(out, &site->institutes[i]);
        }

        mc_json_close(out, ']');

    } else {
        mc_json_null(out);
    }

    ngx_http_membercert_write_verify_site(out, settings);
    ngx_http_membercert_write_layouts(out, settings);
    mc_json_pair_int(out, "timezone", settings->timezone);

    mc_json_key(out, "languages");
    mc_json_open(out, '[');
    mc_json_str(out, mc_str("zh"));
    mc_json_str(out, mc_str("en"));
    mc_json_close(out, ']');

    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_login(mc_json_out_t *out, const void *call)
{
    const mc_login_t  *login;

    login = call;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "name", login->name);
    mc_json_pair_str(out, "member_no", login->member_no_masked);
    mc_json_pair_int(out, "idle_ends", login->idle_ends);
    mc_json_pair_int(out, "ends", login->ends);
    mc_json_pair_bool(out, "password_expired", login->password_expired);

    if (login->client == MC_CLIENT_MINI) {
        mc_json_pair_str(out, "token", mc_str_from(login->token));
    }

    if (login->client == MC_CLIENT_MINI && login->device[0] != '\0') {
        mc_json_pair_str(out, "device", mc_str_from(login->device));
    }

    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_whoami(mc_json_out_t *out, const void *call)
{
    const mc_whoami_t  *whoami;

    whoami = call;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "name", whoami->name);
    mc_json_pair_str(out, "member_no", whoami->member_no_masked);
    mc_json_pair_str(out, "user_type", whoami->user_type);
    mc_json_pair_str(out, "client",
                     whoami->client == MC_CLIENT_MINI ? mc_str("mini")
                                                      : mc_str("web"));
    mc_json_pair_int(out, "idle_ends", whoami->idle_ends);
    mc_json_pair_int(out, "ends", whoami->ends);
    mc_json_pair_bool(out, "password_expired", whoami->password_expired);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_item(mc_json_out_t *out,
    const mc_profile_item_t *item, bool editable)
{
    const mc_field_t  *field;

    field = item->field;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "key", field->key);
    mc_json_pair_str(out, "zh", field->zh);
    mc_json_pair_str(out, "en", field->en);
    mc_json_pair_str(out, "type",
                     mc_str_from(mc_field_type_name(field->type)));
    mc_json_pair_bool(out, "required", field->required);
    mc_json_pair_bool(out, "editable", editable);
    mc_json_pair_bool(out, "sensitive", field->sensitive);
    mc_json_pair_int(out, "max", field->max);
    mc_json_pair_str(out, "value", item->value);
    mc_json_pair_str(out, "value_en", item->value_en);
    mc_json_pair_bool(out, "missing", item->missing);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_profile(mc_json_out_t *out, const void *call)
{
    size_t               i;
    const mc_profile_t  *profile;

    profile = call;

    mc_json_open(out, '{');
    mc_json_pair_int(out, "revision", profile->revision);
    mc_json_pair_str(out, "user_type", profile->user_type);
    mc_json_pair_str(out, "member_no", profile->member_no);

    mc_json_key(out, "status");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "code",
                     mc_str_from(mc_status_code(profile->status)));
    mc_json_pair_str(out, "zh", mc_status_text(profile->status, false));
    mc_json_pair_str(out, "en", mc_status_text(profile->status, true));
    mc_json_close(out, '}');

    mc_json_key(out, "institute");
    ngx_http_membercert_write_institute(out, &profile->institute);

    mc_json_pair_bool(out, "complete", profile->complete);
    mc_json_pair_bool(out, "privacy_accepted", profile->privacy_accepted);
    mc_json_key(out, "compare_accepted");

    if (profile->compare_said) {
        mc_json_bool(out, profile->compare_accepted);

    } else {
        mc_json_null(out);
    }

    mc_json_key(out, "fields");
    mc_json_open(out, '[');

    for (i = 0; i < profile->count; i++) {
        ngx_http_membercert_write_item(out, &profile->items[i],
                                       profile->items[i].field->member_edits);
    }

    mc_json_close(out, ']');
    mc_json_close(out, '}');
}


/* A save that came too late gets the values that stand now (S37). */
void
ngx_http_membercert_write_present(mc_json_out_t *out, const void *call)
{
    const mc_profile_save_t  *save;

    save = call;

    if (save->profile.call.problems.items[0].code != MC_P_CHANGED_MEANWHILE
        || save->profile.count == 0)
    {
        return;
    }

    mc_json_key(out, "member");
    ngx_http_membercert_write_profile(out, &save->profile);
}


static void
write_status(mc_json_out_t *out, const mc_photo_status_t *status)
{
    mc_json_pair_str(out, "state", mc_str_from(mc_case_name(status->state)));
    mc_json_pair_int(out, "attempts", status->attempts);
    mc_json_pair_int(out, "most", status->most);
    mc_json_pair_str(out, "reason", status->reason);
    mc_json_pair_str(out, "reason_en", status->reason_en);
    mc_json_pair_str(out, "next", mc_str_from(status->next));
    mc_json_pair_int(out, "at", status->at);
    mc_json_pair_bool(out, "may_upload", status->may_upload);
    mc_json_pair_bool(out, "current", status->current);
    mc_json_pair_bool(out, "waiting", status->waiting);
    mc_json_pair_str(out, "contact", status->contact);
}


void
ngx_http_membercert_write_state(mc_json_out_t *out,
    const mc_photo_status_t *status)
{
    mc_json_open(out, '{');
    write_status(out, status);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_photo_state(mc_json_out_t *out, const void *call)
{
    const mc_photo_state_t  *state;

    state = call;
    ngx_http_membercert_write_state(out, &state->status);
}


void
ngx_http_membercert_write_put(mc_json_out_t *out, const void *call)
{
    size_t                 i;
    const mc_photo_put_t  *put;

    put = call;

    mc_json_open(out, '{');
    write_status(out, &put->status);
    mc_json_pair_int(out, "stored_size", (int64_t) put->stored_size);

    mc_json_key(out, "warnings");
    mc_json_open(out, '[');

    for (i = 0; i < put->warnings.count; i++) {
        ngx_http_membercert_write_problem(out, &put->warnings.items[i],
                                          NULL);
    }

    mc_json_close(out, ']');
    mc_json_close(out, '}');
}


static void
write_certificate(mc_json_out_t *out, const mc_certificate_t *certificate)
{
    size_t  i;

    mc_json_key(out, "fields");
    mc_json_open(out, '[');

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        mc_json_open(out, '{');
        mc_json_pair_str(out, "key",
                         mc_str_from(mc_cert_key((mc_cert_field_t) i)));
        write_two(out, "label", "label_en",
                  mc_cert_label((mc_cert_field_t) i));
        mc_json_pair_str(out, "value", certificate->values[i].zh);
        mc_json_pair_str(out, "value_en", certificate->values[i].en);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');

    write_two(out, "issuer", "issuer_en", certificate->issuer);
}


/* Where a blocker is worked off. */
static const char *
blocker_place(mc_problem_code_t code)
{
    switch (code) {

    case MC_P_PROFILE_INCOMPLETE:
    case MC_P_FIELD_REQUIRED:
        return "profile";

    case MC_P_PHOTO_NONE:
    case MC_P_PHOTO_UNAVAILABLE:
    case MC_P_COMPARE_PENDING:
    case MC_P_COMPARE_REVIEW:
    case MC_P_COMPARE_MISMATCHED:
        return "photo";

    default:
        return "institute";
    }
}


void
ngx_http_membercert_write_blockers(mc_json_out_t *out,
    const mc_problems_t *blockers)
{
    size_t               i;
    const mc_problem_t  *blocker;

    mc_json_key(out, "blockers");
    mc_json_open(out, '[');

    for (i = 0; i < blockers->count; i++) {
        blocker = &blockers->items[i];

        ngx_http_membercert_write_problem(out, blocker,
                                          blocker_place(blocker->code));
    }

    mc_json_close(out, ']');
}


void
ngx_http_membercert_write_view(mc_json_out_t *out, const void *call)
{
    const mc_cert_view_t  *view;

    view = call;

    mc_json_open(out, '{');

    write_certificate(out, &view->certificate);

    mc_json_pair_str(out, "version", mc_str_from(view->version));
    mc_json_pair_bool(out, "has_photo", view->certificate.has_photo);
    mc_json_pair_bool(out, "photo_readable", view->photo_readable);

    mc_json_key(out, "photo");
    ngx_http_membercert_write_state(out, &view->photo);

    ngx_http_membercert_write_blockers(out, &view->blockers);

    ngx_http_membercert_write_confirmed(out, &view->confirmed);
    ngx_http_membercert_write_verify_photo(out, view);

    mc_json_key(out, "institute");
    ngx_http_membercert_write_institute(out, &view->institute);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_text(mc_json_out_t *out, const char *key,
    const mc_problem_t *problem, bool english)
{
    mc_buf_t  text;

    mc_buf_init(&text, 4096);

    (void) mc_problem_text(problem, english, &text);
    mc_json_pair_str(out, key, mc_buf_view(&text));

    mc_buf_free(&text);
}


static void
write_allowed(mc_json_out_t *out, const mc_problem_t *problem)
{
    mc_buf_t  text;

    mc_buf_init(&text, 256);

    (void) mc_problem_allowed(problem, &text);

    if (text.len > 0) {
        mc_json_pair_str(out, "allowed", mc_buf_view(&text));
    }

    mc_buf_free(&text);
}


void
ngx_http_membercert_write_problem(mc_json_out_t *out,
    const mc_problem_t *problem, const char *place)
{
    const mc_problem_arg_t  *measured;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "code",
                     mc_str_from(mc_problem_code(problem->code)));

    ngx_http_membercert_write_text(out, "detail", problem, false);
    ngx_http_membercert_write_text(out, "detail_en", problem, true);

    if (problem->field.len != 0) {
        mc_json_pair_str(out, "field", problem->field);
    }

    measured = mc_problem_get(problem, "measured");

    if (measured != NULL) {
        mc_json_pair_str(out, "measured", measured->zh);
    }

    write_allowed(out, problem);

    if (place != NULL) {
        mc_json_pair_str(out, "where", mc_str_from(place));
    }

    mc_json_close(out, '}');
}
