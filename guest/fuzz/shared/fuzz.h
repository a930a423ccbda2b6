#ifndef GUEST_FUZZ_FUZZ_H
#define GUEST_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

/* What the targets of libFuzzer share. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Fails the run: a finding. */
#define REQUIRE(condition)                                                          \
	do {                                                                            \
		if (!(condition)) {                                                         \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE_NAME__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                           \
	} while (0)

/* Fresh memory of that size; what an earlier call gave is void. */
void fuzz_arena(struct arena *arena, size_t size);

#endif
