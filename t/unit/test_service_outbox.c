/*
 * The outbox at work, without a network (S12 X03): mail as text, what
 * answers mean, files, leases, back-off, dead letters.
 */

#include "test_service.h"

#include <dirent.h>

#include "mc_json.h"
#include "mc_message.h"
#include "mc_outbox_send.h"
#include "mc_retry.h"
#include "mc_store_sqlite.h"
#include "mc_work.h"


static mc_arena_t  arena;
static char        folder[128], line[256];


static int
setup(void **state)
{
    char  dir[] = "/tmp/membercert-box-XXXXXX";

    assert_non_null(mkdtemp(dir));
    (void) snprintf(folder, sizeof(folder), "%s", dir);
    (void) snprintf(line, sizeof(line), "membercert_outbox file:%s", dir);

    site_lines[0] = line;
    mc_arena_init(&arena, 8 * 1024 * 1024);

    return site_setup(state);
}


static int
teardown(void **state)
{
    mc_arena_free(&arena);

    if (nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0) {
        return -1;
    }

    return site_teardown(state);
}


static mc_conn_t *
conn_open(void)
{
    mc_conn_t  *conn;

    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);

    return conn;
}


/* A code for that member, in the store. */
static void
queue(const char *no, mc_outbox_row_t *row)
{
    mc_err_t            err;
    mc_conn_t          *conn;
    mc_member_row_t     stored;
    mc_message_args_t   args;

    args = (mc_message_args_t) { .now = t.now, .code = mc_str("13572468"),
                                 .ttl = 10 * MC_MINUTE };
    conn = conn_open();

    assert_int_equal(mc_member_by_no(conn, mc_str("nonpractising"),
                         mc_str_from(no), &arena, &stored), MC_OK);
    stored.member.value_count = 0;
    assert_int_equal(mc_member_set(&stored.member,
                         mc_field_find(&t.settings->fields, mc_str("phone")),
                         mc_str("13800001234")), MC_OK);

    assert_int_equal(mc_message_make(t.site, &stored.member, MC_MESSAGE_CODE,
                                     &args, row, &arena), MC_OK);
    assert_int_equal(mc_write_begin(conn), MC_OK);
    err = mc_outbox_append(conn, t.now, row);
    assert_int_equal(mc_write_end(conn, err), MC_OK);
    mc_store_release(t.site->store, conn);
}


/* What a command would be given, and what it says. */
static struct {
    unsigned     count;
    char         dedupe[MC_OUTBOX_DEDUPE + 1];
    mc_sent_t    says;
} command;


static void
deliver(void *data, const mc_letter_t *letter, mc_sent_t *sent)
{
    assert_ptr_equal(data, &command);
    assert_non_null(strstr(letter->json.data, "13572468"));

    command.count++;
    (void) snprintf(command.dedupe, sizeof(command.dedupe), "%s",
                    letter->dedupe);
    *sent = command.says;
}


static mc_work_t
run_work(bool by_command)
{
    mc_work_t  work;

    memset(&work, 0, sizeof(work));
    begin(&work.call, NULL);
    work.outbox = true;

    if (by_command) {
        work.deliver = deliver;
        work.deliver_data = &command;
        work.deliver_time = 1000;
    }

    mc_work_run(&work);
    mc_call_free(&work.call);

    return work;
}


static mc_outbox_counts_t
counts(void)
{
    mc_conn_t           *conn;
    mc_outbox_counts_t   out;

    conn = conn_open();
    assert_int_equal(mc_outbox_count(conn, &out), MC_OK);
    mc_store_release(t.site->store, conn);

    return out;
}


static void
a_message_becomes_one_file_that_only_its_owner_reads(void **state)
{
    char             path[256], text[4096];
    int              fd;
    ssize_t          n;
    DIR             *dir;
    mc_json_t       *object;
    mc_work_t        work;
    struct stat      st;
    struct dirent   *entry;
    mc_outbox_row_t  row;

    add_member("80000001");
    queue("80000001", &row);

    work = run_work(false);
    assert_int_equal(work.sent, 1);
    assert_int_equal(work.dead, 0);
    assert_false(work.more);
    assert_int_equal(counts().queued, 0);

    (void) snprintf(path, sizeof(path), "%s/%s.json", folder, row.dedupe);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    n = read(fd, text, sizeof(text));
    close(fd);
    assert_true(n > 0 && (size_t) n < sizeof(text));

    assert_int_equal(mc_json_read(&arena, (mc_str_t) { text, (size_t) n },
                                  &object, NULL), MC_OK);
    assert_text(mc_json_get_str(object, "id"), row.dedupe);
    assert_text(mc_json_get_str(object, "to"), "13800001234");

    dir = opendir(folder);
    assert_non_null(dir);

    for (n = 0; (entry = readdir(dir)) != NULL; n++) {
        assert_true(entry->d_name[0] != '.' || entry->d_name[1] == '.'
                    || entry->d_name[1] == '\0');
    }

    closedir(dir);
    assert_int_equal(n, 3);

    assert_int_equal(run_work(false).sent, 0);
}


static void
a_folder_that_is_gone_costs_nothing_but_time(void **state)
{
    char             away[160];
    unsigned         i;
    mc_work_t        work;
    mc_outbox_row_t  row;

    (void) snprintf(away, sizeof(away), "%s.away", folder);
    assert_int_equal(rename(folder, away), 0);

    add_member("80000002");
    queue("80000002", &row);

    work = run_work(false);
    assert_int_equal(work.sent, 0);
    assert_non_null(work.alert);

    /* not before its time, and then again, until the line is spared */

    assert_null(run_work(false).alert);

    for (i = 1; i < MC_BREAKER_MOST; i++) {
        t.now += MC_MINUTE;
        assert_non_null(run_work(false).alert);
    }

    t.now += MC_MINUTE;
    assert_null(run_work(false).alert);
    assert_int_equal(mc_sender_room(t.site->sender), 0);
    assert_int_equal(counts().queued, 1);

    /* it comes to its end all the same */

    t.now = row.expires_at;
    work = run_work(false);
    assert_int_equal(work.dead, 1);
    assert_non_null(work.alert);

    assert_int_equal(rename(away, folder), 0);
}


static void
a_command_says_what_becomes_of_each_message(void **state)
{
    unsigned         i;
    mc_work_t        work;
    mc_outbox_row_t  row, other;

    add_member("80000003");
    queue("80000003", &row);
    memset(&command, 0, sizeof(command));

    /* later, at no cost */

    command.says = (mc_sent_t) { .retry_after = 15000 };
    assert_int_equal(run_work(true).sent, 0);
    assert_int_equal(command.count, 1);
    assert_string_equal(command.dedupe, row.dedupe);
    t.now += 14 * MC_SECOND;
    (void) run_work(true);
    assert_int_equal(command.count, 1);

    t.now += 10 * MC_SECOND;
    command.says.what = MC_SENT_DONE;
    assert_int_equal(run_work(true).sent, 1);
    assert_int_equal(command.count, 2);

    /* refused for good: the next one is not held up */

    queue("80000003", &row);
    queue("80000003", &other);
    command.says.what = MC_SENT_DEAD;
    work = run_work(true);
    assert_int_equal(work.dead, 2);
    assert_string_equal(command.dedupe, other.dedupe);

    /* given up after many tries */

    queue("80000003", &row);
    command = (typeof(command)) { .says = { .tried = true,
                                            .retry_after = 1000 } };

    for (i = 1; i < 20; i++) {
        assert_int_equal(run_work(true).dead, 0);
        assert_int_equal(command.count, i);
        t.now += 10 * MC_SECOND;
    }

    work = run_work(true);
    assert_int_equal(work.dead, 1);
    assert_non_null(work.alert);
    assert_int_equal(counts().queued, 0);
}


static void
a_message_of_another_secret_dies_and_says_why(void **state)
{
    mc_work_t        work;
    mc_conn_t       *conn;
    mc_outbox_row_t  row, wrong;
    mc_err_t         err;

    add_member("80000004");
    queue("80000004", &row);

    /* sealed as somebody else's: the first one's bytes under another key */

    wrong = row;
    memset(wrong.dedupe, 'f', MC_OUTBOX_DEDUPE);
    conn = conn_open();
    assert_int_equal(mc_write_begin(conn), MC_OK);
    err = mc_outbox_append(conn, t.now, &wrong);
    assert_int_equal(mc_write_end(conn, err), MC_OK);
    mc_store_release(t.site->store, conn);

    work = run_work(true);
    assert_int_equal(work.dead, 1);
    assert_non_null(strstr(work.alert, "another secret"));
}


static void
without_an_outbox_clean_up_ends_what_was_left_behind(void **state)
{
    mc_work_t        work;
    mc_outbox_row_t  row;

    add_member("80000005");
    queue("80000005", &row);

    memset(&work, 0, sizeof(work));
    begin(&work.call, NULL);
    work.call.now = row.expires_at;
    work.clean = true;

    mc_work_run(&work);
    assert_codes(&work.call.problems, "");
    assert_true(work.dead > 0);
    mc_call_free(&work.call);
    assert_int_equal(counts().queued, 0);
}


static void
running_out_of_memory_loses_no_message_nomem(void **state)
{
    unsigned long    n;
    mc_work_t        work;
    mc_outbox_row_t  row;

    add_member("80000006");
    queue("80000006", &row);
    command = (typeof(command)) { .says = { .what = MC_SENT_DONE } };

    for (n = 1; n < 60; n++) {
        t.now += 16 * MC_SECOND;
        memset(&work, 0, sizeof(work));
        begin(&work.call, NULL);
        work.outbox = true;
        work.deliver = deliver;
        work.deliver_data = &command;
        work.deliver_time = 1000;

        mc_alloc_fail_at(n, false);
        mc_work_run(&work);
        mc_alloc_fail_at(0, false);
        mc_call_free(&work.call);

        if (work.sent > 0) {
            break;
        }
    }

    assert_true(n > 2 && n < 30);
    assert_int_equal(work.dead, 0);
    assert_string_equal(command.dedupe, row.dedupe);
}


/* --- mail ---------------------------------------------------------------- */

static void
a_letter_is_internet_mail(void **state)
{
    mc_buf_t     out;
    mc_letter_t  letter;

    letter = (mc_letter_t) {
        .dedupe = "00112233445566778899aabbccddeeff",
        .channel = MC_OUTBOX_EMAIL,
        .to = mc_str("zhang@example.org"),
        .subject = mc_str("协会：验证码，请在十分钟之内使用它 / code"),
        .text = mc_str("验证码 13572468\n\nYour code is 13572468, and this is "
                       "a line that is long enough."),
        .now = INT64_C(1790000000123),
    };

    mc_buf_init(&out, 8192);
    assert_int_equal(mc_mail_write(&letter, mc_str("no-reply@b.example"),
                                   mc_str("某协会"), &out), MC_OK);
    assert_text(mc_buf_view(&out),
        "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
        "From: =?UTF-8?B?5p+Q5Y2P5Lya?=\r\n"
        " <no-reply@b.example>\r\n"
        "To: <zhang@example.org>\r\n"
        "Subject: "
        "=?UTF-8?B?5Y2P5Lya77ya6aqM6K+B56CB77yM6K+35Zyo5Y2B5YiG6ZKf5LmL?="
        "\r\n"
        " =?UTF-8?B?5YaF5L2/55So5a6DIC8gY29kZQ==?=\r\n"
        "Message-ID: <00112233445566778899aabbccddeeff@b.example>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "\r\n"
        "6aqM6K+B56CBIDEzNTcyNDY4CgpZb3VyIGNvZGUgaXMgMTM1NzI0NjgsIGFuZCB0aGlz"
        "IGlzIGEg\r\n"
        "bGluZSB0aGF0IGlzIGxvbmcgZW5vdWdoLg==\r\n");
    mc_buf_free(&out);
}


static void
an_address_cannot_break_out_of_its_header(void **state)
{
    size_t       i;
    mc_buf_t     out;
    mc_letter_t  letter;

    static const char *const  good[] = {
        "a@b", "zhang.san+1@mail.example.org", "o'hara_=?!#$%&*-/^`{|}~@b.c"
    };
    static const char *const  bad[] = {
        "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "a@b\n",
        "a@b>", "<a@b", "a@b,c@d", "\"a\"@b", "a\\@b", "a@b;c", "a@[::1]",
        "a(b)@c", "\xe5\xbc\xa0@b.c", "a@b\x7f", "a:b@c", "a\t@b"
    };

    for (i = 0; i < mc_count(good); i++) {
        assert_true(mc_mail_address(mc_str_from(good[i])));
    }

    for (i = 0; i < mc_count(bad); i++) {
        if (mc_mail_address(mc_str_from(bad[i]))) {
            fail_msg("%s", bad[i]);
        }

        letter = (mc_letter_t) { .dedupe = "00", .to = mc_str_from(bad[i]),
                                 .subject = mc_str("s"),
                                 .text = mc_str("t") };
        mc_buf_init(&out, 4096);
        assert_int_equal(mc_mail_write(&letter, mc_str("a@b"),
                                       mc_str("n"), &out), MC_EINVAL);
        assert_int_equal(out.len, 0);

        letter.to = mc_str("a@b");
        assert_int_equal(mc_mail_write(&letter, mc_str_from(bad[i]),
                                       mc_str("n"), &out), MC_EINVAL);
        assert_int_equal(out.len, 0);
        mc_buf_free(&out);
    }

    assert_false(mc_mail_address((mc_str_t) { "a@b\0c", 5 }));
}


/* --- answers ------------------------------------------------------------- */

static void
answers_mean_what_the_contract_says(void **state)
{
    size_t     i;
    mc_sent_t  sent;

    static const struct {
        bool            smtp;
        long            status;
        int64_t         after;
        mc_sent_what_t  what;
        bool            failed;
        int64_t         retry_after;
    } rows[] = {
        { false, 200, 0, MC_SENT_DONE, false, 0 },
        { false, 202, 9, MC_SENT_DONE, false, 0 },
        { false, 204, 0, MC_SENT_DONE, false, 0 },
        { false, 299, 0, MC_SENT_DONE, false, 0 },
        { false, 0, 0, MC_SENT_LATER, true, 0 },
        { false, 100, 0, MC_SENT_LATER, true, 0 },
        { false, 302, 0, MC_SENT_LATER, true, 0 },
        { false, 400, 0, MC_SENT_DEAD, false, 0 },
        { false, 404, 7, MC_SENT_DEAD, false, 0 },
        { false, 499, 0, MC_SENT_DEAD, false, 0 },
        { false, 408, 0, MC_SENT_LATER, true, 0 },
        { false, 425, 0, MC_SENT_LATER, true, 0 },
        { false, 429, 30, MC_SENT_LATER, true, 30000 },
        { false, 500, 0, MC_SENT_LATER, true, 0 },
        { false, 503, 999999, MC_SENT_LATER, true, MC_RETRY_MOST },
        { false, 600, 0, MC_SENT_LATER, true, 0 },
        { true, 421, 0, MC_SENT_LATER, true, 0 },
        { true, 450, 0, MC_SENT_LATER, true, 0 },
        { true, 500, 0, MC_SENT_LATER, true, 0 },
        { true, 530, 0, MC_SENT_LATER, true, 0 },
        { true, 535, 0, MC_SENT_LATER, true, 0 },
        { true, 550, 0, MC_SENT_DEAD, false, 0 },
        { true, 554, 0, MC_SENT_DEAD, false, 0 },
        { true, 560, 0, MC_SENT_LATER, true, 0 },
    };

    for (i = 0; i < mc_count(rows); i++) {
        sent = (mc_sent_t) { .tried = true, .silent = true, .alert = true };

        if (rows[i].smtp) {
            mc_sender_smtp_reply(rows[i].status, &sent);

        } else {
            mc_sender_http_status(rows[i].status, rows[i].after, &sent);
        }

        assert_int_equal(sent.what, rows[i].what);
        assert_int_equal(sent.failed, rows[i].failed);
        assert_int_equal(sent.retry_after, rows[i].retry_after);
        assert_true(sent.tried);
        assert_false(sent.silent);
        assert_true((sent.what == MC_SENT_DONE) == (sent.hint == NULL));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_message_becomes_one_file_that_only_its_owner_reads),
        cmocka_unit_test(a_command_says_what_becomes_of_each_message),
        cmocka_unit_test(a_message_of_another_secret_dies_and_says_why),
        cmocka_unit_test(
            without_an_outbox_clean_up_ends_what_was_left_behind),
        cmocka_unit_test(running_out_of_memory_loses_no_message_nomem),
        cmocka_unit_test(a_folder_that_is_gone_costs_nothing_but_time),
        cmocka_unit_test(a_letter_is_internet_mail),
        cmocka_unit_test(an_address_cannot_break_out_of_its_header),
        cmocka_unit_test(answers_mean_what_the_contract_says)
    };

    return cmocka_run_group_tests_name("service: outbox", tests, setup,
                                       teardown);
}
