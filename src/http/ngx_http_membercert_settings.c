/*
 * From nginx's configuration to a site: hands each directive's words to the
 * settings table with its file and line, merges http into server, and opens
 * one site for each distinct result.
 *
 * Opens no database; names the store's folder to nginx, which makes it and
 * gives it to the worker user.  Master, while configuration is read.
 */

#include "ngx_http_membercert.h"

#include "mc_site_hint.h"
#include "mc_time.h"


static void ngx_http_membercert_settings_free(void *data);
static ngx_int_t ngx_http_membercert_settings_site(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *conf);
static ngx_int_t ngx_http_membercert_settings_pools(ngx_conf_t *cf,
    ngx_http_membercert_main_conf_t *mcf, ngx_http_membercert_site_t *site);
static ngx_int_t ngx_http_membercert_settings_folders(ngx_conf_t *cf,
    const mc_settings_t *settings);
static void ngx_http_membercert_settings_look(ngx_conf_t *cf,
    const u_char *dir);


static ngx_int_t
ngx_http_membercert_settings_create(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *conf)
{
    ngx_pool_cleanup_t  *cln;

    if (conf->settings != NULL) {
        return NGX_OK;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    conf->settings = mc_settings_create();
    if (conf->settings == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_membercert_settings_free;
    cln->data = conf->settings;

    return NGX_OK;
}


static void
ngx_http_membercert_settings_free(void *data)
{
    mc_settings_free(data);
}


/* The pools a membercert_thread_pool line names must exist; asked here, so
 * that nginx names this line when one does not. */
static char *
ngx_http_membercert_settings_named(ngx_conf_t *cf,
    const mc_settings_t *settings)
{
    ngx_str_t   name;
    ngx_uint_t  i;
    mc_str_t    names[NGX_HTTP_MEMBERCERT_POOLS];

    names[0] = settings->pool_store;
    names[1] = settings->pool_cpu;
    names[2] = settings->pool_hash;
    names[3] = settings->pool_net;

    for (i = 0; i < NGX_HTTP_MEMBERCERT_POOLS; i++) {

        if (names[i].len == 0) {
            continue;
        }

        name.data = (u_char *) names[i].data;
        name.len = names[i].len;

        if (ngx_thread_pool_add(cf, &name) == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


mc_str_t *
ngx_http_membercert_settings_words(ngx_conf_t *cf, char **where)
{
    size_t       len;
    mc_str_t    *words;
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = cf->args->elts;

    words = ngx_palloc(cf->temp_pool, cf->args->nelts * sizeof(mc_str_t));
    len = cf->conf_file->file.name.len + 1 + NGX_INT_T_LEN + 1;
    *where = ngx_pnalloc(cf->temp_pool, len);

    if (words == NULL || *where == NULL) {
        return NULL;
    }

    for (i = 0; i < cf->args->nelts; i++) {
        words[i].data = (const char *) value[i].data;
        words[i].len = value[i].len;
    }

    ngx_sprintf((u_char *) *where, "%V:%ui%Z", &cf->conf_file->file.name,
                cf->conf_file->line);

    return words;
}


char *
ngx_http_membercert_settings_take(ngx_conf_t *cf, ngx_command_t *cmd,
    void *data)
{
    char                            *where, error[MC_SETTINGS_ERROR];
    mc_err_t                         err;
    mc_str_t                        *words;
    ngx_http_membercert_srv_conf_t  *conf;

    conf = data;

    if (ngx_http_membercert_settings_create(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    words = ngx_http_membercert_settings_words(cf, &where);
    if (words == NULL) {
        return NGX_CONF_ERROR;
    }

    err = mc_settings_take(conf->settings, words, cf->args->nelts, where,
                           error);

    if (err != MC_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" %s", &cmd->name,
                           err == MC_EINVAL ? error : mc_err_name(err));
        return NGX_CONF_ERROR;
    }

    if (ngx_strcmp(cmd->name.data, "membercert_thread_pool") == 0) {
        return ngx_http_membercert_settings_named(cf, conf->settings);
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_membercert_settings_merge(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *prev,
    ngx_http_membercert_srv_conf_t *conf)
{
    char         error[MC_SETTINGS_ERROR];
    mc_err_t     err;
    const char  *where;

    if (ngx_http_membercert_settings_create(cf, conf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (prev->settings != NULL
        && mc_settings_merge(conf->settings, prev->settings) != MC_OK)
    {
        return NGX_ERROR;
    }

    where = "";
    error[0] = '\0';

    err = mc_settings_finish(conf->settings, error, &where);

    if (err != MC_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in %s",
                      err == MC_EINVAL ? error : mc_err_name(err),
                      *where ? where : conf->where);
        return NGX_ERROR;
    }

    return ngx_http_membercert_settings_site(cf, conf);
}


static void
ngx_http_membercert_settings_close(void *data)
{
    mc_site_close(data);
}


/* What works, but is hardly meant; without memory for it nothing is said. */
static void
ngx_http_membercert_settings_hints(ngx_conf_t *cf, const mc_site_t *site)
{
    size_t          i, count;
    ngx_uint_t      level;
    mc_arena_t      arena;
    mc_site_hint_t  hints[MC_SITE_HINTS];

    mc_arena_init(&arena, 32768);

    if (mc_site_hints(site, mc_now(), &arena, hints, &count) == MC_OK) {

        for (i = 0; i < count; i++) {
            level = hints[i].warning ? NGX_LOG_WARN : NGX_LOG_NOTICE;
            ngx_log_error(level, cf->log, 0, "membercert: %s",
                          hints[i].text.data);
        }
    }

    mc_arena_free(&arena);
}


static ngx_int_t
ngx_http_membercert_settings_open(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *conf, ngx_http_membercert_site_t *site)
{
    char                 error[MC_SETTINGS_ERROR];
    const char          *where;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    where = "";
    error[0] = '\0';

    site->site = mc_site_open(conf->settings, 0, error, &where);

    if (site->site == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in %s", error,
                      *where ? where : conf->where);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_membercert_settings_close;
    cln->data = site->site;

    ngx_http_membercert_settings_hints(cf, site->site);

    if (conf->settings->session_secure) {
        ngx_str_set(&site->cookie, "__Host-membercert");
        ngx_str_set(&site->officer_cookie, "__Host-membercert-officer");
        ngx_str_set(&site->device_cookie, "__Host-membercert-device");

    } else {
        ngx_str_set(&site->cookie, "membercert");
        ngx_str_set(&site->officer_cookie, "membercert-officer");
        ngx_str_set(&site->device_cookie, "membercert-device");
    }

    return NGX_OK;
}


/* Servers with the same settings share a site. */
static ngx_int_t
ngx_http_membercert_settings_site(ngx_conf_t *cf,
    ngx_http_membercert_srv_conf_t *conf)
{
    u_char                            digest[32];
    ngx_uint_t                        i;
    ngx_http_membercert_site_t       *site, **sites, **slot;
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_membercert_module);

    if (mc_settings_digest(conf->settings, digest) != MC_OK) {
        return NGX_ERROR;
    }

    sites = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {

        if (ngx_memcmp(sites[i]->digest, digest, sizeof(digest)) == 0) {
            conf->site = sites[i];
            return NGX_OK;
        }
    }

    site = ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_site_t));
    slot = ngx_array_push(&mcf->sites);

    if (site == NULL || slot == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(site->digest, digest, sizeof(digest));
    *slot = site;

    if (ngx_http_membercert_settings_open(cf, conf, site) != NGX_OK
        || ngx_http_membercert_settings_pools(cf, mcf, site) != NGX_OK
        || ngx_http_membercert_settings_folders(cf, conf->settings)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    conf->site = site;

    return NGX_OK;
}


static ngx_http_membercert_pool_t *
ngx_http_membercert_settings_pool(ngx_conf_t *cf,
    ngx_http_membercert_main_conf_t *mcf, mc_str_t word)
{
    ngx_str_t                     name;
    ngx_uint_t                    i;
    ngx_http_membercert_pool_t   *pool, **pools, **slot;

    name.data = (u_char *) word.data;
    name.len = word.len;

    if (name.len == 0) {
        ngx_str_set(&name, "default");
    }

    pools = mcf->pools.elts;

    for (i = 0; i < mcf->pools.nelts; i++) {

        if (pools[i]->name.len == name.len
            && ngx_memcmp(pools[i]->name.data, name.data, name.len) == 0)
        {
            return pools[i];
        }
    }

    pool = ngx_pcalloc(cf->pool, sizeof(ngx_http_membercert_pool_t));
    slot = ngx_array_push(&mcf->pools);

    if (pool == NULL || slot == NULL) {
        return NULL;
    }

    pool->name = name;

    pool->threads = ngx_thread_pool_add(cf, &name);
    if (pool->threads == NULL) {
        return NULL;
    }

    *slot = pool;

    return pool;
}


static ngx_int_t
ngx_http_membercert_settings_pools(ngx_conf_t *cf,
    ngx_http_membercert_main_conf_t *mcf, ngx_http_membercert_site_t *site)
{
    mc_str_t     names[NGX_HTTP_MEMBERCERT_POOLS];
    ngx_uint_t   i;

    names[NGX_HTTP_MEMBERCERT_STORE] = site->site->settings->pool_store;
    names[NGX_HTTP_MEMBERCERT_CPU] = site->site->settings->pool_cpu;
    names[NGX_HTTP_MEMBERCERT_HASH] = site->site->settings->pool_hash;
    names[NGX_HTTP_MEMBERCERT_NET] = site->site->settings->pool_net;

    for (i = 0; i < NGX_HTTP_MEMBERCERT_POOLS; i++) {
        site->pools[i] = ngx_http_membercert_settings_pool(cf, mcf, names[i]);

        if (site->pools[i] == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* nginx makes it, owned by the worker user, as it does its own folders. */
static ngx_int_t
ngx_http_membercert_settings_path(ngx_conf_t *cf, mc_str_t dir)
{
    ngx_path_t  *path;

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_ERROR;
    }

    path->name.len = dir.len;
    path->name.data = ngx_pnalloc(cf->pool, path->name.len + 1);
    if (path->name.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(path->name.data, (u_char *) dir.data,
                       path->name.len + 1);

    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    return ngx_add_path(cf, &path);
}


/* The store's folder, and those messages go to. */
static ngx_int_t
ngx_http_membercert_settings_folders(ngx_conf_t *cf,
    const mc_settings_t *settings)
{
    ngx_uint_t               i;
    const mc_outbox_line_t  *line;

    if (ngx_http_membercert_settings_path(cf, settings->store_dir)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_membercert_settings_look(cf,
                                      (u_char *) settings->store_dir.data);

    for (i = 0; i < settings->outbox_count; i++) {
        line = &settings->outboxes[i];

        if (mc_str_is(line->kind, "file")
            && ngx_http_membercert_settings_path(cf, line->target) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* A look at the store from outside; nothing is opened. */
static void
ngx_http_membercert_settings_look(ngx_conf_t *cf, const u_char *dir)
{
    u_char       name[NGX_MAX_PATH];
    struct stat  file, folder;

    if (ngx_strlen(dir) + sizeof("/core.db") > sizeof(name)) {
        return;
    }

    ngx_sprintf(name, "%s/core.db%Z", dir);

    if (lstat((char *) name, &file) == -1) {

        if (ngx_errno == NGX_ENOENT) {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "membercert: \"%s\" is missing: run "
                          "membercertctl init", name);
        }

        return;
    }

    if (lstat((const char *) dir, &folder) == 0
        && file.st_uid != folder.st_uid)
    {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "membercert: \"%s\" does not belong to the owner of "
                      "its folder: workers cannot write it", name);
    }
}
