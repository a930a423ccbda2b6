#include "crypto/bn254_tower.h"

#include "crypto/modular.h"

const struct u256 bn254_prime = {{0xd87cfd47, 0x3c208c16, 0x6871ca8d, 0x97816a91, 0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}};

const struct fp2 bn254_frobenius[5] = {
	{{{0xdcc9e470, 0xd60b35da, 0x292f2176, 0x5c521e08, 0x76e68b60, 0xe8b99fdd, 0x2865a7df, 0x1284b71c}},
	 {{0x80f362ac, 0xca5cf05f, 0x8eeec7e5, 0x74799277, 0x12150b8e, 0xa6327cfe, 0xb4fae7e6, 0x246996f3}}},
	{{{0x176f553d, 0x99e39557, 0xc2c3330c, 0xb78cc310, 0xf559b143, 0x4c0bec3c, 0x4f7911f7, 0x2fb34798}},
	 {{0x640fcba2, 0x1665d51c, 0x0b7c9dce, 0x32ae2a1d, 0xd75a0794, 0x4ba4cc8b, 0x61ebae20, 0x16c9e550}}},
	{{{0x71a0135a, 0xdc540146, 0xa9c95998, 0xdbaae0ed, 0xb6e2f9b9, 0xdc5ec698, 0x489af5dc, 0x063cf305}},
	 {{0x2623b0e3, 0x82d37f63, 0x8fa25bd2, 0x21807dc9, 0xec796f2b, 0x0704b5a7, 0xac41049a, 0x07c03cbc}}},
	{{{0x921ea762, 0x848a1f55, 0xbe94ec72, 0xd33365f7, 0x5a181e84, 0x80f3c0b7, 0x64eea801, 0x05b54f5e}},
	 {{0xcd2b8126, 0xc13b4711, 0x1bdec763, 0x3685d2ea, 0x3b0b1c92, 0x9f3a80b0, 0xe7fd8aee, 0x2c145edb}}},
	{{{0xeab7692f, 0x2ea2c810, 0x55aa1bd3, 0x425c459b, 0xa4353ff4, 0xe93a3661, 0x4f798649, 0x0183c1e7}},
	 {{0x6e0c2c4b, 0x24c6b8ee, 0x678e2ac0, 0xb080cb99, 0xc7729f7d, 0xa27fb246, 0x76fd0675, 0x12acf2ca}}},
};

static const struct u256 *const p = &bn254_prime;

bool fp2_is_zero(const struct fp2 *a)
{
	return u256_is_zero(&a->c0) && u256_is_zero(&a->c1);
}

bool fp2_equal(const struct fp2 *a, const struct fp2 *b)
{
	return u256_equal(&a->c0, &b->c0) && u256_equal(&a->c1, &b->c1);
}

void fp2_add(struct fp2 *result, const struct fp2 *a, const struct fp2 *b)
{
	mod_add(&result->c0, &a->c0, &b->c0, p);
	mod_add(&result->c1, &a->c1, &b->c1, p);
}

void fp2_sub(struct fp2 *result, const struct fp2 *a, const struct fp2 *b)
{
	mod_sub(&result->c0, &a->c0, &b->c0, p);
	mod_sub(&result->c1, &a->c1, &b->c1, p);
}

void fp2_negate(struct fp2 *result, const struct fp2 *a)
{
	mod_negate(&result->c0, &a->c0, p);
	mod_negate(&result->c1, &a->c1, p);
}

void fp2_conjugate(struct fp2 *result, const struct fp2 *a)
{
	result->c0 = a->c0;
	mod_negate(&result->c1, &a->c1, p);
}

void fp2_mul(struct fp2 *result, const struct fp2 *a, const struct fp2 *b)
{
	struct u256 real, imaginary, sum_a, sum_b, cross;
	mod_mul(&real, &a->c0, &b->c0, p);
	mod_mul(&imaginary, &a->c1, &b->c1, p);
	mod_add(&sum_a, &a->c0, &a->c1, p);
	mod_add(&sum_b, &b->c0, &b->c1, p);
	mod_mul(&cross, &sum_a, &sum_b, p);
	mod_sub(&cross, &cross, &real, p);
	mod_sub(&result->c1, &cross, &imaginary, p);
	mod_sub(&result->c0, &real, &imaginary, p);
}

void fp2_scale(struct fp2 *result, const struct fp2 *a, const struct u256 *factor)
{
	struct u256 kept = *factor;
	mod_mul(&result->c0, &a->c0, &kept, p);
	mod_mul(&result->c1, &a->c1, &kept, p);
}

void fp2_inverse(struct fp2 *result, const struct fp2 *a)
{
	struct u256 norm, square;
	mod_mul(&norm, &a->c0, &a->c0, p);
	mod_mul(&square, &a->c1, &a->c1, p);
	mod_add(&norm, &norm, &square, p);
	mod_inverse(&norm, &norm, p);
	fp2_conjugate(result, a);
	fp2_scale(result, result, &norm);
}

/* Times 9 + i. */
static void fp2_mul_residue(struct fp2 *result, const struct fp2 *a)
{
	struct fp2 nine = *a;
	for (int i = 0; i < 3; i++)
		fp2_add(&nine, &nine, &nine);
	fp2_add(&nine, &nine, a);
	struct u256 imaginary = a->c1;
	mod_add(&result->c1, &nine.c1, &a->c0, p);
	mod_sub(&result->c0, &nine.c0, &imaginary, p);
}

static void fp6_add(struct fp6 *result, const struct fp6 *a, const struct fp6 *b)
{
	for (int i = 0; i < 3; i++)
		fp2_add(&result->c[i], &a->c[i], &b->c[i]);
}

static void fp6_sub(struct fp6 *result, const struct fp6 *a, const struct fp6 *b)
{
	for (int i = 0; i < 3; i++)
		fp2_sub(&result->c[i], &a->c[i], &b->c[i]);
}

/* (a_i + a_j)(b_i + b_j) - products[i] - products[j] */
static void fp6_cross(struct fp2 *result, const struct fp6 *a, const struct fp6 *b, const struct fp2 *products, int i, int j)
{
	struct fp2 sum_a, sum_b;
	fp2_add(&sum_a, &a->c[i], &a->c[j]);
	fp2_add(&sum_b, &b->c[i], &b->c[j]);
	fp2_mul(result, &sum_a, &sum_b);
	fp2_sub(result, result, &products[i]);
	fp2_sub(result, result, &products[j]);
}

static void fp6_mul(struct fp6 *result, const struct fp6 *a, const struct fp6 *b)
{
	struct fp2 products[3], c0, c1, c2;
	for (int i = 0; i < 3; i++)
		fp2_mul(&products[i], &a->c[i], &b->c[i]);
	fp6_cross(&c0, a, b, products, 1, 2);
	fp2_mul_residue(&c0, &c0);
	fp6_cross(&c1, a, b, products, 0, 1);
	fp6_cross(&c2, a, b, products, 0, 2);
	fp2_add(&result->c[0], &c0, &products[0]);
	fp2_mul_residue(&c0, &products[2]);
	fp2_add(&result->c[1], &c1, &c0);
	fp2_add(&result->c[2], &c2, &products[1]);
}

static void fp6_mul_v(struct fp6 *result, const struct fp6 *a)
{
	struct fp2 top = a->c[2];
	result->c[2] = a->c[1];
	result->c[1] = a->c[0];
	fp2_mul_residue(&result->c[0], &top);
}

/* By the norm to F_p^2. */
static void fp6_inverse(struct fp6 *result, const struct fp6 *a)
{
	struct fp2 t[3], other, norm;
	fp2_mul(&t[0], &a->c[0], &a->c[0]);
	fp2_mul(&other, &a->c[1], &a->c[2]);
	fp2_mul_residue(&other, &other);
	fp2_sub(&t[0], &t[0], &other);
	fp2_mul(&t[1], &a->c[2], &a->c[2]);
	fp2_mul_residue(&t[1], &t[1]);
	fp2_mul(&other, &a->c[0], &a->c[1]);
	fp2_sub(&t[1], &t[1], &other);
	fp2_mul(&t[2], &a->c[1], &a->c[1]);
	fp2_mul(&other, &a->c[0], &a->c[2]);
	fp2_sub(&t[2], &t[2], &other);
	fp2_mul(&norm, &a->c[2], &t[1]);
	fp2_mul(&other, &a->c[1], &t[2]);
	fp2_add(&norm, &norm, &other);
	fp2_mul_residue(&norm, &norm);
	fp2_mul(&other, &a->c[0], &t[0]);
	fp2_add(&norm, &norm, &other);
	fp2_inverse(&norm, &norm);
	for (int i = 0; i < 3; i++)
		fp2_mul(&result->c[i], &t[i], &norm);
}

void fp12_one(struct fp12 *result)
{
	*result = (struct fp12){0};
	result->c0.c[0].c0 = u256_from_u64(1);
}

bool fp12_is_one(const struct fp12 *a)
{
	struct fp12 one;
	fp12_one(&one);
	bool equal = true;
	for (int i = 0; i < 3; i++)
		equal = equal && fp2_equal(&a->c0.c[i], &one.c0.c[i]) && fp2_is_zero(&a->c1.c[i]);
	return equal;
}

void fp12_mul(struct fp12 *result, const struct fp12 *a, const struct fp12 *b)
{
	struct fp6 low, high, sum_a, sum_b;
	fp6_mul(&low, &a->c0, &b->c0);
	fp6_mul(&high, &a->c1, &b->c1);
	fp6_add(&sum_a, &a->c0, &a->c1);
	fp6_add(&sum_b, &b->c0, &b->c1);
	fp6_mul(&sum_a, &sum_a, &sum_b);
	fp6_sub(&sum_a, &sum_a, &low);
	fp6_sub(&result->c1, &sum_a, &high);
	fp6_mul_v(&high, &high);
	fp6_add(&result->c0, &low, &high);
}

/* (c0 + c1)(c0 + v c1) - (1 + v) c0 c1 and 2 c0 c1. */
void fp12_square(struct fp12 *result, const struct fp12 *a)
{
	struct fp6 product, sum, shifted;
	fp6_mul(&product, &a->c0, &a->c1);
	fp6_add(&sum, &a->c0, &a->c1);
	fp6_mul_v(&shifted, &a->c1);
	fp6_add(&shifted, &shifted, &a->c0);
	fp6_mul(&sum, &sum, &shifted);
	fp6_sub(&sum, &sum, &product);
	fp6_mul_v(&shifted, &product);
	fp6_sub(&result->c0, &sum, &shifted);
	fp6_add(&result->c1, &product, &product);
}

static void fp6_scale(struct fp6 *result, const struct fp6 *a, const struct fp2 *factor)
{
	for (int i = 0; i < 3; i++)
		fp2_mul(&result->c[i], &a->c[i], factor);
}

/* Times b + cv. */
static void fp6_mul_linear(struct fp6 *result, const struct fp6 *a, const struct fp2 *b, const struct fp2 *c)
{
	struct fp6 by_c, by_b;
	fp6_scale(&by_c, a, c);
	fp6_mul_v(&by_c, &by_c);
	fp6_scale(&by_b, a, b);
	fp6_add(result, &by_b, &by_c);
}

void fp12_mul_line(struct fp12 *result, const struct fp2 *a, const struct fp2 *b, const struct fp2 *c)
{
	struct fp6 low, high;
	fp6_mul_linear(&high, &result->c1, b, c);
	fp6_mul_v(&high, &high);
	fp6_scale(&low, &result->c0, a);
	fp6_add(&low, &low, &high);
	fp6_mul_linear(&high, &result->c0, b, c);
	fp6_scale(&result->c1, &result->c1, a);
	fp6_add(&result->c1, &result->c1, &high);
	result->c0 = low;
}

void fp12_conjugate(struct fp12 *result, const struct fp12 *a)
{
	result->c0 = a->c0;
	for (int i = 0; i < 3; i++)
		fp2_negate(&result->c1.c[i], &a->c1.c[i]);
}

void fp12_inverse(struct fp12 *result, const struct fp12 *a)
{
	struct fp6 norm, other;
	fp6_mul(&norm, &a->c0, &a->c0);
	fp6_mul(&other, &a->c1, &a->c1);
	fp6_mul_v(&other, &other);
	fp6_sub(&norm, &norm, &other);
	fp6_inverse(&norm, &norm);
	fp12_conjugate(result, a);
	fp6_mul(&result->c0, &result->c0, &norm);
	fp6_mul(&result->c1, &result->c1, &norm);
}

void fp12_frobenius(struct fp12 *result, const struct fp12 *a)
{
	for (int i = 0; i < 6; i++) {
		const struct fp2 *from = i % 2 == 0 ? &a->c0.c[i / 2] : &a->c1.c[i / 2];
		struct fp2 *to = i % 2 == 0 ? &result->c0.c[i / 2] : &result->c1.c[i / 2];
		fp2_conjugate(to, from);
		if (i > 0)
			fp2_mul(to, to, &bn254_frobenius[i - 1]);
	}
}
