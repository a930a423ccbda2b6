#ifndef KERNELS_FIELD_H
#define KERNELS_FIELD_H

#include "base.h"

/* Goldilocks: p = 2^64 - 2^32 + 1, so 2^64 = EPSILON and 2^96 = -1 modulo p. */
#define MODULUS 0xffffffff00000001ull
#define EPSILON 0xffffffffull

typedef uint64_t felt;

ALWAYS_INLINE felt felt_add(felt a, felt b)
{
	felt gap = MODULUS - b;
	return a >= gap ? a - gap : a + b;
}

ALWAYS_INLINE felt felt_sub(felt a, felt b)
{
	felt difference = a - b;
	return a < b ? difference + MODULUS : difference;
}

/* low + 2^64·high, canonical. */
ALWAYS_INLINE felt felt_reduce(uint64_t low, uint64_t high)
{
	uint64_t high_high = high >> 32;
	uint64_t part = low - high_high;
	if (__builtin_expect(low < high_high, 0)) {
		part -= EPSILON;
		/* Keeps it a branch, which is never taken, rather than a select, which always costs. */
		__asm__ volatile("" : "+r"(part));
	}
	/*
	 * 2^64·(high mod 2^32) = (high << 32) - (high mod 2^32), and EPSILON more, so that the sum overflows exactly if it has to be reduced:
	 * without it, the sum is below 2p.
	 */
	uint64_t sum = part + (high << 32 | (~high & EPSILON));
	return sum < part ? sum : sum - EPSILON;
}

ALWAYS_INLINE felt felt_mul(felt a, felt b)
{
#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
	unsigned __int128 wide = (unsigned __int128)a * b;
	return felt_reduce((uint64_t)wide, (uint64_t)(wide >> 64));
#else
	/* WebAssembly has no wide product. */
	uint64_t a0 = a & EPSILON, a1 = a >> 32, b0 = b & EPSILON, b1 = b >> 32;
	uint64_t middle = a0 * b1 + (a0 * b0 >> 32);
	uint64_t middle_low = a1 * b0 + (middle & EPSILON);
	return felt_reduce(a * b, a1 * b1 + (middle >> 32) + (middle_low >> 32));
#endif
}

static inline felt felt_power(felt base, uint64_t exponent)
{
	felt result = 1;
	for (; exponent > 0; exponent >>= 1) {
		if (exponent & 1)
			result = felt_mul(result, base);
		base = felt_mul(base, base);
	}
	return result;
}

static inline felt felt_inverse(felt a)
{
	return felt_power(a, MODULUS - 2);
}

/* c0 + c1 X + c2 X^2 modulo X^3 - 2. */
struct ext {
	felt c[3];
};

#define EXTENSION struct ext
#define COORDINATE felt
#define EXT(name) ext_##name
#define BASE(name) felt_##name
#include "extension.h"

/* The product with the adjugate is the norm, an element of the base field. */
static inline struct ext ext_inverse(struct ext a)
{
	felt a0 = a.c[0], a1 = a.c[1], a2 = a.c[2];
	felt a1a2 = felt_mul(a1, a2);
	felt a2a2 = felt_mul(a2, a2);
	struct ext adjugate = {{
	    felt_sub(felt_mul(a0, a0), felt_add(a1a2, a1a2)),
	    felt_sub(felt_add(a2a2, a2a2), felt_mul(a0, a1)),
	    felt_sub(felt_mul(a1, a1), felt_mul(a0, a2)),
	}};
	felt rest = felt_add(felt_mul(a1, adjugate.c[2]), felt_mul(a2, adjugate.c[1]));
	felt norm = felt_add(felt_mul(a0, adjugate.c[0]), felt_add(rest, rest));
	return ext_scale(adjugate, felt_inverse(norm));
}

ALWAYS_INLINE struct ext ext_load(const felt *array, size_t stride, size_t index)
{
	return (struct ext){{array[index], array[stride + index], array[2 * stride + index]}};
}

ALWAYS_INLINE void ext_store(felt *array, size_t stride, size_t index, struct ext value)
{
	array[index] = value.c[0];
	array[stride + index] = value.c[1];
	array[2 * stride + index] = value.c[2];
}

#endif
