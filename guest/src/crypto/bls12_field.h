#ifndef GUEST_CRYPTO_BLS12_FIELD_H
#define GUEST_CRYPTO_BLS12_FIELD_H

#include "base/u256.h"

enum { bls12_fp_bytes = 48 };

/*
 * The field F_p of BLS12-381. An element a stands in Montgomery's form, a * 2^512 modulo p, below p: 12 limbs, the lowest first, and
 * four that are zero. A result may be an operand.
 */
struct bls12_fp {
	union {
		uint32_t limb[16];
		struct u256 half[2];
	};
};

extern const struct bls12_fp bls12_fp_zero;
extern const struct bls12_fp bls12_fp_one;
/* p as a plain number, and -1 / p modulo 2^256. */
extern const struct bls12_fp bls12_fp_prime;
extern const struct u256 bls12_fp_reduction_factor;

bool bls12_fp_is_zero(const struct bls12_fp *a);
bool bls12_fp_equal(const struct bls12_fp *a, const struct bls12_fp *b);
void bls12_fp_add(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b);
void bls12_fp_sub(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b);
void bls12_fp_negate(struct bls12_fp *result, const struct bls12_fp *a);
void bls12_fp_halve(struct bls12_fp *result, const struct bls12_fp *a);

/* From a number below 2p, or one from -p on modulo 2^384 if `negative`. */
void bls12_fp_normalize(struct bls12_fp *a, bool negative);

/* a * b / 2^512 of the numbers as they stand: the product of two elements, or of an element and a plain number, which stays plain. */
void bls12_fp_mul(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b);

/* A sum of at most 32 products: each costs a third of a multiplication, the reduction at the end the rest. */
struct bls12_fp_sum {
	union {
		uint32_t limb[32];
		struct u256 part[4];
	};
};

static inline void bls12_fp_sum_begin(struct bls12_fp_sum *sum)
{
	sum->part[0] = sum->part[1] = sum->part[2] = u256_zero;
}

void bls12_fp_sum_add(struct bls12_fp_sum *sum, const struct bls12_fp *a, const struct bls12_fp *b);
void bls12_fp_sum_reduce(struct bls12_fp *result, struct bls12_fp_sum *sum);

/* Of what is not zero. */
void bls12_fp_inverse(struct bls12_fp *result, const struct bls12_fp *a);
/* a^((p - 3) / 4): times a, a square root of a, or of -a where a has none. */
void bls12_fp_root_over(struct bls12_fp *result, const struct bls12_fp *a);
/* False where there is no square root. */
bool bls12_fp_sqrt(struct bls12_fp *result, const struct bls12_fp *a);

/* An element from a plain number below p, and back. */
void bls12_fp_enter(struct bls12_fp *result, const struct bls12_fp *number);
void bls12_fp_leave(struct bls12_fp *number, const struct bls12_fp *a);

/* Big-endian; false for a number that is not below p. */
bool bls12_fp_from_bytes(struct bls12_fp *result, const uint8_t bytes[bls12_fp_bytes]);
void bls12_fp_to_bytes(const struct bls12_fp *a, uint8_t bytes[bls12_fp_bytes]);

/* Whether the plain number is above (p - 1) / 2. */
bool bls12_fp_is_larger_half(const struct bls12_fp *a);

#endif
