/*
 * Messages to members, made and sealed.
 *
 * Depends on auth (sealing), store (the row's form), domain (texts, fields).
 * Any thread; no I/O.  Plain text only ever stands in a buffer wiped here.
 */

#include "mc_message.h"

#include <stdio.h>

#include "mc_json.h"
#include "mc_label.h"
#include "mc_time.h"


#define PLACES  8

typedef struct {
    const char  *name;
    const char  *params[4];     /* places that are values of its own */
} kind_t;

static const kind_t  kinds[] = {
    [MC_MESSAGE_CODE] = { "code", { "code", "minutes" } },
    [MC_MESSAGE_LOOKUP] = { "lookup", { "member_no", "certificate_no",
                                        "code", "minutes" } },
    [MC_MESSAGE_CHANGED] = { "changed", { "time" } },
    [MC_MESSAGE_CONTACT] = { "contact", { "time" } }
};

_Static_assert(mc_count(kinds) == MC_LABEL_MESSAGES, "each has its texts");

typedef struct {
    const mc_site_t          *site;
    const mc_member_t        *member;
    const mc_message_args_t  *args;
    mc_message_kind_t         kind;
    mc_str_t                  to;
    char                      minutes[24];
    char                      time[32];
    mc_label_place_t                zh[PLACES];
    mc_label_place_t                en[PLACES];
    size_t                    count;
} message_t;


unsigned
mc_message_carries(const mc_outbox_line_t *line)
{
    if (line->channel.len > 0) {
        return mc_str_is(line->channel, "sms") ? MC_OUTBOX_SMS
                                               : MC_OUTBOX_EMAIL;
    }

    return mc_str_is(line->kind, "smtp") || mc_str_is(line->kind, "smtps")
           ? MC_OUTBOX_EMAIL : MC_OUTBOX_ANY;
}


unsigned
mc_message_channels(const mc_settings_t *settings)
{
    size_t    i;
    unsigned  channels;

    channels = 0;

    for (i = 0; i < settings->outbox_count; i++) {
        channels |= mc_message_carries(&settings->outboxes[i]);
    }

    return channels;
}


void
mc_message_context(const char *dedupe, char out[64])
{
    (void) snprintf(out, 64, "outbox:%s", dedupe);
}


/* What is on file, where it has the form it should have. */
static mc_str_t
contact(const mc_site_t *site, const mc_member_t *member, unsigned channel)
{
    mc_str_t           value;
    mc_problems_t      problems;
    const mc_field_t  *field;

    field = mc_field_find(&site->settings->fields,
                          channel == MC_OUTBOX_SMS ? mc_str("phone")
                                                   : mc_str("email"));
    if (field == NULL) {
        return mc_str_null;
    }

    problems.count = 0;
    value = mc_member_value(member, field);

    return mc_field_check(field, value, &problems) ? value : mc_str_null;
}


static unsigned
choose_channel(message_t *message)
{
    size_t    i;
    unsigned  able, order[2];

    able = mc_message_channels(message->site->settings);
    order[0] = message->args->prefer == MC_OUTBOX_EMAIL ? MC_OUTBOX_EMAIL
                                                        : MC_OUTBOX_SMS;
    order[1] = MC_OUTBOX_ANY & ~order[0];

    for (i = 0; i < mc_count(order); i++) {

        if ((able & order[i]) == 0) {
            continue;
        }

        message->to = contact(message->site, message->member, order[i]);

        if (message->to.len > 0) {
            return order[i];
        }
    }

    return 0;
}


static void
place(message_t *message, const char *key, mc_str_t zh, mc_str_t en)
{
    message->zh[message->count] = (mc_label_place_t) { key, zh };
    message->en[message->count] = (mc_label_place_t) {
        key, en.len > 0 ? en : zh
    };
    message->count++;
}


static void
fill_places(message_t *message)
{
    mc_date_t             date;
    const mc_settings_t  *settings;

    settings = message->site->settings;
    date = mc_date_at(message->args->now, settings->timezone);

    (void) snprintf(message->time, sizeof(message->time),
                    "%04d-%02d-%02d %02d:%02d", date.year, date.month,
                    date.day, date.hour, date.minute);

    (void) snprintf(message->minutes, sizeof(message->minutes), "%lld",
                    (long long) (message->args->ttl / MC_MINUTE));

    place(message, "issuer", settings->issuer, settings->issuer_en);
    place(message, "hotline", settings->hotline, mc_str_null);
    place(message, "code", message->args->code, mc_str_null);
    place(message, "minutes", mc_str_from(message->minutes), mc_str_null);
    place(message, "time", mc_str_from(message->time), mc_str_null);
    place(message, "member_no", message->member->member_no, mc_str_null);
    place(message, "certificate_no",
          message->member->columns[MC_COLUMN_CERTIFICATE_NO], mc_str_null);
}


static void
write_params(const message_t *message, mc_json_out_t *out)
{
    size_t       i, n;
    const char  *name;

    mc_json_key(out, "params");
    mc_json_open(out, '{');

    for (i = 0; i < mc_count(kinds[0].params); i++) {
        name = kinds[message->kind].params[i];

        for (n = 0; name != NULL && n < message->count; n++) {
            if (strcmp(message->zh[n].key, name) == 0) {
                mc_json_pair_str(out, name, message->zh[n].value);
            }
        }
    }

    mc_json_close(out, '}');
}


/* Chinese, then English: "join" between them. */
static void
write_text(const message_t *message, const mc_text_t *text,
    const char *key, const char *join, mc_json_out_t *out)
{
    mc_buf_t  both;

    mc_buf_init(&both, MC_MESSAGE_MAX);

    mc_label_fill(text->zh, message->zh, message->count, &both);
    (void) mc_buf_cstr(&both, join);
    mc_label_fill(text->en, message->en, message->count, &both);

    if (both.err == MC_OK) {
        mc_json_pair_str(out, key, mc_buf_view(&both));

    } else if (out->buf->err == MC_OK) {
        out->buf->err = both.err;
    }

    mc_buf_wipe(&both);
}


static void
write_message(const message_t *message, const mc_outbox_row_t *row,
    mc_buf_t *buf)
{
    char                       expires[25];
    mc_json_out_t              out;
    const mc_label_message_t  *label;

    label = &mc_label_message[message->kind];
    mc_time_write(row->expires_at, expires);

    mc_json_out_init(&out, buf);
    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "id", mc_str_from(row->dedupe));
    mc_json_pair_str(&out, "kind", row->kind);
    mc_json_pair_str(&out, "channel",
                     mc_str_from(mc_outbox_channel(row->channel)));
    mc_json_pair_str(&out, "to", message->to);
    write_text(message, &label->subject, "subject", " / ", &out);
    write_text(message, &label->text, "text", "\n\n", &out);
    mc_json_pair_str(&out, "expires", mc_str_from(expires));
    write_params(message, &out);
    mc_json_close(&out, '}');
}


static mc_err_t
seal_message(const message_t *message, mc_outbox_row_t *row,
    mc_arena_t *arena)
{
    char      context[64];
    mc_err_t  err;
    mc_buf_t  plain, sealed;

    mc_buf_init(&plain, MC_MESSAGE_MAX);
    mc_buf_init(&sealed, MC_MESSAGE_MAX + MC_SEAL_OVERHEAD);

    write_message(message, row, &plain);
    mc_message_context(row->dedupe, context);

    err = plain.err;

    if (err == MC_OK) {
        err = mc_seal(&message->site->keys, context, mc_buf_view(&plain),
                      &sealed);
    }

    if (err == MC_OK) {
        row->sealed = mc_arena_str(arena, mc_buf_view(&sealed));
        err = row->sealed.data != NULL ? MC_OK : MC_ENOMEM;
    }

    mc_buf_wipe(&plain);
    mc_buf_free(&sealed);

    return err;
}


mc_err_t
mc_message_make(const mc_site_t *site, const mc_member_t *member,
    mc_message_kind_t kind, const mc_message_args_t *args,
    mc_outbox_row_t *row, mc_arena_t *arena)
{
    uint8_t    random[MC_OUTBOX_DEDUPE / 2];
    mc_err_t   err;
    message_t  message;

    message = (message_t) { .site = site, .member = member, .args = args,
                            .kind = kind };

    *row = (mc_outbox_row_t) {
        .member_id = member->id,
        .kind = mc_str_from(kinds[kind].name),
        .expires_at = args->now + (kind >= MC_MESSAGE_CHANGED
                                   ? MC_MESSAGE_NEWS : args->ttl),
    };

    row->channel = choose_channel(&message);

    if (row->channel == 0) {
        return MC_ENOTFOUND;
    }

    err = mc_random(random, sizeof(random));

    if (err != MC_OK) {
        return err;
    }

    mc_hex(random, sizeof(random), row->dedupe);
    fill_places(&message);

    return seal_message(&message, row, arena);
}


static mc_err_t
read_letter(mc_str_t plain, mc_arena_t *arena, mc_letter_t *letter)
{
    mc_err_t    err;
    mc_json_t  *object;

    letter->json = mc_arena_str(arena, plain);

    if (letter->json.data == NULL) {
        return MC_ENOMEM;
    }

    err = mc_json_read(arena, letter->json, &object, NULL);

    if (err != MC_OK) {
        return err == MC_EINVAL ? MC_ECORRUPT : err;
    }

    letter->to = mc_json_get_str(object, "to");
    letter->subject = mc_json_get_str(object, "subject");
    letter->text = mc_json_get_str(object, "text");

    return letter->to.len > 0 && letter->text.len > 0 ? MC_OK : MC_ECORRUPT;
}


mc_err_t
mc_message_open(const mc_site_t *site, const mc_outbox_row_t *row,
    mc_arena_t *arena, mc_letter_t *letter)
{
    char      context[64];
    mc_err_t  err;
    mc_buf_t  plain;

    *letter = (mc_letter_t) { .dedupe = row->dedupe,
                              .channel = row->channel };

    mc_message_context(row->dedupe, context);
    mc_buf_init(&plain, MC_MESSAGE_MAX);

    err = mc_unseal(&site->keys, context, row->sealed, &plain);

    if (err == MC_OK) {
        err = plain.err;
    }

    if (err == MC_OK) {
        err = read_letter(mc_buf_view(&plain), arena, letter);
    }

    mc_buf_wipe(&plain);

    return err;
}
