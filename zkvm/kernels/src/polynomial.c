#include "field.h"

/* Polynomials by their coefficients, the constant one first. */

#define BLOCK 64

/* out[0..2] = value at a point of the extension of a polynomial over the base field. */
EXPORT void evaluate_base(felt *out, const felt *coefficients, size_t count, const felt *point)
{
	struct ext z = {{point[0], point[1], point[2]}};
	/* Powers first: Horner's scheme throughout would wait for each product, and multiply whole elements of the extension. */
	struct ext powers[BLOCK + 1] = {{{1, 0, 0}}};
	for (size_t i = 0; i < BLOCK; i++)
		powers[i + 1] = ext_mul(powers[i], z);
	struct ext value = {{0, 0, 0}};
	for (size_t end = (count + BLOCK - 1) / BLOCK * BLOCK; end > 0; end -= BLOCK) {
		size_t start = end - BLOCK, length = (end < count ? end : count) - start;
		struct ext sum = {{0, 0, 0}};
		for (size_t i = 0; i < length; i++)
			sum = ext_add(sum, ext_scale(powers[i], coefficients[start + i]));
		value = ext_add(ext_mul(value, powers[BLOCK]), sum);
	}
	for (size_t i = 0; i < 3; i++)
		out[i] = value.c[i];
}

/*
 * Values at points of the base field whose eighth powers are the same, as are those of neighbours in the evaluation domain: one pass over the
 * coefficients for all of them.
 */
EXPORT void evaluate_neighbours(felt *out, const felt *coefficients, size_t count, const felt *points, size_t number)
{
	felt x2 = field_mul(points[0], points[0]), x4 = field_mul(x2, x2), x8 = field_mul(x4, x4);
	/* Sum number r has the coefficients r, r + 8, and so on. */
	felt sums[8] = {0, 0, 0, 0, 0, 0, 0, 0};
	size_t whole = count / 8 * 8;
	for (size_t i = whole; i < count; i++)
		sums[i - whole] = coefficients[i];
	for (size_t i = whole; i > 0; i -= 8)
		for (size_t r = 0; r < 8; r++)
			sums[r] = field_add(field_mul(sums[r], x8), coefficients[i - 8 + r]);
	for (size_t point = 0; point < number; point++) {
		felt value = 0;
		for (size_t r = 8; r-- > 0;)
			value = field_add(field_mul(value, points[point]), sums[r]);
		out[point] = value;
	}
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

/* The running sum of a LogUp argument, in place: values[i] = Σ_{j<i} (terms[j] − step). */
EXPORT void running_sum(felt *values, size_t count, const felt *step)
{
	struct ext each = {{step[0], step[1], step[2]}};
	struct ext sum = {{0, 0, 0}};
	for (size_t i = 0; i < count; i++) {
		struct ext term = ext_load(values, count, i);
		ext_store(values, count, i, sum);
		sum = ext_add(sum, ext_sub(term, each));
	}
}

/* out[0..2] = the sum of all terms. */
EXPORT void sum_all(felt *out, const felt *terms, size_t count)
{
	struct ext sum = {{0, 0, 0}};
	for (size_t i = 0; i < count; i++)
		sum = ext_add(sum, ext_load(terms, count, i));
	for (size_t c = 0; c < 3; c++)
		out[c] = sum.c[c];
}

/*
 * The selectors of a subgroup of n = 2^log rows on the coset y = shift·root^i, three arrays of n: isFirst = (y^n − 1) / (n·(y − 1)), isLast
 * the same at the last row, isTransition = y − last. `scratch` has 2n words. The coset does not meet the subgroup, so nothing is 0.
 */
EXPORT void selectors(felt *out, uint32_t log, felt shift, felt root, felt *scratch)
{
	size_t count = (size_t)1 << log;
	felt last = field_inverse(root);
	felt scale = field_mul(field_sub(field_power(shift, count), 1), field_inverse(count));
	felt *is_first = out, *is_last = out + count, *is_transition = out + 2 * count;
	felt y = shift, product = 1;
	for (size_t i = 0; i < count; i++) {
		is_first[i] = field_sub(y, 1);
		is_transition[i] = field_sub(y, last);
		scratch[2 * i] = product;
		product = field_mul(product, is_first[i]);
		scratch[2 * i + 1] = product;
		product = field_mul(product, is_transition[i]);
		y = field_mul(y, root);
	}
	felt inverse = field_inverse(product);
	for (size_t i = count; i-- > 0;) {
		is_last[i] = field_mul(field_mul(scale, last), field_mul(inverse, scratch[2 * i + 1]));
		inverse = field_mul(inverse, is_transition[i]);
		felt of_first = field_mul(inverse, scratch[2 * i]);
		inverse = field_mul(inverse, is_first[i]);
		is_first[i] = field_mul(scale, of_first);
	}
}
