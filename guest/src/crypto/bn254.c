#include "crypto/bn254.h"

#include "crypto/modular.h"

static const struct curve g1 = {
	.prime = {{0xd87cfd47, 0x3c208c16, 0x6871ca8d, 0x97816a91, 0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}},
	.a = {{0, 0, 0, 0, 0, 0, 0, 0}},
	.b = {{3, 0, 0, 0, 0, 0, 0, 0}},
};

bool bn254_is_valid(const struct bn254_point *point)
{
	return curve_is_infinity(point) || curve_contains(&g1, point);
}

void bn254_add(struct bn254_point *a, const struct bn254_point *b)
{
	curve_add(&g1, a, b);
}

void bn254_multiply(struct bn254_point *point, const struct u256 *scalar)
{
	curve_multiply(&g1, point, scalar);
}
