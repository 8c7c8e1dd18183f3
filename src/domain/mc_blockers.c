/*
 * What keeps a member from the certificate, in the order it is to be
 * worked off.  The second half of mc_certificate.h.
 *
 * Depends on base and domain.  Pure functions; any thread.
 */

#include "mc_certificate.h"
#include "mc_utf8.h"


/* Problems that may still follow the fields: one of photo, one of glyph. */
#define KEPT_ROOM  2


typedef struct {
    const mc_settings_t           *settings;
    const mc_member_t             *member;
    const mc_institute_t          *institute;
    const mc_certificate_facts_t  *facts;
    mc_arena_t                    *arena;
    mc_problems_t                 *blockers;
    mc_text_t                      contact;
} judged_t;


static bool
find_contact(judged_t *judged)
{
    mc_str_t        hotline;
    mc_institute_t  english;

    hotline = judged->settings->hotline;

    judged->contact.zh = mc_institute_line(judged->institute, hotline,
                                           judged->arena);

    if (judged->institute != NULL && judged->institute->name_en.len > 0) {
        english = *judged->institute;
        english.name = english.name_en;

        judged->contact.en = mc_institute_line(&english, hotline,
                                               judged->arena);

        return judged->contact.zh.data != NULL
               && judged->contact.en.data != NULL;
    }

    judged->contact.en = mc_str_null;

    return judged->contact.zh.data != NULL;
}


static void
put_contact(const judged_t *judged, mc_problem_t *problem)
{
    mc_problem_arg(problem, "contact", judged->contact.zh,
                   judged->contact.en);
}


static bool
put_number(const judged_t *judged, mc_problem_t *problem, const char *key,
    uint32_t n)
{
    mc_str_t  text;

    text = mc_arena_printf(judged->arena, "%u", (unsigned) n);
    mc_problem_arg(problem, key, text, mc_str_null);

    return text.data != NULL;
}


static void
judge_status(const judged_t *judged)
{
    mc_status_t    status;
    mc_problem_t  *problem;

    status = judged->member->status;

    if (status == MC_STATUS_ACTIVE) {
        return;
    }

    problem = mc_problem_add(judged->blockers, MC_P_MEMBER_NOT_ACTIVE);
    mc_problem_arg(problem, "status", mc_status_text(status, false),
                   mc_status_text(status, true));
    put_contact(judged, problem);
}


/* An institute's code that leads to no name is as good as none. */
static bool
is_missing(const judged_t *judged, const mc_field_t *field)
{
    if (field->column == MC_COLUMN_INSTITUTE
        && (judged->institute == NULL || judged->institute->name.len == 0))
    {
        return true;
    }

    return mc_utf8_trim(mc_member_value(judged->member, field)).len == 0;
}


static void
judge_profile(const judged_t *judged)
{
    bool                said;
    size_t              i;
    mc_problem_t       *problem;
    const mc_field_t   *field;
    const mc_fields_t  *fields;

    said = false;
    fields = &judged->settings->fields;

    for (i = 0; i < fields->count; i++) {
        field = &fields->items[i];

        if (!field->required || !is_missing(judged, field)) {
            continue;
        }

        if (!said) {
            mc_problem_add(judged->blockers, MC_P_PROFILE_INCOMPLETE);
            said = true;
        }

        if (judged->blockers->count >= MC_PROBLEMS - KEPT_ROOM) {
            break;
        }

        problem = mc_problem_add(judged->blockers,
                                 field->member_edits
                                 ? MC_P_FIELD_REQUIRED
                                 : MC_P_FIELD_INSTITUTE_ONLY);

        problem->field = field->key;
        mc_problem_arg(problem, "field", field->zh, field->en);

        if (!field->member_edits) {
            put_contact(judged, problem);
        }
    }
}


static mc_problem_code_t
photo_problem(const judged_t *judged)
{
    bool                           used;
    const mc_certificate_facts_t  *facts;

    facts = judged->facts;

    if (facts->photo_present) {
        return facts->photo_readable ? MC_P_NONE : MC_P_PHOTO_UNAVAILABLE;
    }

    used = judged->member->attempts >= judged->settings->compare_attempts;

    switch (facts->state) {

    case MC_CASE_PENDING:
        return MC_P_COMPARE_PENDING;

    case MC_CASE_REVIEW:
        return MC_P_COMPARE_REVIEW;

    case MC_CASE_MISMATCHED:
        return used ? MC_P_ATTEMPTS_USED : MC_P_COMPARE_MISMATCHED;

    default:
        return used ? MC_P_ATTEMPTS_USED : MC_P_PHOTO_NONE;
    }
}


static bool
judge_photo(const judged_t *judged)
{
    mc_problem_t         *problem;
    mc_problem_code_t     code;
    const mc_settings_t  *settings;

    settings = judged->settings;
    code = photo_problem(judged);

    if (code == MC_P_NONE) {
        return true;
    }

    problem = mc_problem_add(judged->blockers, code);

    switch (code) {

    case MC_P_COMPARE_REVIEW:
        mc_problem_arg(problem, "review_time", settings->review_time,
                       mc_str_eq(settings->review_time,
                                 mc_label_review_time.zh)
                       ? mc_label_review_time.en : mc_str_null);
        return true;

    case MC_P_COMPARE_MISMATCHED:
        return put_number(judged, problem, "n", judged->member->attempts)
               && put_number(judged, problem, "attempts",
                             settings->compare_attempts);

    case MC_P_ATTEMPTS_USED:
        put_contact(judged, problem);
        return put_number(judged, problem, "attempts",
                          settings->compare_attempts);

    default:
        return true;
    }
}


static bool
judge_glyph(const judged_t *judged)
{
    char           bytes[4];
    size_t         len;
    mc_str_t       letter;
    mc_problem_t  *problem;

    if (judged->facts->missing_glyph == 0) {
        return true;
    }

    len = mc_utf8_encode(judged->facts->missing_glyph, bytes);
    letter = mc_arena_str(judged->arena, (mc_str_t) { bytes, len });

    problem = mc_problem_add(judged->blockers, MC_P_GLYPH_MISSING);
    mc_problem_arg(problem, "char", letter, mc_str_null);

    return letter.data != NULL;
}


mc_err_t
mc_certificate_blockers(const mc_settings_t *settings,
    const mc_member_t *member, const mc_institute_t *institute,
    const mc_certificate_facts_t *facts, mc_arena_t *arena,
    mc_problems_t *blockers)
{
    judged_t  judged;

    judged.settings = settings;
    judged.member = member;
    judged.institute = institute;
    judged.facts = facts;
    judged.arena = arena;
    judged.blockers = blockers;

    if (!find_contact(&judged)) {
        return MC_ENOMEM;
    }

    judge_status(&judged);
    judge_profile(&judged);

    if (!judge_photo(&judged) || !judge_glyph(&judged)) {
        return MC_ENOMEM;
    }

    return MC_OK;
}
