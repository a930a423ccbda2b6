#ifndef GUEST_BASE_BYTES_H
#define GUEST_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The four functions that a freestanding compiler may call. The host's own are used there (sanitizers watch them). */
void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);

/* Bytes that somebody else owns. The pointer may be null when the length is 0. */
struct slice {
	const uint8_t *data;
	size_t length;
};

/* Aligned so that a compiler for RV32 compares and copies words. */
struct address {
	_Alignas(4) uint8_t bytes[20];
};

struct bytes32 {
	_Alignas(4) uint8_t bytes[32];
};

static inline struct slice slice_of(const uint8_t *data, size_t length)
{
	return (struct slice){.data = data, .length = length};
}

/* memcpy and memcmp that allow null with a length of 0, which C does not. */
static inline void bytes_copy(void *restrict to, const void *restrict from, size_t length)
{
	if (length > 0)
		memcpy(to, from, length);
}

static inline bool bytes_equal(const void *a, const void *b, size_t length)
{
	return length == 0 || memcmp(a, b, length) == 0;
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.length == b.length && bytes_equal(a.data, b.data, a.length);
}

static inline bool address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static inline bool bytes32_equal(const struct bytes32 *a, const struct bytes32 *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
