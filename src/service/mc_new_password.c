/*
 * A new password against the site's rules, the member's own data and the
 * earlier ones.
 *
 * Depends on auth, store, domain.  Threads and commands.
 */

#include "mc_new_password.h"


#define HISTORY_TEXT  "5"

_Static_assert(MC_POLICY_HISTORY == 5, "the text above");
_Static_assert(MC_POLICY_HISTORY - 1 <= MC_PASSWORD_PAST, "is kept");


uint32_t
mc_new_password_history(const mc_settings_t *settings)
{
    return settings->password_djcp ? MC_POLICY_HISTORY - 1 : 0;
}


bool
mc_new_password_due(const mc_settings_t *settings, const mc_member_t *member,
    int64_t now)
{
    if (member->password_hash.len == 0) {
        return false;
    }

    return member->password_forced
           || (settings->password_djcp
               && now - member->password_at > MC_POLICY_AGE);
}


void
mc_new_password_reused(mc_problems_t *problems, mc_str_t n)
{
    mc_problem_t  *problem;

    problem = mc_problem_add(problems, MC_P_PASSWORD_REUSED);
    mc_problem_arg(problem, "n", n, mc_str_null);
}


/* Number, name, contact data, ID number, institute: what stands in the
 * record, with the parts of an e-mail address. */
static void
context_read(const mc_site_t *site, const mc_member_t *member,
    mc_policy_context_t *context)
{
    size_t              i;
    const mc_field_t   *field;
    const mc_fields_t  *fields;

    memset(context, 0, sizeof(*context));

    mc_policy_context_add(context, member->member_no);
    mc_policy_context_add(context, member->columns[MC_COLUMN_NAME]);
    mc_policy_context_add(context,
                          member->columns[MC_COLUMN_CERTIFICATE_NO]);

    fields = &site->settings->fields;

    for (i = 0; i < fields->count; i++) {
        field = &fields->items[i];

        if (field->type == MC_FIELD_EMAIL || field->type == MC_FIELD_PHONE
            || field->type == MC_FIELD_ID_NUMBER)
        {
            mc_policy_context_add(context, mc_member_value(member, field));
        }
    }

    mc_policy_context_add(context, site->settings->issuer);
    mc_policy_context_add(context, site->settings->issuer_en);
}


mc_err_t
mc_new_password_read(const mc_site_t *site, mc_conn_t *conn,
    const mc_member_t *member, mc_arena_t *arena, mc_new_password_t *out)
{
    size_t    count;
    uint32_t  history;
    mc_err_t  err;

    out->past_count = 0;
    context_read(site, member, &out->context);

    history = mc_new_password_history(site->settings);

    if (history == 0) {
        return MC_OK;
    }

    if (member->password_hash.len > 0) {
        out->past[out->past_count++] = mc_arena_str(arena,
                                                    member->password_hash);
    }

    err = mc_password_past(conn, member->id, arena,
                           out->past + out->past_count, history, &count);
    out->past_count += count;

    return err != MC_OK ? err : arena->failed ? MC_ENOMEM : MC_OK;
}


/* MC_EDENIED: it is none of the earlier ones. */
static mc_err_t
past_find(const mc_new_password_t *rules, mc_str_t password)
{
    bool      rehash;
    size_t    i;
    mc_err_t  err;

    for (i = 0; i < rules->past_count; i++) {
        err = mc_legacy_verify(rules->past[i], password, 0, &rehash);

        if (err != MC_EDENIED) {
            return err;
        }
    }

    return MC_EDENIED;
}


mc_err_t
mc_new_password_hash(const mc_site_t *site, const mc_new_password_t *rules,
    mc_str_t password, mc_problems_t *problems, char out[MC_PASSWORD_HASH])
{
    mc_err_t  err;

    out[0] = '\0';

    if (!mc_policy_check(site->policy, password, &rules->context, problems))
    {
        return MC_EINVAL;
    }

    err = past_find(rules, password);

    if (err == MC_OK) {
        mc_new_password_reused(problems, mc_str(HISTORY_TEXT));
        return MC_EINVAL;
    }

    return err == MC_EDENIED ? mc_password_hash(password, out) : err;
}
