/*
 * Contacts that change: who may, and who is told.
 *
 * Depends on store, domain and, through mc_message, auth.  Store pool.
 */

#include "mc_contact.h"

#include "mc_message.h"


/* Channels whose contacts differ; every field of the type counts, also one
 * that was empty. */
static unsigned
changed_channels(const mc_settings_t *settings, const mc_member_t *was,
    const mc_member_t *next)
{
    size_t             i;
    unsigned           channels;
    const mc_field_t  *field;

    channels = 0;

    for (i = 0; i < settings->fields.count; i++) {
        field = &settings->fields.items[i];

        if ((field->type == MC_FIELD_PHONE || field->type == MC_FIELD_EMAIL)
            && !mc_str_eq(mc_member_value(was, field),
                          mc_member_value(next, field)))
        {
            channels |= field->type == MC_FIELD_PHONE ? MC_OUTBOX_SMS
                                                      : MC_OUTBOX_EMAIL;
        }
    }

    return channels;
}


/* A member who cannot be reached is told by nobody. */
static bool
news_make(mc_call_t *call, const mc_member_t *was, unsigned channel,
    mc_contact_news_t *news)
{
    mc_err_t            err;
    mc_outbox_row_t    *row;
    mc_message_args_t   args;

    row = &news->rows[news->count];
    args = (mc_message_args_t) { .now = call->now, .prefer = channel };

    err = mc_message_make(call->site, was, MC_MESSAGE_CONTACT, &args, row,
                          &call->arena);

    if (err == MC_OK
        && (news->count == 0 || news->rows[0].channel != row->channel))
    {
        news->count++;
    }

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


bool
mc_contact_change(mc_call_t *call, mc_conn_t *conn, const mc_member_t *was,
    const mc_member_t *next, mc_contact_news_t *news)
{
    unsigned          channels;
    mc_session_row_t  session;

    news->count = 0;
    channels = changed_channels(call->site->settings, was, next);

    if (channels == 0) {
        return true;
    }

    if (!call->officer.asks
        && (!mc_call_session(call, conn, &session)
            || !mc_call_fresh(call, &session)))
    {
        return false;
    }

    return ((channels & MC_OUTBOX_SMS) == 0
            || news_make(call, was, MC_OUTBOX_SMS, news))
           && ((channels & MC_OUTBOX_EMAIL) == 0
               || news_make(call, was, MC_OUTBOX_EMAIL, news));
}
