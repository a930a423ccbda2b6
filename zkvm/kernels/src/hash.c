#include "base.h"

/*
 * Keccak-256 of whole 64-bit words. A Merkle leaf is H(word 0, element...), a node H(word 1, left, right); words and elements are
 * big-endian in the message, because that is how Solidity reads them.
 */

#define LANES 25
#define RATE_LANES 17

static const uint64_t round_constants[24] = {
    0x0000000000000001ull, 0x0000000000008082ull, 0x800000000000808aull, 0x8000000080008000ull, 0x000000000000808bull, 0x0000000080000001ull,
    0x8000000080008081ull, 0x8000000000008009ull, 0x000000000000008aull, 0x0000000000000088ull, 0x0000000080008009ull, 0x000000008000000aull,
    0x000000008000808bull, 0x800000000000008bull, 0x8000000000008089ull, 0x8000000000008003ull, 0x8000000000008002ull, 0x8000000000000080ull,
    0x000000000000800aull, 0x800000008000000aull, 0x8000000080008081ull, 0x8000000000008080ull, 0x0000000080000001ull, 0x8000000080008008ull,
};

ALWAYS_INLINE uint64_t rotate(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

#define THETA_RHO_PI(to, from, by) b[to] = rotate(a[from] ^ d[(from) % 5], by)

static void keccak_f(uint64_t *state)
{
	uint64_t a[LANES];
	for (unsigned i = 0; i < LANES; i++)
		a[i] = state[i];
	for (unsigned round = 0; round < 24; round++) {
		uint64_t b[LANES], c[5], d[5];
		for (unsigned x = 0; x < 5; x++)
			c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
		for (unsigned x = 0; x < 5; x++)
			d[x] = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
		b[0] = a[0] ^ d[0];
		THETA_RHO_PI(10, 1, 1);
		THETA_RHO_PI(20, 2, 62);
		THETA_RHO_PI(5, 3, 28);
		THETA_RHO_PI(15, 4, 27);
		THETA_RHO_PI(16, 5, 36);
		THETA_RHO_PI(1, 6, 44);
		THETA_RHO_PI(11, 7, 6);
		THETA_RHO_PI(21, 8, 55);
		THETA_RHO_PI(6, 9, 20);
		THETA_RHO_PI(7, 10, 3);
		THETA_RHO_PI(17, 11, 10);
		THETA_RHO_PI(2, 12, 43);
		THETA_RHO_PI(12, 13, 25);
		THETA_RHO_PI(22, 14, 39);
		THETA_RHO_PI(23, 15, 41);
		THETA_RHO_PI(8, 16, 45);
		THETA_RHO_PI(18, 17, 15);
		THETA_RHO_PI(3, 18, 21);
		THETA_RHO_PI(13, 19, 8);
		THETA_RHO_PI(14, 20, 18);
		THETA_RHO_PI(24, 21, 2);
		THETA_RHO_PI(9, 22, 61);
		THETA_RHO_PI(19, 23, 56);
		THETA_RHO_PI(4, 24, 14);
		for (unsigned y = 0; y < LANES; y += 5)
			for (unsigned x = 0; x < 5; x++)
				a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
		a[0] ^= round_constants[round];
	}
	for (unsigned i = 0; i < LANES; i++)
		state[i] = a[i];
}

/* A sponge that takes a word at a time. */
struct sponge {
	uint64_t state[LANES];
	unsigned at;
};

ALWAYS_INLINE void sponge_begin(struct sponge *sponge)
{
	for (unsigned i = 0; i < LANES; i++)
		sponge->state[i] = 0;
	sponge->at = 0;
}

ALWAYS_INLINE void sponge_word(struct sponge *sponge, uint64_t lane)
{
	sponge->state[sponge->at++] ^= lane;
	if (sponge->at == RATE_LANES) {
		keccak_f(sponge->state);
		sponge->at = 0;
	}
}

ALWAYS_INLINE void sponge_end(struct sponge *sponge, uint64_t *digest)
{
	sponge->state[sponge->at] ^= 1;
	sponge->state[RATE_LANES - 1] ^= 0x8000000000000000ull;
	keccak_f(sponge->state);
	for (unsigned i = 0; i < 4; i++)
		digest[i] = sponge->state[i];
}

/* Digests of `count` leaves. Leaf i has element i of each of the arrays, which are `stride` elements apart. */
EXPORT void hash_rows(uint64_t *digests, const uint64_t *columns, size_t width, size_t stride, size_t count)
{
	for (size_t row = 0; row < count; row++) {
		struct sponge sponge;
		sponge_begin(&sponge);
		sponge_word(&sponge, 0);
		for (size_t column = 0; column < width; column++)
			sponge_word(&sponge, __builtin_bswap64(columns[column * stride + row]));
		sponge_end(&sponge, digests + 4 * row);
	}
}

/* A leaf has `group` consecutive elements of the extension, coordinate by coordinate within each: an opening of one FRI fold. */
EXPORT void hash_groups(uint64_t *digests, const uint64_t *values, size_t stride, size_t group, size_t count)
{
	for (size_t leaf = 0; leaf < count; leaf++) {
		struct sponge sponge;
		sponge_begin(&sponge);
		sponge_word(&sponge, 0);
		for (size_t i = leaf * group; i < (leaf + 1) * group; i++)
			for (size_t coordinate = 0; coordinate < 3; coordinate++)
				sponge_word(&sponge, __builtin_bswap64(values[coordinate * stride + i]));
		sponge_end(&sponge, digests + 4 * leaf);
	}
}

/* The level above `children`: `count` nodes of two digests each. */
EXPORT void hash_pairs(uint64_t *digests, const uint64_t *children, size_t count)
{
	for (size_t node = 0; node < count; node++) {
		struct sponge sponge;
		sponge_begin(&sponge);
		sponge_word(&sponge, __builtin_bswap64(1));
		for (size_t i = 8 * node; i < 8 * node + 8; i++)
			sponge_word(&sponge, children[i]);
		sponge_end(&sponge, digests + 4 * node);
	}
}

/*
 * Grinding: the smallest nonce in [from, to) for which the first word of H(state, nonce) begins with `bits` zero bits; `to` where there
 * is none. `state` is a digest.
 */
EXPORT uint64_t grind(const uint64_t *state, uint32_t bits, uint64_t from, uint64_t to)
{
	for (uint64_t nonce = from; nonce < to; nonce++) {
		struct sponge sponge;
		uint64_t digest[4];
		sponge_begin(&sponge);
		for (unsigned i = 0; i < 4; i++)
			sponge_word(&sponge, state[i]);
		sponge_word(&sponge, __builtin_bswap64(nonce));
		sponge_end(&sponge, digest);
		if (__builtin_bswap64(digest[0]) >> (64 - bits) == 0)
			return nonce;
	}
	return to;
}
