#ifndef KERNELS_FIELD_H
#define KERNELS_FIELD_H

#include "base.h"

/* Goldilocks: p = 2^64 - 2^32 + 1, so 2^64 = EPSILON and 2^96 = -1 modulo p. */
#define MODULUS 0xffffffff00000001ull
#define EPSILON 0xffffffffull

typedef uint64_t felt;

ALWAYS_INLINE felt field_add(felt a, felt b)
{
	felt gap = MODULUS - b;
	return a >= gap ? a - gap : a + b;
}

ALWAYS_INLINE felt field_sub(felt a, felt b)
{
	felt difference = a - b;
	return a < b ? difference + MODULUS : difference;
}

/* low + 2^64·high, canonical. */
ALWAYS_INLINE felt field_reduce(uint64_t low, uint64_t high)
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

ALWAYS_INLINE felt field_mul(felt a, felt b)
{
#ifdef __SIZEOF_INT128__
#ifndef __wasm__
	unsigned __int128 wide = (unsigned __int128)a * b;
	return field_reduce((uint64_t)wide, (uint64_t)(wide >> 64));
#endif
#endif
	/* WebAssembly has no wide product. */
	uint64_t a0 = a & EPSILON, a1 = a >> 32, b0 = b & EPSILON, b1 = b >> 32;
	uint64_t middle = a0 * b1 + (a0 * b0 >> 32);
	uint64_t middle_low = a1 * b0 + (middle & EPSILON);
	return field_reduce(a * b, a1 * b1 + (middle >> 32) + (middle_low >> 32));
}

felt field_power(felt base, uint64_t exponent);
felt field_inverse(felt a);

/* c0 + c1 X + c2 X^2 modulo X^3 - 2. */
struct ext {
	felt c[3];
};

ALWAYS_INLINE struct ext ext_add(struct ext a, struct ext b)
{
	return (struct ext){{field_add(a.c[0], b.c[0]), field_add(a.c[1], b.c[1]), field_add(a.c[2], b.c[2])}};
}

ALWAYS_INLINE struct ext ext_sub(struct ext a, struct ext b)
{
	return (struct ext){{field_sub(a.c[0], b.c[0]), field_sub(a.c[1], b.c[1]), field_sub(a.c[2], b.c[2])}};
}

ALWAYS_INLINE struct ext ext_scale(struct ext a, felt b)
{
	return (struct ext){{field_mul(a.c[0], b), field_mul(a.c[1], b), field_mul(a.c[2], b)}};
}

ALWAYS_INLINE struct ext ext_mul(struct ext a, struct ext b)
{
	/* Karatsuba: six products in place of nine. */
	felt p0 = field_mul(a.c[0], b.c[0]);
	felt p1 = field_mul(a.c[1], b.c[1]);
	felt p2 = field_mul(a.c[2], b.c[2]);
	felt s01 = field_mul(field_add(a.c[0], a.c[1]), field_add(b.c[0], b.c[1]));
	felt s02 = field_mul(field_add(a.c[0], a.c[2]), field_add(b.c[0], b.c[2]));
	felt s12 = field_mul(field_add(a.c[1], a.c[2]), field_add(b.c[1], b.c[2]));
	felt x1 = field_sub(field_sub(s01, p0), p1);
	felt x2 = field_add(field_sub(field_sub(s02, p0), p2), p1);
	felt x3 = field_sub(field_sub(s12, p1), p2);
	return (struct ext){{
	    field_add(p0, field_add(x3, x3)),
	    field_add(x1, field_add(p2, p2)),
	    x2,
	}};
}

struct ext ext_inverse(struct ext a);

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
