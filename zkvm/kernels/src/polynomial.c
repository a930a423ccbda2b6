#include "field.h"

/* Polynomials by their coefficients, the constant one first. */

/* out[0..2] = value at a point of the extension of a polynomial over the base field. */
EXPORT void evaluate_base(felt *out, const felt *coefficients, size_t count, const felt *point)
{
	struct ext z = {{point[0], point[1], point[2]}};
	/* Four interleaved Horner schemes: a single one waits for each product. */
	struct ext z2 = ext_mul(z, z), z4 = ext_mul(z2, z2);
	struct ext sums[4] = {{{0, 0, 0}}, {{0, 0, 0}}, {{0, 0, 0}}, {{0, 0, 0}}};
	size_t top = (count + 3) / 4 * 4;
	for (size_t i = top; i > 0; i -= 4) {
		for (size_t lane = 0; lane < 4; lane++) {
			size_t at = i - 4 + lane;
			struct ext sum = ext_mul(sums[lane], z4);
			sum.c[0] = field_add(sum.c[0], at < count ? coefficients[at] : 0);
			sums[lane] = sum;
		}
	}
	struct ext low = ext_add(sums[0], ext_mul(sums[1], z));
	struct ext high = ext_add(sums[2], ext_mul(sums[3], z));
	struct ext value = ext_add(low, ext_mul(high, z2));
	for (size_t i = 0; i < 3; i++)
		out[i] = value.c[i];
}

/* Value at a point of the base field, as openings at query positions need it. */
EXPORT felt evaluate_base_at_base(const felt *coefficients, size_t count, felt x)
{
	felt x2 = field_mul(x, x), x4 = field_mul(x2, x2);
	felt sums[4] = {0, 0, 0, 0};
	size_t top = (count + 3) / 4 * 4;
	for (size_t i = top; i > 0; i -= 4)
		for (size_t lane = 0; lane < 4; lane++) {
			size_t at = i - 4 + lane;
			sums[lane] = field_add(field_mul(sums[lane], x4), at < count ? coefficients[at] : 0);
		}
	felt low = field_add(sums[0], field_mul(sums[1], x));
	felt high = field_add(sums[2], field_mul(sums[3], x));
	return field_add(low, field_mul(high, x2));
}

/* sum[first + i·step] += factor·coefficients[i] over the extension; `sum` has arrays of `stride`. */
EXPORT void add_scaled(felt *sum, size_t stride, size_t first, size_t step, const felt *coefficients, size_t count, const felt *factor)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = first + i * step;
		felt value = coefficients[i];
		for (size_t c = 0; c < 3; c++)
			sum[c * stride + at] = field_add(sum[c * stride + at], field_mul(value, factor[c]));
	}
}

/* The same for a polynomial over the extension, whose arrays are `source_stride` apart. */
EXPORT void add_scaled_ext(felt *sum, size_t stride, size_t first, size_t step, const felt *coefficients, size_t source_stride, size_t count,
			   const felt *factor)
{
	struct ext scale = {{factor[0], factor[1], factor[2]}};
	for (size_t i = 0; i < count; i++) {
		size_t at = first + i * step;
		struct ext term = ext_mul(ext_load(coefficients, source_stride, i), scale);
		ext_store(sum, stride, at, ext_add(ext_load(sum, stride, at), term));
	}
}

/*
 * quotient += weight · (polynomial − remainder) / (X^step − point), over the extension, all arrays of `count`. The remainder is not
 * needed: it is what the division leaves.
 */
EXPORT void add_quotient(felt *quotient, const felt *polynomial, size_t count, size_t step, const felt *point, const felt *weight)
{
	struct ext y = {{point[0], point[1], point[2]}};
	struct ext factor = {{weight[0], weight[1], weight[2]}};
	/* Coefficient i of the quotient is q[i] = p[i + step] + y·q[i + step]. */
	for (size_t lane = 0; lane < step; lane++) {
		struct ext carry = {{0, 0, 0}};
		for (size_t i = count - step + lane; i >= step; i -= step) {
			carry = ext_add(ext_load(polynomial, count, i), ext_mul(carry, y));
			size_t at = i - step;
			ext_store(quotient, count, at, ext_add(ext_load(quotient, count, at), ext_mul(carry, factor)));
		}
	}
}

/* FRI: coefficient i of the folded polynomial is Σ_j challenge^j · coefficient[fold·i + j]. */
EXPORT void fold(felt *out, const felt *coefficients, size_t count, size_t by, const felt *challenge)
{
	struct ext beta = {{challenge[0], challenge[1], challenge[2]}};
	size_t folded = count / by;
	for (size_t i = 0; i < folded; i++) {
		struct ext sum = {{0, 0, 0}};
		for (size_t j = by; j-- > 0;)
			sum = ext_add(ext_mul(sum, beta), ext_load(coefficients, count, i * by + j));
		ext_store(out, folded, i, sum);
	}
}

/* values[i] = start + Σ_{j<i} (terms[j] − step): the running sum of a LogUp argument. Returns nothing: the last sum is start again. */
EXPORT void running_sum(felt *values, const felt *terms, size_t count, const felt *step)
{
	struct ext each = {{step[0], step[1], step[2]}};
	struct ext sum = {{0, 0, 0}};
	for (size_t i = 0; i < count; i++) {
		struct ext term = ext_load(terms, count, i);
		ext_store(values, count, i, sum);
		sum = ext_add(sum, ext_sub(term, each));
	}
}

/* out[0..2] = Σ values. */
EXPORT void sum_all(felt *out, const felt *values, size_t count)
{
	struct ext sum = {{0, 0, 0}};
	for (size_t i = 0; i < count; i++)
		sum = ext_add(sum, ext_load(values, count, i));
	for (size_t c = 0; c < 3; c++)
		out[c] = sum.c[c];
}
