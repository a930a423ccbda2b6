#include "crypto/kzg.h"
#include "crypto/sha256.h"
#include "evm/precompile_list.h"

/* EIP-4844: versioned hash, z, y, commitment, proof; the number of a blob's field elements and the order of the field. */
enum precompile_answer precompile_point_evaluation(struct precompile_call *call)
{
	enum { commitment_at = 96, proof_at = commitment_at + kzg_commitment_bytes, input_size = proof_at + kzg_commitment_bytes };
	enum { version = 1, blob_elements = 4096 };
	uint8_t hash[32];
	struct u256 z, y;
	bool holds;
	if (!precompile_charge(call, 50000) || call->input.length != input_size)
		return PRECOMPILE_FAILED;
	const uint8_t *input = call->input.data;
	sha256(input + commitment_at, kzg_commitment_bytes, hash);
	hash[0] = version;
	if (!bytes_equal(hash, input, sizeof hash))
		return PRECOMPILE_FAILED;
	precompile_word(call, 32, &z);
	precompile_word(call, 64, &y);
	uint8_t *output = precompile_output(call, 64);
	if (output == NULL || !kzg_verify(&holds, input + commitment_at, &z, &y, input + proof_at, call->scratch))
		return PRECOMPILE_OUT_OF_MEMORY;
	if (!holds)
		return PRECOMPILE_FAILED;
	struct u256 elements = u256_from_u64(blob_elements);
	u256_to_bytes(&elements, output);
	u256_to_bytes(&kzg_order, output + 32);
	return PRECOMPILE_DONE;
}
