/*
 * Messages into a folder, one file each, for demos and tests: what was
 * "sent" can be looked at.  DEDUPE.json, mode 0600, whole or not there.
 *
 * Depends on base.  Threads, or a command.
 */

#include "mc_outbox_send.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_crypto.h"


#define NAME_MAX_LEN  (MC_OUTBOX_DEDUPE + 32)


static bool
write_all(int fd, mc_str_t bytes)
{
    size_t   done;
    ssize_t  n;

    for (done = 0; done < bytes.len; done += (size_t) n) {
        n = write(fd, bytes.data + done, bytes.len - done);

        if (n < 0 && errno == EINTR) {
            n = 0;

        } else if (n <= 0) {
            return false;
        }
    }

    return true;
}


/* A file of its own, with its bytes on the disk. */
static bool
write_file(int dir, const char *name, mc_str_t bytes)
{
    int   fd;
    bool  good;

    fd = openat(dir, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }

    good = write_all(fd, bytes) && write_all(fd, mc_str("\n"))
           && fsync(fd) == 0;

    return close(fd) == 0 && good;
}


/* A message that comes again takes its own place. */
static bool
put_file(int dir, const mc_letter_t *letter)
{
    bool      good;
    char      name[NAME_MAX_LEN], temp[NAME_MAX_LEN], hex[17];
    uint8_t   random[8];

    if (mc_random(random, sizeof(random)) != MC_OK) {
        return false;
    }

    mc_hex(random, sizeof(random), hex);

    (void) snprintf(name, sizeof(name), "%s.json", letter->dedupe);
    (void) snprintf(temp, sizeof(temp), ".%s.%s", letter->dedupe, hex);

    good = write_file(dir, temp, letter->json)
           && renameat(dir, temp, dir, name) == 0;

    if (!good) {
        (void) unlinkat(dir, temp, 0);
    }

    return good && fsync(dir) == 0;
}


void
mc_sender_file(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent)
{
    int  dir;

    dir = open(line->line->target.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dir >= 0 && put_file(dir, letter)) {
        sent->what = MC_SENT_DONE;

    } else {
        sent->failed = true;
        sent->alert = true;
        sent->hint = "messages: the folder of membercert_outbox cannot be "
                     "written";
    }

    if (dir >= 0) {
        (void) close(dir);
    }
}
