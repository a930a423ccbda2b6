#include "crypto/p256.h"

#include "crypto/curve.h"
#include "crypto/modular.h"

/* FIPS 186-4, D.1.2.3; a = -3. */
static const struct curve p256 = {
	.prime = {{0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001, 0xffffffff}},
	.a = {{0xfffffffc, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001, 0xffffffff}},
	.b = {{0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8}},
};
static const struct u256 order = {{0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad, 0xffffffff, 0xffffffff, 0x00000000, 0xffffffff}};
static const struct curve_point generator = {
	{{0xd898c296, 0xf4a13945, 0x2deb33a0, 0x77037d81, 0x63a440f2, 0xf8bce6e5, 0xe12c4247, 0x6b17d1f2}},
	{{0x37bf51f5, 0xcbb64068, 0x6b315ece, 0x2bce3357, 0x7c0f9e16, 0x8ee7eb4a, 0xfe1a7f9b, 0x4fe342e2}},
};

static bool is_scalar(const struct u256 *a)
{
	return !u256_is_zero(a) && u256_less(a, &order);
}

bool p256_verify(const struct u256 *hash, const struct u256 *r, const struct u256 *s, const struct u256 *x, const struct u256 *y)
{
	struct curve_point key = {*x, *y};
	struct curve_point point;
	struct u256 inverse, a, b;
	if (!is_scalar(r) || !is_scalar(s) || !curve_contains(&p256, &key))
		return false;
	mod_inverse(&inverse, s, &order);
	mod_mul(&a, hash, &inverse, &order);
	mod_mul(&b, r, &inverse, &order);
	curve_combine(&p256, &point, &a, &generator, &b, &key);
	if (curve_is_infinity(&point))
		return false;
	u256_mod(&point.x, &point.x, &order);
	return u256_equal(&point.x, r);
}
