/*
 * The inside of the nginx glue: configuration, request context, route row,
 * job, and what each file of src/http offers to the others.
 *
 * One request:  handler -> route -> guard -> body -> input -> job (thread)
 * -> effect -> reply | refuse.  Everything declared here runs in the event
 * loop, or in the master while configuration is read, but for
 * job->run, which runs in a pool thread and sees nothing but its call.
 */

#ifndef NGX_HTTP_MEMBERCERT_H
#define NGX_HTTP_MEMBERCERT_H

#include "ngx_http_membercert_zone.h"

#include "mc_cert.h"
#include "mc_json.h"
#include "mc_photo.h"
#include "mc_profile.h"
#include "mc_public.h"
#include "mc_session.h"
#include "mc_site.h"

#pragma GCC visibility push(hidden)


#define NGX_HTTP_MEMBERCERT_ROOM       64       /* jobs of a pool, a worker */
#define NGX_HTTP_MEMBERCERT_JOB_TIME   60000    /* ms, DESIGN 4.4 */
#define NGX_HTTP_MEMBERCERT_JSON_MAX   16384    /* bytes of a JSON body */
#define NGX_HTTP_MEMBERCERT_REPLY_MAX  (1024 * 1024)
#define NGX_HTTP_MEMBERCERT_TRUST      30000    /* ms a session is trusted */
#define NGX_HTTP_MEMBERCERT_BURY       60000    /* ms of a tombstone */

#define NGX_HTTP_MEMBERCERT_POOLS      4

#define NGX_HTTP_MEMBERCERT_STORE      0
#define NGX_HTTP_MEMBERCERT_CPU        1
#define NGX_HTTP_MEMBERCERT_HASH       2
#define NGX_HTTP_MEMBERCERT_NET        3


/* --- configuration ------------------------------------------------------ */

/* A thread pool and how many jobs of ours this worker has in it. */
typedef struct {
    ngx_str_t                       name;
    ngx_thread_pool_t              *threads;
    ngx_uint_t                      jobs;
} ngx_http_membercert_pool_t;


typedef struct ngx_http_membercert_audit_s  ngx_http_membercert_audit_t;
typedef struct ngx_http_membercert_cache_s  ngx_http_membercert_cache_t;
typedef struct ngx_http_membercert_ring_s  ngx_http_membercert_ring_t;


/* One mc_site_t for each distinct set of merged settings. */
typedef struct {
    mc_site_t                      *site;
    u_char                          digest[32];
    ngx_str_t                       cookie;         /* its name */
    ngx_str_t                       officer_cookie;
    ngx_str_t                       device_cookie;
    ngx_http_membercert_pool_t     *pools[NGX_HTTP_MEMBERCERT_POOLS];
    ngx_http_membercert_audit_t    *audit;  /* of this worker, or NULL */
    ngx_http_membercert_ring_t     *ring;   /* the same */
    ngx_http_membercert_cache_t    *cache;  /* the same; NULL: off */
} ngx_http_membercert_site_t;


typedef struct ngx_http_membercert_work_s  ngx_http_membercert_work_t;


typedef struct {
    ngx_shm_zone_t                 *zone;
    ngx_array_t                     sites;      /* of ..._site_t * */
    ngx_array_t                     pools;      /* of ..._pool_t * */
    ngx_int_t                       request_id; /* variable's index */
    ngx_flag_t                      used;       /* some location has us */
    ngx_http_membercert_work_t     *work;       /* of this worker, or NULL */
} ngx_http_membercert_main_conf_t;


typedef struct {
    mc_settings_t                  *settings;   /* NULL: nothing stated */
    ngx_http_membercert_site_t     *site;       /* NULL: not used here */
    const char                     *where;      /* file:line of membercert */
} ngx_http_membercert_srv_conf_t;


typedef struct {
    ngx_flag_t                      enable;
    ngx_flag_t                      officer;    /* the desk's routes */
} ngx_http_membercert_loc_conf_t;


/* --- request ------------------------------------------------------------ */

typedef struct ngx_http_membercert_ctx_s  ngx_http_membercert_ctx_t;
typedef struct ngx_http_membercert_job_s  ngx_http_membercert_job_t;


typedef enum {
    NGX_HTTP_MEMBERCERT_NO_BODY = 0,
    NGX_HTTP_MEMBERCERT_JSON,
    NGX_HTTP_MEMBERCERT_PHOTO
} ngx_http_membercert_body_e;


typedef enum {
    NGX_HTTP_MEMBERCERT_ALL = 0,    /* no session is looked for */
    NGX_HTTP_MEMBERCERT_ANY,        /* with or without a session */
    NGX_HTTP_MEMBERCERT_MEMBER,     /* 401 without a token */
    NGX_HTTP_MEMBERCERT_OFFICER     /* the same; the zone is not asked */
} ngx_http_membercert_who_e;


typedef struct {
    ngx_str_t                       path;   /* behind the prefix */
    ngx_str_t                       method; /* for Allow */
    ngx_uint_t                      bit;    /* NGX_HTTP_GET ... */
    ngx_http_membercert_who_e       who;
    ngx_http_membercert_body_e      body;
    ngx_uint_t                      pool;   /* NGX_HTTP_MEMBERCERT_STORE ... */
    size_t                          size;   /* of the call struct */

    /* Fills the "in" parts; "json" is the body's object or NULL.  Faults go
     * to call->problems.  May be NULL. */
    void                          (*read)(ngx_http_request_t *r,
                                        ngx_http_membercert_ctx_t *ctx,
                                        mc_call_t *call,
                                        const mc_json_t *json);

    /* Before anything else: answers without a job, or NGX_DECLINED.  May be
     * NULL. */
    ngx_int_t                     (*at_once)(ngx_http_request_t *r,
                                        ngx_http_membercert_ctx_t *ctx);

    /* The second half of the guard, for an open route whose limits hang on
     * the body: MC_P_NONE, or the refusal, added to call->problems.  May be
     * NULL. */
    mc_problem_code_t             (*allow)(ngx_http_request_t *r,
                                        ngx_http_membercert_ctx_t *ctx,
                                        mc_call_t *call);

    /* Thread. */
    void                          (*run)(void *call);

    /* Writes the success as JSON, and its status (NULL: 200). */
    void                          (*write)(mc_json_out_t *out,
                                        const void *call);
    ngx_uint_t                    (*status)(const void *call);

    /* Sends the success; NULL: write() is all there is to it. */
    ngx_int_t                     (*reply)(ngx_http_request_t *r,
                                        ngx_http_membercert_ctx_t *ctx,
                                        void *call);

    /* Adds members to a refusal; may be NULL. */
    void                          (*extra)(mc_json_out_t *out,
                                        const void *call);

    /* Frees what the arena does not hold; may be NULL. */
    void                          (*free)(void *call);

    /* ms from the job's posting before which no answer leaves; one that is
     * later leaves at the next quarter of a second.  0: at once. */
    ngx_msec_t                      deadline;

    /* The same for everybody: caches may keep it and ask again. */
    unsigned                        common:1;

    /* The job may be skipped when the client has left. */
    unsigned                        watch:1;

    /* Answered with a cookie, also when none came. */
    unsigned                        cookie:1;

    /* Costs tokens; its cookie depends on the client the body names. */
    unsigned                        login:1;

    /* Takes a captcha where membercert_captcha wants one: the body's
     * "captcha" is read for it, read() must set ctx->client.  A web client
     * must be a page of ours. */
    unsigned                        captcha:1;

    /* An id stands behind the path: "case/17". */
    unsigned                        id:1;

    /* Any text without a slash stands there, and the tail behind it:
     * "verify/CODE", "verify/CODE/photo". */
    unsigned                        text:1;
    ngx_str_t                       tail;
} ngx_http_membercert_route_t;


typedef struct {
    u_char                         *data;   /* mc_alloc; wiped when freed */
    size_t                          len;
    size_t                          size;   /* room in data */
    size_t                          max;    /* of the route */
    off_t                           total;  /* bytes seen */
    mc_photo_scan_t                *scan;   /* photo only */
    unsigned                        reading:1;  /* by us, not yet complete */
    unsigned                        foreign:1;  /* somebody else read it */
    unsigned                        stopped:1;  /* no photo, refused early */
    unsigned                        over:1;     /* longer than max */
} ngx_http_membercert_body_t;


#define NGX_HTTP_MEMBERCERT_LIMITS  4       /* of one request */
#define NGX_HTTP_MEMBERCERT_WHO     16      /* bytes of an account's digest */
#define NGX_HTTP_MEMBERCERT_KEY_MAX 64      /* of a node in the zone */

/* What attempts are limited by.  The high bits: also by address prefix; a
 * delay that doubles instead of a bucket. */
#define NGX_HTTP_MEMBERCERT_LIMIT_PLACE  0x80
#define NGX_HTTP_MEMBERCERT_LIMIT_DELAY  0x40

typedef enum {
    NGX_HTTP_MEMBERCERT_LIMIT_ADDRESS = 0x80,
    NGX_HTTP_MEMBERCERT_LIMIT_ACCOUNT = 0xc1,
    NGX_HTTP_MEMBERCERT_LIMIT_CEILING = 0x02,
    NGX_HTTP_MEMBERCERT_LIMIT_DEVICE = 0x43,

    /* recovery: for an account, an address; codes tried */
    NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY = 0x85,
    NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY_ADDRESS = 0x86,
    NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY_CODE = 0x88,

    NGX_HTTP_MEMBERCERT_LIMIT_VERIFY = 0x89
} ngx_http_membercert_limited_e;

typedef struct {
    u_char                          key[NGX_HTTP_MEMBERCERT_KEY_MAX];
    size_t                          len;
    ngx_http_membercert_limited_e   what;
    uint32_t                        tokens;
    int64_t                         time;
} ngx_http_membercert_limit_t;


struct ngx_http_membercert_ctx_s {
    const ngx_http_membercert_route_t  *route;
    ngx_http_membercert_site_t         *site;
    ngx_http_membercert_job_t          *job;    /* the latest */
    ngx_http_membercert_body_t          body;

    mc_credential_t                     credential;
    mc_client_t                         client;     /* that the body names */
    mc_str_t                            captcha_id;
    mc_str_t                            captcha_answer;
    uint8_t                             account[32];    /* throttle key */
    uint8_t                             device_key[NGX_HTTP_MEMBERCERT_WHO];

    ngx_http_membercert_limit_t         limits[NGX_HTTP_MEMBERCERT_LIMITS];
    ngx_uint_t                          limit_count;

    mc_buf_t                            reply;      /* JSON on its way */
    ngx_str_t                           allow;      /* of a 405 */
    int64_t                             path_id;    /* of "case/17" */
    ngx_str_t                           path_text;  /* of "verify/CODE" */

    /* for the variables */
    mc_problem_code_t                   code;
    int64_t                             member_id;
    ngx_msec_t                          job_time;

    /* for the cache of certificates */
    uint32_t                            generation; /* of who asks */
    ngx_msec_t                          asked;      /* when it was so */

    unsigned                            officer:1;  /* an officer's place */
    unsigned                            has_cookie:1;
    unsigned                            has_bearer:1;
    unsigned                            zone_asked:1;
    unsigned                            device_known:1; /* of the account */
    unsigned                            took_tokens:1;
    unsigned                            captcha_given:1;
    unsigned                            job_ran:1;
    unsigned                            cache_asked:1;
    unsigned                            cache_hit:1;
};


struct ngx_http_membercert_job_s {
    ngx_http_request_t             *request;
    ngx_http_membercert_pool_t     *pool;
    void                           *call;       /* an mc_call_t first */
    void                          (*run)(void *call);
    ngx_int_t                     (*done)(ngx_http_request_t *r, void *call);
    void                          (*free)(void *call);
    ngx_msec_t                      posted;
    ngx_msec_t                      deadline;   /* of the route */
    ngx_event_t                     due;        /* until then */
    ngx_uint_t                      cancelled;  /* atomic */
    unsigned                        watch:1;
};


extern ngx_module_t  ngx_http_membercert_module;


/* --- ngx_http_membercert_layout.c --------------------------------------- */

/* The block "membercert_layout". */
char *ngx_http_membercert_layout(ngx_conf_t *cf, ngx_command_t *cmd,
    void *data);
/* The layouts a download may ask for. */
void ngx_http_membercert_write_layouts(mc_json_out_t *out,
    const mc_settings_t *settings);


/* --- ngx_http_membercert_settings.c ------------------------------------- */

/* A directive's words and "file:line" as the settings want them; NULL: no
 * memory. */
mc_str_t *ngx_http_membercert_settings_words(ngx_conf_t *cf, char **where);
/* Takes any directive of the settings table. */
char *ngx_http_membercert_settings_take(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
/* For a server that has a membercert location: merges, checks, opens the
 * site (or finds it), names pools and folder. */
ngx_int_t ngx_http_membercert_settings_merge(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *prev,
    ngx_http_membercert_srv_conf_t *conf);


/* --- ngx_http_membercert_handler.c -------------------------------------- */

/* The content handler. */
ngx_int_t ngx_http_membercert_handler(ngx_http_request_t *r);
/* The input is complete: fills the call and posts its job.  NGX_DONE: the
 * job is on its way and holds one reference; else an answer was sent. */
ngx_int_t ngx_http_membercert_process(ngx_http_request_t *r);


/* --- ngx_http_membercert_route.c ---------------------------------------- */

/* Sets ctx->route of the members' or the officers' table, its path_id and
 * path_text; where it is NULL, ctx->allow is empty when there is no such
 * path. */
void ngx_http_membercert_route_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_str_t *path);

/* The officers' table (ngx_http_membercert_route_officer.c). */
extern const ngx_http_membercert_route_t
    ngx_http_membercert_officer_routes[];
extern const ngx_uint_t  ngx_http_membercert_officer_route_count;


/* --- ngx_http_membercert_guard.c ---------------------------------------- */

/* All that is decided before the body.  MC_P_NONE, or the refusal. */
mc_problem_code_t ngx_http_membercert_guard(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
/* The last header of that name, and how many there are. */
ngx_table_elt_t *ngx_http_membercert_guard_header(ngx_http_request_t *r,
    const char *name, size_t len, ngx_uint_t *count);
/* Is the request sent by our own pages? (DESIGN 3) */
ngx_int_t ngx_http_membercert_guard_origin(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);


/* --- ngx_http_membercert_body.c ----------------------------------------- */

/* Pushes our filter before nginx's saver. */
void ngx_http_membercert_body_init(void);
/* Reads the route's body, then goes on with process().  To be returned from
 * the content handler or a job's done(). */
ngx_int_t ngx_http_membercert_body_read(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
/* Are there bytes of a body that nobody has read? */
ngx_uint_t ngx_http_membercert_body_pending(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
/* Overwrites our copy. */
void ngx_http_membercert_body_wipe(ngx_http_membercert_ctx_t *ctx);


/* --- ngx_http_membercert_input.c ---------------------------------------- */

void ngx_http_membercert_read_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_save(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_consent(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_confirm(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
/* Parts shared with ngx_http_membercert_officer_input.c: body_malformed; a
 * member that must be a string (NULL data with the fault added); ?name=1;
 * If-Match; the object "values". */
void ngx_http_membercert_read_fault(mc_call_t *call, mc_str_t zh,
    mc_str_t en);
mc_str_t ngx_http_membercert_read_text(mc_call_t *call,
    const mc_json_t *json, const char *key);
/* "client": "web" (also when it is not there) or "mini"; into ctx too. */
mc_client_t ngx_http_membercert_read_client(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call, const mc_json_t *json);
bool ngx_http_membercert_read_flag(ngx_http_request_t *r, const char *name);
void ngx_http_membercert_read_match(ngx_http_request_t *r, bool *has_match,
    int64_t *match);
void ngx_http_membercert_read_values(mc_call_t *call, const mc_json_t *json,
    mc_value_t *list, size_t *count);
/* The body's bytes as an object of the call's arena; NULL with
 * body_malformed added. */
const mc_json_t *ngx_http_membercert_read_json(
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);


/* --- ngx_http_membercert_job.c ------------------------------------------ */

/* A job with a zeroed call of "size" bytes whose common "in" parts are
 * filled; freed with the request.  NULL: out of memory. */
ngx_http_membercert_job_t *ngx_http_membercert_job_create(
    ngx_http_request_t *r, ngx_http_membercert_ctx_t *ctx, size_t size,
    void (*free_call)(void *call));
/* NGX_OK: done() will be called in the loop and its answer finalises the
 * request, so the caller must hold a reference for it; NGX_BUSY: no room. */
ngx_int_t ngx_http_membercert_job_post(ngx_http_membercert_job_t *job,
    ngx_http_membercert_pool_t *pool);
/* "hint" into the error log, each kind at most once a minute. */
void ngx_http_membercert_job_hint(ngx_uint_t level, ngx_log_t *log,
    const char *hint);


/* --- ngx_http_membercert_session.c -------------------------------------- */

/* Sets trusted, member_id, epoch when the zone vouches for the token. */
void ngx_http_membercert_session_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
void ngx_http_membercert_session_put(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_session_note_t *note,
    int64_t checked_at);
void ngx_http_membercert_session_drop(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const uint8_t hash[32]);
/* Sessions of the member with an epoch before this one have ended. */
void ngx_http_membercert_session_epoch(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t member_id, int64_t epoch);


/* --- ngx_http_membercert_throttle.c ------------------------------------- */

/* Adds one to what the request has to pay for: at most "tokens" attempts
 * that come back within "time" ms (a bucket), or so many free failures and
 * then waits of up to "time" (a delay).  "who" has NGX_HTTP_MEMBERCERT_WHO
 * bytes, or is NULL: everybody. */
void ngx_http_membercert_throttle_add(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_http_membercert_limited_e what,
    const u_char *who, uint32_t tokens, int64_t time);
/* What a log-in pays for: needs ctx->account, and ctx->device_key where
 * ctx->device_known. */
void ngx_http_membercert_throttle_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
/* Pays: NGX_OK, or NGX_BUSY with the time to wait in ms. */
ngx_int_t ngx_http_membercert_throttle_take(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t *wait);
/* The same: MC_P_NONE, or "code" with Retry-After in the call. */
mc_problem_code_t ngx_http_membercert_throttle_allowed(
    ngx_http_request_t *r, ngx_http_membercert_ctx_t *ctx, mc_call_t *call,
    mc_problem_code_t code);
/* Gives back what was paid; a success also clears the delays. */
void ngx_http_membercert_throttle_give(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t success);
/* Recent failures of those the request would pay for, the most of any but
 * for a ceiling; pays nothing. */
ngx_uint_t ngx_http_membercert_throttle_failures(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);


/* --- ngx_http_membercert_effect.c --------------------------------------- */

/* In the job's completion, also when the client has left. */
void ngx_http_membercert_effect_apply(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call);


/* --- ngx_http_membercert_refuse.c --------------------------------------- */

/* Answers with problem+json; "call" gives route->extra its data and may be
 * NULL.  The only place that ends a request before its body was read. */
ngx_int_t ngx_http_membercert_refuse(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_problems_t *problems,
    const void *call);
ngx_int_t ngx_http_membercert_refuse_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_problem_code_t code);


/* --- ngx_http_membercert_reply.c ---------------------------------------- */

ngx_table_elt_t *ngx_http_membercert_reply_header(ngx_http_request_t *r,
    const char *key, ngx_str_t *value);
/* A writer of ctx->reply. */
mc_json_out_t ngx_http_membercert_reply_out(ngx_http_membercert_ctx_t *ctx);
/* Sends ctx->reply as JSON of this type and status. */
ngx_int_t ngx_http_membercert_reply_json(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t status, const char *type,
    const char *cache_control);

/* What the route row's write() makes of the call, as JSON. */
ngx_int_t ngx_http_membercert_reply_written(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_nothing(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_profile(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);


/* Status, type (NULL: none) and the headers every reply has; then "len"
 * bytes of memory that outlives the request. */
ngx_int_t ngx_http_membercert_reply_begin(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, const char *cache_control);
ngx_int_t ngx_http_membercert_reply_bytes(ngx_http_request_t *r,
    const void *data, size_t len);


/* --- ngx_http_membercert_output.c: JSON of each route; no nginx --------- */

/* Of whole replies; "call" is the route's call, or begins like it. */
void ngx_http_membercert_write_site(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_login(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_whoami(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_profile(mc_json_out_t *out, const void *call);
/* "member" of a 412. */
void ngx_http_membercert_write_present(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_put(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_state(mc_json_out_t *out,
    const mc_photo_status_t *status);
void ngx_http_membercert_write_photo_state(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_write_view(mc_json_out_t *out, const void *call);
/* Parts shared with ngx_http_membercert_officer_output.c. */
void ngx_http_membercert_write_institute(mc_json_out_t *out,
    const mc_institute_t *institute);
void ngx_http_membercert_write_item(mc_json_out_t *out,
    const mc_profile_item_t *item, bool editable);
void ngx_http_membercert_write_blockers(mc_json_out_t *out,
    const mc_problems_t *blockers);
void ngx_http_membercert_write_confirmed(mc_json_out_t *out,
    const mc_confirmed_t *confirmed);
/* The problem's text in one language. */
void ngx_http_membercert_write_text(mc_json_out_t *out, const char *key,
    const mc_problem_t *problem, bool english);
/* One entry of errors[] or blockers[]; "place" may be NULL. */
void ngx_http_membercert_write_problem(mc_json_out_t *out,
    const mc_problem_t *problem, const char *place);


/* --- ngx_http_membercert_variable.c ------------------------------------- */

ngx_int_t ngx_http_membercert_variable_add(ngx_conf_t *cf);


/* --- ngx_http_membercert_audit.c ---------------------------------------- */

ngx_int_t ngx_http_membercert_audit_start(ngx_cycle_t *cycle);
/* Writes what is left; before the sites are drained. */
void ngx_http_membercert_audit_stop(ngx_cycle_t *cycle);
/* Into the ring: neither blocks nor allocates. */
void ngx_http_membercert_audit_note(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call,
    const mc_audit_note_t *note);
/* The same without a call, for what is repeated quickly. */
void ngx_http_membercert_audit_again(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_audit_note_t *note);


/* --- ngx_http_membercert_work.c ----------------------------------------- */

ngx_int_t ngx_http_membercert_work_start(ngx_cycle_t *cycle);
void ngx_http_membercert_work_stop(ngx_cycle_t *cycle);
/* The request's site has something to do that should not wait. */
void ngx_http_membercert_work_poke(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_H */
