/*
 * membercert: the nginx module of a members' certificate service.
 *
 * This file holds what nginx asks a module for: directives, configuration
 * objects and their merge, hooks.  Requests start in
 * src/http/ngx_http_membercert_handler.c.  Master (configuration) and the
 * event loop's start and end of a worker.
 */

#include "src/http/ngx_http_membercert_cache.h"
#include "src/http/ngx_http_membercert_captcha.h"
#include "src/http/ngx_http_membercert_verify.h"


static char *ngx_http_membercert(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_membercert_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_membercert_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_membercert_postconfiguration(ngx_conf_t *cf);
static void *ngx_http_membercert_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_membercert_create_srv_conf(ngx_conf_t *cf);
static char *ngx_http_membercert_merge_srv_conf(ngx_conf_t *cf,
    void *parent, void *child);
static void *ngx_http_membercert_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_membercert_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static ngx_int_t ngx_http_membercert_init_process(ngx_cycle_t *cycle);
static void ngx_http_membercert_exit_process(ngx_cycle_t *cycle);


#define NGX_HTTP_MEMBERCERT_SETTING(name)                                     \
    { ngx_string(name),                                                       \
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,                    \
      ngx_http_membercert_settings_take,                                      \
      NGX_HTTP_SRV_CONF_OFFSET,                                               \
      0,                                                                      \
      NULL }


static ngx_command_t  ngx_http_membercert_commands[] = {

    { ngx_string("membercert"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_membercert,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("membercert_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_membercert_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    NGX_HTTP_MEMBERCERT_SETTING("membercert_store"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_secret"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_thread_pool"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_session"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_origin"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_issuer"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_hotline"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_public_url"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_mini_program"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_review_time"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_footer"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_privacy"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_timezone"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_user_type"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_field"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_login_limit"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_captcha"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_recovery"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_outbox"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_password"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_photo"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_photo_check"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_compare"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_compare_consent"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_font"),

    { ngx_string("membercert_layout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_BLOCK|NGX_CONF_1MORE,
      ngx_http_membercert_layout,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    NGX_HTTP_MEMBERCERT_SETTING("membercert_sign"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_verify"),
    NGX_HTTP_MEMBERCERT_SETTING("membercert_certificate_cache"),

      ngx_null_command
};


static ngx_http_module_t  ngx_http_membercert_module_ctx = {
    ngx_http_membercert_preconfiguration,   /* preconfiguration */
    ngx_http_membercert_postconfiguration,  /* postconfiguration */

    ngx_http_membercert_create_main_conf,   /* create main configuration */
    NULL,                                   /* init main configuration */

    ngx_http_membercert_create_srv_conf,    /* create server configuration */
    ngx_http_membercert_merge_srv_conf,     /* merge server configuration */

    ngx_http_membercert_create_loc_conf,    /* create location configuration */
    ngx_http_membercert_merge_loc_conf      /* merge location configuration */
};


ngx_module_t  ngx_http_membercert_module = {
    NGX_MODULE_V1,
    &ngx_http_membercert_module_ctx,        /* module context */
    ngx_http_membercert_commands,           /* module directives */
    NGX_HTTP_MODULE,                        /* module type */
    NULL,                                   /* init master */
    NULL,                                   /* init module */
    ngx_http_membercert_init_process,       /* init process */
    NULL,                                   /* init thread */
    NULL,                                   /* exit thread */
    ngx_http_membercert_exit_process,       /* exit process */
    NULL,                                   /* exit master */
    NGX_MODULE_V1_PADDING
};


/*
 * The server's settings are merged after its locations were read: they
 * learn here that somebody wants them.
 */
static char *
ngx_http_membercert(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    size_t                           len;
    u_char                          *where;
    ngx_str_t                       *value;
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_membercert_loc_conf_t  *lcf;
    ngx_http_membercert_srv_conf_t  *scf;

    lcf = conf;

    if (lcf->enable != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "officer") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert\" invalid parameter \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->exact_match || clcf->named || clcf->noname
#if (NGX_PCRE)
        || clcf->regex
#endif
        || clcf->name.len == 0
        || clcf->name.data[clcf->name.len - 1] != '/')
    {
        return "needs a prefix location that ends with \"/\"";
    }

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_membercert_module);

    if (scf->where == NULL) {
        len = cf->conf_file->file.name.len + 1 + NGX_INT_T_LEN + 1;

        where = ngx_pnalloc(cf->pool, len);
        if (where == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_sprintf(where, "%V:%ui%Z", &cf->conf_file->file.name,
                    cf->conf_file->line);

        scf->where = (const char *) where;
    }

    lcf->enable = 1;
    lcf->officer = (cf->args->nelts == 2);
    clcf->handler = ngx_http_membercert_handler;

    return NGX_CONF_OK;
}


/* zone=name:size */
static ngx_int_t
ngx_http_membercert_zone_read(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *name, ssize_t *size)
{
    u_char     *p;
    ngx_str_t   s;

    if (ngx_strncmp(value->data, "zone=", 5) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert_zone\" invalid parameter \"%V\"",
                           value);
        return NGX_ERROR;
    }

    name->data = value->data + 5;

    p = (u_char *) ngx_strchr(name->data, ':');

    if (p == NULL || p == name->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert_zone\" invalid zone \"%V\"", value);
        return NGX_ERROR;
    }

    name->len = (size_t) (p - name->data);

    s.data = p + 1;
    s.len = (size_t) (value->data + value->len - s.data);

    *size = ngx_parse_size(&s);

    if (*size == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert_zone\" invalid size in \"%V\"",
                           value);
        return NGX_ERROR;
    }

    if (*size < (ssize_t) (8 * ngx_pagesize)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert_zone\" \"%V\" is too small", value);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_http_membercert_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ssize_t                           size;
    ngx_str_t                        *value, name;
    ngx_http_membercert_zone_t       *zone;
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = conf;

    if (mcf->zone) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_http_membercert_zone_read(cf, &value[1], &name, &size)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_zone_t));
    if (zone == NULL) {
        return NGX_CONF_ERROR;
    }

    mcf->zone = ngx_shared_memory_add(cf, &name, (size_t) size,
                                      &ngx_http_membercert_module);
    if (mcf->zone == NULL) {
        return NGX_CONF_ERROR;
    }

    if (mcf->zone->data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"membercert_zone\" zone \"%V\" is taken",
                           &name);
        return NGX_CONF_ERROR;
    }

    mcf->zone->init = ngx_http_membercert_zone_init;
    mcf->zone->data = zone;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_membercert_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_membercert_variable_add(cf);
}


static ngx_int_t
ngx_http_membercert_hook(ngx_conf_t *cf, ngx_http_phases phase,
    ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


/* Where no location has us, nothing is hooked in. */
static ngx_int_t
ngx_http_membercert_postconfiguration(ngx_conf_t *cf)
{
    ngx_str_t                         name;
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_membercert_module);

    if (mcf->sites.nelts == 0) {
        return NGX_OK;
    }

    ngx_str_set(&name, "request_id");

    mcf->request_id = ngx_http_get_variable_index(cf, &name);
    if (mcf->request_id == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (ngx_http_membercert_hook(cf, NGX_HTTP_SERVER_REWRITE_PHASE,
                                 ngx_http_membercert_verify_hush_early)
        != NGX_OK
        || ngx_http_membercert_hook(cf, NGX_HTTP_REWRITE_PHASE,
                                    ngx_http_membercert_verify_hush)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_membercert_body_init();

    return NGX_OK;
}


static void *
ngx_http_membercert_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&mcf->sites, cf->pool, 1,
                       sizeof(ngx_http_membercert_site_t *))
        != NGX_OK)
    {
        return NULL;
    }

    if (ngx_array_init(&mcf->pools, cf->pool, NGX_HTTP_MEMBERCERT_POOLS,
                       sizeof(ngx_http_membercert_pool_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return mcf;
}


static void *
ngx_http_membercert_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_srv_conf_t));
}


static char *
ngx_http_membercert_merge_srv_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_membercert_srv_conf_t   *prev, *conf;
    ngx_http_membercert_main_conf_t  *mcf;

    prev = parent;
    conf = child;

    if (conf->where == NULL) {
        return NGX_CONF_OK;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_membercert_module);

    if (mcf->zone == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"membercert\" needs \"membercert_zone\" in %s",
                      conf->where);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_membercert_settings_merge(cf, prev, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_membercert_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_membercert_loc_conf_t  *lcf;

    lcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_loc_conf_t));
    if (lcf == NULL) {
        return NULL;
    }

    lcf->enable = NGX_CONF_UNSET;
    lcf->officer = NGX_CONF_UNSET;

    return lcf;
}


/* limit_except and "if" inside our location stay ours; locations do not
 * inherit. */
static char *
ngx_http_membercert_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_membercert_loc_conf_t  *prev, *conf;

    prev = parent;
    conf = child;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->noname && prev->enable == 1 && clcf->handler == NULL) {
        conf->enable = 1;
        conf->officer = prev->officer;
        clcf->handler = ngx_http_membercert_handler;
    }

    ngx_conf_merge_value(conf->enable, NGX_CONF_UNSET, 0);
    ngx_conf_merge_value(conf->officer, NGX_CONF_UNSET, 0);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_membercert_init_process(ngx_cycle_t *cycle)
{
    if (ngx_http_membercert_audit_start(cycle) != NGX_OK
        || ngx_http_membercert_cache_start(cycle) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_work_start(cycle);
}


/*
 * nginx's thread pools have ended by now (core modules come first), so no
 * thread is in a job.  This closes what they opened: a thread's own
 * destructor would run after the library is gone.
 */
static void
ngx_http_membercert_exit_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                         i;
    ngx_http_membercert_site_t       **sites;
    ngx_http_membercert_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);

    if (mcf == NULL) {
        return;
    }

    ngx_http_membercert_audit_stop(cycle);
    ngx_http_membercert_cache_stop(cycle);

    sites = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {
        ngx_http_membercert_ring_free(sites[i]);
        mc_site_drain(sites[i]->site);
    }

    ngx_http_membercert_work_stop(cycle);
}
