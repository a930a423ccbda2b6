#include "lanes.h"

/* Polynomials by their coefficients, the constant one first. */

#define BLOCK ((size_t)256)

/* out = values at points of the extension, three words each, of a polynomial over the base field. */
EXPORT void evaluate_base(felt *out, const felt *coefficients, size_t count, const felt *points, size_t number)
{
	/* Powers first: Horner's scheme throughout would wait for each product, and multiply whole elements of the extension. */
	felt powers[3 * BLOCK];
	for (size_t point = 0; point < number; point++) {
		struct ext z = {{points[3 * point], points[3 * point + 1], points[3 * point + 2]}}, power = {{1, 0, 0}};
		for (size_t i = 0; i < BLOCK; i++) {
			ext_store(powers, BLOCK, i, power);
			power = ext_mul(power, z);
		}
		struct ext value = {{0, 0, 0}};
		for (size_t end = (count + BLOCK - 1) / BLOCK * BLOCK; end > 0; end -= BLOCK) {
			const felt *block = coefficients + end - BLOCK;
			size_t length = (end < count ? end : count) - (end - BLOCK), i = 0;
			struct exts sums = exts_of((struct ext){{0, 0, 0}});
			for (; i + LANES <= length; i += LANES)
				sums = exts_add(sums, exts_scale(exts_load(powers, BLOCK, i), lanes_load(block + i)));
			felt parts[3 * LANES];
			exts_store(parts, LANES, 0, sums);
			value = ext_mul(value, power);
			for (size_t lane = 0; lane < LANES; lane++)
				value = ext_add(value, ext_load(parts, LANES, lane));
			for (; i < length; i++)
				value = ext_add(value, ext_scale(ext_load(powers, BLOCK, i), block[i]));
		}
		for (size_t c = 0; c < 3; c++)
			out[3 * point + c] = value.c[c];
	}
}

/* As many vectors as hide how long a product takes. */
#define SUMS (8 * LANES)

/*
 * Values at points of the base field whose eighth powers are the same, as are those of neighbours in the evaluation domain: one pass over the
 * coefficients for all of them.
 */
static void evaluate_neighbours(felt *out, const felt *coefficients, size_t count, const felt *points, size_t number)
{
	felt x2 = felt_mul(points[0], points[0]), x4 = felt_mul(x2, x2), x8 = felt_mul(x4, x4);
	lanes power = lanes_of(felt_power(x8, LANES));
	/* Sum number r has the coefficients r, r + SUMS, and so on. */
	felt sums[SUMS] = {0};
	size_t whole = count / SUMS * SUMS;
	for (size_t i = whole; i < count; i++)
		sums[i - whole] = coefficients[i];
	lanes vectors[8];
	for (size_t v = 0; v < 8; v++)
		vectors[v] = lanes_load(sums + v * LANES);
	for (size_t i = whole; i > 0; i -= SUMS)
		for (size_t v = 0; v < 8; v++)
			vectors[v] = lanes_add(lanes_mul(vectors[v], power), lanes_load(coefficients + i - SUMS + v * LANES));
	for (size_t v = 0; v < 8; v++)
		lanes_store(sums + v * LANES, vectors[v]);
	for (size_t r = SUMS - 8; r-- > 0;)
		sums[r] = felt_add(felt_mul(sums[r + 8], x8), sums[r]);
	for (size_t point = 0; point < number; point++) {
		felt value = 0;
		for (size_t r = 8; r-- > 0;)
			value = felt_add(felt_mul(value, points[point]), sums[r]);
		out[point] = value;
	}
}

/* Below these, splitting a block costs more than it saves. */
#define MIN_SPLIT_LOG 6
#define MIN_SPLIT_QUERIES 3

/*
 * Values of a polynomial of 2^log coefficients at points of its evaluation domain: `near` for each query, all of them of one eighth power, the
 * first at the query's position. `eighths` has for each block of the domain the points' 2^log/8-th power, up to the roots of order 8.
 * `parts` has 2^log words.
 */
EXPORT void open_column(felt *out, felt *parts, const felt *coefficients, uint32_t log, const uint32_t *positions, size_t queries,
    const felt *points, size_t near, const felt *eighths, size_t blocks)
{
	size_t count = (size_t)1 << log;
	for (size_t block = 0; block < blocks; block++) {
		size_t here = 0;
		for (size_t query = 0; query < queries; query++)
			here += (size_t)positions[query] >> log == block;
		/* Split into eighths, each query costs an eighth. */
		int is_split = log >= MIN_SPLIT_LOG && here >= MIN_SPLIT_QUERIES;
		if (is_split) {
			felt d[7] = {eighths[block]};
			for (size_t k = 1; k < 7; k++)
				d[k] = felt_mul(d[k - 1], d[0]);
			split_coset(parts, coefficients, log, d);
		}
		for (size_t query = 0; query < queries; query++) {
			if ((size_t)positions[query] >> log != block)
				continue;
			const felt *own = points + query * near;
			size_t part = is_split ? positions[query] >> (log - 3) & 7 : 0;
			if (is_split)
				evaluate_neighbours(out + query * near, parts + part * (count / 8), count / 8, own, near);
			else
				evaluate_neighbours(out + query * near, coefficients, count, own, near);
		}
	}
}

/* sum[first + i·step] += factor·coefficients[i] over the extension; `sum` has arrays of `stride`. */
EXPORT void add_scaled(felt *sum, size_t stride, size_t first, size_t step, const felt *coefficients, size_t count, const felt *factor)
{
	struct exts factors = exts_of((struct ext){{factor[0], factor[1], factor[2]}});
	size_t i = 0;
	if (step == 1)
		for (; i + LANES <= count; i += LANES) {
			struct exts term = exts_scale(factors, lanes_load(coefficients + i));
			exts_store(sum, stride, first + i, exts_add(exts_load(sum, stride, first + i), term));
		}
	for (; i < count; i++)
		for (size_t c = 0; c < 3; c++) {
			felt *at = sum + c * stride + first + i * step;
			*at = felt_add(*at, felt_mul(coefficients[i], factor[c]));
		}
}

/*
 * quotient += weight · (polynomial − remainder) / (X^step − point), over the extension, all arrays of `count`, a multiple of `step`. The
 * remainder is not needed: it is what the division leaves.
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
	felt last = felt_inverse(root);
	felt scale = felt_mul(felt_sub(felt_power(shift, count), 1), felt_inverse(count));
	felt *is_first = out, *is_last = out + count, *is_transition = out + 2 * count;
	felt y = shift, product = 1;
	for (size_t i = 0; i < count; i++) {
		is_first[i] = felt_sub(y, 1);
		is_transition[i] = felt_sub(y, last);
		scratch[2 * i] = product;
		product = felt_mul(product, is_first[i]);
		scratch[2 * i + 1] = product;
		product = felt_mul(product, is_transition[i]);
		y = felt_mul(y, root);
	}
	felt inverse = felt_inverse(product);
	for (size_t i = count; i-- > 0;) {
		is_last[i] = felt_mul(felt_mul(scale, last), felt_mul(inverse, scratch[2 * i + 1]));
		inverse = felt_mul(inverse, is_transition[i]);
		felt of_first = felt_mul(inverse, scratch[2 * i]);
		inverse = felt_mul(inverse, is_first[i]);
		is_first[i] = felt_mul(scale, of_first);
	}
}
