#define _DEFAULT_SOURCE
#include "platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Runs the guest as a program: the input on stdin, the digest in hex on stdout, a failure on stderr and as exit code. */

enum { max_input = 1 << 28, memory_size = 1 << 30, guard_size = 1 << 16 };

/* Given back by platform_halt. */
static uint8_t *input_bytes;

status platform_input(struct slice *input)
{
	size_t size = 1 << 16;
	size_t length = 0;
	uint8_t *bytes = malloc(size);
	while (bytes != NULL) {
		length += fread(bytes + length, 1, size - length, stdin);
		if (length < size)
			break;
		if (size >= max_input) {
			free(bytes);
			return FAIL(STATUS_INPUT_TOO_LONG);
		}
		size *= 2;
		uint8_t *longer = realloc(bytes, size);
		if (longer == NULL)
			free(bytes);
		bytes = longer;
	}
	if (bytes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	/* Exactly as long as the input, so that a sanitizer sees a read beyond it. */
	input_bytes = malloc(length == 0 ? 1 : length);
	if (input_bytes != NULL)
		bytes_copy(input_bytes, bytes, length);
	free(bytes);
	*input = slice_of(input_bytes, length);
	return input_bytes == NULL ? FAIL(STATUS_OUT_OF_MEMORY) : STATUS_OK;
}

/*
 * Mapped, as sanitizers look after all other memory: AddressSanitizer takes 0.1 s to mark so much of malloc's, and LeakSanitizer 4 s to search
 * static memory for pointers, touching every page of it. The pages behind it fault.
 */
status platform_memory(struct arena *arena)
{
	void *memory = mmap(NULL, memory_size + guard_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || mprotect(memory, memory_size, PROT_READ | PROT_WRITE) != 0)
		return FAIL(STATUS_OUT_OF_MEMORY);
	arena_init_clean(arena, memory, memory_size);
	return STATUS_OK;
}

void platform_commit(const struct bytes32 *digest)
{
	printf("0x");
	for (size_t i = 0; i < sizeof digest->bytes; i++)
		printf("%02x", digest->bytes[i]);
	printf("\n");
}

void platform_log(struct slice bytes)
{
	(void)bytes;
}

_Noreturn void platform_halt(status code)
{
	const struct failure *failure = failure_first();
	if (failure != NULL)
		fprintf(stderr, "{\"status\":%d,\"detail\":%u,\"file\":\"%s\",\"line\":%u}\n", (int)failure->code, failure->detail, failure->file,
		        failure->line);
	free(input_bytes);
	exit((int)code);
}
