/*
 * membercertctl: from nginx.conf to an open site, and away from root.
 *
 * The same directives as nginx reads, by the same functions; what stands in
 * http and what stands in the chosen server are merged as nginx does.
 */

#include "ctl.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_conf_token.h"
#include "mc_password.h"


#define DEFAULT_CONF  "/etc/nginx/nginx.conf"

typedef struct {
    const char     *wanted;         /* --server, or NULL */
    mc_settings_t  *http;
    mc_settings_t  *server;         /* being read, or NULL */
    mc_settings_t  *chosen;
    unsigned        server_depth;   /* of the statements inside it */
    bool            in_http;
    bool            in_layout;      /* lines of the settings' newest one */
    bool            named;          /* the server has the wanted name */
    bool            used;           /* a membercert location stands in it */
} conf_t;


static bool
opens(const mc_conf_statement_t *statement, const char *name)
{
    return statement->kind == MC_CONF_OPEN && statement->count == 1
           && mc_str_is(statement->words[0], name);
}


/* A directive of ours, or a line of a layout. */
static mc_err_t
take(conf_t *conf, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    char            text[MC_SETTINGS_ERROR], where[400];
    mc_err_t        err;
    mc_settings_t  *settings;

    settings = conf->server != NULL ? conf->server : conf->http;
    snprintf(where, sizeof(where), "%s:%u", statement->file,
             statement->line);

    err = (conf->in_layout ? mc_settings_layout_line : mc_settings_take)(
              settings, statement->words, statement->count, where, text);
    if (err == MC_OK || err == MC_ENOTFOUND) {
        return MC_OK;
    }

    snprintf(error->text, sizeof(error->text), "%.240s: %.250s", where,
             text);
    return err;
}


static mc_err_t
leave_server(conf_t *conf)
{
    if (conf->chosen == NULL && conf->used
        && (conf->wanted == NULL || conf->named))
    {
        conf->chosen = conf->server;

    } else {
        mc_settings_free(conf->server);
    }

    conf->server = NULL;
    return MC_OK;
}


static void
note(conf_t *conf, const mc_conf_statement_t *statement)
{
    if (mc_str_is(statement->words[0], "membercert")) {
        conf->used = true;
    }

    if (conf->wanted == NULL || statement->depth != conf->server_depth
        || !mc_str_is(statement->words[0], "server_name"))
    {
        return;
    }

    for (size_t i = 1; i < statement->count; i++) {
        if (mc_str_is(statement->words[i], conf->wanted)) {
            conf->named = true;
        }
    }
}


/* Inside of a layout's block: its lines, and its end. */
static mc_err_t
visit_layout(conf_t *conf, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    if (statement->kind == MC_CONF_CLOSE) {
        conf->in_layout = false;
        return MC_OK;
    }

    if (statement->kind == MC_CONF_OPEN) {
        snprintf(error->text, sizeof(error->text),
                 "%.240s:%u: unexpected \"{\"", statement->file,
                 statement->line);
        return MC_EINVAL;
    }

    return take(conf, statement, error);
}


static mc_err_t
visit(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    mc_err_t  err;
    conf_t   *conf = data;

    if (conf->in_layout) {
        return visit_layout(conf, statement, error);
    }

    if (statement->kind == MC_CONF_CLOSE) {
        if (conf->server != NULL
            && statement->depth + 1 == conf->server_depth)
        {
            return leave_server(conf);
        }

        if (statement->depth == 0) {
            conf->in_http = false;
        }

        return MC_OK;
    }

    if (statement->depth == 0 && opens(statement, "http")) {
        conf->in_http = true;
        return MC_OK;
    }

    if (!conf->in_http) {
        return MC_OK;
    }

    if (statement->depth == 1 && opens(statement, "server")) {
        conf->server = mc_settings_create();
        conf->server_depth = 2;
        conf->named = false;
        conf->used = false;
        return conf->server == NULL ? MC_ENOMEM : MC_OK;
    }

    if (conf->server != NULL) {
        note(conf, statement);
    }

    if (statement->depth != (conf->server != NULL ? 2u : 1u)) {
        return MC_OK;
    }

    if (statement->kind == MC_CONF_SIMPLE) {
        return take(conf, statement, error);
    }

    if (!mc_str_is(statement->words[0], "membercert_layout")) {
        return MC_OK;
    }

    err = take(conf, statement, error);
    conf->in_layout = err == MC_OK;

    return err;
}


static int
read_conf(ctl_t *ctl, const char *path)
{
    int              code = CTL_FAILED;
    conf_t           conf;
    mc_conf_error_t  error;

    memset(&conf, 0, sizeof(conf));
    memset(&error, 0, sizeof(error));
    conf.wanted = ctl->server;
    conf.http = mc_settings_create();

    if (conf.http == NULL) {
        return ctl_fail("out of memory");
    }

    if (mc_conf_walk(path, visit, &conf, &error) != MC_OK) {
        ctl_fail("%s\n(-d STORE and -s SECRET work without an nginx.conf)",
                 error.text[0] != '\0' ? error.text : "out of memory");

    } else if (conf.chosen == NULL) {
        ctl_fail("%s: no server%s%s with a \"membercert\" location", path,
                 ctl->server != NULL ? " named " : "",
                 ctl->server != NULL ? ctl->server : "");

    } else if (mc_settings_merge(conf.chosen, conf.http) != MC_OK) {
        ctl_fail("out of memory");

    } else {
        ctl->settings = conf.chosen;
        conf.chosen = NULL;
        code = CTL_OK;
    }

    mc_settings_free(conf.http);
    mc_settings_free(conf.server);
    mc_settings_free(conf.chosen);

    return code;
}


/* A setting from the command line, unless the configuration states it. */
static int
state(ctl_t *ctl, const char *name, const char *prefix, const char *value)
{
    char      word[4200], error[MC_SETTINGS_ERROR];
    mc_str_t  words[2];

    if (snprintf(word, sizeof(word), "%s%s", prefix, value)
        >= (int) sizeof(word))
    {
        return ctl_fail("too long: %s", name);
    }

    words[0] = mc_str_from(name);
    words[1] = mc_str_from(word);

    if (mc_settings_take(ctl->settings, words, 2, "command line", error)
        != MC_OK)
    {
        return ctl_fail("%s: %s", value, error);
    }

    return CTL_OK;
}


/* -d and -s stand for what the configuration would say. */
static int
from_options(ctl_t *ctl)
{
    int code = CTL_OK;

    ctl->settings = mc_settings_create();
    if (ctl->settings == NULL) {
        return ctl_fail("out of memory");
    }

    if (ctl->store != NULL) {
        code = state(ctl, "membercert_store", "sqlite:", ctl->store);
    }

    if (code == CTL_OK && ctl->secret != NULL) {
        code = state(ctl, "membercert_secret", "", ctl->secret);
    }

    return code;
}


/* Without a configuration: an issuer has to be there, none is shown. */
static int
without_conf(ctl_t *ctl)
{
    int code = from_options(ctl);

    return code == CTL_OK ? state(ctl, "membercert_issuer", "", "-") : code;
}


/* With -c as well, -d and -s win: the file's other settings are kept. */
static int
override(ctl_t *ctl)
{
    mc_settings_t *conf = ctl->settings;
    int            code;

    code = from_options(ctl);

    if (code == CTL_OK && mc_settings_merge(ctl->settings, conf) != MC_OK) {
        code = ctl_fail("out of memory");
    }

    mc_settings_free(conf);
    return code;
}


int
ctl_settings(ctl_t *ctl)
{
    int          code;
    char         error[MC_SETTINGS_ERROR];
    const char  *where = "";

    if (ctl->settings != NULL) {
        return CTL_OK;
    }

    if (ctl->conf != NULL || ctl->store == NULL || ctl->secret == NULL) {
        code = read_conf(ctl, ctl->conf != NULL ? ctl->conf : DEFAULT_CONF);
        if (code == CTL_OK && (ctl->store != NULL || ctl->secret != NULL)) {
            code = override(ctl);
        }

    } else {
        code = without_conf(ctl);
    }

    if (code == CTL_OK
        && mc_settings_finish(ctl->settings, error, &where) != MC_OK)
    {
        code = ctl_fail("%s%s%s", where, *where != '\0' ? ": " : "", error);
    }

    return code;
}


int
ctl_become_owner(const char *dir)
{
    struct stat     st;
    struct passwd  *user;

    if (lstat(dir, &st) != 0) {
        return ctl_fail("%s: %s (nginx -t makes the folder, or init "
                        "--owner USER)", dir, strerror(errno));
    }

    if (!S_ISDIR(st.st_mode)) {
        return ctl_fail("%s: not a folder", dir);
    }

    if (geteuid() != 0 || st.st_uid == 0) {
        return CTL_OK;
    }

    user = getpwuid(st.st_uid);

    if ((user != NULL ? initgroups(user->pw_name, st.st_gid)
                      : setgroups(0, NULL)) != 0
        || setgid(st.st_gid) != 0
        || setuid(st.st_uid) != 0)
    {
        return ctl_fail("cannot become the owner of %s: %s", dir,
                        strerror(errno));
    }

    umask(077);
    return CTL_OK;
}


int
ctl_open(ctl_t *ctl, unsigned flags)
{
    int          code;
    char         error[MC_SETTINGS_ERROR];
    const char  *where = "";

    code = ctl_settings(ctl);
    if (code != CTL_OK) {
        return code;
    }

    if (mc_password_init() != MC_OK) {
        return ctl_fail("libsodium does not start");
    }

    ctl->site = mc_site_open(ctl->settings, flags, error, &where);
    if (ctl->site == NULL) {
        return ctl_fail("%s%s%s", where, *where != '\0' ? ": " : "", error);
    }

    code = ctl_become_owner(ctl->settings->store_dir.data);
    if (code == CTL_OK) {
        mc_admin_init(&ctl->admin, ctl->site);
        ctl->admin_ready = true;
    }

    return code;
}


void
ctl_close(ctl_t *ctl)
{
    if (ctl->admin_ready) {
        mc_admin_free(&ctl->admin);
    }

    mc_site_close(ctl->site);
    mc_settings_free(ctl->settings);
}
