#ifndef KERNELS_KERNELS_H
#define KERNELS_KERNELS_H

#include "base.h"

/* What the native addon calls, once for each kind of processor. The sources say what each does. */

struct source;
struct program;

struct kernels {
	void (*ntt_twiddles)(uint64_t *twiddles, uint32_t log, uint64_t root, uint64_t shift);
	void (*ntt)(uint64_t *out, const uint64_t *coefficients, uint32_t log, const uint64_t *twiddles);
	void (*bit_reverse)(uint64_t *values, uint32_t log);
	void (*interpolate)(uint64_t *out, const uint64_t *values, uint32_t log, const uint64_t *twiddles, uint64_t inverse_shift);
	void (*spread)(uint64_t *out, const uint64_t *values, size_t count, size_t step);
	void (*join_remainders)(uint64_t *low, uint64_t *high, size_t count, uint64_t half, uint64_t half_over_c);
	void (*hash_rows)(uint64_t *digests, const uint64_t *columns, size_t width, size_t stride, size_t count, uint32_t levels);
	void (*hash_groups)(uint64_t *digests, const uint64_t *values, size_t stride, size_t group, size_t count);
	void (*hash_pairs)(uint64_t *digests, const uint64_t *children, size_t count);
	uint64_t (*grind)(const uint64_t *state, uint32_t bits, uint64_t from, uint64_t to);
	void (*evaluate_base)(uint64_t *out, const uint64_t *coefficients, size_t count, const uint64_t *points, size_t number);
	void (*open_column)(uint64_t *out, uint64_t *parts, const uint64_t *coefficients, uint32_t log, const uint32_t *positions, size_t queries,
	    const uint64_t *points, size_t near, const uint64_t *eighths, size_t blocks);
	void (*add_scaled)(uint64_t *sum, size_t stride, size_t first, size_t step, const uint64_t *coefficients, size_t count,
	    const uint64_t *factor);
	void (*add_quotient)(uint64_t *quotient, const uint64_t *polynomial, size_t count, size_t step, const uint64_t *point,
	    const uint64_t *weight);
	void (*fold)(uint64_t *out, const uint64_t *coefficients, size_t count, size_t by, const uint64_t *challenge);
	void (*running_sum)(uint64_t *values, size_t count, const uint64_t *step);
	void (*sum_all)(uint64_t *out, const uint64_t *terms, size_t count);
	void (*selectors)(uint64_t *out, uint32_t log, uint64_t shift, uint64_t root, uint64_t *scratch);
	size_t (*program_scratch_words)(size_t columns, size_t registers, size_t outputs);
	void (*run_program)(const struct program *program);
	void (*add_periodic)(uint64_t *result, size_t result_stride, size_t count, const uint64_t *values, size_t stride, size_t period,
	    uint64_t factor);
};

#endif
