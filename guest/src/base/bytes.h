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

/* By their names alone a freestanding compiler does not know them, and would call them to copy a word. */
#define memcpy(to, from, length) __builtin_memcpy(to, from, length)
#define memmove(to, from, length) __builtin_memmove(to, from, length)
#define memset(to, value, length) __builtin_memset(to, value, length)
#define memcmp(a, b, length) __builtin_memcmp(a, b, length)

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

/* Bytes that are aligned to 4 and whose number is a multiple of it. */
static inline bool words_equal(const void *a, const void *b, size_t length)
{
	const uint8_t *x = __builtin_assume_aligned(a, 4);
	const uint8_t *y = __builtin_assume_aligned(b, 4);
	for (size_t i = 0; i < length; i += 4) {
		uint32_t left, right;
		memcpy(&left, x + i, 4);
		memcpy(&right, y + i, 4);
		if (left != right)
			return false;
	}
	return true;
}

static inline bool address_equal(const struct address *a, const struct address *b)
{
	return words_equal(a->bytes, b->bytes, sizeof a->bytes);
}

static inline bool bytes32_equal(const struct bytes32 *a, const struct bytes32 *b)
{
	return words_equal(a->bytes, b->bytes, sizeof a->bytes);
}

#endif
