#ifndef GUEST_EVM_PRECOMPILE_LIST_H
#define GUEST_EVM_PRECOMPILE_LIST_H

#include "evm/evm.h"

enum precompile_answer { PRECOMPILE_DONE, PRECOMPILE_FAILED, PRECOMPILE_OUT_OF_MEMORY };

struct precompile_call {
	enum fork fork;
	struct slice input;
	uint64_t gas; /* in: what there is; out: what is left */
	struct arena *scratch;
	struct slice output; /* empty at first */
};

typedef enum precompile_answer precompile(struct precompile_call *call);

precompile precompile_ecrecover, precompile_sha256, precompile_ripemd160, precompile_identity, precompile_modexp;
precompile precompile_bn254_add, precompile_bn254_mul, precompile_bn254_pairing, precompile_blake2f, precompile_point_evaluation;
precompile precompile_bls12_g1_add, precompile_bls12_g1_msm, precompile_bls12_g2_add, precompile_bls12_g2_msm, precompile_bls12_pairing;
precompile precompile_bls12_map_fp, precompile_bls12_map_fp2, precompile_p256_verify;

/* False where there is not so much gas. */
static inline bool precompile_charge(struct precompile_call *call, uint64_t amount)
{
	if (call->gas < amount)
		return false;
	call->gas -= amount;
	return true;
}

static inline uint64_t precompile_words(const struct precompile_call *call)
{
	return ((uint64_t)call->input.length + 31) / 32;
}

/* Bytes of the input from `offset` on; zero behind its end. */
static inline void precompile_input(const struct precompile_call *call, size_t offset, uint8_t *bytes, size_t length)
{
	size_t there = offset < call->input.length ? call->input.length - offset : 0;
	size_t copied = there < length ? there : length;
	if (copied > 0)
		memcpy(bytes, call->input.data + offset, copied);
	if (copied < length)
		memset(bytes + copied, 0, length - copied);
}

static inline void precompile_word(const struct precompile_call *call, size_t offset, struct u256 *word)
{
	struct bytes32 bytes;
	precompile_input(call, offset, bytes.bytes, sizeof bytes.bytes);
	u256_from_bytes(word, bytes.bytes);
}

/* Room for the output; null when there is none. */
static inline uint8_t *precompile_output(struct precompile_call *call, size_t length)
{
	uint8_t *bytes = arena_take(call->scratch, length);
	call->output = slice_of(bytes, length);
	return bytes;
}

#endif
