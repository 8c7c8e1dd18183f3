/*
 * What a fuzz target offers.  Each fuzz_*.c is one target; it is linked
 * with driver.c for the deterministic run of the test command, or with
 * libFuzzer (-fsanitize=fuzzer) without it.
 */

#ifndef MC_FUZZ_H
#define MC_FUZZ_H

#include <stddef.h>
#include <stdint.h>


#define FUZZ_INPUT_MAX  65536

/* Always returns 0; a broken promise ends the program by fuzz_check(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the n-th seed, made by recipe, and returns its length, at most
 * "cap"; 0 = no such seed. */
size_t fuzz_seed(unsigned n, uint8_t *out, size_t cap);

#define fuzz_check(promise)                                                  \
    do {                                                                     \
        if (!(promise)) {                                                    \
            __builtin_trap();                                                \
        }                                                                    \
    } while (0)


#endif /* MC_FUZZ_H */
