#include "field.h"

/*
 * Number-theoretic transforms: a polynomial of 2^log coefficients to its values on the coset shift·H, in bit-reversed order. Nothing is scaled
 * for the coset: a block of m values is the polynomial modulo X^m - c, where c depends on the block alone, and each pass splits it into eight,
 * modulo X^(m/8) - d for the eight roots d of c. The root of order 64 being 8, the roots of order 8 are powers of two, so an eighth of a
 * block costs a product and the rest are shifts.
 */

/* x·2^24, x·2^48 and x·2^72 of canonical x: 2^64 = 2^32 - 1 and 2^96 = -1. */
ALWAYS_INLINE felt times_root8(felt x)
{
	uint64_t low = x << 24;
	uint64_t sum = low + ((x >> 40) << 32 | (~(x >> 40) & EPSILON));
	return sum < low ? sum : sum - EPSILON;
}

ALWAYS_INLINE felt times_root4(felt x)
{
	return field_reduce(x << 48, x >> 16);
}

ALWAYS_INLINE felt times_root8_cubed(felt x)
{
	uint64_t low = x << 40 >> 32;
	return field_sub((low << 32) - low, x >> 24);
}

/*
 * The twiddles of a transform: for each pass, for each block, the powers of d from the first to the last that its parts are multiplied by.
 * 2^log - 1 words. `root` is of order 2^log.
 */
static void pass_twiddles(felt *twiddles, uint32_t log_blocks, size_t parts, felt first, felt root)
{
	size_t blocks = (size_t)1 << log_blocks, stride = parts - 1;
	twiddles[0] = first;
	/* root^reversed(i): the lowest bit of i counts most. */
	for (size_t half = blocks >> 1, known = 1; half > 0; half >>= 1, known <<= 1) {
		felt step = field_power(root, half);
		for (size_t i = 0; i < known; i++)
			twiddles[(known + i) * stride] = field_mul(twiddles[i * stride], step);
	}
	for (size_t i = 0; i < blocks; i++) {
		felt *powers = twiddles + i * stride;
		for (size_t k = 1; k < stride; k++)
			powers[k] = field_mul(powers[k - 1], powers[0]);
	}
}

EXPORT void ntt_twiddles(felt *twiddles, uint32_t log, felt root, felt shift)
{
	for (uint32_t done = 0; done < log;) {
		uint32_t levels = (log - done) % 3 == 0 ? 3 : (log - done) % 3;
		size_t parts = (size_t)1 << levels;
		uint32_t log_part = log - done - levels;
		/* The parts have 2^log_part elements each; d is a point raised to that. */
		felt first = field_power(shift, (uint64_t)1 << log_part);
		felt part_root = field_power(root, (uint64_t)1 << log_part);
		pass_twiddles(twiddles, done, parts, first, part_root);
		twiddles += (parts - 1) << done;
		done += levels;
	}
}

#define SPLIT(x, y)                         \
	do {                                \
		felt split_ = field_sub(x, y); \
		x = field_add(x, y);        \
		y = split_;                 \
	} while (0)

/* Values a + b·d + … at the eighth roots, the root's exponent bit-reversed. */
ALWAYS_INLINE void split_eight(felt *values, size_t part, const felt *d)
{
	felt v0 = values[0], v1 = field_mul(values[part], d[0]), v2 = field_mul(values[2 * part], d[1]);
	felt v3 = field_mul(values[3 * part], d[2]), v4 = field_mul(values[4 * part], d[3]), v5 = field_mul(values[5 * part], d[4]);
	felt v6 = field_mul(values[6 * part], d[5]), v7 = field_mul(values[7 * part], d[6]);
	SPLIT(v0, v4);
	SPLIT(v1, v5);
	SPLIT(v2, v6);
	SPLIT(v3, v7);
	v5 = times_root8(v5);
	v6 = times_root4(v6);
	v7 = times_root8_cubed(v7);
	SPLIT(v0, v2);
	SPLIT(v1, v3);
	v3 = times_root4(v3);
	SPLIT(v4, v6);
	SPLIT(v5, v7);
	v7 = times_root4(v7);
	SPLIT(v0, v1);
	SPLIT(v2, v3);
	SPLIT(v4, v5);
	SPLIT(v6, v7);
	values[0] = v0;
	values[part] = v1;
	values[2 * part] = v2;
	values[3 * part] = v3;
	values[4 * part] = v4;
	values[5 * part] = v5;
	values[6 * part] = v6;
	values[7 * part] = v7;
}

/* Block number `block` of a pass with `blocks` of them, each of 8 parts, and the passes after it: depth first, for the caches. */
static void split_block(felt *values, uint32_t log, const felt *twiddles, size_t blocks, size_t block)
{
	const felt *d = twiddles + 7 * block;
	size_t part = (size_t)1 << log >> 3;
	for (size_t i = 0; i < part; i++)
		split_eight(values + i, part, d);
	if (log == 3)
		return;
	const felt *next = twiddles + 7 * blocks;
	if (log == 6) {
		for (size_t i = 0; i < 8; i++)
			split_eight(values + 8 * i, 1, next + 7 * (8 * block + i));
		return;
	}
	for (size_t i = 0; i < 8; i++)
		split_block(values + i * part, log - 3, next, 8 * blocks, 8 * block + i);
}

/*
 * The first pass of a transform alone: eight polynomials of an eighth of the coefficients each, whose values are those on the eighths of
 * the coset. `d` as in twiddles.
 */
EXPORT void split_coset(felt *values, uint32_t log, const felt *d)
{
	size_t part = (size_t)1 << log >> 3;
	for (size_t i = 0; i < part; i++)
		split_eight(values + i, part, d);
}

static void split_two(felt *values, size_t part, const felt *d)
{
	for (size_t i = 0; i < part; i++) {
		felt a = values[i], b = field_mul(values[part + i], d[0]);
		values[i] = field_add(a, b);
		values[part + i] = field_sub(a, b);
	}
}

static void split_four(felt *values, size_t part, const felt *d)
{
	for (size_t i = 0; i < part; i++) {
		felt v0 = values[i], v1 = field_mul(values[part + i], d[0]);
		felt v2 = field_mul(values[2 * part + i], d[1]), v3 = field_mul(values[3 * part + i], d[2]);
		SPLIT(v0, v2);
		SPLIT(v1, v3);
		v3 = times_root4(v3);
		SPLIT(v0, v1);
		SPLIT(v2, v3);
		values[i] = v0;
		values[part + i] = v1;
		values[2 * part + i] = v2;
		values[3 * part + i] = v3;
	}
}

EXPORT void ntt(felt *values, uint32_t log, const felt *twiddles)
{
	uint32_t levels = log % 3;
	size_t parts = (size_t)1 << levels, part = (size_t)1 << log >> levels;
	if (levels == 1)
		split_two(values, part, twiddles);
	else if (levels == 2)
		split_four(values, part, twiddles);
	if (log < 3)
		return;
	for (size_t i = 0; i < parts; i++)
		split_block(values + i * part, log - levels, twiddles + parts - 1, parts, i);
}

static size_t reverse_bits(size_t value, uint32_t log)
{
	uint32_t v = (uint32_t)value;
	v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
	v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
	v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
	v = __builtin_bswap32(v);
	return log == 0 ? 0 : v >> (32 - log);
}

#define TILE_LOG 4
#define TILE ((size_t)1 << TILE_LOG)

/* Large arrays go by tiles of TILE runs of TILE elements, because what is far apart would miss the caches once per element. */
static void bit_reverse_tiles(felt *values, uint32_t log)
{
	uint32_t log_middle = log - 2 * TILE_LOG;
	size_t run = (size_t)1 << (log - TILE_LOG);
	felt first[TILE * TILE], second[TILE * TILE];
	size_t reversed[TILE];
	for (size_t i = 0; i < TILE; i++)
		reversed[i] = reverse_bits(i, TILE_LOG);
	for (size_t middle = 0; middle < (size_t)1 << log_middle; middle++) {
		size_t opposite = reverse_bits(middle, log_middle);
		if (middle > opposite)
			continue;
		felt *here = values + middle * TILE, *there = values + opposite * TILE;
		for (size_t i = 0; i < TILE; i++)
			for (size_t j = 0; j < TILE; j++) {
				first[reversed[j] * TILE + reversed[i]] = here[i * run + j];
				second[reversed[j] * TILE + reversed[i]] = there[i * run + j];
			}
		for (size_t i = 0; i < TILE; i++)
			for (size_t j = 0; j < TILE; j++) {
				there[i * run + j] = first[i * TILE + j];
				here[i * run + j] = second[i * TILE + j];
			}
	}
}

EXPORT void bit_reverse(felt *values, uint32_t log)
{
	if (log >= 2 * TILE_LOG) {
		bit_reverse_tiles(values, log);
		return;
	}
	size_t size = (size_t)1 << log;
	for (size_t i = 0; i < size; i++) {
		size_t j = reverse_bits(i, log);
		if (i < j) {
			felt value = values[i];
			values[i] = values[j];
			values[j] = value;
		}
	}
}

/*
 * Values on the coset shift·H, natural order, to coefficients. `twiddles` are those of the subgroup: the transform by the inverse root is
 * the one by the root, read backwards.
 */
EXPORT void interpolate(felt *values, uint32_t log, const felt *twiddles, felt inverse_shift)
{
	size_t size = (size_t)1 << log;
	ntt(values, log, twiddles);
	bit_reverse(values, log);
	felt scale = field_inverse(size);
	values[0] = field_mul(values[0], scale);
	if (inverse_shift == 1) {
		for (size_t i = 1, j = size - 1; i <= j; i++, j--) {
			felt value = field_mul(values[i], scale);
			values[i] = field_mul(values[j], scale);
			values[j] = value;
		}
		return;
	}
	felt up = field_mul(scale, inverse_shift);
	felt down = field_mul(scale, field_power(inverse_shift, size - 1));
	felt shift = field_inverse(inverse_shift);
	for (size_t i = 1, j = size - 1; i <= j; i++, j--) {
		felt value = field_mul(values[i], down);
		values[i] = field_mul(values[j], up);
		values[j] = value;
		up = field_mul(up, inverse_shift);
		down = field_mul(down, shift);
	}
}

/* out[i·step] = values[i]: puts a packed column in its place. */
EXPORT void spread(felt *out, const felt *values, size_t count, size_t step)
{
	for (size_t i = 0; i < count; i++)
		out[i * step] = values[i];
}

/*
 * Remainders of a polynomial modulo X^count - c and X^count + c, for `half` = 1/2 and `half_over_c` = 1/(2c), to its lower and upper
 * coefficients, in place.
 */
EXPORT void join_remainders(felt *low, felt *high, size_t count, felt half, felt half_over_c)
{
	for (size_t i = 0; i < count; i++) {
		felt sum = field_add(low[i], high[i]), difference = field_sub(low[i], high[i]);
		low[i] = field_mul(sum, half);
		high[i] = field_mul(difference, half_over_c);
	}
}
