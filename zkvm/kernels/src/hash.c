#include "lanes.h"

/*
 * Keccak-256 of whole 64-bit words. A Merkle leaf is H(word 0, element...), a node H(word 1, left, right); words and elements are
 * big-endian in the message, because that is how Solidity reads them. SPONGES messages are hashed at a time, a vector holding a word of each.
 * What is left over is hashed together with itself.
 */

#ifdef __wasm__
/* 1.6 times as fast as one at a time. */
#define SPONGES 2
#else
#define SPONGES LANES
#endif

#if SPONGES == 1
typedef uint64_t words;
#define WORDS_OF(word) ((words)(word))
#define WORD(vector, i) (vector)
#else
typedef uint64_t words __attribute__((vector_size(8 * SPONGES)));
typedef uint64_t unaligned_words __attribute__((vector_size(8 * SPONGES), aligned(8), may_alias));
typedef uint8_t word_bytes __attribute__((vector_size(8 * SPONGES)));
#define WORDS_OF(word) ((words){0} + (uint64_t)(word))
#define WORD(vector, i) (vector)[i]
#endif

#define STATE_WORDS 25
#define RATE_WORDS 17

static const uint64_t round_constants[24] = {
    0x0000000000000001ull, 0x0000000000008082ull, 0x800000000000808aull, 0x8000000080008000ull, 0x000000000000808bull, 0x0000000080000001ull,
    0x8000000080008081ull, 0x8000000000008009ull, 0x000000000000008aull, 0x0000000000000088ull, 0x0000000080008009ull, 0x000000008000000aull,
    0x000000008000808bull, 0x800000000000008bull, 0x8000000000008089ull, 0x8000000000008003ull, 0x8000000000008002ull, 0x8000000000000080ull,
    0x000000000000800aull, 0x800000008000000aull, 0x8000000080008081ull, 0x8000000000008080ull, 0x0000000080000001ull, 0x8000000080008008ull,
};

#define ROTATE(x, by) ((x) << (by) | (x) >> (64 - (by)))
#define PARITY(x) (a[x] ^ a[(x) + 5] ^ a[(x) + 10] ^ a[(x) + 15] ^ a[(x) + 20])
#define MOVED(from, by) ROTATE(a[from] ^ d[(from) % 5], by)
#define CHI(to, p, q, r) a[to] = (p) ^ (~(q) & (r))
#define CHI_ROW(y, p, q, r, s, t)      \
	do {                           \
		CHI(y, p, q, r);       \
		CHI((y) + 1, q, r, s); \
		CHI((y) + 2, r, s, t); \
		CHI((y) + 3, s, t, p); \
		CHI((y) + 4, t, p, q); \
	} while (0)

static void keccak_f(words *state)
{
	words a[STATE_WORDS];
	for (unsigned i = 0; i < STATE_WORDS; i++)
		a[i] = state[i];
#if SPONGES == 8
	/* The second round puts back what the first one moved between registers: a sixth faster. */
#pragma clang loop unroll_count(2)
#endif
	for (unsigned round = 0; round < 24; round++) {
		words c[5] = {PARITY(0), PARITY(1), PARITY(2), PARITY(3), PARITY(4)};
		words d[5];
		for (unsigned x = 0; x < 5; x++)
			d[x] = c[(x + 4) % 5] ^ ROTATE(c[(x + 1) % 5], 1);
		words b0 = a[0] ^ d[0];
		words b10 = MOVED(1, 1);
		words b20 = MOVED(2, 62);
		words b5 = MOVED(3, 28);
		words b15 = MOVED(4, 27);
		words b16 = MOVED(5, 36);
		words b1 = MOVED(6, 44);
		words b11 = MOVED(7, 6);
		words b21 = MOVED(8, 55);
		words b6 = MOVED(9, 20);
		words b7 = MOVED(10, 3);
		words b17 = MOVED(11, 10);
		words b2 = MOVED(12, 43);
		words b12 = MOVED(13, 25);
		words b22 = MOVED(14, 39);
		words b23 = MOVED(15, 41);
		words b8 = MOVED(16, 45);
		words b18 = MOVED(17, 15);
		words b3 = MOVED(18, 21);
		words b13 = MOVED(19, 8);
		words b14 = MOVED(20, 18);
		words b24 = MOVED(21, 2);
		words b9 = MOVED(22, 61);
		words b19 = MOVED(23, 56);
		words b4 = MOVED(24, 14);
		CHI_ROW(0, b0, b1, b2, b3, b4);
		CHI_ROW(5, b5, b6, b7, b8, b9);
		CHI_ROW(10, b10, b11, b12, b13, b14);
		CHI_ROW(15, b15, b16, b17, b18, b19);
		CHI_ROW(20, b20, b21, b22, b23, b24);
		a[0] = a[0] ^ WORDS_OF(round_constants[round]);
	}
	for (unsigned i = 0; i < STATE_WORDS; i++)
		state[i] = a[i];
}

struct sponges {
	words state[STATE_WORDS];
	unsigned at;
};

ALWAYS_INLINE void sponges_begin(struct sponges *sponges)
{
	for (unsigned i = 0; i < STATE_WORDS; i++)
		sponges->state[i] = WORDS_OF(0);
	sponges->at = 0;
}

ALWAYS_INLINE void sponges_take(struct sponges *sponges, words message)
{
	sponges->state[sponges->at] ^= message;
	if (++sponges->at == RATE_WORDS) {
		keccak_f(sponges->state);
		sponges->at = 0;
	}
}

ALWAYS_INLINE const words *sponges_end(struct sponges *sponges)
{
	sponges->state[sponges->at] ^= WORDS_OF(1);
	sponges->state[RATE_WORDS - 1] ^= WORDS_OF(0x8000000000000000ull);
	keccak_f(sponges->state);
	return sponges->state;
}

/* The first `count` digests. */
ALWAYS_INLINE void store_digests(uint64_t *digests, const words *state, size_t count)
{
	for (size_t word = 0; word < 4; word++)
		for (size_t i = 0; i < count && i < SPONGES; i++)
			digests[4 * i + word] = WORD(state[word], i);
}

/* Words that are `stride` apart, of which there are `count`: the last again and again where those are too few. */
ALWAYS_INLINE words gather(const uint64_t *from, size_t stride, size_t count)
{
	words vector = WORDS_OF(0);
	for (size_t i = 0; i < SPONGES; i++)
		WORD(vector, i) = from[stride * (i < count ? i : count - 1)];
	return vector;
}

ALWAYS_INLINE words byte_swapped(words vector)
{
#if SPONGES == 1
	return __builtin_bswap64(vector);
#elif SPONGES == 2
	word_bytes bytes = (word_bytes)vector;
	return (words)__builtin_shufflevector(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
#elif SPONGES == 4
	const __m256i order = _mm256_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
	return (words)_mm256_shuffle_epi8((__m256i)vector, order);
#else
	const __m512i order = _mm512_set_epi64(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607,
	    0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
	return (words)_mm512_shuffle_epi8((__m512i)vector, order);
#endif
}

/* `count` of SPONGES rows. */
ALWAYS_INLINE void hash_some_rows(uint64_t *digests, const uint64_t *columns, size_t width, size_t stride, size_t count)
{
	struct sponges sponges;
	sponges_begin(&sponges);
	sponges_take(&sponges, WORDS_OF(0));
	for (size_t column = 0; column < width; column++) {
		/* The rows after these: more columns than a processor foresees by itself. */
		__builtin_prefetch(columns + column * stride + SPONGES);
#if SPONGES == 1
		words row = columns[column * stride];
#else
		words row = count >= SPONGES ? *(const unaligned_words *)(columns + column * stride) : gather(columns + column * stride, 1, count);
#endif
		sponges_take(&sponges, byte_swapped(row));
	}
	store_digests(digests, sponges_end(&sponges), count);
}

/* The level above `children`: `count` nodes of two digests each. `digests` may be `children`. */
EXPORT void hash_pairs(uint64_t *digests, const uint64_t *children, size_t count)
{
	for (size_t node = 0; node < count; node += SPONGES) {
		struct sponges sponges;
		sponges_begin(&sponges);
		sponges_take(&sponges, WORDS_OF(__builtin_bswap64(1)));
		for (size_t i = 0; i < 8; i++)
			sponges_take(&sponges, gather(children + 8 * node + i, 8, count - node));
		store_digests(digests + 4 * node, sponges_end(&sponges), count - node);
	}
}

#define ROWS_AT_A_TIME 64

/*
 * The digests `levels` above `count` leaves, a multiple of 2^levels. Leaf i has element i of each of the arrays, which are `stride` elements
 * apart. `levels` is at most 6.
 */
EXPORT void hash_rows(uint64_t *digests, const uint64_t *columns, size_t width, size_t stride, size_t count, uint32_t levels)
{
	uint64_t level[4 * ROWS_AT_A_TIME];
	for (size_t from = 0; from < count; from += ROWS_AT_A_TIME) {
		size_t some = count - from < ROWS_AT_A_TIME ? count - from : ROWS_AT_A_TIME;
		for (size_t row = 0; row < some; row += SPONGES)
			hash_some_rows(level + 4 * row, columns + from + row, width, stride, some - row);
		for (uint32_t above = 1; above <= levels; above++)
			hash_pairs(level, level, some >> above);
		for (size_t i = 0; i < 4 * (some >> levels); i++)
			digests[4 * (from >> levels) + i] = level[i];
	}
}

/* A leaf has `group` consecutive elements of the extension, coordinate by coordinate within each: an opening of one FRI fold. */
EXPORT void hash_groups(uint64_t *digests, const uint64_t *values, size_t stride, size_t group, size_t count)
{
	for (size_t leaf = 0; leaf < count; leaf += SPONGES) {
		struct sponges sponges;
		sponges_begin(&sponges);
		sponges_take(&sponges, WORDS_OF(0));
		for (size_t i = 0; i < group; i++)
			for (size_t coordinate = 0; coordinate < 3; coordinate++)
				sponges_take(&sponges, byte_swapped(gather(values + coordinate * stride + leaf * group + i, group, count - leaf)));
		store_digests(digests + 4 * leaf, sponges_end(&sponges), count - leaf);
	}
}

/*
 * Grinding: the smallest nonce in [from, to) for which the first word of H(state, nonce) begins with `bits` zero bits; `to` where there
 * is none. `state` is a digest, `bits` from 1 to 63.
 */
EXPORT uint64_t grind(const uint64_t *state, uint32_t bits, uint64_t from, uint64_t to)
{
	words offsets = WORDS_OF(0);
	for (size_t i = 0; i < SPONGES; i++)
		WORD(offsets, i) = i;
	for (uint64_t nonce = from; nonce < to; nonce += SPONGES) {
		struct sponges sponges;
		sponges_begin(&sponges);
		for (unsigned i = 0; i < 4; i++)
			sponges_take(&sponges, WORDS_OF(state[i]));
		sponges_take(&sponges, byte_swapped(offsets + nonce));
		const words *digests = sponges_end(&sponges);
		for (uint64_t i = 0; i < SPONGES && nonce + i < to; i++)
			if (__builtin_bswap64(WORD(digests[0], i)) >> (64 - bits) == 0)
				return nonce + i;
	}
	return to;
}
