/*
 * For tests of the services: a site over a real store in a folder of its
 * own, members that come in by the import, and calls in their name.
 *
 * One site a program (site_setup/site_teardown as group fixtures); each test
 * makes its own members, so that tests do not depend on each other.
 */

#ifndef TEST_SERVICE_H
#define TEST_SERVICE_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_admin.h"
#include "mc_export.h"
#include "mc_import.h"
#include "mc_password.h"
#include "mc_photo.h"
#include "mc_portrait.h"
#include "mc_session.h"
#include "mc_time.h"
#include "test_domain_settings_line.h"

#define FONTS     "/usr/share/fonts/truetype/"
#define PASSWORD  "correct horse 42"
#define ID_GOOD   "11010519491231002X"
#define DAY_ONE   (INT64_C(1790000000) * 1000)

static struct {
    char            dir[64];
    char            secret[96];
    char            phc[MC_PASSWORD_HASH];
    int64_t         now;
    mc_settings_t  *settings;
    mc_site_t      *site;
} t;

/* Directives of a test's own, set before its site is made. */
static const char  *site_lines[8];

/* NULL: a good value. */
typedef struct {
    const char *no;
    const char *name;
    const char *status;
    const char *category;
    const char *id_number;
    const char *phone;
    const char *address;
    const char *phc;
} person_t;


static inline void
write_file(const char *path, const char *text, mode_t mode)
{
    int  fd;

    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}


static inline mc_settings_t *
make_settings(const char *dir, const char *secret)
{
    char            store[256], key[256], error[MC_SETTINGS_ERROR];
    size_t          n;
    const char     *where;
    mc_settings_t  *settings;

    const char *lines[] = {
        store, key,
        "membercert_issuer 某某注册会计师协会 Institute",
        "membercert_hotline 010-88250337/0338",
        "membercert_privacy https://example.org/privacy 2026-01",
        "membercert_session idle=30m absolute=12h mini=7d max=5",
        "membercert_user_type nonpractising 非执业会员 Non-practising",
        "membercert_user_type practising 注册会计师 Practising",
        "membercert_compare manual attempts=2",
        "membercert_font " FONTS "lxgw-wenkai/LXGWWenKai-Regular.ttf "
        FONTS "cns11643/TW-Sung-Ext-B-98_1.ttf",
        NULL
    };

    (void) snprintf(store, sizeof(store), "membercert_store sqlite:%s", dir);
    (void) snprintf(key, sizeof(key), "membercert_secret %s", secret);

    settings = take_lines(lines);

    for (n = 0; n < mc_count(site_lines) && site_lines[n] != NULL; n++) {
        assert_int_equal(take_line(settings, site_lines[n], error), MC_OK);
    }

    if (mc_settings_finish(settings, error, &where) != MC_OK) {
        fail_msg("%s", error);
    }

    return settings;
}


static inline mc_site_t *
open_site(const mc_settings_t *settings, unsigned flags)
{
    char         error[MC_SETTINGS_ERROR];
    mc_site_t   *site;
    const char  *where;

    site = mc_site_open(settings, flags, error, &where);

    if (site == NULL) {
        fail_msg("%s", error);
    }

    return site;
}


static inline void
import_text(const char *text, bool institutes, bool overwrite)
{
    mc_err_t           err;
    mc_admin_t         admin;
    mc_import_file_t  *file;

    file = calloc(1, sizeof(mc_import_file_t));
    assert_non_null(file);

    file->text = mc_str_from(text);
    file->overwrite = overwrite;

    mc_admin_init(&admin, t.site);
    admin.now = t.now;

    err = institutes ? mc_import_institutes_run(&admin, file)
                     : mc_import_members_run(&admin, file);

    if (err != MC_OK) {
        fail_msg("%s: line %u column %u: %s", admin.error,
                 file->faults[0].line, file->faults[0].column,
                 file->faults[0].reason);
    }

    mc_admin_free(&admin);
    free(file);
}


static inline const char *
or(const char *value, const char *other)
{
    return value != NULL ? value : other;
}


static inline void
add_person(const person_t *p)
{
    char  text[2048];

    (void) snprintf(text, sizeof(text),
        "user_type,member_no,name,sex,certificate_no,category,admitted_on,"
        "institute,status,id_number,phone,work_unit,address,"
        "password_hash\r\n"
        "nonpractising,%s,%s,M,Z%s,%s,2020-01-05,ZJ,%s,%s,%s,某公司,%s,"
        "\"%s\"\r\n", p->no, or(p->name, "王小明"), p->no,
        or(p->category, "非执业会员"), or(p->status, "active"),
        or(p->id_number, ID_GOOD), or(p->phone, "13800001234"),
        or(p->address, "杭州市西湖区某路1号"), or(p->phc, t.phc));

    import_text(text, false, false);
}


static inline void
add_member(const char *no)
{
    person_t  p = { .no = no };

    add_person(&p);
}


static inline int
site_setup_flags(unsigned flags)
{
    char  dir[] = "/tmp/membercert-unit-XXXXXX";

    assert_non_null(mkdtemp(dir));
    (void) snprintf(t.dir, sizeof(t.dir), "%s", dir);
    (void) snprintf(t.secret, sizeof(t.secret), "%s/secret", dir);

    write_file(t.secret, "0123456789abcdef0123456789abcdef", 0600);

    t.now = DAY_ONE;
    t.settings = make_settings(t.dir, t.secret);
    assert_int_equal(mc_store_create(mc_str_from(t.dir)), MC_OK);
    t.site = open_site(t.settings, flags);
    assert_int_equal(mc_password_hash(mc_str(PASSWORD), t.phc), MC_OK);

    import_text("code,name,name_en,contact,phone\n"
                "ZJ,浙江省注册会计师协会,Zhejiang Institute,李老师,"
                "0571-12345678\n", true, false);

    return 0;
}


static inline int
site_setup(void **state)
{
    return site_setup_flags(MC_SITE_NO_DOCUMENT);
}


static inline int
site_setup_document(void **state)
{
    return site_setup_flags(0);
}


static inline int
remove_one(const char *path, const struct stat *st, int kind,
    struct FTW *ftw)
{
    return remove(path);
}


static inline int
site_teardown(void **state)
{
    mc_site_close(t.site);
    mc_settings_free(t.settings);

    return nftw(t.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}


static inline void
begin(mc_call_t *call, const uint8_t hash[32])
{
    mc_call_init(call, t.site);

    call->now = t.now;
    call->address = mc_str("192.0.2.7");
    call->request_id = mc_str("00112233445566778899aabbccddeeff");

    if (hash != NULL) {
        call->credential.present = true;
        memcpy(call->credential.hash, hash, 32);
    }
}


static inline void
log_in_as(mc_login_t *login, const char *type, const char *no,
    const char *password, mc_client_t client)
{
    memset(login, 0, sizeof(*login));
    begin(&login->call, NULL);

    login->user_type = mc_str_from(type);
    login->member_no = mc_str_from(no);
    login->password = mc_arena_str(&login->call.arena,
                                   mc_str_from(password));
    login->client = client;

    mc_login_run(login);
}


/* A session of that member. */
static inline void
log_in(const char *no, uint8_t hash[32])
{
    mc_login_t  login;

    log_in_as(&login, "nonpractising", no, PASSWORD, MC_CLIENT_WEB);
    assert_int_equal(login.call.problems.count, 0);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);
}


static inline void
assert_codes_at(const mc_problems_t *problems, const char *codes, int line)
{
    char    got[1024];
    size_t  i, n;

    got[0] = '\0';
    n = 0;

    for (i = 0; i < problems->count && n < sizeof(got); i++) {
        n += (size_t) snprintf(got + n, sizeof(got) - n, "%s%s",
                               i > 0 ? " " : "",
                               mc_problem_code(problems->items[i].code));
    }

    if (strcmp(got, codes) != 0) {
        fail_msg("line %d: problems are \"%s\", not \"%s\"", line, got,
                 codes);
    }
}

#define assert_codes(problems, codes)                                        \
    assert_codes_at(problems, codes, __LINE__)


static inline void
assert_text_at(mc_str_t text, const char *wanted, int line)
{
    if (!mc_str_is(text, wanted)) {
        fail_msg("line %d: \"%.*s\" is not \"%s\"", line, (int) text.len,
                 text.data != NULL ? text.data : "", wanted);
    }
}

#define assert_text(text, wanted)  assert_text_at(text, wanted, __LINE__)


static inline const mc_effect_t *
effect_of(const mc_effects_t *effects, mc_effect_kind_t kind)
{
    size_t  i;

    for (i = 0; i < effects->count; i++) {
        if (effects->items[i].kind == kind) {
            return &effects->items[i];
        }
    }

    return NULL;
}


/* Calls "visit" with an administrator's tools. */
static inline void
set_status(const char *no, mc_status_t status)
{
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_status(&admin, &key, status), MC_OK);
    mc_admin_free(&admin);
}


static inline void
record_photo(const char *no, uint32_t person, uint32_t variant)
{
    mc_buf_t        jpeg;
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(person, variant, NULL, &jpeg), MC_OK);

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);

    if (mc_admin_photo_import(&admin, &key, false, mc_buf_view(&jpeg))
        != MC_OK)
    {
        fail_msg("%s", admin.error);
    }

    mc_admin_free(&admin);
    mc_buf_free(&jpeg);
}


static inline void
accept_privacy(const uint8_t hash[32])
{
    mc_consent_t  consent;

    memset(&consent, 0, sizeof(consent));
    begin(&consent.call, hash);
    consent.document = mc_str("privacy");
    consent.version = mc_str("2026-01");
    consent.accepted = true;

    mc_consent_run(&consent);
    assert_codes(&consent.call.problems, "");
    mc_call_free(&consent.call);
}


#endif /* TEST_SERVICE_H */
