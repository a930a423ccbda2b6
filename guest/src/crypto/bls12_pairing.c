#include "crypto/bls12_pairing.h"

#include "crypto/bls12_tower.h"

/*
 * The ate pairing. A point (x, y) of the twist is (x / w^2, y / w^3) on the curve over F_p^12, so a line whose slope on the twist is
 * n / d has at P, times d w^3, the value (n x - d y) - n x_P w^2 + d y_P w^3. Factors such as d and w^3 vanish in the final
 * exponentiation.
 */

/* |z|, z being the parameter of the curves. */
static const uint64_t parameter = 0xd201000000010000;

static void multiply_line(struct bls12_fp12 *f, const struct bls12_pair *pair, const struct bls12_fp2 *constant, struct bls12_fp2 *n,
                          struct bls12_fp2 *d)
{
	bls12_fp2_scale(n, n, &pair->p.x);
	bls12_fp2_negate(n, n);
	bls12_fp2_scale(d, d, &pair->p.y);
	bls12_fp12_mul_line(f, constant, n, d);
}

/* The tangent has n / d = 3 X^2 / 2 Y Z; by the equation of the curve, n x - d y is Y^2 - 3 b Z^2, where b = 4 (1 + i). */
static void double_step(struct bls12_fp12 *f, struct bls12_pair *pair)
{
	struct bls12_point *running = &pair->running;
	struct bls12_fp2 constant, n, d, zz, twelve;
	bls12_fp2_square(&constant, &running->y);
	bls12_fp2_square(&zz, &running->z);
	bls12_fp2_add(&zz, &zz, &zz);
	bls12_fp2_add(&zz, &zz, &zz);
	bls12_fp2_add(&twelve, &zz, &zz);
	bls12_fp2_add(&twelve, &twelve, &zz);
	bls12_fp2_mul_residue(&twelve, &twelve);
	bls12_fp2_sub(&constant, &constant, &twelve);
	bls12_fp2_square(&n, &running->x);
	bls12_fp2_add(&d, &n, &n);
	bls12_fp2_add(&n, &n, &d);
	bls12_fp2_mul(&d, &running->y, &running->z);
	bls12_fp2_add(&d, &d, &d);
	multiply_line(f, pair, &constant, &n, &d);
	bls12_point_double(BLS12_G2, running, running);
}

/* The chord through Q has n / d = (Y - y_Q Z) / (X - x_Q Z). */
static void add_step(struct bls12_fp12 *f, struct bls12_pair *pair)
{
	struct bls12_point *running = &pair->running;
	struct bls12_fp2 constant, n, d, other;
	struct bls12_point q;
	bls12_fp2_mul(&n, &pair->q.y, &running->z);
	bls12_fp2_sub(&n, &running->y, &n);
	bls12_fp2_mul(&d, &pair->q.x, &running->z);
	bls12_fp2_sub(&d, &running->x, &d);
	bls12_fp2_mul(&constant, &n, &pair->q.x);
	bls12_fp2_mul(&other, &d, &pair->q.y);
	bls12_fp2_sub(&constant, &constant, &other);
	multiply_line(f, pair, &constant, &n, &d);
	bls12_point_set(&q, &pair->q.x, &pair->q.y);
	bls12_point_add(BLS12_G2, running, running, &q);
}

/*
 * The running point is a multiple of Q by 2 … |z|, which is far below the order: no step meets an exception. z is negative, so the
 * pairing is the conjugate of this, which makes no difference to being one.
 */
static void miller_loop(struct bls12_fp12 *f, struct bls12_pair *pairs, size_t count)
{
	bls12_fp12_one(f);
	for (size_t i = 0; i < count; i++)
		bls12_point_set(&pairs[i].running, &pairs[i].q.x, &pairs[i].q.y);
	for (int bit = 62; bit >= 0; bit--) {
		bls12_fp12_square(f, f);
		for (size_t i = 0; i < count; i++) {
			double_step(f, &pairs[i]);
			if (parameter >> bit & 1)
				add_step(f, &pairs[i]);
		}
	}
}

/* a^z for an element of norm one. */
static void power_z(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	struct bls12_fp12 value = *a;
	for (int bit = 62; bit >= 0; bit--) {
		bls12_fp12_square_cyclotomic(&value, &value);
		if (parameter >> bit & 1)
			bls12_fp12_mul(&value, &value, a);
	}
	bls12_fp12_conjugate(result, &value);
}

/* a^(z - 1) */
static void power_z_minus_one(struct bls12_fp12 *result, const struct bls12_fp12 *a)
{
	struct bls12_fp12 inverse;
	bls12_fp12_conjugate(&inverse, a);
	power_z(result, a);
	bls12_fp12_mul(result, result, &inverse);
}

/*
 * The 3 (p^12 - 1) / r-th power: first to (p^6 - 1)(p^2 + 1), then to (z - 1)^2 (z + p)(z^2 + p^2 - 1) + 3 (Hayashida, Hayasaka and
 * Teruya 2020). The 3 has no part in r.
 */
static void final_exponentiation(struct bls12_fp12 *f)
{
	struct bls12_fp12 inverse, image, power, base;
	bls12_fp12_inverse(&inverse, f);
	bls12_fp12_conjugate(f, f);
	bls12_fp12_mul(f, f, &inverse);
	bls12_fp12_frobenius(&image, f);
	bls12_fp12_frobenius(&image, &image);
	bls12_fp12_mul(f, f, &image);

	power_z_minus_one(&base, f);
	power_z_minus_one(&base, &base);
	power_z(&power, &base);
	bls12_fp12_frobenius(&image, &base);
	bls12_fp12_mul(&base, &power, &image);
	power_z(&power, &base);
	power_z(&power, &power);
	bls12_fp12_frobenius(&image, &base);
	bls12_fp12_frobenius(&image, &image);
	bls12_fp12_mul(&power, &power, &image);
	bls12_fp12_conjugate(&base, &base);
	bls12_fp12_mul(&power, &power, &base);

	bls12_fp12_square_cyclotomic(&image, f);
	bls12_fp12_mul(f, f, &image);
	bls12_fp12_mul(f, f, &power);
}

bool bls12_pairing_is_one(struct bls12_pair *pairs, size_t count)
{
	struct bls12_fp12 f;
	if (count == 0)
		return true;
	miller_loop(&f, pairs, count);
	final_exponentiation(&f);
	return bls12_fp12_is_one(&f);
}
