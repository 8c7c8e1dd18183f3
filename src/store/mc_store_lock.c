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
 * process.  Who holds the lock checks that the name still means the same
 * file: after a restore two processes could otherwise hold two locks.
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


/* Opens the lock file once; the writer mutex is held. */
static mc_err_t
descriptor_open(mc_store_t *store)
{
    mc_err_t     err;
    mc_path_t    dir;
    struct stat  st;

    if (store->lock_fd >= 0) {
        return MC_OK;
    }

    err = mc_dir_real(store->dir, dir);
    if (err != MC_OK) {
        return err;
    }

    err = mc_lock_file(dir, &store->lock_fd);
    if (err != MC_OK) {
        return err;
    }

    if (fstat(store->lock_fd, &st) != 0) {
        close(store->lock_fd);
        store->lock_fd = -1;
        return MC_EIO;
    }

    store->lock_dev = st.st_dev;
    store->lock_ino = st.st_ino;

    return MC_OK;
}


/* Does DIR/lock still mean the file we have locked? */
static bool
descriptor_current(mc_store_t *store)
{
    mc_path_t    path;
    struct stat  st;

    return mc_path_join(path, store->dir, "lock") == MC_OK
           && lstat(path, &st) == 0
           && st.st_dev == store->lock_dev
           && st.st_ino == store->lock_ino;
}


/*
 * The file part; the writer mutex is held.  A lock on a file that was
 * replaced is dropped and the new one tried.
 */
static mc_err_t
descriptor_take(mc_store_t *store, int64_t deadline)
{
    mc_err_t  err;

    for ( ;; ) {
        err = descriptor_open(store);
        if (err != MC_OK) {
            return err;
        }

        err = mc_lock_poll(store->lock_fd, deadline);
        if (err != MC_OK) {
            return err;
        }

        if (descriptor_current(store)) {
            return MC_OK;
        }

        close(store->lock_fd);
        store->lock_fd = -1;
    }
}


/* One more that waits; false when there are as many as may be. */
static bool
wait_enter(mc_store_t *store)
{
    bool  entered;

    pthread_mutex_lock(&store->mutex);

    entered = store->writers == 0 || store->waiting < store->writers;
    if (entered) {
        store->waiting++;
    }

    pthread_mutex_unlock(&store->mutex);

    return entered;
}


static void
wait_leave(mc_store_t *store)
{
    pthread_mutex_lock(&store->mutex);
    store->waiting--;
    pthread_mutex_unlock(&store->mutex);
}


static mc_err_t
mutex_take(mc_store_t *store, int64_t deadline)
{
    struct timespec  until;

    until.tv_sec = (time_t) (deadline / 1000);
    until.tv_nsec = (long) (deadline % 1000) * 1000000;

    switch (pthread_mutex_clocklock(&store->writer, CLOCK_MONOTONIC,
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
mc_lock_take(mc_store_t *store, int *left)
{
    bool      held;
    int64_t   deadline, rest;
    mc_err_t  err;

    deadline = mc_monotonic() + store->deadline;

    /* free for the taking: nobody waits and nobody is counted */

    held = pthread_mutex_trylock(&store->writer) == 0;

    if (held) {
        err = descriptor_take(store, 0);
        if (err == MC_OK) {
            goto taken;
        }

        if (err != MC_EBUSY) {
            goto failed;
        }
    }

    err = MC_EBUSY;

    if (!wait_enter(store)) {
        goto failed;
    }

    if (!held) {
        err = mutex_take(store, deadline);
        held = err == MC_OK;
    }

    if (held) {
        err = descriptor_take(store, deadline);
    }

    wait_leave(store);

    if (err != MC_OK) {
        goto failed;
    }

taken:

    rest = deadline - mc_monotonic();
    *left = rest < 1 ? 1 : (int) rest;

    return MC_OK;

failed:

    if (held) {
        pthread_mutex_unlock(&store->writer);
    }

    return err;
}


void
mc_lock_give(mc_store_t *store)
{
    if (store->lock_fd >= 0) {
        flock(store->lock_fd, LOCK_UN);
    }

    pthread_mutex_unlock(&store->writer);
}
