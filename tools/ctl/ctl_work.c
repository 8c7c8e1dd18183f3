/*
 * membercertctl: background work by hand or as a service of its own.  work,
 * outbox.
 *
 * work --exec CMD gives every message to a command of the administrator: the
 * message is its standard input, nothing of it stands in arguments or
 * environment, and no descriptor of ours is open in it.  nginx itself never
 * forks.
 */

#include "ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mc_time.h"
#include "mc_work.h"


#define EXEC_TIME   30000           /* ms a command may take */
#define EXEC_AGAIN  15000           /* ms after which "later" is now */
#define EXEC_LATER  75              /* EX_TEMPFAIL */
#define PAUSE       1000            /* ms between two rounds */

static volatile sig_atomic_t  ended;


static void
end_soon(int signo)
{
    ended = 1;
}


static bool
stopping(void)
{
    return ended != 0;
}


/* The message as a file without a name, read from its start. */
static int
message_file(mc_str_t json)
{
    int      fd;
    ssize_t  n;

    fd = memfd_create("message", MFD_CLOEXEC);
    if (fd < 0) {
        return -1;
    }

    n = write(fd, json.data, json.len);

    if (n < 0 || (size_t) n != json.len || write(fd, "\n", 1) != 1
        || lseek(fd, 0, SEEK_SET) != 0)
    {
        (void) close(fd);
        return -1;
    }

    return fd;
}


/* In the child; does not come back. */
static void
command_run(const char *command, int message)
{
    char *const  words[] = { (char *) (uintptr_t) "sh",
                             (char *) (uintptr_t) "-c",
                             (char *) (uintptr_t) command, NULL };

    (void) signal(SIGTERM, SIG_DFL);
    (void) signal(SIGINT, SIG_DFL);
    (void) setpgid(0, 0);

    /* what it prints is for whoever reads our errors */

    if (dup2(message, STDIN_FILENO) < 0
        || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    {
        _exit(EXEC_LATER);
    }

    (void) close_range(STDERR_FILENO + 1, ~0u, 0);
    (void) execv("/bin/sh", words);

    _exit(127);
}


/* Its exit code; -1: it was killed, by us or by itself. */
static int
command_wait(pid_t pid)
{
    int            fd, status, left;
    int64_t        end;
    struct pollfd  one;

    fd = pidfd_open(pid, 0);
    end = mc_monotonic() + EXEC_TIME;

    for (left = EXEC_TIME; fd >= 0 && left > 0;
         left = (int) (end - mc_monotonic()))
    {
        one = (struct pollfd) { .fd = fd, .events = POLLIN };

        if (poll(&one, 1, left) > 0) {
            break;
        }
    }

    if (fd < 0 || left <= 0) {
        (void) kill(-pid, SIGKILL);
        (void) kill(pid, SIGKILL);
    }

    if (fd >= 0) {
        (void) close(fd);
    }

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}


static void
exec_answer(int code, mc_sent_t *sent)
{
    switch (code) {

    case 0:
        sent->what = MC_SENT_DONE;
        return;

    case EXEC_LATER:
        sent->tried = false;
        sent->retry_after = EXEC_AGAIN;
        return;

    case -1:
        sent->hint = "messages: the command of --exec was killed or took "
                     "too long";
        return;

    default:
        sent->hint = "messages: the command of --exec failed";
    }
}


static void
exec_deliver(void *data, const mc_letter_t *letter, mc_sent_t *sent)
{
    int    message;
    pid_t  pid;

    message = message_file(letter->json);
    pid = message >= 0 ? fork() : -1;

    if (pid == 0) {
        command_run(data, message);
    }

    if (message >= 0) {
        (void) close(message);
    }

    if (pid > 0) {
        exec_answer(command_wait(pid), sent);

    } else {
        sent->tried = false;
        sent->retry_after = EXEC_AGAIN;
        sent->hint = "messages: the command of --exec cannot be started";
    }
}


static void
print_result(const mc_work_t *job, bool always)
{
    if (job->clean && (always || job->removed > 0)) {
        printf("%" PRId64 " rows removed\n", job->removed);
    }

    if (job->outbox && (always || job->sent > 0 || job->dead > 0)) {
        printf("%u messages sent, %u given up\n", (unsigned) job->sent,
               (unsigned) job->dead);
    }

    if (job->compare && (always || job->asked > 0 || job->decided > 0)) {
        printf("%u comparisons asked for, %u decided\n",
               (unsigned) job->asked, (unsigned) job->decided);
    }

    (void) fflush(stdout);

    if (job->alert != NULL) {
        fprintf(stderr, "membercertctl: %s\n", job->alert);
    }

    if (job->call.hint != NULL && job->call.hint != job->alert
        && job->call.problems.count == 0)
    {
        fprintf(stderr, "membercertctl: %s\n", job->call.hint);
    }
}


/*
 * One round.  Comparisons, and messages without a command, only where the
 * configuration says who is asked: -d and -s know of nobody.
 */
static int
work_once(ctl_t *ctl, mc_work_t *job, char *command, bool clean, bool always)
{
    int  code = CTL_OK;

    memset(job, 0, sizeof(*job));
    mc_call_init(&job->call, ctl->site);
    job->call.now = mc_now();
    job->stopping = stopping;
    job->clean = clean;
    job->compare = ctl->store == NULL;
    job->outbox = command != NULL || ctl->settings->outbox_count > 0;

    if (command != NULL) {
        job->deliver = exec_deliver;
        job->deliver_data = command;
        job->deliver_time = EXEC_TIME;
    }

    mc_work_run(job);
    print_result(job, always);

    if (job->call.problems.count > 0) {
        code = ctl_fail("%s", job->call.hint != NULL ? job->call.hint
                                                     : "the store failed");
    }

    mc_call_free(&job->call);

    return code;
}


/* Until a signal ends it. */
static int
work_on(ctl_t *ctl, mc_work_t *job, char *command)
{
    int              code;
    int64_t          clean, now;
    struct timespec  pause = { PAUSE / 1000, PAUSE % 1000 * 1000000 };

    clean = 0;

    do {
        now = mc_monotonic();
        code = work_once(ctl, job, command, now >= clean, false);

        if (now >= clean) {
            clean = now + MC_HOUR;
        }

        if (code == CTL_OK && !stopping() && !job->more) {
            (void) nanosleep(&pause, NULL);
        }
    } while (code == CTL_OK && !stopping());

    return code;
}


static int
work(ctl_t *ctl)
{
    int               code;
    bool              once;
    char             *command;
    mc_work_t        *job;
    struct sigaction  action = { .sa_handler = end_soon };

    once = ctl_flag(ctl, "--once");
    command = (char *) (uintptr_t) ctl_option(ctl, "--exec");

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    job = mc_alloc(sizeof(mc_work_t));

    if (job == NULL || mc_curl_start() != MC_OK) {
        mc_free(job);
        return ctl_fail("out of memory");
    }

    (void) sigaction(SIGTERM, &action, NULL);
    (void) sigaction(SIGINT, &action, NULL);

    code = once ? work_once(ctl, job, command, true, true)
                : work_on(ctl, job, command);

    mc_free(job);
    mc_site_drain(ctl->site);
    mc_curl_stop();

    return code;
}


static void
print_counts(const ctl_t *ctl, const mc_outbox_counts_t *counts)
{
    char           oldest[25] = "";
    mc_buf_t       buf;
    mc_json_out_t  out;

    if (counts->oldest > 0) {
        mc_time_write(counts->oldest, oldest);
    }

    if (!ctl->json) {
        printf("waiting  %" PRId64 "%s%s\nsent     %" PRId64 "\ngiven up "
               "%" PRId64 "\n", counts->queued, *oldest ? ", since " : "",
               oldest, counts->sent, counts->dead);
        return;
    }

    mc_buf_init(&buf, 4096);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "waiting", counts->queued);
    mc_json_pair_int(&out, "sent", counts->sent);
    mc_json_pair_int(&out, "given_up", counts->dead);
    mc_json_key(&out, "oldest");

    if (*oldest != '\0') {
        mc_json_str(&out, mc_str_from(oldest));

    } else {
        mc_json_null(&out);
    }

    mc_json_close(&out, '}');
    ctl_print_json(&buf);
}


static int
outbox(ctl_t *ctl)
{
    int                  code;
    mc_err_t             err;
    mc_conn_t           *conn;
    mc_outbox_counts_t   counts;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    err = mc_store_acquire(ctl->site->store, &conn);

    if (err == MC_OK) {
        err = mc_outbox_count(conn, &counts);
        mc_store_release(ctl->site->store, conn);
    }

    if (err != MC_OK) {
        return ctl_fail("store: %s", mc_store_hint(err));
    }

    print_counts(ctl, &counts);

    return CTL_OK;
}


const ctl_command_t  ctl_work_commands[] = {
    { "work", "[--once] [--exec COMMAND]", work },
    { "outbox", "", outbox },
    { NULL, NULL, NULL }
};
