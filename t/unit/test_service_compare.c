/*
 * Comparison by a service, without nginx (S24 S26 X01 X07): the background
 * work over a real store and a socket.
 */

#include "test_service.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

#include "mc_compare.h"
#include "mc_profile.h"
#include "mc_retry.h"
#include "mc_sealed.h"
#include "mc_work.h"


/* The service: one thread, one canned answer a connection. */
static struct {
    int              fd;
    int              port;
    pthread_t        thread;
    pthread_mutex_t  mutex;
    const char      *answer;        /* NULL: hangs up */
    unsigned         asked;
    size_t           len;
    char             request[131072];
} server = { .mutex = PTHREAD_MUTEX_INITIALIZER };


/* The whole request: head, then as much as it announces. */
static void
read_request(int fd)
{
    ssize_t      n;
    const char  *body, *length;

    server.len = 0;

    for (n = 1; n > 0 && server.len < sizeof(server.request) - 1; ) {
        n = recv(fd, server.request + server.len,
                 sizeof(server.request) - 1 - server.len, 0);
        server.len += n > 0 ? (size_t) n : 0;
        server.request[server.len] = '\0';

        body = strstr(server.request, "\r\n\r\n");
        length = strstr(server.request, "Content-Length: ");

        if (body != NULL && length != NULL
            && server.len - (size_t) (body + 4 - server.request)
               >= strtoul(length + 16, NULL, 10))
        {
            return;
        }
    }
}


static bool
was_sent(const char *text)
{
    return memmem(server.request, server.len, text, strlen(text)) != NULL;
}


static void *
serve(void *data)
{
    int          fd;
    const char  *answer;

    for (fd = accept(server.fd, NULL, NULL); fd >= 0;
         fd = accept(server.fd, NULL, NULL))
    {
        pthread_mutex_lock(&server.mutex);
        read_request(fd);
        server.asked++;
        answer = server.answer;
        pthread_mutex_unlock(&server.mutex);

        if (answer != NULL) {
            (void) send(fd, answer, strlen(answer), MSG_NOSIGNAL);
        }

        (void) shutdown(fd, SHUT_RDWR);
        close(fd);
    }

    return NULL;
}


static void
server_start(void)
{
    socklen_t           len;
    struct sockaddr_in  address;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t) server.port);

    server.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(server.fd >= 0);
    assert_int_equal(bind(server.fd, (struct sockaddr *) &address,
                          sizeof(address)), 0);
    assert_int_equal(listen(server.fd, 8), 0);

    len = sizeof(address);
    assert_int_equal(getsockname(server.fd, (struct sockaddr *) &address,
                                 &len), 0);
    server.port = ntohs(address.sin_port);

    assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
}


static void
server_stop(void)
{
    (void) shutdown(server.fd, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.fd);
}


static void
answers(const char *answer)
{
    pthread_mutex_lock(&server.mutex);
    server.answer = answer;
    server.asked = 0;
    pthread_mutex_unlock(&server.mutex);
}


#define JSON(body)  "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" body


/* The site of test_service.h, with a provider. */
static int
setup(void **state)
{
    char  url[64];

    (void) site_setup(state);
    server_start();
    (void) snprintf(url, sizeof(url), "http://127.0.0.1:%d/v1/compare",
                    server.port);

    mc_site_close(t.site);
    t.settings->compare_http = true;
    t.settings->compare_timeout = MC_SECOND;
    t.settings->compare_url = mc_arena_str(&t.settings->arena,
                                           mc_str_from(url));
    t.settings->compare_consent_url = mc_str("/c.html");
    t.settings->compare_consent_version = mc_str("2026-11");
    t.site = open_site(t.settings, MC_SITE_NO_DOCUMENT);

    return mc_curl_start() == MC_OK ? 0 : -1;
}


static int
teardown(void **state)
{
    int  rc;

    server_stop();
    mc_site_drain(t.site);
    rc = site_teardown(state);
    mc_curl_stop();

    return rc;
}


/* Each test starts with a breaker that is shut. */
static int
reopen(void **state)
{
    mc_site_drain(t.site);
    mc_site_close(t.site);
    t.settings->compare_http = true;
    t.settings->compare_by_ref = false;
    t.site = open_site(t.settings, MC_SITE_NO_DOCUMENT);

    return 0;
}


static void
consent_to(const uint8_t hash[32], bool accepted)
{
    mc_consent_t  consent;

    memset(&consent, 0, sizeof(consent));
    begin(&consent.call, hash);
    consent.document = mc_str("comparison");
    consent.version = mc_str("2026-11");
    consent.accepted = accepted;

    mc_consent_run(&consent);
    assert_codes(&consent.call.problems, "");
    mc_call_free(&consent.call);
}


static void
reference(const char *no)
{
    mc_buf_t        jpeg;
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(2, 0, NULL, &jpeg), MC_OK);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);
    assert_int_equal(mc_admin_photo_import(&admin, &key, true,
                                           mc_buf_view(&jpeg)), MC_OK);
    mc_admin_free(&admin);
    mc_buf_free(&jpeg);
}


/* A member with consent and (unless none) a photo on file, who uploads. */
static mc_case_state_t
member_uploads(const char *no, bool file, uint8_t hash[32])
{
    mc_buf_t         jpeg;
    mc_photo_put_t   put;
    mc_case_state_t  state;

    add_member(no);
    log_in(no, hash);
    accept_privacy(hash);
    consent_to(hash, true);

    if (file) {
        reference(no);
    }

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 0, NULL, &jpeg), MC_OK);

    memset(&put, 0, sizeof(put));
    begin(&put.call, hash);
    put.jpeg = mc_buf_view(&jpeg);
    put.declared = true;
    mc_photo_put_run(&put);
    assert_codes(&put.call.problems, "");
    state = put.status.state;

    assert_true((effect_of(&put.call.effects, MC_EFFECT_WORK) != NULL)
                == (state == MC_CASE_PENDING));

    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    return state;
}


static mc_photo_status_t
status_of(const uint8_t hash[32], char reason[128])
{
    mc_photo_state_t   state;
    mc_photo_status_t  status;

    memset(&state, 0, sizeof(state));
    begin(&state.call, hash);
    mc_photo_state_run(&state);
    assert_codes(&state.call.problems, "");

    status = state.status;
    (void) snprintf(reason, 128, "%.*s", (int) status.reason_en.len,
                    status.reason_en.data);
    mc_call_free(&state.call);

    return status;
}


static void
run_work(mc_work_t *work)
{
    memset(work, 0, sizeof(*work));
    begin(&work->call, NULL);
    work->compare = true;
    mc_work_run(work);
    assert_codes(&work->call.problems, "");
    mc_call_free(&work->call);
}


static void
an_upload_is_asked_about_and_answered(void **state)
{
    char               reason[128];
    uint8_t            hash[32];
    mc_work_t          work;
    mc_photo_status_t  status;

    answers(JSON("{\"result\":\"mismatch\",\"score\":0.1}"));
    assert_int_equal(member_uploads("90000001", true, hash),
                     MC_CASE_PENDING);

    run_work(&work);
    assert_int_equal(work.asked, 1);
    assert_int_equal(work.decided, 1);
    assert_null(work.alert);

    status = status_of(hash, reason);
    assert_int_equal(status.state, MC_CASE_MISMATCHED);
    assert_int_equal(status.attempts, 1);
    assert_string_equal(status.next, "upload");

    assert_true(was_sent("POST /v1/compare HTTP/1.1"));
    assert_true(was_sent("X-Deadline-Ms: 1000\r\n"));
    assert_true(was_sent("name=\"reference\""));
    assert_false(was_sent("Expect:"));
    assert_false(was_sent("90000001"));

    run_work(&work);
    assert_int_equal(work.asked, 0);
}


static void
by_reference_sends_the_number_and_no_second_picture(void **state)
{
    uint8_t    hash[32];
    mc_work_t  work;

    t.settings->compare_by_ref = true;
    answers(JSON("{\"result\":\"match\"}"));
    assert_int_equal(member_uploads("90000002", false, hash),
                     MC_CASE_PENDING);

    run_work(&work);
    assert_int_equal(work.decided, 1);
    assert_false(was_sent("name=\"reference\""));
    assert_true(was_sent("\"member_ref\":\"nonpractising:90000002\""));
    assert_true(was_sent("\"reference\":\"by-ref\""));
}


static void
what_cannot_be_asked_goes_to_the_institute_X07(void **state)
{
    char               reason[128];
    uint8_t            no_file[32], said_no[32];
    mc_work_t          work;
    mc_photo_status_t  status;

    answers(JSON("{\"result\":\"match\"}"));

    assert_int_equal(member_uploads("90000003", false, no_file),
                     MC_CASE_PENDING);
    assert_int_equal(member_uploads("90000004", true, said_no),
                     MC_CASE_PENDING);
    consent_to(said_no, false);

    run_work(&work);
    assert_int_equal(work.asked, 0);
    assert_int_equal(work.decided, 2);

    status = status_of(no_file, reason);
    assert_int_equal(status.state, MC_CASE_REVIEW);
    assert_non_null(strstr(reason, "no photo to compare with"));

    status = status_of(said_no, reason);
    assert_int_equal(status.state, MC_CASE_REVIEW);
    assert_non_null(strstr(reason, "No consent"));
}


static void
a_provider_that_is_changed_to_manual_leaves_nobody_waiting(void **state)
{
    char       reason[128];
    uint8_t    hash[32];
    mc_work_t  work;

    assert_int_equal(member_uploads("90000005", true, hash),
                     MC_CASE_PENDING);

    mc_site_drain(t.site);
    mc_site_close(t.site);
    t.settings->compare_http = false;
    t.site = open_site(t.settings, MC_SITE_NO_DOCUMENT);

    run_work(&work);
    assert_int_equal(work.asked, 0);
    assert_int_equal(work.decided, 1);
    assert_int_equal(status_of(hash, reason).state, MC_CASE_REVIEW);
}


static bool
stopping(void)
{
    return true;
}


static void
failures_open_the_breaker_and_cost_nothing(void **state)
{
    int                i;
    char               no[16], reason[128];
    uint8_t            hash[7][32];
    mc_work_t          work;
    mc_photo_status_t  status;

    answers(NULL);

    for (i = 0; i < 7; i++) {
        (void) snprintf(no, sizeof(no), "9000001%d", i);
        assert_int_equal(member_uploads(no, true, hash[i]),
                         MC_CASE_PENDING);
    }

    run_work(&work);
    assert_int_equal(work.asked, MC_BREAKER_MOST);
    assert_int_equal(work.decided, 0);
    assert_int_equal(mc_compare_room(t.site->compare, 4), 0);

    run_work(&work);
    assert_int_equal(work.asked, 0);

    for (i = 0; i < 7; i++) {
        status = status_of(hash[i], reason);
        assert_int_equal(status.state, MC_CASE_PENDING);
        assert_int_equal(status.attempts, 0);
    }

    /* it comes back: those not asked at once, the others when it is time */

    (void) reopen(NULL);
    answers(JSON("{\"result\":\"match\"}"));

    memset(&work, 0, sizeof(work));
    begin(&work.call, NULL);
    work.compare = true;
    work.stopping = stopping;
    mc_work_run(&work);
    mc_call_free(&work.call);
    assert_int_equal(work.asked, 0);
    assert_true(work.more);

    run_work(&work);
    assert_int_equal(work.decided, 2);

    t.now += 5 * MC_SECOND;
    run_work(&work);
    assert_int_equal(work.decided, 5);

    for (i = 0; i < 7; i++) {
        assert_int_equal(status_of(hash[i], reason).state, MC_CASE_MATCHED);
    }
}


static void
an_hour_is_an_alert_once_and_no_word_is_a_match(void **state)
{
    char       reason[128];
    uint8_t    hash[32];
    mc_work_t  work;

    answers(JSON("{\"result\":\"perhaps\"}"));
    assert_int_equal(member_uploads("90000030", true, hash),
                     MC_CASE_PENDING);

    run_work(&work);
    assert_int_equal(work.asked, 1);
    assert_non_null(strstr(work.alert, "not in its contract"));
    assert_int_equal(work.late, 0);
    assert_int_equal(status_of(hash, reason).state, MC_CASE_PENDING);

    /* the session ends meanwhile: nobody looks, it goes on all the same */

    t.now += MC_HOUR;
    answers(NULL);
    run_work(&work);
    assert_int_equal(work.asked, 1);
    assert_int_equal(work.late, 1);
    assert_non_null(strstr(work.alert, "more than an hour"));

    run_work(&work);
    assert_int_equal(work.late, 0);
    assert_null(work.alert);

    t.now += MC_HOUR;
    answers(JSON("{\"result\":\"match\"}"));
    run_work(&work);
    assert_int_equal(work.decided, 1);
}


/* Without memory nothing is decided and nothing is lost. */
static void
running_out_of_memory_says_nothing_of_the_service(void **state)
{
    unsigned             i;
    mc_compare_job_t     job;
    mc_compare_result_t  result;

    answers("HTTP/1.1 500 No\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n");

    job = (mc_compare_job_t) { .key = "k", .member_ref = mc_str("m"),
                               .attempt = 1, .probe = mc_str("jpeg") };

    for (i = 0; i < MC_BREAKER_MOST - 1; i++) {
        mc_compare_ask(t.site->compare, &job, &result);
        assert_true(result.failed);
        assert_false(result.silent);
    }

    mc_alloc_fail_at(1, true);
    mc_compare_ask(t.site->compare, &job, &result);
    mc_alloc_fail_at(0, false);
    assert_true(result.asked);
    assert_true(result.silent);
    assert_false(result.failed);

    /* neither the one that opens the breaker, nor a success that shuts it */

    assert_int_equal(mc_compare_room(t.site->compare, 4), 1);
    mc_compare_ask(t.site->compare, &job, &result);
    assert_true(result.failed);
    assert_int_equal(mc_compare_room(t.site->compare, 4), 0);
}


static void
running_out_of_memory_decides_nothing_nomem(void **state)
{
    char           reason[128];
    uint8_t        hash[32];
    unsigned long  n;
    mc_work_t      work;

    answers(JSON("{\"result\":\"mismatch\"}"));
    assert_int_equal(member_uploads("90000040", true, hash),
                     MC_CASE_PENDING);

    for (n = 1; n < 60; n++) {
        t.now += 16 * MC_MINUTE;
        memset(&work, 0, sizeof(work));
        begin(&work.call, NULL);
        work.compare = true;

        mc_alloc_fail_at(n, false);
        mc_work_run(&work);
        mc_alloc_fail_at(0, false);
        mc_call_free(&work.call);

        if (work.decided > 0) {
            break;
        }
    }

    assert_true(n > 3 && n < 60);

    log_in("90000040", hash);
    assert_int_equal(status_of(hash, reason).state, MC_CASE_MISMATCHED);
    assert_int_equal(status_of(hash, reason).attempts, 1);
}


#define block(test)  cmocka_unit_test_setup(test, reopen)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(an_upload_is_asked_about_and_answered),
        block(by_reference_sends_the_number_and_no_second_picture),
        block(what_cannot_be_asked_goes_to_the_institute_X07),
        block(a_provider_that_is_changed_to_manual_leaves_nobody_waiting),
        block(failures_open_the_breaker_and_cost_nothing),
        block(an_hour_is_an_alert_once_and_no_word_is_a_match),
        block(running_out_of_memory_says_nothing_of_the_service),
        block(running_out_of_memory_decides_nothing_nomem)
    };

    return cmocka_run_group_tests_name("service: comparison", tests, setup,
                                       teardown);
}
