/*
 * Use cases of the desk: one member, and what an officer does for him.
 *
 * Depends on photo (transcode), store, domain and, through mc_sealed, auth.
 * Store pool: all of them end in a write.
 *
 * The members' own use cases do the work: an officer's call is about one
 * member, and mc_call_member() gives them that one.
 */

#include "mc_officer_desk.h"

#include "mc_photo_store.h"
#include "mc_problem_pack.h"
#include "mc_sealed.h"


#define STORED_MAX  (64 * 1024)     /* bytes of a transcode */


/* The part of the desk's own: fields, reference, history. */
static bool
member_read(mc_desk_member_t *desk, mc_conn_t *conn)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &desk->call;

    if (!mc_call_desk_member(call, conn, &desk->member)) {
        return false;
    }

    desk->reference_id = call->officer.reference_id;

    desk->complete = mc_profile_items(call->site->settings, &desk->member,
                                      &desk->view.institute, &call->arena,
                                      desk->items, &desk->count);

    err = mc_desk_history(conn, &call->officer.row, desk->member.id,
                          MC_DESK_HISTORY, &call->arena, &desk->cases,
                          &desk->case_count);

    if (err == MC_OK && call->arena.failed) {
        err = MC_ENOMEM;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* All of a member, for whichever route shows it. */
static void
member_show(mc_desk_member_t *desk)
{
    mc_call_t  *call;
    mc_conn_t  *conn;

    /* the call goes into the other use case and comes back */

    call = &desk->call;

    desk->view.call = *call;
    mc_cert_view_run(&desk->view);
    *call = desk->view.call;
    memset(&desk->view.call, 0, sizeof(desk->view.call));
    desk->view.call.site = call->site;

    if (call->problems.count > 0) {
        return;
    }

    conn = mc_call_conn(call);

    if (conn != NULL) {
        (void) member_read(desk, conn);
        mc_call_done(call, conn);
    }
}


void
mc_desk_member_run(mc_desk_member_t *desk)
{
    member_show(desk);

    if (desk->call.problems.count == 0) {
        mc_call_note(&desk->call, "view", "member");

    } else if (desk->call.officer.known) {
        mc_call_note_refusal(&desk->call, "view");
    }
}


static bool
view_read(mc_desk_view_t *view, mc_conn_t *conn)
{
    size_t           count;
    mc_err_t         err;
    mc_call_t       *call;
    mc_desk_case_t  *next;

    call = &view->member.call;

    err = mc_desk_case(conn, &call->officer.row, call->officer.photo_id,
                       &call->arena, &view->row);

    if (err == MC_OK) {
        err = mc_problem_unpack(view->row.warnings, &call->arena,
                                &view->warnings);
    }

    if (err == MC_OK) {
        view->waiting = view->row.state == MC_CASE_REVIEW;
        err = mc_desk_queue(conn, &call->officer.row, view->row.id, 1,
                            &call->arena, &next, &count);
    }

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    if (err == MC_OK && count > 0) {
        view->next = next->row.photo_id;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_desk_view_run(mc_desk_view_t *view)
{
    mc_conn_t  *conn;

    member_show(&view->member);

    if (view->member.call.problems.count > 0) {
        return;
    }

    conn = mc_call_conn(&view->member.call);

    if (conn == NULL) {
        return;
    }

    if (view_read(view, conn)) {
        mc_call_note(&view->member.call, "view", "case %lld",
                     (long long) view->row.photo_id);
    }

    mc_call_done(&view->member.call, conn);
}


/* The member as he stands now, beside a refusal. */
static void
member_beside(mc_desk_member_t *desk)
{
    mc_problems_t  problems;

    problems = desk->call.problems;
    memset(&desk->call.problems, 0, sizeof(problems));

    member_show(desk);

    if (desk->call.problems.count > 0) {
        desk->count = 0;
    }

    desk->call.problems = problems;
}


void
mc_desk_save_run(mc_desk_save_t *save)
{
    mc_call_t          *call;
    mc_profile_save_t  *inner;

    call = &save->member.call;
    inner = mc_alloc(sizeof(mc_profile_save_t));

    if (inner == NULL) {
        (void) mc_call_fail(call, MC_ENOMEM);
        return;
    }

    inner->has_match = save->has_match;
    inner->match = save->match;
    inner->count = save->count;
    memcpy(inner->values, save->values, sizeof(save->values));

    inner->profile.call = *call;
    mc_profile_save_run(inner);
    *call = inner->profile.call;

    mc_free_wiped(inner, sizeof(mc_profile_save_t));

    if (call->problems.count == 0) {
        member_show(&save->member);

    } else if (call->problems.items[0].code == MC_P_CHANGED_MEANWHILE) {
        member_beside(&save->member);
    }
}


/* What a write of the store answered. */
static bool
written(mc_call_t *call, mc_err_t err)
{
    switch (err) {

    case MC_OK:
        return true;

    case MC_EDENIED:
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(call, err);
    }
}


static bool
reset_write(mc_desk_member_t *desk, mc_conn_t *conn)
{
    mc_call_t   *call;
    mc_actor_t   actor;

    call = &desk->call;

    if (!mc_call_desk_member(call, conn, &desk->member)) {
        return false;
    }

    mc_call_actor(call, &actor);

    return written(call, mc_case_reset(conn, &actor, desk->member.id));
}


void
mc_desk_reset_run(mc_desk_member_t *desk)
{
    bool        good;
    mc_conn_t  *conn;

    conn = mc_call_conn(&desk->call);

    if (conn == NULL) {
        return;
    }

    good = reset_write(desk, conn);
    mc_call_done(&desk->call, conn);

    if (good) {
        member_show(desk);
    }
}


/* Before the picture is worked on: may he, and is there such a member? */
static bool
put_allowed(mc_desk_put_t *put)
{
    bool        good;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &put->member.call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    good = mc_call_desk_member(call, conn, &put->member.member);
    mc_call_done(call, conn);

    return good;
}


static bool
put_write(mc_desk_put_t *put, mc_conn_t *conn, mc_str_t stored)
{
    mc_err_t         err;
    mc_call_t       *call;
    mc_actor_t       actor;
    mc_photo_row_t   photo;

    call = &put->member.call;
    photo = (mc_photo_row_t) { .member_id = put->member.member.id,
                               .reference = put->reference,
                               .at = call->now };

    err = mc_photo_reserve(conn, &photo.id);

    if (err == MC_OK) {
        err = mc_sealed_photo(call->site, stored, &call->arena, &photo);
    }

    if (err == MC_OK) {
        mc_call_actor(call, &actor);
        err = mc_desk_record(conn, &actor, &photo);
    }

    return written(call, err);
}


void
mc_desk_put_run(mc_desk_put_t *put)
{
    bool        good;
    mc_buf_t    stored;
    mc_err_t    err;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &put->member.call;

    if (!put_allowed(put)) {
        return;
    }

    good = false;
    mc_buf_init(&stored, STORED_MAX);

    err = mc_photo_transcode(put->jpeg, &stored, &call->arena,
                             &call->problems);

    if (err != MC_OK && call->problems.count == 0) {
        (void) mc_call_fail(call, err);
    }

    conn = err == MC_OK ? mc_call_conn(call) : NULL;

    if (conn != NULL) {
        good = put_write(put, conn, mc_buf_view(&stored));
        mc_call_done(call, conn);
    }

    mc_buf_wipe(&stored);

    if (good) {
        member_show(&put->member);
    }
}


void
mc_desk_confirm_run(mc_desk_confirm_t *confirm)
{
    mc_call_t          *call;
    mc_cert_confirm_t  *inner;

    call = &confirm->member.call;
    inner = mc_alloc(sizeof(mc_cert_confirm_t));

    if (inner == NULL) {
        (void) mc_call_fail(call, MC_ENOMEM);
        return;
    }

    inner->version = confirm->version;
    inner->view.call = *call;
    mc_cert_confirm_run(inner);
    *call = inner->view.call;
    confirm->created = inner->created;

    mc_free_wiped(inner, sizeof(mc_cert_confirm_t));

    if (call->problems.count == 0) {
        member_show(&confirm->member);
    }
}


/* A copy leaves the house: that is recorded before it does. */
void
mc_desk_pdf_run(mc_cert_pdf_t *pdf)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    pdf->if_none_match = mc_str_null;
    mc_cert_pdf_run(pdf);

    if (pdf->call.problems.count > 0) {
        return;
    }

    conn = mc_call_conn(&pdf->call);

    if (conn == NULL) {
        return;
    }

    mc_call_actor(&pdf->call, &actor);
    err = mc_audit_write(conn, &actor, pdf->call.member_id, "download",
                         "certificate");
    mc_call_done(&pdf->call, conn);

    (void) written(&pdf->call, err);
}
