/*
 * membercert_layout NAME { ... }: a block whose lines are kept as words, as
 * "map" and "types" keep theirs.
 *
 * The settings copy the words; the document reads them when the site is
 * opened.  Master, while configuration is read; GET site lists their names.
 */

#include "ngx_http_membercert.h"


static char *ngx_http_membercert_layout_line(ngx_conf_t *cf,
    ngx_command_t *dummy, void *data);


char *
ngx_http_membercert_layout(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
    char                            *rv;
    ngx_conf_t                       save;
    ngx_http_membercert_srv_conf_t  *conf;

    conf = data;

    rv = ngx_http_membercert_settings_take(cf, cmd, data);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    save = *cf;
    cf->handler = ngx_http_membercert_layout_line;
    cf->handler_conf = (void *) conf->settings;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    return rv;
}


static char *
ngx_http_membercert_layout_line(ngx_conf_t *cf, ngx_command_t *dummy,
    void *data)
{
    char           *where, error[MC_SETTINGS_ERROR];
    mc_err_t        err;
    mc_str_t       *words;
    ngx_str_t      *value;
    mc_settings_t  *settings;

    settings = data;
    value = cf->args->elts;

    if (ngx_strcmp(value[0].data, "include") == 0) {
        if (cf->args->nelts != 2) {
            return "invalid number of arguments in \"include\" directive";
        }

        return ngx_conf_include(cf, dummy, data);
    }

    words = ngx_http_membercert_settings_words(cf, &where);
    if (words == NULL) {
        return NGX_CONF_ERROR;
    }

    err = mc_settings_layout_line(settings, words, cf->args->nelts, where,
                                  error);

    if (err != MC_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"membercert_layout\" %s",
                           err == MC_EINVAL ? error : mc_err_name(err));
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* What a download may ask for; the first is sent to who asks for none. */
void
ngx_http_membercert_write_layouts(mc_json_out_t *out,
    const mc_settings_t *settings)
{
    size_t                       i;
    const mc_settings_layout_t  *layout;

    mc_json_key(out, "layouts");
    mc_json_open(out, '[');

    for (i = 0; i < settings->layout_count; i++) {
        layout = &settings->layouts[i];

        mc_json_open(out, '{');
        mc_json_pair_str(out, "name", layout->name);
        mc_json_pair_str(out, "zh", layout->zh);
        mc_json_pair_str(out, "en", layout->en);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
}
