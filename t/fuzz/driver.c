/*
 * Deterministic mutation run for any fuzz target, where no fuzzer is
 * installed.
 *
 *     fuzz_NAME [SECONDS [ITERATIONS]]     20 s and no bound by default
 *     fuzz_NAME FILE                       one input, to look at a failure
 *
 * The seeds come first as they are, then mutations of them from a generator
 * with a fixed start: the n-th input is the same in every run, only the
 * number of inputs differs.  Each input is a malloc'ed copy of its exact
 * size, so that AddressSanitizer sees the first byte read behind it.  An
 * input that ends the program, or holds it for HANG_SECONDS, is written to
 * fuzz_NAME.input in the current folder.
 */

#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


#define SEEDS_MAX      64
#define CHANGES_MAX    6
#define CHUNK_MAX      64
#define HANG_SECONDS   60
#define CLOCK_EVERY    64

typedef struct {
    uint8_t *data;
    size_t   len;
} seed_t;

/* Present in a sanitized program only. */
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));

static seed_t          seeds[SEEDS_MAX];
static size_t          seeds_count;
static uint64_t        state = UINT64_C(0x9E3779B97F4A7C15);

static const char     *name;
static char            saved_file[256];
static const uint8_t  *input;
static size_t          input_len;


/* xorshift64* */
static uint32_t
random_next(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;

    return (uint32_t) ((state * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
}


static size_t
random_below(size_t bound)
{
    return bound == 0 ? 0 : random_next() % bound;
}


static void
say(const char *text)
{
    (void) !write(STDERR_FILENO, text, strlen(text));
}


/* Only what a signal handler may call. */
static void
save_input(void)
{
    int  fd;

    if (input == NULL) {
        return;
    }

    fd = open(saved_file, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0644);

    if (fd != -1) {
        (void) !write(fd, input, input_len);
        (void) close(fd);
    }

    say("fuzz ");
    say(name);
    say(": failed; its input is in ");
    say(saved_file);
    say("\n");

    input = NULL;
}


static void
on_signal(int number)
{
    save_input();
    _exit(128 + number);
}


static void
watch_failures(void)
{
    size_t  i;

    static const int  numbers[] = {
        SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGALRM, SIGSEGV, SIGBUS
    };

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (__sanitizer_set_death_callback != NULL
            && (numbers[i] == SIGSEGV || numbers[i] == SIGBUS))
        {
            continue;        /* the sanitizer's report is worth more */
        }

        (void) signal(numbers[i], on_signal);
    }

    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(save_input);
    }
}


static void
run_input(const uint8_t *data, size_t len)
{
    uint8_t  *copy;

    copy = malloc(len);

    if (copy == NULL && len > 0) {
        say("fuzz: no memory\n");
        exit(2);
    }

    if (len > 0) {
        memcpy(copy, data, len);
    }

    input = data;
    input_len = len;

    (void) LLVMFuzzerTestOneInput(copy, len);

    input = NULL;
    free(copy);
}


static void
set_bytes(uint8_t *data, size_t len)
{
    size_t    pos, size, i;
    uint32_t  value;

    static const uint32_t  values[] = {
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
        0x7FFFFFFF, 0x80000000, 0xFFFFFFFF
    };

    pos = random_below(len);
    value = values[random_below(sizeof(values) / sizeof(values[0]))];
    size = (size_t) 1 << random_below(3);

    if (random_below(2) == 0) {
        value = __builtin_bswap32(value);
    }

    for (i = 0; i < size && pos + i < len; i++) {
        data[pos + i] = (uint8_t) (value >> (8 * i));
    }
}


/* Puts "size" bytes in at "pos"; what goes beyond the maximum is lost. */
static size_t
insert(uint8_t *data, size_t len, size_t pos, const uint8_t *from,
    size_t size)
{
    size_t  tail;

    if (size > FUZZ_INPUT_MAX - pos) {
        size = FUZZ_INPUT_MAX - pos;
    }

    tail = len - pos;

    if (tail > FUZZ_INPUT_MAX - pos - size) {
        tail = FUZZ_INPUT_MAX - pos - size;
    }

    memmove(data + pos + size, data + pos, tail);
    memcpy(data + pos, from, size);

    return pos + size + tail;
}


static size_t
insert_chunk(uint8_t *data, size_t len, bool duplicate)
{
    size_t   i, size, from;
    uint8_t  chunk[CHUNK_MAX];

    size = 1 + random_below(CHUNK_MAX);

    if (duplicate) {
        from = random_below(len);
        size = size > len - from ? len - from : size;
        memcpy(chunk, data + from, size);

    } else {
        for (i = 0; i < size; i++) {
            chunk[i] = (uint8_t) random_next();
        }
    }

    return insert(data, len, random_below(len + 1), chunk, size);
}


static size_t
delete_chunk(uint8_t *data, size_t len)
{
    size_t  pos, size;

    pos = random_below(len);
    size = 1 + random_below(len - pos < CHUNK_MAX ? len - pos : CHUNK_MAX);

    if (size > len - pos) {
        size = len - pos;
    }

    memmove(data + pos, data + pos + size, len - pos - size);

    return len - size;
}


/* The head of the input goes on as the tail of another seed. */
static size_t
join_tail(uint8_t *data, size_t len)
{
    size_t         pos, from;
    const seed_t  *other;

    other = &seeds[random_below(seeds_count)];
    pos = random_below(len + 1);
    from = random_below(other->len);

    return insert(data, pos, pos, other->data + from, other->len - from);
}


/* A piece of another seed in the middle of this one. */
static size_t
graft(uint8_t *data, size_t len)
{
    size_t         from, size;
    const seed_t  *other;

    other = &seeds[random_below(seeds_count)];
    from = random_below(other->len);
    size = 1 + random_below(other->len - from);

    if (size > other->len - from) {
        size = other->len - from;
    }

    return insert(data, len, random_below(len + 1), other->data + from,
                  size);
}


static size_t
change(uint8_t *data, size_t len)
{
    if (len == 0) {
        return graft(data, len);
    }

    switch (random_below(10)) {

    case 0:
    case 1:
        data[random_below(len)] ^= (uint8_t) (1u << random_below(8));
        return len;

    case 2:
        data[random_below(len)] = (uint8_t) random_next();
        return len;

    case 3:
        data[random_below(len)] = data[random_below(len)];
        return len;

    case 4:
        set_bytes(data, len);
        return len;

    case 5:
        return delete_chunk(data, len);

    case 6:
        return insert_chunk(data, len, random_below(4) != 0);

    case 7:
        return join_tail(data, len);

    case 8:
        return graft(data, len);

    default:
        return random_below(4) == 0 ? random_below(len) : len;
    }
}


static void
load_seeds(uint8_t *room)
{
    size_t    len;
    uint8_t  *data;

    while (seeds_count < SEEDS_MAX) {
        len = fuzz_seed((unsigned) seeds_count, room, FUZZ_INPUT_MAX);

        if (len == 0) {
            break;
        }

        data = malloc(len);

        if (len > FUZZ_INPUT_MAX || data == NULL) {
            say("fuzz: a seed is too long, or no memory\n");
            exit(2);
        }

        memcpy(data, room, len);
        seeds[seeds_count++] = (seed_t) { data, len };
    }

    if (seeds_count == 0) {
        say("fuzz: no seeds\n");
        exit(2);
    }
}


static double
seconds_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}


static unsigned long
run_mutations(uint8_t *room, double seconds, unsigned long iterations)
{
    size_t         len, changes;
    double         end;
    const seed_t  *seed;
    unsigned long  count;

    end = seconds_now() + seconds;

    for (count = 0; iterations == 0 || count < iterations; count++) {

        if (count % CLOCK_EVERY == 0) {
            (void) alarm(HANG_SECONDS);

            if (seconds_now() >= end) {
                break;
            }
        }

        seed = &seeds[random_below(seeds_count)];
        memcpy(room, seed->data, seed->len);
        len = seed->len;

        for (changes = 1 + random_below(CHANGES_MAX); changes > 0;
             changes--)
        {
            len = change(room, len);
        }

        run_input(room, len);
    }

    (void) alarm(0);

    return count;
}


static int
run_file(const char *file, uint8_t *room)
{
    FILE    *stream;
    size_t   len;

    stream = fopen(file, "rb");

    if (stream == NULL) {
        perror(file);
        return 2;
    }

    len = fread(room, 1, FUZZ_INPUT_MAX, stream);
    (void) fclose(stream);

    run_input(room, len);
    (void) printf("fuzz %s: %s, ok\n", name, file);

    return 0;
}


int
main(int argc, char **argv)
{
    int             rc;
    char           *end;
    size_t          i;
    double          seconds;
    uint8_t        *room;
    unsigned long   count;

    name = strrchr(argv[0], '/');
    name = name == NULL ? argv[0] : name + 1;
    (void) snprintf(saved_file, sizeof(saved_file), "%.200s.input", name);
    name = strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name;

    room = malloc(FUZZ_INPUT_MAX);

    if (room == NULL) {
        say("fuzz: no memory\n");
        return 2;
    }

    watch_failures();
    seconds = argc > 1 ? strtod(argv[1], &end) : 20;

    if (argc > 1 && *end != '\0') {
        rc = run_file(argv[1], room);
        free(room);
        return rc;
    }

    load_seeds(room);
    run_input(room, 0);

    for (i = 0; i < seeds_count; i++) {
        run_input(seeds[i].data, seeds[i].len);
    }

    count = run_mutations(room, seconds,
                          argc > 2 ? strtoul(argv[2], NULL, 10) : 0);

    (void) printf("fuzz %s: %lu inputs, ok\n", name,
                  count + (unsigned long) seeds_count + 1);

    for (i = 0; i < seeds_count; i++) {
        free(seeds[i].data);
    }

    free(room);

    return 0;
}
