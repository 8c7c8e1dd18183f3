/*
 * The "in" parts of each call, from the body's JSON, the query and headers.
 *
 * A body that is not what the route wants is body_malformed with what was
 * expected; what the values mean is the service's to judge.  Strings live
 * in the call's arena.  Event loop only.
 */

#include "ngx_http_membercert_account.h"


/* What the arena of a call holds of a body, at most. */
#define NGX_HTTP_MEMBERCERT_TEXT_MAX  4096


void
ngx_http_membercert_read_fault(mc_call_t *call, mc_str_t zh, mc_str_t en)
{
    mc_problem_t  *problem;

    problem = mc_problem_add(&call->problems, MC_P_BODY_MALFORMED);
    mc_problem_arg(problem, "measured", zh, en);
}


const mc_json_t *
ngx_http_membercert_read_json(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call)
{
    size_t      offset;
    mc_str_t    text;
    mc_err_t    err;
    mc_json_t  *json;

    offset = 0;
    json = NULL;
    text.data = (const char *) ctx->body.data;
    text.len = ctx->body.len;

    err = mc_json_read(&call->arena, text, &json, &offset);

    if (err == MC_ENOMEM) {
        (void) mc_problem_add(&call->problems, MC_P_SERVICE_BUSY);
        return NULL;
    }

    if (err != MC_OK) {
        ngx_http_membercert_read_fault(call,
            mc_arena_printf(&call->arena, "JSON，第 %zu 字节", offset),
            mc_arena_printf(&call->arena, "JSON, at byte %zu", offset));
        return NULL;
    }

    if (json->type != MC_JSON_OBJECT) {
        ngx_http_membercert_read_fault(call, mc_str("JSON 对象"),
                                       mc_str("a JSON object is expected"));
        return NULL;
    }

    return json;
}


mc_str_t
ngx_http_membercert_read_text(mc_call_t *call, const mc_json_t *json,
    const char *key)
{
    const mc_json_t  *value;

    value = mc_json_get(json, key);

    if (value != NULL && value->type == MC_JSON_STRING
        && value->string.len <= NGX_HTTP_MEMBERCERT_TEXT_MAX)
    {
        return value->string;
    }

    ngx_http_membercert_read_fault(call,
        mc_arena_printf(&call->arena, "%s 应为文本", key),
        mc_arena_printf(&call->arena, "%s: a text is expected", key));

    return mc_str_null;
}


mc_client_t
ngx_http_membercert_read_client(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call, const mc_json_t *json)
{
    mc_str_t  client;

    client = mc_str("web");
    ctx->client = MC_CLIENT_WEB;

    if (mc_json_get(json, "client") != NULL) {
        client = ngx_http_membercert_read_text(call, json, "client");
    }

    if (mc_str_is(client, "mini")) {
        ctx->client = MC_CLIENT_MINI;

    } else if (client.data != NULL && !mc_str_is(client, "web")) {
        ngx_http_membercert_read_fault(call, mc_str("client 应为 web 或 mini"),
                                       mc_str("client: \"web\" or \"mini\" "
                                              "is expected"));
    }

    return ctx->client;
}


void
ngx_http_membercert_read_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_login_t  *login;

    login = (mc_login_t *) call;
    ngx_http_membercert_device_read(r, login, json);

    login->user_type = ngx_http_membercert_read_text(call, json,
                                                     "user_type");
    login->member_no = ngx_http_membercert_read_text(call, json,
                                                     "member_no");
    login->password = ngx_http_membercert_read_text(call, json, "password");
    login->client = ngx_http_membercert_read_client(ctx, call, json);
}


/*
 * If-Match: "17".  "*" would say "whatever stands there", which is what the
 * header is asked for to prevent: it counts as missing.  A weak or foreign
 * tag is no revision of ours and fits none.
 */
void
ngx_http_membercert_read_match(ngx_http_request_t *r, bool *has_match,
    int64_t *match)
{
    ngx_int_t         n;
    ngx_str_t        *value;
    ngx_table_elt_t  *h;

    h = r->headers_in.if_match;

    if (h == NULL) {
        return;
    }

    value = &h->value;

    if (value->len == 1 && value->data[0] == '*') {
        return;
    }

    *has_match = true;
    *match = -1;

    if (value->len > 2
        && value->data[0] == '"' && value->data[value->len - 1] == '"')
    {
        n = ngx_atoi(value->data + 1, value->len - 2);

        if (n != NGX_ERROR) {
            *match = n;
        }
    }
}


void
ngx_http_membercert_read_values(mc_call_t *call, const mc_json_t *json,
    mc_value_t *list, size_t *count)
{
    const mc_json_t  *values, *value;

    values = mc_json_get(json, "values");

    if (values == NULL || values->type != MC_JSON_OBJECT) {
        ngx_http_membercert_read_fault(call, mc_str("values 应为对象"),
                                       mc_str("values: an object is "
                                              "expected"));
        return;
    }

    for (value = values->child; value; value = value->next) {

        if (*count == MC_FIELDS) {
            ngx_http_membercert_read_fault(call, mc_str("values 项数过多"),
                                           mc_str("values: too many items"));
            return;
        }

        if (value->type != MC_JSON_STRING
            || value->string.len > NGX_HTTP_MEMBERCERT_TEXT_MAX)
        {
            ngx_http_membercert_read_fault(call,
                                           mc_str("values 各项应为文本"),
                                           mc_str("values: texts are "
                                                  "expected"));
            return;
        }

        list[*count].key = value->key;
        list[*count].value = value->string;
        (*count)++;
    }
}


void
ngx_http_membercert_read_save(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_profile_save_t  *save;

    save = (mc_profile_save_t *) call;

    ngx_http_membercert_read_match(r, &save->has_match, &save->match);
    ngx_http_membercert_read_values(call, json, save->values, &save->count);
}


void
ngx_http_membercert_read_consent(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_consent_t     *consent;
    const mc_json_t  *accepted;

    consent = (mc_consent_t *) call;

    consent->document = ngx_http_membercert_read_text(call, json,
                                                      "document");
    consent->version = ngx_http_membercert_read_text(call, json, "version");

    accepted = mc_json_get(json, "accepted");

    if (accepted == NULL || accepted->type != MC_JSON_BOOL) {
        ngx_http_membercert_read_fault(call,
                                       mc_str("accepted 应为 true 或 false"),
                                       mc_str("accepted: true or false is "
                                              "expected"));
        return;
    }

    consent->accepted = accepted->boolean;
}


bool
ngx_http_membercert_read_flag(ngx_http_request_t *r, const char *name)
{
    ngx_str_t  value;

    return ngx_http_arg(r, (u_char *) name, ngx_strlen(name), &value)
           == NGX_OK
           && value.len == 1 && value.data[0] == '1';
}


/* All faults the scanner found are told together. */
void
ngx_http_membercert_read_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_photo_put_t  *put;

    put = (mc_photo_put_t *) call;

    put->declared = ngx_http_membercert_read_flag(r, "declare");
    put->dry_run = ngx_http_membercert_read_flag(r, "dry_run");
    put->jpeg.data = (const char *) ctx->body.data;
    put->jpeg.len = ctx->body.len;

    (void) mc_photo_scan_end(ctx->body.scan, (uint64_t) ctx->body.len,
                             &call->arena, &call->problems);
}


void
ngx_http_membercert_read_confirm(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_cert_confirm_t  *confirm;

    confirm = (mc_cert_confirm_t *) call;

    confirm->version = ngx_http_membercert_read_text(call, json, "version");
}


void
ngx_http_membercert_read_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_str_t          value;
    ngx_str_t         layout;
    mc_cert_pdf_t    *pdf;
    ngx_table_elt_t  *h;

    pdf = (mc_cert_pdf_t *) call;

    if (ngx_http_arg(r, (u_char *) "layout", 6, &layout) == NGX_OK) {
        value.data = (const char *) layout.data;
        value.len = layout.len;

        pdf->layout = mc_arena_str(&call->arena, value);
    }

    h = r->headers_in.if_none_match;

    if (h == NULL) {
        return;
    }

    value.data = (const char *) h->value.data;
    value.len = h->value.len;

    pdf->if_none_match = mc_arena_str(&call->arena, value);
}
