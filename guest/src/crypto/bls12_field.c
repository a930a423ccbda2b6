#include "crypto/bls12_field.h"

#include "base/limbs.h"
#include "crypto/syscall.h"

enum { used_limbs = 12 };

const struct bls12_fp bls12_fp_zero = {{{0}}};
/* 2^512 modulo p */
const struct bls12_fp bls12_fp_one = {{{0xa62b6c9d, 0x967d3988, 0xa8eaff4e, 0x4532383f, 0x03310846, 0x82383087, 0xd396d7cf, 0x15efebb5,
                                        0xee4e16bc, 0xfab7cd07, 0x884e56c4, 0x02cb5d3a}}};

const struct bls12_fp bls12_fp_prime = {{{0xffffaaab, 0xb9feffff, 0xb153ffff, 0x1eabfffe, 0xf6b0f624, 0x6730d2a0, 0xf38512bf, 0x64774b84,
                                        0x434bacd7, 0x4b1ba7b6, 0x397fe69a, 0x1a0111ea}}};
/* (p - 1) / 2 and (p - 3) / 4 */
static const struct bls12_fp lower_half = {{{0xffffd555, 0xdcff7fff, 0x58a9ffff, 0x0f55ffff, 0x7b587b12, 0xb3986950, 0x79c2895f,
                                             0xb23ba5c2, 0x21a5d66b, 0x258dd3db, 0x1cbff34d, 0x0d0088f5}}};
static const struct bls12_fp root_exponent = {{{0xffffeaaa, 0xee7fbfff, 0xac54ffff, 0x07aaffff, 0x3dac3d89, 0xd9cc34a8, 0x3ce144af,
                                                0xd91dd2e1, 0x90d2eb35, 0x92c6e9ed, 0x8e5ff9a6, 0x0680447a}}};
/* 2^1024 modulo p */
static const struct bls12_fp entry = {{{0xd26ebe58, 0xfb73eaea, 0x3de6a351, 0x861c2369, 0xf951c543, 0x76e5bc3f, 0x6a76590c, 0xcc0868ce,
                                        0x35446d0b, 0xf0a85a3f, 0xa49a064f, 0x0010a8c1}}};
static const struct bls12_fp plain_one = {{{1}}};
/* -1 / p modulo 2^256 */
const struct u256 bls12_fp_reduction_factor = {{0xfffcfffd, 0x89f3fffc, 0xd9d113e8, 0x286adb92, 0xc8e30b48, 0x16ef2ef0, 0x8eb2db4c,
                                              0x19ecca0e}};

bool bls12_fp_is_zero(const struct bls12_fp *a)
{
	return bls12_fp_equal(a, &bls12_fp_zero);
}

bool bls12_fp_equal(const struct bls12_fp *a, const struct bls12_fp *b)
{
	for (int i = 0; i < used_limbs; i++)
		if (a->limb[i] != b->limb[i])
			return false;
	return true;
}

static bool is_less(const struct bls12_fp *a, const struct bls12_fp *b)
{
	for (int i = used_limbs - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i];
	return false;
}

/* Of integers whose sum is below 2^384. */
static inline void add_limbs(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b)
{
	uint32_t carry = 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < used_limbs; i++) {
		uint32_t sum = a->limb[i] + b->limb[i];
		uint32_t total = sum + carry;
		carry = (uint32_t)(sum < b->limb[i]) | (uint32_t)(total < sum);
		result->limb[i] = total;
	}
	for (int i = used_limbs; i < 16; i++)
		result->limb[i] = 0;
}

/* Modulo 2^384; whether the difference is negative. */
static inline bool sub_limbs(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b)
{
	uint32_t borrow = 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < used_limbs; i++) {
		uint32_t from = a->limb[i];
		uint32_t difference = from - b->limb[i];
		uint32_t total = difference - borrow;
		borrow = (uint32_t)(from < difference) | (uint32_t)(difference < borrow);
		result->limb[i] = total;
	}
	for (int i = used_limbs; i < 16; i++)
		result->limb[i] = 0;
	return borrow != 0;
}

/* A number below 2p. */
static inline void reduce_once(struct bls12_fp *a)
{
	if (!is_less(a, &bls12_fp_prime))
		sub_limbs(a, a, &bls12_fp_prime);
}

void bls12_fp_add(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b)
{
	add_limbs(result, a, b);
	reduce_once(result);
}

void bls12_fp_normalize(struct bls12_fp *a, bool negative)
{
	if (negative)
		add_limbs(a, a, &bls12_fp_prime);
	else
		reduce_once(a);
}

/* Modulo 2^384, the sum with p undoes the borrow. */
void bls12_fp_sub(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b)
{
	if (sub_limbs(result, a, b))
		add_limbs(result, result, &bls12_fp_prime);
}

void bls12_fp_negate(struct bls12_fp *result, const struct bls12_fp *a)
{
	if (bls12_fp_is_zero(a))
		*result = bls12_fp_zero;
	else
		sub_limbs(result, &bls12_fp_prime, a);
}

void bls12_fp_halve(struct bls12_fp *result, const struct bls12_fp *a)
{
	struct bls12_fp even = *a;
	if (a->limb[0] & 1)
		add_limbs(&even, a, &bls12_fp_prime);
	limbs_shift_right(even.limb, even.limb, used_limbs, 1, 0);
	*result = even;
}

/* 512 bits as two halves. */
struct wide {
	union {
		uint32_t limb[16];
		struct u256 half[2];
	};
};

/* The upper halves of elements are below 2^128, as are those of their products with anything: `product` is below 2^384 + 2^256. */
static inline void add_at(uint32_t *sum, const uint32_t product[16], const uint32_t lower[8], const uint32_t upper[4])
{
	uint32_t carry = 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < 8; i++) {
		uint32_t first = lower[i] + product[i];
		uint32_t total = first + carry;
		carry = (uint32_t)(first < product[i]) | (uint32_t)(total < first);
		sum[i] = total;
	}
#pragma clang loop unroll(full)
	for (int i = 0; i < 4; i++) {
		uint64_t total = (uint64_t)sum[8 + i] + product[8 + i] + upper[i] + carry;
		sum[8 + i] = (uint32_t)total;
		carry = (uint32_t)(total >> 32);
	}
	for (int i = 12; carry != 0; i++)
		carry = (sum[i] += carry) < carry;
}

/*
 * The parts of the sum are at 2^0, 2^256, 2^512; a function of the machine writes two of them at once. The whole sum is below 2^768,
 * which leaves the fourth part zero.
 */
void bls12_fp_sum_add(struct bls12_fp_sum *sum, const struct bls12_fp *a, const struct bls12_fp *b)
{
	struct wide first, second;
	syscall_mul_add(first.limb, &a->half[0], &b->half[1], &sum->part[1]);
	syscall_mul_add(second.limb, &a->half[1], &b->half[0], &first.half[0]);
	syscall_mul_add(sum->limb, &a->half[0], &b->half[0], &sum->part[0]);
	syscall_mul_add(sum->limb + 16, &a->half[1], &b->half[1], &sum->part[2]);
	add_at(sum->limb + 8, second.limb, sum->limb + 8, first.limb + 8);
}

/* Montgomery's step: adds the multiple of p that clears the part `at`, which is not needed after that. */
static inline void reduce_part(struct bls12_fp_sum *sum, int at)
{
	static const uint32_t none[4] = {0};
	struct wide factor, low, high;
	syscall_mul_add(factor.limb, &sum->part[at], &bls12_fp_reduction_factor, &u256_zero);
	syscall_mul_add(low.limb, &factor.half[0], &bls12_fp_prime.half[0], &sum->part[at]);
	syscall_mul_add(high.limb, &factor.half[0], &bls12_fp_prime.half[1], &sum->part[at + 1]);
	add_at(sum->limb + 8 * (at + 1), high.limb, low.limb + 8, none);
}

/* A sum below 2^5 * 2^762 is below 2^767 + 2^637 after the first step; a 2^512th of it is below p + 2^256 after the second. */
void bls12_fp_sum_reduce(struct bls12_fp *result, struct bls12_fp_sum *sum)
{
	reduce_part(sum, 0);
	reduce_part(sum, 1);
	result->half[0] = sum->part[2];
	result->half[1] = sum->part[3];
	reduce_once(result);
}

void bls12_fp_mul(struct bls12_fp *result, const struct bls12_fp *a, const struct bls12_fp *b)
{
	struct bls12_fp_sum sum;
	bls12_fp_sum_begin(&sum);
	bls12_fp_sum_add(&sum, a, b);
	bls12_fp_sum_reduce(result, &sum);
}

void bls12_fp_enter(struct bls12_fp *result, const struct bls12_fp *number)
{
	bls12_fp_mul(result, number, &entry);
}

void bls12_fp_leave(struct bls12_fp *number, const struct bls12_fp *a)
{
	bls12_fp_mul(number, a, &plain_one);
}

void bls12_fp_root_over(struct bls12_fp *result, const struct bls12_fp *a)
{
	struct bls12_fp powers[16];
	powers[0] = bls12_fp_one;
	for (int i = 1; i < 16; i++)
		bls12_fp_mul(&powers[i], &powers[i - 1], a);
	struct bls12_fp value = bls12_fp_one;
	for (int limb = used_limbs - 1; limb >= 0; limb--) {
		for (int shift = 28; shift >= 0; shift -= 4) {
			for (int i = 0; i < 4; i++)
				bls12_fp_mul(&value, &value, &value);
			bls12_fp_mul(&value, &value, &powers[root_exponent.limb[limb] >> shift & 15]);
		}
	}
	*result = value;
}

bool bls12_fp_sqrt(struct bls12_fp *result, const struct bls12_fp *a)
{
	struct bls12_fp root, square;
	bls12_fp_root_over(&root, a);
	bls12_fp_mul(&root, &root, a);
	bls12_fp_mul(&square, &root, &root);
	bool found = bls12_fp_equal(&square, a);
	*result = root;
	return found;
}

bool bls12_fp_from_bytes(struct bls12_fp *result, const uint8_t bytes[bls12_fp_bytes])
{
	struct bls12_fp number;
	u256_from_bytes(&number.half[0], bytes + 16);
	u256_from_short_bytes(&number.half[1], bytes, 16);
	bls12_fp_enter(result, &number);
	return is_less(&number, &bls12_fp_prime);
}

void bls12_fp_to_bytes(const struct bls12_fp *a, uint8_t bytes[bls12_fp_bytes])
{
	struct bls12_fp number;
	uint8_t high[32];
	bls12_fp_leave(&number, a);
	u256_to_bytes(&number.half[1], high);
	memcpy(bytes, high + 16, 16);
	u256_to_bytes(&number.half[0], bytes + 16);
}

bool bls12_fp_is_larger_half(const struct bls12_fp *a)
{
	struct bls12_fp number;
	bls12_fp_leave(&number, a);
	return is_less(&lower_half, &number);
}
