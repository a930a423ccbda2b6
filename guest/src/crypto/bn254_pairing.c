#include "crypto/bn254.h"
#include "crypto/modular.h"

/* 3 / (9 + i) */
static const struct fp2 twist_b = {
	{{0x24a138e5, 0x3267e6dc, 0x59dbefa3, 0xb5b4c5e5, 0x1be06ac3, 0x81be1899, 0xceb8aaae, 0x2b149d40}},
	{{0x85c315d2, 0xe4a2bd06, 0xe52d1852, 0xa74fa084, 0xeed8fdf4, 0xcd2cafad, 0x3af0fed4, 0x009713b0}},
};
/* The curve's parameter u, and 6u^2, which is the trace of Frobenius less one. */
static const uint64_t u = 0x44e992b44a6909f1;
static const struct u256 six_u_squared = {{0xe87cfd46, 0xf83e9682, 0xeeb859fb, 0x6f4d8248, 0, 0, 0, 0}};
/* 6u + 2 and three times that, whose bits give the digits -1, 0, 1 of the former. */
static const struct u256 loop = {{0xbe763ba8, 0x9d797039, 0x00000001, 0, 0, 0, 0, 0}};
static const struct u256 loop_three = {{0x3b62b2f8, 0xd86c50ad, 0x00000004, 0, 0, 0, 0, 0}};
enum { loop_top = 65 };

static bool is_infinity(const struct bn254_twist_point *point)
{
	return fp2_is_zero(&point->x) && fp2_is_zero(&point->y);
}

static int bit_of(const struct u256 *a, int bit)
{
	return (int)(a->limb[bit / 32] >> (bit % 32) & 1);
}

/* The slope of the tangent at a, or of the line through a and b, whose x coordinates differ. */
static void tangent_slope(struct fp2 *slope, const struct bn254_twist_point *a)
{
	struct fp2 square, run;
	fp2_mul(&square, &a->x, &a->x);
	fp2_add(slope, &square, &square);
	fp2_add(slope, slope, &square);
	fp2_add(&run, &a->y, &a->y);
	fp2_inverse(&run, &run);
	fp2_mul(slope, slope, &run);
}

static void chord_slope(struct fp2 *slope, const struct bn254_twist_point *a, const struct bn254_twist_point *b)
{
	struct fp2 run;
	fp2_sub(&run, &b->x, &a->x);
	fp2_inverse(&run, &run);
	fp2_sub(slope, &b->y, &a->y);
	fp2_mul(slope, slope, &run);
}

/* Moves `a` to the mirrored third point of the line with this slope through it and a point with the coordinate `x`. */
static void follow(struct bn254_twist_point *a, const struct fp2 *x, const struct fp2 *slope)
{
	struct fp2 third;
	fp2_mul(&third, slope, slope);
	fp2_sub(&third, &third, &a->x);
	fp2_sub(&third, &third, x);
	fp2_sub(&a->x, &a->x, &third);
	fp2_mul(&a->x, &a->x, slope);
	fp2_sub(&a->y, &a->x, &a->y);
	a->x = third;
}

/* a += b for points of the large subgroup or of any other of the twist: all cases. */
static void twist_add(struct bn254_twist_point *a, const struct bn254_twist_point *b)
{
	struct fp2 slope;
	struct fp2 x = b->x;
	if (is_infinity(b))
		return;
	if (is_infinity(a)) {
		*a = *b;
		return;
	}
	if (!fp2_equal(&a->x, &b->x)) {
		chord_slope(&slope, a, b);
	} else if (fp2_equal(&a->y, &b->y) && !fp2_is_zero(&a->y)) {
		tangent_slope(&slope, a);
	} else {
		*a = (struct bn254_twist_point){0};
		return;
	}
	follow(a, &x, &slope);
}

/* The p-th power of the untwisted point, twisted again. */
static void twist_frobenius(struct bn254_twist_point *result, const struct bn254_twist_point *point)
{
	fp2_conjugate(&result->x, &point->x);
	fp2_mul(&result->x, &result->x, &bn254_frobenius[1]);
	fp2_conjugate(&result->y, &point->y);
	fp2_mul(&result->y, &result->y, &bn254_frobenius[2]);
}

/*
 * With psi for Frobenius, t its trace and psi^2 - t psi + p = 0: psi(Q) = (t - 1) Q gives (p + 1 - t) Q = 0, so that the order of Q
 * divides that of the curve, which is prime. The points of the right subgroup satisfy it.
 */
static bool has_right_order(const struct bn254_twist_point *point)
{
	struct bn254_twist_point multiple = *point, image;
	for (int bit = (int)u256_bit_length(&six_u_squared) - 2; bit >= 0; bit--) {
		struct bn254_twist_point same = multiple;
		twist_add(&multiple, &same);
		if (bit_of(&six_u_squared, bit))
			twist_add(&multiple, point);
	}
	twist_frobenius(&image, point);
	return fp2_equal(&image.x, &multiple.x) && fp2_equal(&image.y, &multiple.y);
}

static bool is_reduced(const struct fp2 *a)
{
	return u256_less(&a->c0, &bn254_prime) && u256_less(&a->c1, &bn254_prime);
}

bool bn254_twist_is_valid(const struct bn254_twist_point *point)
{
	struct fp2 left, right;
	if (!is_reduced(&point->x) || !is_reduced(&point->y))
		return false;
	if (is_infinity(point))
		return true;
	fp2_mul(&left, &point->y, &point->y);
	fp2_mul(&right, &point->x, &point->x);
	fp2_mul(&right, &right, &point->x);
	fp2_add(&right, &right, &twist_b);
	return fp2_equal(&left, &right) && has_right_order(point);
}

/*
 * Multiplies f by the line at P, and moves the running point along it. A point (x, y) of the twist is (x w^2, y w^3) on the curve, so
 * the line of slope s through (x, y) has at P the value y_P - s x_P w + (s x - y) w^3.
 */
static void apply_line(struct fp12 *f, struct bn254_pair *pair, const struct fp2 *slope, const struct fp2 *other_x)
{
	struct fp2 a = {pair->p.y, u256_zero};
	struct fp2 b, c;
	fp2_scale(&b, slope, &pair->p.x);
	fp2_negate(&b, &b);
	fp2_mul(&c, slope, &pair->running.x);
	fp2_sub(&c, &c, &pair->running.y);
	fp12_mul_line(f, &a, &b, &c);
	follow(&pair->running, other_x, slope);
}

static void double_step(struct fp12 *f, struct bn254_pair *pair)
{
	struct fp2 slope;
	struct fp2 x = pair->running.x;
	tangent_slope(&slope, &pair->running);
	apply_line(f, pair, &slope, &x);
}

static void add_step(struct fp12 *f, struct bn254_pair *pair, const struct bn254_twist_point *point)
{
	struct fp2 slope;
	chord_slope(&slope, &pair->running, point);
	apply_line(f, pair, &slope, &point->x);
}

static bool takes_part(const struct bn254_pair *pair)
{
	return !curve_is_infinity(&pair->p) && !is_infinity(&pair->q);
}

/* The lines through the images of Q under Frobenius and minus its square that end the optimal ate pairing (Vercauteren 2010). */
static void last_steps(struct fp12 *f, struct bn254_pair *pair)
{
	struct bn254_twist_point first, second;
	twist_frobenius(&first, &pair->q);
	twist_frobenius(&second, &first);
	fp2_negate(&second.y, &second.y);
	add_step(f, pair, &first);
	add_step(f, pair, &second);
}

static void miller_loop(struct fp12 *f, struct bn254_pair *pairs, size_t count)
{
	fp12_one(f);
	for (size_t i = 0; i < count; i++)
		pairs[i].running = pairs[i].q;
	for (int bit = loop_top; bit-- > 0;) {
		int digit = bit_of(&loop_three, bit + 1) - bit_of(&loop, bit + 1);
		fp12_square(f, f);
		for (size_t i = 0; i < count; i++) {
			if (!takes_part(&pairs[i]))
				continue;
			struct bn254_twist_point point = pairs[i].q;
			if (digit < 0)
				fp2_negate(&point.y, &point.y);
			double_step(f, &pairs[i]);
			if (digit != 0)
				add_step(f, &pairs[i], &point);
		}
	}
	for (size_t i = 0; i < count; i++)
		if (takes_part(&pairs[i]))
			last_steps(f, &pairs[i]);
}

static void power_u(struct fp12 *result, const struct fp12 *a)
{
	struct fp12 value = *a;
	for (int bit = 61; bit >= 0; bit--) {
		fp12_square(&value, &value);
		if (u >> bit & 1)
			fp12_mul(&value, &value, a);
	}
	*result = value;
}

/* The (p^12 - 1) / r-th power: first to (p^6 - 1)(p^2 + 1), then by the addition chain of Scott et al. (2009). */
static void final_exponentiation(struct fp12 *f)
{
	struct fp12 inverse, p1, p2, p3, u1, u2, u3, y, t0, t1;
	fp12_inverse(&inverse, f);
	fp12_conjugate(f, f);
	fp12_mul(f, f, &inverse);
	fp12_frobenius(&p1, f);
	fp12_frobenius(&p2, &p1);
	fp12_mul(f, f, &p2);

	fp12_frobenius(&p1, f);
	fp12_frobenius(&p2, &p1);
	fp12_frobenius(&p3, &p2);
	power_u(&u1, f);
	power_u(&u2, &u1);
	power_u(&u3, &u2);

	/* t0 = y6^2 y4 y5 with y6 = 1 / (u3 u3^p), y5 = 1 / u2, y4 = 1 / (u1 u2^p) */
	fp12_frobenius(&y, &u3);
	fp12_mul(&y, &y, &u3);
	fp12_square(&t0, &y);
	fp12_mul(&t0, &t0, &u2);
	fp12_frobenius(&y, &u2);
	fp12_mul(&t0, &t0, &y);
	fp12_mul(&t0, &t0, &u1);
	fp12_conjugate(&t0, &t0);
	/* t1 = y3 y5 t0 with y3 = 1 / u1^p */
	fp12_frobenius(&t1, &u1);
	fp12_mul(&t1, &t1, &u2);
	fp12_conjugate(&t1, &t1);
	fp12_mul(&t1, &t1, &t0);
	/* t0 y2 with y2 = u2^(p^2) */
	fp12_frobenius(&y, &y);
	fp12_mul(&t0, &t0, &y);
	fp12_square(&t1, &t1);
	fp12_mul(&t1, &t1, &t0);
	fp12_square(&t1, &t1);
	/* y1 = 1 / f, y0 = f^p f^(p^2) f^(p^3) */
	fp12_conjugate(&y, f);
	fp12_mul(&t0, &t1, &y);
	fp12_mul(&t1, &t1, &p1);
	fp12_mul(&t1, &t1, &p2);
	fp12_mul(&t1, &t1, &p3);
	fp12_square(&t0, &t0);
	fp12_mul(f, &t0, &t1);
}

bool bn254_pairing_is_one(struct bn254_pair *pairs, size_t count)
{
	struct fp12 f;
	miller_loop(&f, pairs, count);
	final_exponentiation(&f);
	return fp12_is_one(&f);
}
