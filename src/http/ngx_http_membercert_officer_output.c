/*
 * The JSON of the desk's routes (src/service/OFFICER.md).
 *
 * Plain functions over a call and a writer, as ngx_http_membercert_output.c.
 * Event loop only.
 */

#include "ngx_http_membercert_officer.h"


static void
write_id(mc_json_out_t *out, const char *key, int64_t id)
{
    mc_json_key(out, key);

    if (id != 0) {
        mc_json_int(out, id);

    } else {
        mc_json_null(out);
    }
}


static void
write_standing(mc_json_out_t *out, mc_status_t status)
{
    mc_json_key(out, "status");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "code", mc_str_from(mc_status_code(status)));
    mc_json_pair_str(out, "zh", mc_status_text(status, false));
    mc_json_pair_str(out, "en", mc_status_text(status, true));
    mc_json_close(out, '}');
}


static void
write_reasons(mc_json_out_t *out)
{
    unsigned   i;
    mc_text_t  text;

    mc_json_key(out, "reasons");
    mc_json_open(out, '[');

    for (i = 0; i < MC_REJECTS; i++) {
        text = mc_reject_text((mc_reject_t) i);

        mc_json_open(out, '{');
        mc_json_pair_str(out, "code",
                         mc_str_from(mc_reject_code((mc_reject_t) i)));
        mc_json_pair_str(out, "zh", text.zh);
        mc_json_pair_str(out, "en", text.en);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
}


static void
write_who(mc_json_out_t *out, const mc_officer_who_t *who)
{
    bool  all;

    all = who->institute.code.len == 0;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "name", who->name);
    mc_json_pair_bool(out, "all", all);
    mc_json_key(out, "institute");

    if (all) {
        mc_json_null(out);

    } else {
        ngx_http_membercert_write_institute(out, &who->institute);
    }

    mc_json_pair_int(out, "idle_ends", who->idle_ends);
    mc_json_pair_int(out, "ends", who->ends);
    write_reasons(out);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_login(mc_json_out_t *out, const void *call)
{
    const mc_officer_login_t  *login;

    login = call;
    write_who(out, &login->who);
}


void
ngx_http_membercert_officer_write_whoami(mc_json_out_t *out, const void *call)
{
    const mc_officer_whoami_t  *whoami;

    whoami = call;
    write_who(out, &whoami->who);
}


/* What queue and search say of a member. */
static void
write_row(mc_json_out_t *out, const mc_member_t *member)
{
    mc_json_pair_str(out, "user_type", member->user_type);
    mc_json_pair_str(out, "member_no", member->member_no);
    mc_json_pair_str(out, "name", member->columns[MC_COLUMN_NAME]);
    mc_json_pair_int(out, "attempts", member->attempts);
}


static void
write_code(mc_json_out_t *out, const mc_member_t *member)
{
    mc_json_pair_str(out, "institute",
                     member->columns[MC_COLUMN_INSTITUTE]);
}


void
ngx_http_membercert_officer_write_queue(mc_json_out_t *out, const void *call)
{
    size_t                  i;
    const mc_desk_case_t   *item;
    const mc_desk_queue_t  *queue;

    queue = call;

    mc_json_open(out, '{');
    mc_json_key(out, "items");
    mc_json_open(out, '[');

    for (i = 0; i < queue->count; i++) {
        item = &queue->items[i];

        mc_json_open(out, '{');
        mc_json_pair_int(out, "photo_id", item->row.photo_id);
        mc_json_pair_int(out, "at", item->row.at);
        write_row(out, &item->member);
        write_code(out, &item->member);
        mc_json_pair_bool(out, "declared", item->row.declared);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
    write_id(out, "next", queue->next);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_search(mc_json_out_t *out, const void *call)
{
    size_t                   i;
    const mc_desk_found_t   *item;
    const mc_desk_search_t  *search;

    search = call;

    mc_json_open(out, '{');
    mc_json_key(out, "items");
    mc_json_open(out, '[');

    for (i = 0; i < search->count; i++) {
        item = &search->items[i];

        mc_json_open(out, '{');
        write_row(out, &item->member);
        write_code(out, &item->member);
        write_standing(out, item->member.status);
        mc_json_pair_str(out, "state",
                         item->state.len > 0 ? item->state
                                             : mc_str("none"));
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
    mc_json_pair_bool(out, "more", search->more);
    mc_json_close(out, '}');
}


/* The members of one case, without brackets. */
static void
write_case(mc_json_out_t *out, const mc_case_row_t *row)
{
    mc_text_t  reason;

    reason = mc_case_reason(row->reason);

    mc_json_pair_int(out, "photo_id", row->photo_id);
    mc_json_pair_int(out, "at", row->at);
    mc_json_pair_str(out, "state", mc_str_from(mc_case_name(row->state)));
    mc_json_pair_str(out, "reason", reason.zh);
    mc_json_pair_str(out, "reason_en", reason.en);
    mc_json_pair_int(out, "decided_at", row->decided_at);
    mc_json_pair_bool(out, "declared", row->declared);
}


static void
write_fields(mc_json_out_t *out, const mc_desk_member_t *member)
{
    size_t                    i;
    const mc_profile_item_t  *item;

    mc_json_key(out, "fields");
    mc_json_open(out, '[');

    for (i = 0; i < member->count; i++) {
        item = &member->items[i];

        ngx_http_membercert_write_item(out, item,
            mc_profile_editable(&member->call, item->field));
    }

    mc_json_close(out, ']');
}


static void
write_certificate(mc_json_out_t *out, const mc_cert_view_t *view)
{
    mc_json_key(out, "certificate");
    mc_json_open(out, '{');
    mc_json_pair_str(out, "version", mc_str_from(view->version));
    ngx_http_membercert_write_blockers(out, &view->blockers);
    ngx_http_membercert_write_confirmed(out, &view->confirmed);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_member(mc_json_out_t *out, const void *call)
{
    size_t                   i;
    const mc_member_t       *member;
    const mc_desk_member_t  *desk;

    desk = call;

    member = &desk->member;

    mc_json_open(out, '{');
    write_row(out, member);
    mc_json_pair_int(out, "most", desk->view.photo.most);
    write_standing(out, member->status);
    mc_json_pair_bool(out, "disabled", member->disabled);

    mc_json_key(out, "institute");
    ngx_http_membercert_write_institute(out, &desk->view.institute);

    mc_json_pair_int(out, "revision", member->revision);
    mc_json_pair_bool(out, "complete", desk->complete);
    write_id(out, "current_photo_id", member->photo_id);
    write_id(out, "reference_photo_id", desk->reference_id);

    write_fields(out, desk);

    mc_json_key(out, "cases");
    mc_json_open(out, '[');

    for (i = 0; i < desk->case_count; i++) {
        mc_json_open(out, '{');
        write_case(out, &desk->cases[i]);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');

    write_certificate(out, &desk->view);

    mc_json_close(out, '}');
}


/* Who compared, and what was said; null where nobody was asked. */
static void
write_provider(mc_json_out_t *out, const mc_case_row_t *row)
{
    mc_json_key(out, "provider");

    if (row->result.len == 0) {
        mc_json_null(out);
        return;
    }

    mc_json_open(out, '{');
    mc_json_pair_str(out, "name", row->model);
    mc_json_pair_str(out, "result", row->result);
    mc_json_key(out, "score");

    if (row->score >= 0) {
        mc_json_int(out, row->score);

    } else {
        mc_json_null(out);
    }

    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_case(mc_json_out_t *out, const void *call)
{
    size_t                 i;
    const mc_desk_view_t  *view;

    view = call;

    mc_json_open(out, '{');
    write_case(out, &view->row);
    mc_json_pair_bool(out, "waiting", view->waiting);
    write_id(out, "next", view->next);
    write_provider(out, &view->row);

    mc_json_key(out, "warnings");
    mc_json_open(out, '[');

    for (i = 0; i < view->warnings.count; i++) {
        ngx_http_membercert_write_problem(out, &view->warnings.items[i],
                                          NULL);
    }

    mc_json_close(out, ']');

    mc_json_key(out, "member");
    ngx_http_membercert_officer_write_member(out, &view->member);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_decided(mc_json_out_t *out, const void *call)
{
    const mc_desk_decide_t  *decide;

    decide = call;

    mc_json_open(out, '{');
    mc_json_pair_int(out, "photo_id", decide->row.photo_id);
    mc_json_pair_str(out, "state",
                     mc_str_from(mc_case_name(decide->row.state)));
    mc_json_pair_int(out, "attempts", decide->attempts);
    mc_json_pair_int(out, "most",
                     decide->call.site->settings->compare_attempts);
    write_id(out, "next", decide->next);
    mc_json_close(out, '}');
}


/* The code is shown here, and nowhere else. */
void
ngx_http_membercert_officer_write_activate(mc_json_out_t *out,
    const void *call)
{
    const mc_recovery_institute_t  *institute;

    institute = call;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "code", mc_str_from(institute->code));
    mc_json_pair_int(out, "expires_in",
                     (institute->ends - institute->call.now) / 1000);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_write_present(mc_json_out_t *out,
    const void *call)
{
    const mc_desk_save_t  *save;

    save = call;

    if (save->member.call.problems.items[0].code != MC_P_CHANGED_MEANWHILE
        || save->member.count == 0)
    {
        return;
    }

    mc_json_key(out, "member");
    ngx_http_membercert_officer_write_member(out, &save->member);
}
