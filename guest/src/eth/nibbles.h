#ifndef GUEST_ETH_NIBBLES_H
#define GUEST_ETH_NIBBLES_H

#include "base/bytes.h"

/* Half bytes, the upper one of each byte first, in bytes that somebody else owns: a key, or a path as a trie node has it. */
struct nibbles {
	const uint8_t *bytes;
	uint8_t start; /* 1 where the first is the lower half of its byte, else 0 */
	uint8_t count;
};

/* Of 127 bytes at most. */
static inline struct nibbles nibbles_of(struct slice bytes)
{
	return (struct nibbles){.bytes = bytes.data, .count = (uint8_t)(2 * bytes.length)};
}

static inline uint8_t nibbles_at(const struct nibbles *nibbles, size_t index)
{
	size_t half = nibbles->start + index;
	uint8_t byte = nibbles->bytes[half / 2];
	return half % 2 == 0 ? byte >> 4 : byte & 0x0f;
}

/* The first `count`. */
static inline struct nibbles nibbles_first(const struct nibbles *nibbles, size_t count)
{
	return (struct nibbles){.bytes = nibbles->bytes, .start = nibbles->start, .count = (uint8_t)count};
}

/* All but the first `count`. */
static inline struct nibbles nibbles_after(const struct nibbles *nibbles, size_t count)
{
	size_t half = nibbles->start + count;
	return (struct nibbles){.bytes = nibbles->bytes + half / 2, .start = half % 2, .count = (uint8_t)(nibbles->count - count)};
}

/* Bytes in which there is a part of them. */
static inline size_t nibbles_byte_count(const struct nibbles *nibbles)
{
	return (nibbles->start + (size_t)nibbles->count + 1) / 2;
}

/* How many are the same before the first that differs. */
static inline size_t nibbles_common(const struct nibbles *a, const struct nibbles *b)
{
	size_t limit = a->count < b->count ? a->count : b->count;
	size_t length = 0;
	if (a->start == b->start && limit > 0) {
		if (a->start == 1 && nibbles_at(a, length++) != nibbles_at(b, 0))
			return 0;
		const uint8_t *x = a->bytes + a->start;
		const uint8_t *y = b->bytes + b->start;
		for (; limit - length >= 2 && *x == *y; x++, y++)
			length += 2;
	}
	while (length < limit && nibbles_at(a, length) == nibbles_at(b, length))
		length++;
	return length;
}

#endif
