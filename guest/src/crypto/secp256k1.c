#include "crypto/secp256k1.h"

#include "crypto/keccak.h"
#include "crypto/modular.h"
#include "crypto/secp256k1_generator.h"
#include "crypto/secp256k1_scalar.h"
#include "crypto/syscall.h"

const struct u256 secp256k1_order = {{0xd0364141, 0xbfd25e8c, 0xaf48a03b, 0xbaaedce6, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff}};
const struct u256 secp256k1_half_order = {{0x681b20a0, 0xdfe92f46, 0x57a4501d, 0x5d576e73, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff}};
static const struct u256 prime = {{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}};
/* A cube root of one: beta * x belongs to lambda * (x, y). */
static const struct u256 beta = {{0x719501ee, 0xc1396c28, 0x12f58995, 0x9cf04975, 0xac3434e9, 0x6e64479e, 0x657c0710, 0x7ae96a2b}};

enum { width = 4, odd_multiples = 1 << (width - 2) };

/* The point with this x and y of this parity; false where x is on no point. */
static bool lift(struct secp256k1_point *point, const struct u256 *x, unsigned y_parity)
{
	struct u256 square;
	struct u256 seven = u256_from_u64(7);
	syscall_mul_mod(&square, x, x, &prime);
	syscall_mul_mod(&square, &square, x, &prime);
	mod_add(&square, &square, &seven, &prime);
	if (!mod_square_root(&point->y, &square, &prime))
		return false;
	if ((point->y.limb[0] & 1) != y_parity)
		mod_negate(&point->y, &point->y, &prime);
	point->x = *x;
	return true;
}

/* A sum that may be infinity. */
struct sum {
	struct secp256k1_point point;
	bool is_infinity;
};

/* Whoever signs may steer to any of these cases. */
static void add(struct sum *sum, const struct secp256k1_point *point)
{
	if (sum->is_infinity) {
		*sum = (struct sum){.point = *point};
	} else if (sum->point.x.limb[0] != point->x.limb[0] || !u256_equal(&sum->point.x, &point->x)) {
		syscall_secp256k1_add(&sum->point, point);
	} else if (u256_equal(&sum->point.y, &point->y)) {
		syscall_secp256k1_double(&sum->point);
	} else {
		sum->is_infinity = true;
	}
}

/* Odd multiples of a point, then their negatives. */
struct multiples {
	struct secp256k1_point of_point[2 * odd_multiples];
	struct secp256k1_point of_lambda[2 * odd_multiples];
};

/* Odd multiples of a point are never equal or opposite to its double: the order is a large prime. */
static void fill(struct multiples *multiples, const struct secp256k1_point *point)
{
	struct secp256k1_point next = *point;
	struct secp256k1_point twice = *point;
	syscall_secp256k1_double(&twice);
	for (int i = 0; i < odd_multiples; i++) {
		if (i > 0)
			syscall_secp256k1_add(&next, &twice);
		struct u256 beta_x, minus_y;
		syscall_mul_mod(&beta_x, &next.x, &beta, &prime);
		/* No point has y = 0. */
		u256_sub(&minus_y, &prime, &next.y);
		multiples->of_point[i] = next;
		multiples->of_point[i + odd_multiples].x = next.x;
		multiples->of_point[i + odd_multiples].y = minus_y;
		multiples->of_lambda[i].x = beta_x;
		multiples->of_lambda[i].y = next.y;
		multiples->of_lambda[i + odd_multiples].x = beta_x;
		multiples->of_lambda[i + odd_multiples].y = minus_y;
	}
}

/* A scalar of the generator needs no hint: its upper half goes with the multiples of 2^128 times the generator. */
static void put_halves(uint8_t *lanes, const struct u256 *a)
{
	struct u256 low = {{a->limb[0], a->limb[1], a->limb[2], a->limb[3], 0, 0, 0, 0}};
	struct u256 high = {{a->limb[4], a->limb[5], a->limb[6], a->limb[7], 0, 0, 0, 0}};
	secp256k1_put_digits(lanes, &low, false, secp256k1_generator_width);
	secp256k1_put_digits(lanes + 1, &high, false, secp256k1_generator_width);
}

/* a * generator + b * point. */
static void combine(struct sum *sum, const struct u256 *a, const struct u256 *b, const struct secp256k1_point *point)
{
	struct multiples multiples;
	struct secp256k1_split split;
	uint32_t digits[secp256k1_digits] = {0};
	uint8_t *lanes = (uint8_t *)digits;
	const struct secp256k1_point *const tables[secp256k1_lanes] = {secp256k1_generator, secp256k1_generator_high, multiples.of_point,
	                                                               multiples.of_lambda};
	fill(&multiples, point);
	put_halves(lanes, a);
	secp256k1_split_scalar(&split, b);
	secp256k1_put_digits(lanes + 2, &split.k1, split.k1_negative, width);
	secp256k1_put_digits(lanes + 3, &split.k2, split.k2_negative, width);

	sum->is_infinity = true;
	for (int i = secp256k1_digits - 1; i >= 0; i--) {
		if (!sum->is_infinity)
			syscall_secp256k1_double(&sum->point);
		if (digits[i] == 0)
			continue;
		for (int lane = 0; lane < secp256k1_lanes; lane++) {
			uint8_t digit = lanes[secp256k1_lanes * i + lane];
			if (digit != 0)
				add(sum, tables[lane] + digit - 1);
		}
	}
}

static bool is_scalar(const struct u256 *a)
{
	return !u256_is_zero(a) && u256_less(a, &secp256k1_order);
}

bool secp256k1_recover(struct address *signer, const struct bytes32 *hash, unsigned y_parity, const struct u256 *r, const struct u256 *s)
{
	struct secp256k1_point point;
	struct u256 message, inverse_r, a, b;
	struct sum key;
	if (!is_scalar(r) || !is_scalar(s) || y_parity > 1 || !lift(&point, r, y_parity))
		return false;
	u256_from_bytes(&message, hash->bytes);
	mod_inverse(&inverse_r, r, &secp256k1_order);
	syscall_mul_mod(&a, &message, &inverse_r, &secp256k1_order);
	mod_negate(&a, &a, &secp256k1_order);
	syscall_mul_mod(&b, s, &inverse_r, &secp256k1_order);
	combine(&key, &a, &b, &point);
	if (key.is_infinity)
		return false;

	uint8_t encoded[64];
	uint8_t digest[32];
	u256_to_bytes(&key.point.x, encoded);
	u256_to_bytes(&key.point.y, encoded + 32);
	keccak256(encoded, sizeof encoded, digest);
	memcpy(signer->bytes, digest + 12, sizeof signer->bytes);
	return true;
}
