/*
 * One writer at a time, in this process and in all others.
 *
 * Depends on base.  Pool threads and commands.
 *
 * Inside a process a mutex, between processes flock() on DIR/lock, both
 * under one deadline.  flock() has no time-out, and one stopped holder would
 * hang a thread for ever; so it is tried with LOCK_NB every 200 us.  The
 * kernel gives it back when its holder dies, whatever way.
 *
 * The file is made with the store and never by a writer; it is opened once a
 * process and folder.  Who holds the lock checks that the name still means
 * the same file: after a restore two processes could otherwise hold two
 * locks.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* pthread_mutex_clocklock() */
#endif

#include "mc_store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mc_time.h"


#define LOCK_PERIOD  200000         /* ns between two tries */


mc_err_t
mc_lock_file(const char *dir, int *fd)
{
    mc_err_t     err;
    mc_path_t    path;
    struct stat  st;

    *fd = -1;

    err = mc_path_join(path, dir, "lock");
    if (err != MC_OK) {
        return err;
    }

    err = mc_path_check(path);
    if (err != MC_OK) {
        return err;
    }

    *fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0) {
        return MC_EIO;
    }

    if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(*fd);
        *fd = -1;
        return MC_EIO;
    }

    return MC_OK;
}


/* MC_EBUSY: somebody has it. */
static mc_err_t
lock_try(int fd)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) {
            return errno == EWOULDBLOCK ? MC_EBUSY : MC_EIO;
        }
    }

    return MC_OK;
}


mc_err_t
mc_lock_poll(int fd, int64_t deadline)
{
    mc_err_t         err;
    struct timespec  period;

    for ( ;; ) {
        err = lock_try(fd);

        if (err != MC_EBUSY || mc_monotonic() >= deadline) {
            return err;
        }

        period = (struct timespec) { .tv_nsec = LOCK_PERIOD };
        nanosleep(&period, NULL);
    }
}


mc_err_t
mc_lock_folder(const char *dir, bool exclusive, int *fd)
{
    int  rc;

    *fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0) {
        return errno == ENOENT ? MC_ESCHEMA : MC_EIO;
    }

    rc = flock(*fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB);
    if (rc == 0) {
        return MC_OK;
    }

    rc = errno;
    close(*fd);
    *fd = -1;

    return rc == EWOULDBLOCK || rc == EINTR ? MC_EBUSY : MC_EIO;
}


/* One a folder; the one global of this room. */
static struct {
    pthread_mutex_t   mutex;
    mc_writer_t      *first;
} writers = { .mutex = PTHREAD_MUTEX_INITIALIZER };


static mc_writer_t *
writer_make(const char *dir)
{
    size_t        len;
    mc_writer_t  *writer;

    len = strlen(dir);
    writer = mc_alloc(sizeof(mc_writer_t));

    if (writer == NULL || len >= sizeof(writer->dir)) {
        mc_free(writer);
        return NULL;
    }

    if (pthread_mutex_init(&writer->mutex, NULL) != 0) {
        mc_free(writer);
        return NULL;
    }

    if (pthread_mutex_init(&writer->writer, NULL) != 0) {
        pthread_mutex_destroy(&writer->mutex);
        mc_free(writer);
        return NULL;
    }

    memcpy(writer->dir, dir, len + 1);
    writer->pid = getpid();
    writer->lock_fd = -1;

    writer->next = writers.first;
    writers.first = writer;

    return writer;
}


mc_writer_t *
mc_writer_get(const char *dir)
{
    pid_t         pid;
    mc_writer_t  *writer;

    pid = getpid();

    pthread_mutex_lock(&writers.mutex);

    for (writer = writers.first; writer != NULL; writer = writer->next) {
        if (writer->pid == pid && strcmp(writer->dir, dir) == 0) {
            break;
        }
    }

    if (writer == NULL) {
        writer = writer_make(dir);
    }

    if (writer != NULL) {
        writer->conns++;
    }

    pthread_mutex_unlock(&writers.mutex);

    return writer;
}


void
mc_writer_put(mc_writer_t *writer)
{
    bool           last;
    mc_writer_t  **place;

    if (writer == NULL) {
        return;
    }

    pthread_mutex_lock(&writers.mutex);

    last = --writer->conns == 0;

    for (place = &writers.first; last; place = &(*place)->next) {
        if (*place == writer) {
            *place = writer->next;
            break;
        }
    }

    pthread_mutex_unlock(&writers.mutex);

    if (!last) {
        return;
    }

    if (writer->lock_fd >= 0) {
        close(writer->lock_fd);
    }

    pthread_mutex_destroy(&writer->writer);
    pthread_mutex_destroy(&writer->mutex);
    mc_free(writer);
}


/* Opens the lock file once; the writer mutex is held. */
static mc_err_t
descriptor_open(mc_writer_t *writer)
{
    mc_err_t     err;
    struct stat  st;

    if (writer->lock_fd >= 0) {
        return MC_OK;
    }

    err = mc_lock_file(writer->dir, &writer->lock_fd);
    if (err != MC_OK) {
        return err;
    }

    if (fstat(writer->lock_fd, &st) != 0) {
        close(writer->lock_fd);
        writer->lock_fd = -1;
        return MC_EIO;
    }

    writer->lock_dev = st.st_dev;
    writer->lock_ino = st.st_ino;

    return MC_OK;
}


/* Does DIR/lock still mean the file we have locked? */
static bool
descriptor_current(mc_writer_t *writer)
{
    mc_path_t    path;
    struct stat  st;

    return mc_path_join(path, writer->dir, "lock") == MC_OK
           && lstat(path, &st) == 0
           && st.st_dev == writer->lock_dev
           && st.st_ino == writer->lock_ino;
}


/*
 * The file part; the writer mutex is held.  A lock on a file that was
 * replaced is dropped and the new one tried.
 */
static mc_err_t
descriptor_take(mc_writer_t *writer, int64_t deadline)
{
    mc_err_t  err;

    for ( ;; ) {
        err = descriptor_open(writer);
        if (err != MC_OK) {
            return err;
        }

        err = mc_lock_poll(writer->lock_fd, deadline);
        if (err != MC_OK) {
            return err;
        }

        if (descriptor_current(writer)) {
            return MC_OK;
        }

        close(writer->lock_fd);
        writer->lock_fd = -1;
    }
}


/* One more that waits; false when there are as many as may be. */
static bool
wait_enter(mc_writer_t *writer, uint32_t most)
{
    bool  entered;

    pthread_mutex_lock(&writer->mutex);

    entered = most == 0 || writer->waiting < most;
    if (entered) {
        writer->waiting++;
    }

    pthread_mutex_unlock(&writer->mutex);

    return entered;
}


static void
wait_leave(mc_writer_t *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->waiting--;
    pthread_mutex_unlock(&writer->mutex);
}


static mc_err_t
mutex_take(mc_writer_t *writer, int64_t deadline)
{
    struct timespec  until;

    until.tv_sec = (time_t) (deadline / 1000);
    until.tv_nsec = (long) (deadline % 1000) * 1000000;

    switch (pthread_mutex_clocklock(&writer->writer, CLOCK_MONOTONIC,
                                    &until))
    {
    case 0:
        return MC_OK;

    case ETIMEDOUT:
        return MC_EBUSY;

    default:
        return MC_EIO;
    }
}


mc_err_t
mc_lock_take(mc_conn_t *conn, int *left)
{
    bool          held;
    int64_t       deadline, rest;
    mc_err_t      err;
    mc_writer_t  *writer;

    writer = conn->writer;
    deadline = mc_monotonic()
               + (conn->wait != 0 ? conn->wait : conn->store->deadline);

    /* free for the taking: nobody waits and nobody is counted */

    held = pthread_mutex_trylock(&writer->writer) == 0;

    if (held) {
        err = descriptor_take(writer, 0);
        if (err == MC_OK) {
            goto taken;
        }

        if (err != MC_EBUSY) {
            goto failed;
        }
    }

    if (!wait_enter(writer, conn->store->writers)) {
        err = MC_ECROWDED;
        goto failed;
    }

    if (!held) {
        err = mutex_take(writer, deadline);
        held = err == MC_OK;
    }

    if (held) {
        err = descriptor_take(writer, deadline);
    }

    wait_leave(writer);

    if (err != MC_OK) {
        goto failed;
    }

taken:

    rest = deadline - mc_monotonic();
    *left = rest < 1 ? 1 : (int) rest;

    return MC_OK;

failed:

    if (held) {
        pthread_mutex_unlock(&writer->writer);
    }

    return err;
}


void
mc_lock_give(mc_conn_t *conn)
{
    mc_writer_t  *writer;

    writer = conn->writer;

    if (writer->lock_fd >= 0) {
        flock(writer->lock_fd, LOCK_UN);
    }

    pthread_mutex_unlock(&writer->writer);
}
