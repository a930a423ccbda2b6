#include "crypto/ripemd160.h"

enum { block_size = 64, length_at = 56, steps = 80 };

/* Dobbertin, Bosselaers, Preneel 1996: two lines of 80 steps; which word each takes, and how far it turns. */
static const uint8_t left_words[steps] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
	3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12, 1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
	4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13};
static const uint8_t right_words[steps] = {
	5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12, 6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
	15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13, 8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
	12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11};
static const uint8_t left_turns[steps] = {
	11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8, 7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
	11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5, 11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
	9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6};
static const uint8_t right_turns[steps] = {
	8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6, 9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
	9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5, 15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
	8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11};
static const uint32_t left_constants[5] = {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e};
static const uint32_t right_constants[5] = {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0};

static inline uint32_t turn_left(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

static uint32_t mix(int round, uint32_t x, uint32_t y, uint32_t z)
{
	switch (round) {
	case 0: return x ^ y ^ z;
	case 1: return (x & y) | (~x & z);
	case 2: return (x | ~y) ^ z;
	case 3: return (x & z) | (y & ~z);
	default: return x ^ (y | ~z);
	}
}

struct line {
	uint32_t a, b, c, d, e;
};

static void step(struct line *line, uint32_t added, unsigned turn)
{
	uint32_t next = turn_left(line->a + added, turn) + line->e;
	line->a = line->e;
	line->e = line->d;
	line->d = turn_left(line->c, 10);
	line->c = line->b;
	line->b = next;
}

static void compress(uint32_t state[5], const uint8_t *block)
{
	uint32_t words[16];
	memcpy(words, block, sizeof words);
	struct line left = {state[0], state[1], state[2], state[3], state[4]};
	struct line right = left;
	for (int i = 0; i < steps; i++) {
		int round = i / 16;
		step(&left, mix(round, left.b, left.c, left.d) + words[left_words[i]] + left_constants[round], left_turns[i]);
		step(&right, mix(4 - round, right.b, right.c, right.d) + words[right_words[i]] + right_constants[round], right_turns[i]);
	}
	uint32_t first = state[1] + left.c + right.d;
	state[1] = state[2] + left.d + right.e;
	state[2] = state[3] + left.e + right.a;
	state[3] = state[4] + left.a + right.b;
	state[4] = state[0] + left.b + right.c;
	state[0] = first;
}

void ripemd160(const void *data, size_t length, uint8_t hash[20])
{
	uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	const uint8_t *bytes = data;
	size_t rest = length;
	for (; rest >= block_size; rest -= block_size, bytes += block_size)
		compress(state, bytes);
	uint8_t tail[2 * block_size] = {0};
	bytes_copy(tail, bytes, rest);
	tail[rest] = 0x80;
	size_t end = rest < length_at ? block_size : 2 * block_size;
	uint64_t bits = (uint64_t)length * 8;
	memcpy(tail + end - 8, &bits, sizeof bits);
	for (size_t at = 0; at < end; at += block_size)
		compress(state, tail + at);
	memcpy(hash, state, sizeof state);
}
