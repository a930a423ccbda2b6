#ifndef KERNELS_LANES_H
#define KERNELS_LANES_H

#include "field.h"

/*
 * LANES elements at a time. AVX-512 and AVX2 multiply halves of 32 bits in each lane; without them a lane is all there is,
 * because the processor's product of 64 bits is faster than any two lanes.
 */

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
#define LANES 8
#elif defined(__AVX2__)
#include <immintrin.h>
#define LANES 4
#else
#define LANES 1
#endif

#if LANES == 1

typedef felt lanes;

ALWAYS_INLINE lanes lanes_of(felt value) { return value; }
ALWAYS_INLINE lanes lanes_backwards(lanes x) { return x; }
ALWAYS_INLINE lanes lanes_load(const felt *from) { return *from; }
ALWAYS_INLINE void lanes_store(felt *to, lanes value) { *to = value; }
ALWAYS_INLINE lanes lanes_add(lanes a, lanes b) { return felt_add(a, b); }
ALWAYS_INLINE lanes lanes_sub(lanes a, lanes b) { return felt_sub(a, b); }
ALWAYS_INLINE lanes lanes_mul(lanes a, lanes b) { return felt_mul(a, b); }
ALWAYS_INLINE lanes lanes_reduce(uint64_t low, uint64_t high) { return felt_reduce(low, high); }
ALWAYS_INLINE lanes lanes_take_epsilon(uint64_t x, uint64_t a, uint64_t b) { return a < b ? x : x - EPSILON; }

#else

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));
/* What any array of words may be read as. */
typedef uint64_t unaligned_lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

ALWAYS_INLINE lanes lanes_of(felt value) { return (lanes){0} + value; }
ALWAYS_INLINE lanes lanes_load(const felt *from) { return *(const unaligned_lanes *)from; }
ALWAYS_INLINE void lanes_store(felt *to, lanes value) { *(unaligned_lanes *)to = value; }

#if LANES == 8

/* x - EPSILON in the lanes in which a < b, and in those in which it is not. */
ALWAYS_INLINE lanes lanes_borrow_epsilon(lanes x, lanes a, lanes b)
{
	return (lanes)_mm512_mask_sub_epi64((__m512i)x, _mm512_cmplt_epu64_mask((__m512i)a, (__m512i)b), (__m512i)x, _mm512_set1_epi64(EPSILON));
}

ALWAYS_INLINE lanes lanes_take_epsilon(lanes x, lanes a, lanes b)
{
	return (lanes)_mm512_mask_sub_epi64((__m512i)x, _mm512_cmpge_epu64_mask((__m512i)a, (__m512i)b), (__m512i)x, _mm512_set1_epi64(EPSILON));
}

ALWAYS_INLINE lanes lanes_backwards(lanes x) { return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0); }

/* Of the low halves of each lane. */
ALWAYS_INLINE lanes lanes_half_mul(lanes a, lanes b) { return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b); }

#else

ALWAYS_INLINE lanes lanes_borrow_epsilon(lanes x, lanes a, lanes b) { return x - ((lanes)(a < b) & EPSILON); }
ALWAYS_INLINE lanes lanes_take_epsilon(lanes x, lanes a, lanes b) { return x - (~(lanes)(a < b) & EPSILON); }
ALWAYS_INLINE lanes lanes_backwards(lanes x) { return __builtin_shufflevector(x, x, 3, 2, 1, 0); }
ALWAYS_INLINE lanes lanes_half_mul(lanes a, lanes b) { return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b); }

#endif

/* As in field.h; p more is EPSILON less. */
ALWAYS_INLINE lanes lanes_add(lanes a, lanes b)
{
	lanes gap = MODULUS - b;
	return lanes_borrow_epsilon(a - gap, a, gap);
}

ALWAYS_INLINE lanes lanes_sub(lanes a, lanes b)
{
	return lanes_borrow_epsilon(a - b, a, b);
}

ALWAYS_INLINE lanes lanes_reduce(lanes low, lanes high)
{
	lanes high_high = high >> 32;
	lanes part = lanes_borrow_epsilon(low - high_high, low, high_high);
	lanes sum = part + (high << 32 | (~high & EPSILON));
	return lanes_take_epsilon(sum, sum, part);
}

ALWAYS_INLINE lanes lanes_mul(lanes a, lanes b)
{
	lanes a1 = a >> 32, b1 = b >> 32;
	lanes low = lanes_half_mul(a, b);
	lanes middle = lanes_half_mul(a, b1) + (low >> 32);
	lanes middle_low = lanes_half_mul(a1, b) + (middle & EPSILON);
	lanes high = lanes_half_mul(a1, b1) + (middle >> 32) + (middle_low >> 32);
	return lanes_reduce(middle_low << 32 | (low & EPSILON), high);
}

#endif

struct exts {
	lanes c[3];
};

#define EXTENSION struct exts
#define COORDINATE lanes
#define EXT(name) exts_##name
#define BASE(name) lanes_##name
#include "extension.h"

ALWAYS_INLINE struct exts exts_of(struct ext value)
{
	return (struct exts){{lanes_of(value.c[0]), lanes_of(value.c[1]), lanes_of(value.c[2])}};
}

ALWAYS_INLINE struct exts exts_load(const felt *array, size_t stride, size_t index)
{
	return (struct exts){{lanes_load(array + index), lanes_load(array + stride + index), lanes_load(array + 2 * stride + index)}};
}

ALWAYS_INLINE void exts_store(felt *array, size_t stride, size_t index, struct exts value)
{
	for (size_t c = 0; c < 3; c++)
		lanes_store(array + c * stride + index, value.c[c]);
}

/* Rows of eight elements to eight lanes and back: lane b of v[j] is values[8·b + j]. */
#if LANES == 1

ALWAYS_INLINE void load_eights(lanes *v, const felt *values)
{
	for (size_t j = 0; j < 8; j++)
		v[j] = values[j];
}

ALWAYS_INLINE void store_eights(felt *values, const lanes *v)
{
	for (size_t j = 0; j < 8; j++)
		values[j] = v[j];
}

#elif LANES == 4

ALWAYS_INLINE void transpose(lanes *v)
{
	lanes a = __builtin_shufflevector(v[0], v[1], 0, 4, 2, 6), b = __builtin_shufflevector(v[0], v[1], 1, 5, 3, 7);
	lanes c = __builtin_shufflevector(v[2], v[3], 0, 4, 2, 6), d = __builtin_shufflevector(v[2], v[3], 1, 5, 3, 7);
	v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
	v[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
	v[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
	v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

ALWAYS_INLINE void load_eights(lanes *v, const felt *values)
{
	for (size_t half = 0; half < 2; half++) {
		for (size_t b = 0; b < 4; b++)
			v[4 * half + b] = lanes_load(values + 8 * b + 4 * half);
		transpose(v + 4 * half);
	}
}

ALWAYS_INLINE void store_eights(felt *values, const lanes *v)
{
	for (size_t half = 0; half < 2; half++) {
		lanes rows[4] = {v[4 * half], v[4 * half + 1], v[4 * half + 2], v[4 * half + 3]};
		transpose(rows);
		for (size_t b = 0; b < 4; b++)
			lanes_store(values + 8 * b + 4 * half, rows[b]);
	}
}

#else

ALWAYS_INLINE void transpose(lanes *v)
{
	lanes a[8], b[8];
	for (size_t i = 0; i < 8; i += 2) {
		a[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
		a[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
	}
	for (size_t i = 0; i < 8; i += 4)
		for (size_t j = 0; j < 2; j++) {
			b[i + j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
			b[i + j + 2] = __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
		}
	for (size_t i = 0; i < 4; i++) {
		v[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
		v[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
	}
}

ALWAYS_INLINE void load_eights(lanes *v, const felt *values)
{
	for (size_t b = 0; b < 8; b++)
		v[b] = lanes_load(values + 8 * b);
	transpose(v);
}

ALWAYS_INLINE void store_eights(felt *values, const lanes *v)
{
	lanes rows[8] = {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};
	transpose(rows);
	for (size_t b = 0; b < 8; b++)
		lanes_store(values + 8 * b, rows[b]);
}

#endif

#endif
