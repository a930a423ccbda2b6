#include "field.h"

/*
 * Number-theoretic transforms of 2^log elements. Decimation in frequency: natural order in, bit-reversed order out. The twiddles of a
 * transform of n elements are n - 1 words: the n/2 powers of the root of order n, then those of the transform of n/2 elements, and so on.
 */

EXPORT void ntt_twiddles(felt *twiddles, uint32_t log, felt root)
{
	for (size_t half = (size_t)1 << log >> 1; half > 0; half >>= 1) {
		felt power = 1;
		for (size_t i = 0; i < half; i++) {
			twiddles[i] = power;
			power = field_mul(power, root);
		}
		twiddles += half;
		root = field_mul(root, root);
	}
}

static void butterflies(felt *values, size_t half, const felt *twiddles)
{
	for (size_t i = 0; i < half; i++) {
		felt a = values[i];
		felt b = values[half + i];
		values[i] = field_add(a, b);
		values[half + i] = field_mul(field_sub(a, b), twiddles[i]);
	}
}

/* Two levels in one pass over memory: `quarter` butterflies of four. */
static void double_butterflies(felt *values, size_t quarter, const felt *twiddles)
{
	const felt *inner = twiddles + 2 * quarter;
	felt *v0 = values, *v1 = values + quarter, *v2 = values + 2 * quarter, *v3 = values + 3 * quarter;
	for (size_t i = 0; i < quarter; i++) {
		felt a = field_add(v0[i], v2[i]);
		felt c = field_mul(field_sub(v0[i], v2[i]), twiddles[i]);
		felt b = field_add(v1[i], v3[i]);
		felt d = field_mul(field_sub(v1[i], v3[i]), twiddles[quarter + i]);
		v0[i] = field_add(a, b);
		v1[i] = field_mul(field_sub(a, b), inner[i]);
		v2[i] = field_add(c, d);
		v3[i] = field_mul(field_sub(c, d), inner[i]);
	}
}

/* Depth first, so that what is worked on fits the caches as soon as it can. */
EXPORT void ntt(felt *values, uint32_t log, const felt *twiddles)
{
	if (log == 0)
		return;
	size_t size = (size_t)1 << log;
	if (log == 1) {
		butterflies(values, 1, twiddles);
		return;
	}
	size_t quarter = size >> 2;
	double_butterflies(values, quarter, twiddles);
	const felt *inner = twiddles + 3 * quarter;
	for (size_t part = 0; part < 4; part++)
		ntt(values + part * quarter, log - 2, inner);
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

EXPORT void bit_reverse(felt *values, uint32_t log)
{
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

/* Values on the coset shift·H, natural order, to coefficients. `inverse_twiddles` are those of the inverse root. */
EXPORT void interpolate(felt *values, uint32_t log, const felt *inverse_twiddles, felt inverse_shift)
{
	size_t size = (size_t)1 << log;
	ntt(values, log, inverse_twiddles);
	bit_reverse(values, log);
	felt factor = field_inverse(size);
	for (size_t i = 0; i < size; i++) {
		values[i] = field_mul(values[i], factor);
		factor = field_mul(factor, inverse_shift);
	}
}

/*
 * out[i·step] = coefficients[i]·shift^i for i < count: what a transform over the coset shift·H starts from. With step > 1 it puts a
 * packed column in its place, and shift is the one that belongs to X^step.
 */
EXPORT void scale_powers(felt *out, const felt *coefficients, size_t count, size_t step, felt first, felt shift)
{
	felt factor = first;
	for (size_t i = 0; i < count; i++) {
		out[i * step] = field_mul(coefficients[i], factor);
		factor = field_mul(factor, shift);
	}
}
