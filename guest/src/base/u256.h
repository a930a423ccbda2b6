#ifndef GUEST_BASE_U256_H
#define GUEST_BASE_U256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Integers modulo 2^256: 32-bit limbs, the least significant first. A result may be the same object as an operand. */
struct u256 {
	uint32_t limb[8];
};

enum { u256_limbs = 8 };

static const struct u256 u256_zero = {{0, 0, 0, 0, 0, 0, 0, 0}};

static inline struct u256 u256_from_u64(uint64_t value)
{
	return (struct u256){{(uint32_t)value, (uint32_t)(value >> 32), 0, 0, 0, 0, 0, 0}};
}

static inline bool u256_is_zero(const struct u256 *a)
{
	return (a->limb[0] | a->limb[1] | a->limb[2] | a->limb[3] | a->limb[4] | a->limb[5] | a->limb[6] | a->limb[7]) == 0;
}

static inline bool u256_fits_u32(const struct u256 *a)
{
	return (a->limb[1] | a->limb[2] | a->limb[3] | a->limb[4] | a->limb[5] | a->limb[6] | a->limb[7]) == 0;
}

static inline bool u256_fits_u64(const struct u256 *a)
{
	return (a->limb[2] | a->limb[3] | a->limb[4] | a->limb[5] | a->limb[6] | a->limb[7]) == 0;
}

/* The low 64 bits. */
static inline uint64_t u256_low_u64(const struct u256 *a)
{
	return (uint64_t)a->limb[1] << 32 | a->limb[0];
}

/* 2^64 - 1 for whatever is larger. */
static inline uint64_t u256_saturated_u64(const struct u256 *a)
{
	return u256_fits_u64(a) ? u256_low_u64(a) : UINT64_MAX;
}

static inline bool u256_equal(const struct u256 *a, const struct u256 *b)
{
	uint32_t difference = 0;
	for (int i = 0; i < u256_limbs; i++)
		difference |= a->limb[i] ^ b->limb[i];
	return difference == 0;
}

/* Big-endian bytes, as Ethereum writes numbers. */
void u256_from_bytes(struct u256 *result, const uint8_t bytes[32]);
void u256_to_bytes(const struct u256 *value, uint8_t bytes[32]);
/* Of at most 32 bytes. */
void u256_from_short_bytes(struct u256 *result, const uint8_t *bytes, size_t length);
void u256_from_address(struct u256 *result, const struct address *address);
/* The low 20 bytes. */
void u256_to_address(const struct u256 *value, struct address *address);

/* Negative, zero or positive. */
int u256_compare(const struct u256 *a, const struct u256 *b);
int u256_compare_signed(const struct u256 *a, const struct u256 *b);
static inline bool u256_less(const struct u256 *a, const struct u256 *b)
{
	return u256_compare(a, b) < 0;
}

/* The carry, or the borrow. */
bool u256_add(struct u256 *result, const struct u256 *a, const struct u256 *b);
bool u256_sub(struct u256 *result, const struct u256 *a, const struct u256 *b);
void u256_negate(struct u256 *result, const struct u256 *a);
void u256_mul(struct u256 *result, const struct u256 *a, const struct u256 *b);
/* Whether the product did not fit. */
bool u256_mul_overflow(struct u256 *result, const struct u256 *a, const struct u256 *b);

/* The EVM's rules: what is divided by zero is zero. */
void u256_div(struct u256 *result, const struct u256 *a, const struct u256 *b);
void u256_mod(struct u256 *result, const struct u256 *a, const struct u256 *b);
void u256_div_signed(struct u256 *result, const struct u256 *a, const struct u256 *b);
void u256_mod_signed(struct u256 *result, const struct u256 *a, const struct u256 *b);
void u256_add_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *modulus);
void u256_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *modulus);
void u256_exp(struct u256 *result, const struct u256 *base, const struct u256 *exponent);

/* Extends the sign of the byte with this index, counted from the lowest. */
void u256_sign_extend(struct u256 *result, const struct u256 *index, const struct u256 *value);
/* The byte with this index, counted from the highest. */
void u256_byte(struct u256 *result, const struct u256 *index, const struct u256 *value);
void u256_shift_left(struct u256 *result, const struct u256 *value, const struct u256 *count);
void u256_shift_right(struct u256 *result, const struct u256 *value, const struct u256 *count);
void u256_shift_right_signed(struct u256 *result, const struct u256 *value, const struct u256 *count);
/* 0 for zero, 256 for numbers from 2^255. */
unsigned u256_bit_length(const struct u256 *value);

#endif
