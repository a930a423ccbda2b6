#include "crypto/bn254.h"
#include "crypto/p256.h"
#include "evm/precompile_list.h"

static enum precompile_answer give_point(struct precompile_call *call, const struct bn254_point *point)
{
	uint8_t *output = precompile_output(call, 64);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	u256_to_bytes(&point->x, output);
	u256_to_bytes(&point->y, output + 32);
	return PRECOMPILE_DONE;
}

static bool take_point(const struct precompile_call *call, size_t offset, struct bn254_point *point)
{
	precompile_word(call, offset, &point->x);
	precompile_word(call, offset + 32, &point->y);
	return bn254_is_valid(point);
}

/* EIP-196 with the prices of EIP-1108. */
enum precompile_answer precompile_bn254_add(struct precompile_call *call)
{
	struct bn254_point a, b;
	if (!precompile_charge(call, 150) || !take_point(call, 0, &a) || !take_point(call, 64, &b))
		return PRECOMPILE_FAILED;
	bn254_add(&a, &b);
	return give_point(call, &a);
}

enum precompile_answer precompile_bn254_mul(struct precompile_call *call)
{
	struct bn254_point point;
	struct u256 scalar;
	if (!precompile_charge(call, 6000) || !take_point(call, 0, &point))
		return PRECOMPILE_FAILED;
	precompile_word(call, 64, &scalar);
	bn254_multiply(&point, &scalar);
	return give_point(call, &point);
}

/* EIP-197: pairs of a point of G1 and one of G2, whose coordinates have their imaginary part first. */
enum precompile_answer precompile_bn254_pairing(struct precompile_call *call)
{
	enum { pair_size = 192 };
	size_t count = call->input.length / pair_size;
	if (call->input.length % pair_size != 0 || !precompile_charge(call, 45000 + 34000 * (uint64_t)count))
		return PRECOMPILE_FAILED;
	uint8_t *output = precompile_output(call, 32);
	struct bn254_pair *pairs = arena_take_array(call->scratch, count, sizeof *pairs);
	if (output == NULL || pairs == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct bn254_twist_point *q = &pairs[i].q;
		if (!take_point(call, pair_size * i, &pairs[i].p))
			return PRECOMPILE_FAILED;
		precompile_word(call, pair_size * i + 64, &q->x.c1);
		precompile_word(call, pair_size * i + 96, &q->x.c0);
		precompile_word(call, pair_size * i + 128, &q->y.c1);
		precompile_word(call, pair_size * i + 160, &q->y.c0);
		if (!bn254_twist_is_valid(q))
			return PRECOMPILE_FAILED;
	}
	memset(output, 0, 32);
	output[31] = bn254_pairing_is_one(pairs, count);
	return PRECOMPILE_DONE;
}

/* EIP-7951: hash, r, s, x, y; 1 in 32 bytes, or nothing. */
enum precompile_answer precompile_p256_verify(struct precompile_call *call)
{
	struct u256 words[5];
	if (!precompile_charge(call, 6900))
		return PRECOMPILE_FAILED;
	if (call->input.length != sizeof words)
		return PRECOMPILE_DONE;
	for (size_t i = 0; i < 5; i++)
		precompile_word(call, 32 * i, &words[i]);
	if (!p256_verify(&words[0], &words[1], &words[2], &words[3], &words[4]))
		return PRECOMPILE_DONE;
	uint8_t *output = precompile_output(call, 32);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	memset(output, 0, 32);
	output[31] = 1;
	return PRECOMPILE_DONE;
}
