/*
 * Use cases: read and save the member's record; consent.
 *
 * Depends on store, domain and, through mc_sealed, auth.  Store pool.
 */

#include "mc_profile.h"

#include "mc_character.h"
#include "mc_contact.h"
#include "mc_sealed.h"
#include "mc_utf8.h"
#include "mc_verify.h"


/* What the steps of a save hand on. */
typedef struct {
    mc_conn_t         *conn;
    mc_member_t        member;      /* as it stands in the store */
    mc_member_t        next;        /* as it is to be */
    size_t             changed;
    mc_contact_news_t  news;        /* of contacts that are to change */
    mc_write_guard_t   guard;
} save_t;


static void
show_item(const mc_field_t *field, const mc_member_t *member,
    const mc_institute_t *institute, mc_arena_t *arena,
    mc_profile_item_t *item)
{
    mc_str_t  value;

    value = mc_member_value(member, field);

    *item = (mc_profile_item_t) { .field = field, .value = value,
                                  .value_en = value };

    if (field->sensitive) {
        item->value = mc_field_mask(field, value, arena);
        item->value_en = item->value;

    } else if (field->column == MC_COLUMN_INSTITUTE) {

        if (institute->name.len > 0) {
            item->value = institute->name;
            item->value_en = institute->name_en.len > 0
                             ? institute->name_en : institute->name;
        }

    } else {
        item->value = mc_member_shown(field, value, false);
        item->value_en = mc_member_shown(field, value, true);
    }

    item->missing = field->required
                    && (mc_utf8_trim(value).len == 0
                        || (field->column == MC_COLUMN_INSTITUTE
                            && institute->name.len == 0));
}


bool
mc_profile_items(const mc_settings_t *settings, const mc_member_t *member,
    const mc_institute_t *institute, mc_arena_t *arena,
    mc_profile_item_t items[MC_FIELDS], size_t *count)
{
    bool    complete;
    size_t  i;

    complete = true;

    for (i = 0; i < settings->fields.count; i++) {
        show_item(&settings->fields.items[i], member, institute, arena,
                  &items[i]);

        if (items[i].missing) {
            complete = false;
        }
    }

    *count = i;

    return complete;
}


/* The last word on the automatic comparison, where one is asked for. */
static bool
profile_compare(mc_profile_t *profile, mc_conn_t *conn)
{
    mc_err_t    err;
    mc_str_t    version;
    mc_call_t  *call;

    call = &profile->call;
    version = call->site->settings->compare_consent_version;

    if (version.len == 0) {
        return true;
    }

    err = mc_consent_said(conn, call->member_id, "comparison", version,
                          &profile->compare_accepted);
    profile->compare_said = err == MC_OK;

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


static bool
profile_consent(mc_profile_t *profile, mc_conn_t *conn)
{
    mc_err_t    err;
    mc_str_t    version;
    mc_call_t  *call;

    call = &profile->call;
    version = call->site->settings->privacy_version;

    if (version.len == 0) {
        profile->privacy_accepted = true;
        return true;
    }

    err = mc_consent_get(conn, call->member_id, "privacy", version);
    profile->privacy_accepted = err == MC_OK;

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


/* The out part, from a member and profile->institute. */
static bool
profile_show(mc_profile_t *profile, const mc_member_t *member)
{
    mc_call_t  *call;

    call = &profile->call;

    profile->revision = member->revision;
    profile->user_type = member->user_type;
    profile->member_no = member->member_no;
    profile->status = member->status;

    profile->complete = mc_profile_items(call->site->settings, member,
                                         &profile->institute, &call->arena,
                                         profile->items, &profile->count);

    return call->arena.failed ? mc_call_fail(call, MC_ENOMEM) : true;
}


static bool
profile_read(mc_profile_t *profile, mc_conn_t *conn, mc_member_t *member,
    mc_write_guard_t *guard)
{
    return mc_call_member(&profile->call, conn, member, guard)
           && mc_call_institute(&profile->call, conn, member,
                                &profile->institute)
           && profile_consent(profile, conn)
           && profile_compare(profile, conn)
           && profile_show(profile, member);
}


void
mc_profile_run(mc_profile_t *profile)
{
    mc_conn_t         *conn;
    mc_member_t        member;
    mc_write_guard_t   guard;

    conn = mc_call_conn(&profile->call);

    if (conn != NULL) {
        (void) profile_read(profile, conn, &member, &guard);
        mc_call_done(&profile->call, conn);
    }
}


/* A refusal that names the field. */
static mc_problem_t *
refuse_field(mc_call_t *call, const mc_field_t *field,
    mc_problem_code_t code)
{
    mc_problem_t  *problem;

    problem = mc_problem_add(&call->problems, code);
    problem->field = field->key;
    mc_problem_arg(problem, "field", field->zh, field->en);

    return problem;
}


/* The key comes from outside: named only when it could be one. */
static bool
refuse_key(mc_call_t *call, mc_str_t key)
{
    mc_problem_t  *problem;

    problem = mc_problem_add(&call->problems, MC_P_FIELD_UNKNOWN);

    if (key.len > 0 && key.len <= 32 && mc_utf8_printable(key, false)) {
        problem->field = key;
        mc_problem_arg(problem, "field", key, mc_str_null);
    }

    return false;
}


/*
 * Members and institutes correct different fields (S38).  A member goes to
 * another institute through the national office only: an institute can
 * neither give away nor take.
 */
bool
mc_profile_editable(const mc_call_t *call, const mc_field_t *field)
{
    if (!call->officer.asks) {
        return field->member_edits;
    }

    return !field->member_edits
           && (field->column != MC_COLUMN_INSTITUTE
               || call->officer.row.institute.len == 0);
}


/* As it is kept: letters of older systems mapped (mc_character.h). */
static bool
save_text(mc_call_t *call, mc_str_t sent, mc_str_t *out)
{
    mc_buf_t  settled;
    mc_err_t  err;

    *out = mc_utf8_trim(sent);

    if (!mc_character_unsettled(*out)) {
        return true;
    }

    mc_buf_init(&settled, 2 * out->len + 1);
    err = mc_character_settle(*out, NULL, &settled);

    if (err == MC_OK) {
        *out = mc_arena_str(&call->arena, mc_buf_view(&settled));
        err = out->data == NULL ? MC_ENOMEM : MC_OK;
    }

    mc_buf_wipe(&settled);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* One sent value: unchanged, refused, or taken over into state->next. */
static bool
save_value(mc_profile_save_t *save, save_t *state, const mc_value_t *sent)
{
    mc_str_t           value, present;
    mc_call_t         *call;
    mc_problem_t      *problem;
    const mc_field_t  *field;

    call = &save->profile.call;
    field = mc_field_find(&call->site->settings->fields, sent->key);

    if (field == NULL) {
        return refuse_key(call, sent->key);
    }

    present = mc_member_value(&state->member, field);

    if (!save_text(call, sent->value, &value)) {
        return false;
    }

    if (mc_str_eq(value, present)) {
        return true;
    }

    if (call->officer.asks && field->member_edits) {
        (void) refuse_field(call, field, MC_P_FIELD_MEMBER_ONLY);
        return false;
    }

    if (!mc_profile_editable(call, field)) {
        problem = refuse_field(call, field, MC_P_FIELD_INSTITUTE_ONLY);
        mc_call_contact(call, &save->profile.institute, problem);
        return false;
    }

    if (field->sensitive && present.len > 0
        && mc_str_eq(value, mc_field_mask(field, present, &call->arena)))
    {
        (void) refuse_field(call, field, MC_P_FIELD_MASKED);
        return false;
    }

    if (!mc_field_check(field, value, &call->problems)) {
        return false;
    }

    state->changed++;

    return mc_member_set(&state->next, field, value) == MC_OK
           ? true : mc_call_fail(call, MC_ETOOBIG);
}


/* All faults at once; an institute's code that leads nowhere is one. */
static bool
save_check(mc_profile_save_t *save, save_t *state)
{
    bool        good;
    size_t      i;
    mc_call_t  *call;

    call = &save->profile.call;

    if (!save->has_match) {
        return mc_call_refuse(call, MC_P_IF_MATCH_MISSING);
    }

    if (save->match != state->member.revision) {
        return mc_call_refuse(call, MC_P_CHANGED_MEANWHILE);
    }

    good = true;
    state->next = state->member;

    for (i = 0; i < save->count; i++) {
        good = save_value(save, state, &save->values[i]) && good;
    }

    return call->arena.failed ? mc_call_fail(call, MC_ENOMEM) : good;
}


static bool
save_institute(mc_profile_save_t *save, save_t *state)
{
    mc_call_t         *call;
    mc_institute_t     institute;
    const mc_field_t  *field;

    call = &save->profile.call;

    if (mc_str_eq(state->next.columns[MC_COLUMN_INSTITUTE],
                  state->member.columns[MC_COLUMN_INSTITUTE]))
    {
        return true;
    }

    if (!mc_call_institute(call, state->conn, &state->next, &institute)) {
        return false;
    }

    if (institute.name.len == 0 && institute.code.len > 0) {
        field = mc_field_find(&call->site->settings->fields,
                              mc_str("institute"));
        (void) refuse_field(call, field, MC_P_FIELD_FORMAT);
        return false;
    }

    save->profile.institute = institute;

    return true;
}


/* Somebody was faster: the out part shows what stands there now. */
static bool
save_conflict(mc_profile_save_t *save, save_t *state)
{
    (void) mc_call_refuse(&save->profile.call, MC_P_CHANGED_MEANWHILE);

    return profile_read(&save->profile, state->conn, &state->member,
                        &state->guard);
}


static bool
save_write(mc_profile_save_t *save, save_t *state)
{
    size_t       told;
    int64_t      revision;
    mc_err_t     err;
    mc_str_t     sealed;
    mc_call_t   *call;
    mc_actor_t   actor;

    if (state->changed == 0) {
        return true;
    }

    call = &save->profile.call;

    err = mc_sealed_profile(call->site, &state->next, &call->arena, &sealed);

    if (err == MC_OK) {
        err = mc_sealed_id_key(call->site, &state->next, &call->arena);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    mc_call_actor(call, &actor);

    err = mc_member_save_tell(state->conn, &actor, &state->guard,
                              &state->next, sealed, state->news.rows,
                              state->news.count, &told, &revision);

    if (told > 0) {
        (void) mc_effect_add(&call->effects, MC_EFFECT_WORK);
    }

    switch (err) {

    case MC_OK:
        state->next.revision = revision;
        return profile_show(&save->profile, &state->next);

    case MC_ECONFLICT:
        return save_conflict(save, state);

    case MC_EDENIED:
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(call, err);
    }
}


void
mc_profile_save_run(mc_profile_save_t *save)
{
    save_t      state;
    mc_call_t  *call;

    call = &save->profile.call;

    memset(&state, 0, sizeof(state));
    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    if (profile_read(&save->profile, state.conn, &state.member,
                     &state.guard)
        && save_check(save, &state)
        && save_institute(save, &state)
        && mc_contact_change(call, state.conn, &state.member, &state.next,
                             &state.news))
    {
        (void) save_write(save, &state);
    }

    mc_call_done(call, state.conn);
}


/* The document's own name where this version of it is asked for. */
static const char *
consent_known(const mc_consent_t *consent)
{
    size_t                i;
    const mc_settings_t  *settings;

    settings = consent->call.site->settings;

    const struct {
        const char  *document;
        mc_str_t     version;
    } rows[] = {
        { "privacy", settings->privacy_version },
        { "comparison", settings->compare_consent_version },
        { MC_VERIFY_PHOTO, settings->verify_photo
                           ? mc_str(MC_VERIFY_PHOTO_VERSION) : mc_str_null }
    };

    for (i = 0; i < mc_count(rows); i++) {
        if (mc_str_is(consent->document, rows[i].document)) {
            return rows[i].version.len > 0
                   && mc_str_eq(consent->version, rows[i].version)
                   ? rows[i].document : NULL;
        }
    }

    return NULL;
}


static bool
consent_write(mc_consent_t *consent, mc_conn_t *conn)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_actor_t         actor;
    mc_member_t        member;
    const char        *document;
    mc_write_guard_t   guard;

    call = &consent->call;

    if (!mc_call_member(call, conn, &member, &guard)) {
        return false;
    }

    document = consent_known(consent);

    if (document == NULL) {
        return mc_call_refuse(call, MC_P_CONSENT_UNKNOWN);
    }

    mc_call_actor(call, &actor);

    err = mc_consent_put(conn, &actor, &guard, member.id, document,
                         consent->version, consent->accepted);

    if (err == MC_EDENIED) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_consent_run(mc_consent_t *consent)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&consent->call);

    if (conn != NULL) {
        (void) consent_write(consent, conn);
        mc_call_done(&consent->call, conn);
    }
}
