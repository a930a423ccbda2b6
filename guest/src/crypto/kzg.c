#include "crypto/kzg.h"

#include "crypto/bls12_pairing.h"

const struct u256 kzg_order = {{0x00000001, 0xffffffff, 0xfffe5bfe, 0x53bda402, 0x09a1d805, 0x3339d808, 0x299d7d48, 0x73eda753}};

/* Plain numbers. */
struct coordinates {
	struct bls12_fp2 x, y;
};

static const struct coordinates g1_generator = {
	.x.c0 = {{{0xdb22c6bb, 0xfb3af00a, 0xf97a1aef, 0x6c55e83f, 0x171bac58, 0xa14e3a3f, 0x9774b905, 0xc3688c4f, 0x4fa9ac0f,
	            0x2695638c, 0x3197d794, 0x17f1d3a7}}},
	.y.c0 = {{{0x46c5e7e1, 0x0caa2329, 0xa2888ae4, 0xd03cc744, 0x2c04b3ed, 0x00db18cb, 0xd5d00af6, 0xfcf5e095, 0x741d8ae4,
	            0xa09e30ed, 0xe3aaa0f1, 0x08b3f481}}},
};
static const struct coordinates g2_generator = {
	.x = {{{{0xc121bdb8, 0xd48056c8, 0xa805bbef, 0x0bac0326, 0x7ae3d177, 0xb4510b64, 0xfa403b02, 0xc6e47ad4, 0x2dc51051,
	         0x26080527, 0xf08f0a91, 0x024aa2b2}}},
	      {{{0x5d042b7e, 0xe5ac7d05, 0x13945d57, 0x334cf112, 0xdc7f5049, 0xb5da61bb, 0x9920b61a, 0x596bd0d0, 0x88274f65,
	         0x7dacd3a0, 0x52719f60, 0x13e02b60}}}},
	.y = {{{{0x08b82801, 0xe1935486, 0x3baca289, 0x923ac9cc, 0x5160d12c, 0x6d429a69, 0x8cbdd3a7, 0xadfd9baa, 0xda2e351a,
	         0x8cc9cdc6, 0x727d6e11, 0x0ce5d527}}},
	      {{{0xf05f79be, 0xaaa9075f, 0x5cec1da1, 0x3f370d27, 0x572e99ab, 0x267492ab, 0x85a763af, 0xcb3e287e, 0x2bc28b99,
	         0x32acd2b0, 0x2ea734cc, 0x0606c4a0}}}},
};
/*
 * The generator of G2 times the secret of Ethereum's ceremony: the second of `g2_monomial` in the consensus specifications'
 * presets/mainnet/trusted_setups/trusted_setup_4096.json, which has it compressed as b5bfd7dd8cdeb128 … edada20c1def2.
 */
static const struct coordinates g2_secret = {
	.x = {{{{0x20c1def2, 0xc98edada, 0x621000ed, 0x087041de, 0x7ba4c60b, 0xa3685147, 0xcceceac9, 0x3926c911, 0xb38608e2,
	         0x734429b7, 0x53492714, 0x185cbfee}}},
	      {{{0xf3499f72, 0xafaaab24, 0x0cb452d2, 0x2914e587, 0x615ac53d, 0x1009a2ce, 0xcbfbefa8, 0x26187075, 0x230af389,
	         0x843bc287, 0x8cdeb128, 0x15bfd7dd}}}},
	.y = {{{{0xbb832a99, 0xee689bfb, 0x5941f383, 0x4ce26d10, 0x96a9c979, 0xe82451a4, 0x0e28de18, 0x13156949, 0x99d1fca2,
	         0xd7d5ee85, 0xb96b626d, 0x014353bd}}},
	      {{{0x0d0a154f, 0x23048ef3, 0x3d7ac9cd, 0x9495346f, 0x9bfa0789, 0xda5ed1ba, 0xfc63671f, 0xef79de09, 0xe0181b4b,
	         0x03432fca, 0x0a325295, 0x1666c54b}}}},
};

static void enter(struct coordinates *result, const struct coordinates *plain)
{
	bls12_fp_enter(&result->x.c0, &plain->x.c0);
	bls12_fp_enter(&result->x.c1, &plain->x.c1);
	bls12_fp_enter(&result->y.c0, &plain->y.c0);
	bls12_fp_enter(&result->y.c1, &plain->y.c1);
}

/* The coordinate x, in whose first bits are flags: compressed, infinity, and whether y is the larger of both roots. */
static bool read_point(const uint8_t bytes[kzg_commitment_bytes], struct bls12_point *point)
{
	enum { compressed = 0x80, infinity = 0x40, larger = 0x20 };
	struct bls12_fp2 x = {.c0 = bls12_fp_zero}, y = x;
	uint8_t number[kzg_commitment_bytes];
	uint8_t flags = bytes[0] & (compressed | infinity | larger);
	memcpy(number, bytes, sizeof number);
	number[0] ^= flags;
	if (!bls12_fp_from_bytes(&x.c0, number))
		return false;
	if (flags == (compressed | infinity)) {
		bls12_point_set_infinity(point);
		return bls12_fp_is_zero(&x.c0);
	}
	if (flags != compressed && flags != (compressed | larger))
		return false;
	bls12_square_of_y(BLS12_G1, &y, &x);
	if (!bls12_fp_sqrt(&y.c0, &y.c0))
		return false;
	if (bls12_fp_is_larger_half(&y.c0) != (flags == (compressed | larger)))
		bls12_fp_negate(&y.c0, &y.c0);
	bls12_point_set(point, &x, &y);
	return bls12_is_in_subgroup(BLS12_G1, point);
}

/* Adds the pair unless the point is infinity, which pairs to one. */
static void add_pair(struct bls12_pair *pairs, size_t *count, const struct bls12_point *p, const struct coordinates *q)
{
	struct bls12_fp2 x, y;
	struct coordinates entered;
	if (bls12_point_is_infinity(BLS12_G1, p))
		return;
	bls12_point_to_affine(BLS12_G1, p, &x, &y);
	enter(&entered, q);
	pairs[(*count)++] = (struct bls12_pair){.p = {x.c0, y.c0}, .q = {entered.x, entered.y}};
}

/*
 * With s for the secret, C for the commitment and Q for the proof, (s - z) Q = C - y G is asked for: whether
 * e(y G - C - z Q, G2) e(Q, s G2) is one, with no multiplication in G2.
 */
bool kzg_verify(bool *holds, const uint8_t commitment[kzg_commitment_bytes], const struct u256 *z, const struct u256 *y,
                const uint8_t proof[kzg_commitment_bytes], struct arena *scratch)
{
	struct bls12_point committed, quotient, sum;
	struct bls12_term terms[2];
	*holds = false;
	if (!u256_less(z, &kzg_order) || !u256_less(y, &kzg_order) || !read_point(commitment, &committed) || !read_point(proof, &quotient))
		return true;

	struct coordinates generator;
	enter(&generator, &g1_generator);
	bls12_point_set(&terms[0].point, &generator.x, &generator.y);
	terms[0].scalar = *y;
	terms[1].point = quotient;
	bls12_point_negate(BLS12_G1, &terms[1].point);
	terms[1].scalar = *z;
	if (!bls12_combine(BLS12_G1, &sum, terms, 2, scratch))
		return false;
	bls12_point_negate(BLS12_G1, &committed);
	bls12_point_add(BLS12_G1, &sum, &sum, &committed);

	struct bls12_pair pairs[2];
	size_t count = 0;
	add_pair(pairs, &count, &sum, &g2_generator);
	add_pair(pairs, &count, &quotient, &g2_secret);
	*holds = bls12_pairing_is_one(pairs, count);
	return true;
}
