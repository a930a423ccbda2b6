#include <wasm_simd128.h>

#include "base.h"

/*
 * Keccak-256 of whole 64-bit words. A Merkle leaf is H(word 0, element...), a node H(word 1, left, right); words and elements are
 * big-endian in the message, because that is how Solidity reads them. Everything is hashed two at a time, a vector holding a lane of both: 1.6 times as fast as one
 * at a time. An odd one out is hashed twice.
 */

#define LANES 25
#define RATE_LANES 17

static const uint64_t round_constants[24] = {
    0x0000000000000001ull, 0x0000000000008082ull, 0x800000000000808aull, 0x8000000080008000ull, 0x000000000000808bull, 0x0000000080000001ull,
    0x8000000080008081ull, 0x8000000000008009ull, 0x000000000000008aull, 0x0000000000000088ull, 0x0000000080008009ull, 0x000000008000000aull,
    0x000000008000808bull, 0x800000000000008bull, 0x8000000000008089ull, 0x8000000000008003ull, 0x8000000000008002ull, 0x8000000000000080ull,
    0x000000000000800aull, 0x800000008000000aull, 0x8000000080008081ull, 0x8000000000008080ull, 0x0000000080000001ull, 0x8000000080008008ull,
};

/* A lane of two states. */
#define XOR(x, y) wasm_v128_xor(x, y)
#define ROTATE(x, by) wasm_v128_or(wasm_i64x2_shl(x, by), wasm_u64x2_shr(x, 64 - (by)))
#define PARITY(x) XOR(XOR(XOR(a[x], a[(x) + 5]), XOR(a[(x) + 10], a[(x) + 15])), a[(x) + 20])
#define MOVED(from, by) ROTATE(XOR(a[from], d[(from) % 5]), by)
/* to = p XOR (NOT q AND r) */
#define CHI(to, p, q, r) a[to] = XOR(p, wasm_v128_andnot(r, q))
#define CHI_ROW(y, p, q, r, s, t)   \
	do {                        \
		CHI(y, p, q, r);     \
		CHI((y) + 1, q, r, s); \
		CHI((y) + 2, r, s, t); \
		CHI((y) + 3, s, t, p); \
		CHI((y) + 4, t, p, q); \
	} while (0)

static void keccak_f(v128_t *state)
{
	v128_t a[LANES];
	for (unsigned i = 0; i < LANES; i++)
		a[i] = state[i];
	for (unsigned round = 0; round < 24; round++) {
		v128_t c[5] = {PARITY(0), PARITY(1), PARITY(2), PARITY(3), PARITY(4)};
		v128_t d[5];
		for (unsigned x = 0; x < 5; x++)
			d[x] = XOR(c[(x + 4) % 5], ROTATE(c[(x + 1) % 5], 1));
		v128_t b0 = XOR(a[0], d[0]);
		v128_t b10 = MOVED(1, 1);
		v128_t b20 = MOVED(2, 62);
		v128_t b5 = MOVED(3, 28);
		v128_t b15 = MOVED(4, 27);
		v128_t b16 = MOVED(5, 36);
		v128_t b1 = MOVED(6, 44);
		v128_t b11 = MOVED(7, 6);
		v128_t b21 = MOVED(8, 55);
		v128_t b6 = MOVED(9, 20);
		v128_t b7 = MOVED(10, 3);
		v128_t b17 = MOVED(11, 10);
		v128_t b2 = MOVED(12, 43);
		v128_t b12 = MOVED(13, 25);
		v128_t b22 = MOVED(14, 39);
		v128_t b23 = MOVED(15, 41);
		v128_t b8 = MOVED(16, 45);
		v128_t b18 = MOVED(17, 15);
		v128_t b3 = MOVED(18, 21);
		v128_t b13 = MOVED(19, 8);
		v128_t b14 = MOVED(20, 18);
		v128_t b24 = MOVED(21, 2);
		v128_t b9 = MOVED(22, 61);
		v128_t b19 = MOVED(23, 56);
		v128_t b4 = MOVED(24, 14);
		CHI_ROW(0, b0, b1, b2, b3, b4);
		CHI_ROW(5, b5, b6, b7, b8, b9);
		CHI_ROW(10, b10, b11, b12, b13, b14);
		CHI_ROW(15, b15, b16, b17, b18, b19);
		CHI_ROW(20, b20, b21, b22, b23, b24);
		a[0] = XOR(a[0], wasm_i64x2_splat((int64_t)round_constants[round]));
	}
	for (unsigned i = 0; i < LANES; i++)
		state[i] = a[i];
}

/* Two sponges that take a word each at a time. */
struct sponges {
	v128_t state[LANES];
	unsigned at;
};

ALWAYS_INLINE void sponges_begin(struct sponges *sponges)
{
	for (unsigned i = 0; i < LANES; i++)
		sponges->state[i] = wasm_i64x2_splat(0);
	sponges->at = 0;
}

ALWAYS_INLINE void sponges_words(struct sponges *sponges, v128_t words)
{
	sponges->state[sponges->at] = XOR(sponges->state[sponges->at], words);
	if (++sponges->at == RATE_LANES) {
		keccak_f(sponges->state);
		sponges->at = 0;
	}
}

ALWAYS_INLINE void sponges_end(struct sponges *sponges, uint64_t *first, uint64_t *second)
{
	v128_t *state = sponges->state;
	state[sponges->at] = XOR(state[sponges->at], wasm_i64x2_splat(1));
	state[RATE_LANES - 1] = XOR(state[RATE_LANES - 1], wasm_i64x2_splat((int64_t)0x8000000000000000ull));
	keccak_f(state);
	for (unsigned i = 0; i < 4; i++) {
		first[i] = (uint64_t)wasm_i64x2_extract_lane(state[i], 0);
		second[i] = (uint64_t)wasm_i64x2_extract_lane(state[i], 1);
	}
}

ALWAYS_INLINE v128_t both(const uint64_t *first, const uint64_t *second)
{
	return wasm_v128_load64_lane(second, wasm_v128_load64_zero(first), 1);
}

ALWAYS_INLINE v128_t byte_swapped(v128_t words)
{
	return wasm_i8x16_shuffle(words, words, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/* The second of two that are hashed together: the first again where there is no other. */
ALWAYS_INLINE size_t partner(size_t first, size_t count)
{
	return first + 1 < count ? first + 1 : first;
}

/* Digests of `count` leaves. Leaf i has element i of each of the arrays, which are `stride` elements apart. */
EXPORT void hash_rows(uint64_t *digests, const uint64_t *columns, size_t width, size_t stride, size_t count)
{
	for (size_t row = 0; row < count; row += 2) {
		size_t other = partner(row, count);
		struct sponges sponges;
		sponges_begin(&sponges);
		sponges_words(&sponges, wasm_i64x2_splat(0));
		for (size_t column = 0; column < width; column++) {
			const uint64_t *values = columns + column * stride;
			sponges_words(&sponges, byte_swapped(both(values + row, values + other)));
		}
		sponges_end(&sponges, digests + 4 * row, digests + 4 * other);
	}
}

/* A leaf has `group` consecutive elements of the extension, coordinate by coordinate within each: an opening of one FRI fold. */
EXPORT void hash_groups(uint64_t *digests, const uint64_t *values, size_t stride, size_t group, size_t count)
{
	for (size_t leaf = 0; leaf < count; leaf += 2) {
		size_t other = partner(leaf, count);
		struct sponges sponges;
		sponges_begin(&sponges);
		sponges_words(&sponges, wasm_i64x2_splat(0));
		for (size_t i = 0; i < group; i++)
			for (size_t coordinate = 0; coordinate < 3; coordinate++) {
				const uint64_t *array = values + coordinate * stride + i;
				sponges_words(&sponges, byte_swapped(both(array + leaf * group, array + other * group)));
			}
		sponges_end(&sponges, digests + 4 * leaf, digests + 4 * other);
	}
}

/* The level above `children`: `count` nodes of two digests each. */
EXPORT void hash_pairs(uint64_t *digests, const uint64_t *children, size_t count)
{
	for (size_t node = 0; node < count; node += 2) {
		size_t other = partner(node, count);
		struct sponges sponges;
		sponges_begin(&sponges);
		sponges_words(&sponges, wasm_i64x2_splat((int64_t)__builtin_bswap64(1)));
		for (size_t i = 0; i < 8; i++)
			sponges_words(&sponges, both(children + 8 * node + i, children + 8 * other + i));
		sponges_end(&sponges, digests + 4 * node, digests + 4 * other);
	}
}

/*
 * Grinding: the smallest nonce in [from, to) for which the first word of H(state, nonce) begins with `bits` zero bits; `to` where there
 * is none. `state` is a digest.
 */
EXPORT uint64_t grind(const uint64_t *state, uint32_t bits, uint64_t from, uint64_t to)
{
	for (uint64_t nonce = from; nonce < to; nonce += 2) {
		struct sponges sponges;
		uint64_t digests[2][4];
		sponges_begin(&sponges);
		for (unsigned i = 0; i < 4; i++)
			sponges_words(&sponges, wasm_i64x2_splat((int64_t)state[i]));
		sponges_words(&sponges, byte_swapped(wasm_i64x2_make((int64_t)nonce, (int64_t)(nonce + 1))));
		sponges_end(&sponges, digests[0], digests[1]);
		for (uint64_t i = 0; i < 2 && nonce + i < to; i++)
			if (__builtin_bswap64(digests[i][0]) >> (64 - bits) == 0)
				return nonce + i;
	}
	return to;
}
