#include "lanes.h"

/*
 * Number-theoretic transforms: a polynomial of 2^log coefficients to its values on the coset shift·H, in bit-reversed order. Nothing is scaled
 * for the coset: a block of m values is the polynomial modulo X^m - c, where c depends on the block alone, and each pass splits it into eight,
 * modulo X^(m/8) - d for the eight roots d of c. The root of order 64 being 8, the roots of order 8 are powers of two, so an eighth of a
 * block costs a product and the rest are shifts.
 *
 * Lanes are neighbours of a block, or in the last pass, whose parts are single elements, blocks.
 */

/* x·2^24, x·2^48 and x·2^72 of canonical x: 2^64 = 2^32 - 1 and 2^96 = -1. */
ALWAYS_INLINE lanes times_root8(lanes x)
{
	lanes low = x << 24;
	lanes sum = low + ((x >> 40) << 32 | (~(x >> 40) & EPSILON));
	return lanes_take_epsilon(sum, sum, low);
}

ALWAYS_INLINE lanes times_root4(lanes x)
{
	return lanes_reduce(x << 48, x >> 16);
}

ALWAYS_INLINE lanes times_root8_cubed(lanes x)
{
	lanes low = x << 40 >> 32;
	return lanes_sub((low << 32) - low, x >> 24);
}

/*
 * The twiddles of a transform: for each pass and block, the powers of d from the first to the last that its parts are multiplied by; first
 * of all blocks the first power, then the second, and so on. 2^log - 1 words. `root` is of order 2^log.
 */
static void pass_twiddles(felt *twiddles, uint32_t log_blocks, size_t parts, felt first, felt root)
{
	size_t blocks = (size_t)1 << log_blocks;
	twiddles[0] = first;
	/* root^reversed(i): the lowest bit of i counts most. */
	for (size_t half = blocks >> 1, known = 1; half > 0; half >>= 1, known <<= 1) {
		felt step = felt_power(root, half);
		size_t i = 0;
		for (; i + LANES <= known; i += LANES)
			lanes_store(twiddles + known + i, lanes_mul(lanes_load(twiddles + i), lanes_of(step)));
		for (; i < known; i++)
			twiddles[known + i] = felt_mul(twiddles[i], step);
	}
	for (size_t k = 1; k < parts - 1; k++) {
		const felt *before = twiddles + (k - 1) * blocks;
		felt *powers = twiddles + k * blocks;
		size_t i = 0;
		for (; i + LANES <= blocks; i += LANES)
			lanes_store(powers + i, lanes_mul(lanes_load(before + i), lanes_load(twiddles + i)));
		for (; i < blocks; i++)
			powers[i] = felt_mul(before[i], twiddles[i]);
	}
}

EXPORT void ntt_twiddles(felt *twiddles, uint32_t log, felt root, felt shift)
{
	for (uint32_t done = 0; done < log;) {
		uint32_t levels = (log - done) % 3 == 0 ? 3 : (log - done) % 3;
		size_t parts = (size_t)1 << levels;
		uint32_t log_part = log - done - levels;
		/* The parts have 2^log_part elements each; d is a point raised to that. */
		felt first = felt_power(shift, (uint64_t)1 << log_part);
		felt part_root = felt_power(root, (uint64_t)1 << log_part);
		pass_twiddles(twiddles, done, parts, first, part_root);
		twiddles += (parts - 1) << done;
		done += levels;
	}
}

#define SPLIT(x, y)                     \
	do {                            \
		lanes sum_ = lanes_add(x, y); \
		y = lanes_sub(x, y);    \
		x = sum_;               \
	} while (0)

/* Values a + b·d + … at the second, fourth or eighth roots of d's power, the root's exponent bit-reversed. */
ALWAYS_INLINE void split_two(lanes *v, const lanes *d)
{
	v[1] = lanes_mul(v[1], d[0]);
	SPLIT(v[0], v[1]);
}

ALWAYS_INLINE void split_four(lanes *v, const lanes *d)
{
	for (size_t k = 1; k < 4; k++)
		v[k] = lanes_mul(v[k], d[k - 1]);
	SPLIT(v[0], v[2]);
	SPLIT(v[1], v[3]);
	v[3] = times_root4(v[3]);
	SPLIT(v[0], v[1]);
	SPLIT(v[2], v[3]);
}

ALWAYS_INLINE void split_eight(lanes *v, const lanes *d)
{
	for (size_t k = 1; k < 8; k++)
		v[k] = lanes_mul(v[k], d[k - 1]);
	SPLIT(v[0], v[4]);
	SPLIT(v[1], v[5]);
	SPLIT(v[2], v[6]);
	SPLIT(v[3], v[7]);
	v[5] = times_root8(v[5]);
	v[6] = times_root4(v[6]);
	v[7] = times_root8_cubed(v[7]);
	SPLIT(v[0], v[2]);
	SPLIT(v[1], v[3]);
	v[3] = times_root4(v[3]);
	SPLIT(v[4], v[6]);
	SPLIT(v[5], v[7]);
	v[7] = times_root4(v[7]);
	SPLIT(v[0], v[1]);
	SPLIT(v[2], v[3]);
	SPLIT(v[4], v[5]);
	SPLIT(v[6], v[7]);
}

ALWAYS_INLINE void split(lanes *v, const lanes *d, size_t parts)
{
	if (parts == 2)
		split_two(v, d);
	else if (parts == 4)
		split_four(v, d);
	else
		split_eight(v, d);
}

/* A block of `parts` parts, which is a constant; `in` may be `out`. d's powers are `blocks` words apart. */
ALWAYS_INLINE void split_parts(felt *out, const felt *in, size_t part, const felt *d, size_t blocks, size_t parts)
{
	lanes v[8], powers[7];
	for (size_t k = 0; k + 1 < parts; k++)
		powers[k] = lanes_of(d[k * blocks]);
	size_t i = 0;
	for (; i + LANES <= part; i += LANES) {
		for (size_t k = 0; k < parts; k++)
			v[k] = lanes_load(in + k * part + i);
		split(v, powers, parts);
		for (size_t k = 0; k < parts; k++)
			lanes_store(out + k * part + i, v[k]);
	}
	for (; i < part; i++) {
		felt element[LANES] = {0};
		for (size_t k = 0; k < parts; k++) {
			element[0] = in[k * part + i];
			v[k] = lanes_load(element);
		}
		split(v, powers, parts);
		for (size_t k = 0; k < parts; k++) {
			lanes_store(element, v[k]);
			out[k * part + i] = element[0];
		}
	}
}

/* Blocks [block, block + count) of the last pass, eight elements each. */
static void split_last(felt *out, const felt *in, size_t count, const felt *d, size_t blocks, size_t block)
{
	lanes v[8], powers[7];
	size_t i = 0;
	for (; i + LANES <= count; i += LANES) {
		load_eights(v, in + 8 * i);
		for (size_t k = 0; k < 7; k++)
			powers[k] = lanes_load(d + k * blocks + block + i);
		split_eight(v, powers);
		store_eights(out + 8 * i, v);
	}
	if (i == count)
		return;
	felt values[8 * LANES] = {0}, twiddles[LANES] = {0};
	for (size_t j = 0; j < 8 * (count - i); j++)
		values[j] = in[8 * i + j];
	for (size_t k = 0; k < 7; k++) {
		for (size_t j = 0; j < count - i; j++)
			twiddles[j] = d[k * blocks + block + i + j];
		powers[k] = lanes_load(twiddles);
	}
	load_eights(v, values);
	split_eight(v, powers);
	store_eights(values, v);
	for (size_t j = 0; j < 8 * (count - i); j++)
		out[8 * i + j] = values[j];
}

/* Block number `block` of a pass with `blocks` of them, each of 8 parts, and the passes after it: depth first, for the caches. */
static void split_block(felt *out, const felt *in, uint32_t log, const felt *twiddles, size_t blocks, size_t block)
{
	if (log == 3) {
		split_last(out, in, 1, twiddles, blocks, block);
		return;
	}
	size_t part = (size_t)1 << log >> 3;
	split_parts(out, in, part, twiddles + block, blocks, 8);
	const felt *next = twiddles + 7 * blocks;
	if (log == 6) {
		split_last(out, out, 8, next, 8 * blocks, 8 * block);
		return;
	}
	for (size_t i = 0; i < 8; i++)
		split_block(out + i * part, out + i * part, log - 3, next, 8 * blocks, 8 * block + i);
}

/*
 * The first pass of a transform alone: eight polynomials of an eighth of the coefficients each, whose values are those on the eighths of
 * the coset. `d` as in twiddles.
 */
static void split_coset(felt *out, const felt *in, uint32_t log, const felt *d)
{
	split_parts(out, in, (size_t)1 << log >> 3, d, 1, 8);
}

/* `out` may be `coefficients`. */
EXPORT void ntt(felt *out, const felt *coefficients, uint32_t log, const felt *twiddles)
{
	uint32_t levels = log % 3;
	size_t parts = (size_t)1 << levels, part = (size_t)1 << log >> levels;
	if (log == 0)
		out[0] = coefficients[0];
	if (levels == 1)
		split_parts(out, coefficients, part, twiddles, 1, 2);
	else if (levels == 2)
		split_parts(out, coefficients, part, twiddles, 1, 4);
	if (log < 3)
		return;
	const felt *in = levels == 0 ? coefficients : out;
	/* Short transforms have all their last blocks at once, or lanes would stay empty. */
	if (log - levels == 3) {
		split_last(out, in, parts, twiddles + parts - 1, parts, 0);
		return;
	}
	for (size_t i = 0; i < parts; i++)
		split_block(out + i * part, in + i * part, log - levels, twiddles + parts - 1, parts, i);
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
 * Values on the coset shift·H, natural order, to coefficients. `out` may be `values`. `twiddles` are those of the subgroup: the transform by the inverse root is
 * the one by the root, read backwards.
 */
EXPORT void interpolate(felt *out, const felt *values, uint32_t log, const felt *twiddles, felt inverse_shift)
{
	size_t size = (size_t)1 << log;
	ntt(out, values, log, twiddles);
	bit_reverse(out, log);
	felt scale = felt_inverse(size);
	out[0] = felt_mul(out[0], scale);
	if (inverse_shift == 1) {
		size_t i = 1, j = size - 1;
		for (; i + 2 * LANES <= j; i += LANES, j -= LANES) {
			lanes first = lanes_mul(lanes_load(out + i), lanes_of(scale));
			lanes last = lanes_mul(lanes_load(out + j + 1 - LANES), lanes_of(scale));
			lanes_store(out + i, lanes_backwards(last));
			lanes_store(out + j + 1 - LANES, lanes_backwards(first));
		}
		for (; i <= j; i++, j--) {
			felt value = felt_mul(out[i], scale);
			out[i] = felt_mul(out[j], scale);
			out[j] = value;
		}
		return;
	}
	felt up = felt_mul(scale, inverse_shift);
	felt down = felt_mul(scale, felt_power(inverse_shift, size - 1));
	felt shift = felt_inverse(inverse_shift);
	for (size_t i = 1, j = size - 1; i <= j; i++, j--) {
		felt value = felt_mul(out[i], down);
		out[i] = felt_mul(out[j], up);
		out[j] = value;
		up = felt_mul(up, inverse_shift);
		down = felt_mul(down, shift);
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
		felt sum = felt_add(low[i], high[i]), difference = felt_sub(low[i], high[i]);
		low[i] = felt_mul(sum, half);
		high[i] = felt_mul(difference, half_over_c);
	}
}
