#include "crypto/bls12_tower.h"

/* (1 + i)^(k (p - 1) / 6) for k = 1 … 5. */
static const struct bls12_fp2 frobenius[5] = {
	{{{{0x03c58604, 0x4bd9023c, 0x2b7ab0b4, 0x2ccd6fd5, 0xffb4aeb9, 0x9fac0d3e, 0xea9a0fd2, 0xb1531256,
	    0xfe48e816, 0x5ec0bd10, 0x47dfb9bb, 0x067cd260}}},
	 {{{0xfc3a24a7, 0x6e25fdc3, 0x85d94f4b, 0xf1de9029, 0xf6fc476a, 0xc784c561, 0x08eb02ec, 0xb324392e,
	    0x4502c4c0, 0xec5aeaa5, 0xf1a02cde, 0x13843f89}}}},
	{{{{0}}},
	 {{{0x2629f0f7, 0x3c667806, 0x6fbfdb16, 0xef1466aa, 0x0007459e, 0xdaf26598, 0x8dd31bc4, 0x34fe84b9,
	    0x5de58b20, 0x118705c5, 0x96a4300f, 0x10d8e3da}}}},
	{{{{0x02b64516, 0x4cedc36e, 0xfe51371e, 0xa217ab30, 0x09b013af, 0xc30048b1, 0x9411b486, 0x7caabc25,
	    0x9c4f8602, 0x77e8af22, 0x03844a53, 0x0cc0a857}}},
	 {{{0x02b64516, 0x4cedc36e, 0xfe51371e, 0xa217ab30, 0x09b013af, 0xc30048b1, 0x9411b486, 0x7caabc25,
	    0x9c4f8602, 0x77e8af22, 0x03844a53, 0x0cc0a857}}}},
	{{{{0xcc555d94, 0xd2e3b18e, 0x18aada64, 0x34469eea, 0x03384de5, 0x5d2a961f, 0x6169f394, 0x4aee706f,
	    0x4c33a1dc, 0x0c3ed2cd, 0x1ef286d4, 0x13a44115}}},
	 {{{0}}}},
	{{{{0x067bcb1a, 0x98c6c5aa, 0x29cbe7d2, 0xcee51b06, 0x0964c268, 0x62ac55f0, 0x7eabc459, 0x2dfdce7c,
	    0x9a986e19, 0xd6a96c33, 0x4b64040e, 0x133d7ab7}}},
	 {{{0xf983df91, 0x21383a55, 0x8788182d, 0x4fc6e4f8, 0xed4c33bb, 0x04847cb0, 0x74d94e66, 0x36797d08,
	    0xa8b33ebe, 0x74723b82, 0xee1be28b, 0x06c39732}}}},
};

void bls12_fp12_one(struct bls12_fp12 *result)
{
	*result = (struct bls12_fp12){0};
	result->c[0].c0 = bls12_fp_one;
}

bool bls12_fp12_is_one(const struct bls12_fp12 *a)
{
	struct bls12_fp12 one;
	bool equal = true;
	bls12_fp12_one(&one);
	for (int i = 0; i < 6; i++)
		equal = equal && bls12_fp2_equal(&a->c[i], &one.c[i]);
	return equal;
}

/* Term by term: the sums reduce so rarely that Karatsuba's additions would cost more than the products that they save. */
void bls12_fp12_mul(struct bls12_fp12 *result, const struct bls12_fp12 *a, const struct bls12_fp12 *b)
{
	struct bls12_fp12 shifted, product;
	for (int i = 0; i < 6; i++)
		bls12_fp2_mul_residue(&shifted.c[i], &b->c[i]);
	for (int k = 0; k < 6; k++) {
		struct bls12_fp2_sum sum;
		bls12_fp2_sum_begin(&sum);
		for (int i = 0; i < 6; i++)
			bls12_fp2_sum_add(&sum, &a->c[i], i <= k ? &b->c[k - i] : &shifted.c[6 + k - i]);
		bls12_fp2_sum_reduce(&product.c[k], &sum);
	}
	*result = product;
}

void bls12_fp12_square(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	struct bls12_fp12 twice, shifted, product;
	for (int i = 0; i < 6; i++) {
		bls12_fp2_add(&twice.c[i], &a->c[i], &a->c[i]);
		bls12_fp2_mul_residue(&shifted.c[i], &a->c[i]);
	}
	for (int k = 0; k < 6; k++) {
		struct bls12_fp2_sum sum;
		bls12_fp2_sum_begin(&sum);
		for (int i = 0; i < 6; i++) {
			int j = (6 + k - i) % 6;
			if (i <= j)
				bls12_fp2_sum_add(&sum, i == j ? &a->c[i] : &twice.c[i], i + j == k ? &a->c[j] : &shifted.c[j]);
		}
		bls12_fp2_sum_reduce(&product.c[k], &sum);
	}
	*result = product;
}

/*
 * Granger and Scott (2010): (A + Bw + Cw^2)^2 = (3A^2 - 2A') + (3w^3 C^2 + 2B')w + (3B^2 - 2C')w^2 for A, B, C in F_p^4 = F_p^2[w^3] and
 * their conjugates.
 */
void bls12_fp12_square_cyclotomic(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	struct bls12_fp12 product;
	for (int i = 0; i < 3; i++) {
		const struct bls12_fp2 *x = &a->c[i], *y = &a->c[i + 3];
		struct bls12_fp2 real, imaginary, shifted;
		struct bls12_fp2_sum sum;
		bls12_fp2_mul_residue(&shifted, y);
		bls12_fp2_sum_begin(&sum);
		bls12_fp2_sum_add(&sum, x, x);
		bls12_fp2_sum_add(&sum, y, &shifted);
		bls12_fp2_sum_reduce(&real, &sum);
		bls12_fp2_mul(&imaginary, x, y);
		bls12_fp2_add(&imaginary, &imaginary, &imaginary);
		if (i == 2) {
			shifted = real;
			bls12_fp2_mul_residue(&real, &imaginary);
			imaginary = shifted;
		}
		int to = 2 * i % 3;
		bls12_fp2_add(&product.c[to], &real, &real);
		bls12_fp2_add(&product.c[to], &product.c[to], &real);
		bls12_fp2_add(&product.c[to + 3], &imaginary, &imaginary);
		bls12_fp2_add(&product.c[to + 3], &product.c[to + 3], &imaginary);
	}
	for (int i = 0; i < 6; i++) {
		struct bls12_fp2 twice;
		bls12_fp2_add(&twice, &a->c[i], &a->c[i]);
		/* A conjugate has the opposite coefficient of w^3. */
		if (i % 2 == 1)
			bls12_fp2_add(&result->c[i], &product.c[i], &twice);
		else
			bls12_fp2_sub(&result->c[i], &product.c[i], &twice);
	}
}

void bls12_fp12_mul_line(struct bls12_fp12 *result, const struct bls12_fp2 *c0, const struct bls12_fp2 *c2, const struct bls12_fp2 *c3)
{
	const struct bls12_fp2 *line[3] = {c0, c2, c3};
	static const int powers[3] = {0, 2, 3};
	struct bls12_fp2 shifted[3];
	struct bls12_fp12 product;
	for (int i = 0; i < 3; i++)
		bls12_fp2_mul_residue(&shifted[i], line[i]);
	for (int k = 0; k < 6; k++) {
		struct bls12_fp2_sum sum;
		bls12_fp2_sum_begin(&sum);
		for (int i = 0; i < 3; i++) {
			int from = k - powers[i];
			bls12_fp2_sum_add(&sum, from >= 0 ? line[i] : &shifted[i], &result->c[from >= 0 ? from : from + 6]);
		}
		bls12_fp2_sum_reduce(&product.c[k], &sum);
	}
	*result = product;
}

void bls12_fp12_conjugate(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	for (int i = 0; i < 6; i++) {
		if (i % 2 == 0)
			result->c[i] = a->c[i];
		else
			bls12_fp2_negate(&result->c[i], &a->c[i]);
	}
}

void bls12_fp12_frobenius(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	for (int i = 0; i < 6; i++) {
		bls12_fp2_conjugate(&result->c[i], &a->c[i]);
		if (i > 0)
			bls12_fp2_mul(&result->c[i], &result->c[i], &frobenius[i - 1]);
	}
}

/* The product of all conjugates over F_p^2 is the norm to F_p^2; all but the first over the norm are the inverse. */
void bls12_fp12_inverse(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	struct bls12_fp12 others, image, norm;
	struct bls12_fp2 factor;
	bls12_fp12_conjugate(&others, a);
	bls12_fp12_mul(&image, a, &others);
	for (int i = 0; i < 2; i++) {
		bls12_fp12_frobenius(&image, &image);
		bls12_fp12_frobenius(&image, &image);
		bls12_fp12_mul(&others, &others, &image);
	}
	bls12_fp12_mul(&norm, a, &others);
	bls12_fp2_inverse(&factor, &norm.c[0]);
	for (int i = 0; i < 6; i++)
		bls12_fp2_mul(&result->c[i], &others.c[i], &factor);
}
