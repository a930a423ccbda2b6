#include "crypto/blake2f.h"
#include "crypto/ripemd160.h"
#include "crypto/secp256k1.h"
#include "crypto/sha256.h"
#include "evm/precompile_list.h"

/* Hash, v, r, s; the signer in 32 bytes, or nothing where nobody signed. */
enum precompile_answer precompile_ecrecover(struct precompile_call *call)
{
	struct bytes32 hash;
	struct u256 v, r, s;
	struct address signer;
	if (!precompile_charge(call, 3000))
		return PRECOMPILE_FAILED;
	precompile_input(call, 0, hash.bytes, sizeof hash.bytes);
	precompile_word(call, 32, &v);
	precompile_word(call, 64, &r);
	precompile_word(call, 96, &s);
	if (!u256_fits_u32(&v) || (v.limb[0] != 27 && v.limb[0] != 28))
		return PRECOMPILE_DONE;
	if (!secp256k1_recover(&signer, &hash, v.limb[0] - 27, &r, &s))
		return PRECOMPILE_DONE;
	uint8_t *output = precompile_output(call, 32);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	memset(output, 0, 12);
	memcpy(output + 12, signer.bytes, 20);
	return PRECOMPILE_DONE;
}

enum precompile_answer precompile_sha256(struct precompile_call *call)
{
	if (!precompile_charge(call, 60 + 12 * precompile_words(call)))
		return PRECOMPILE_FAILED;
	uint8_t *output = precompile_output(call, 32);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	sha256(call->input.data, call->input.length, output);
	return PRECOMPILE_DONE;
}

enum precompile_answer precompile_ripemd160(struct precompile_call *call)
{
	if (!precompile_charge(call, 600 + 120 * precompile_words(call)))
		return PRECOMPILE_FAILED;
	uint8_t *output = precompile_output(call, 32);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	memset(output, 0, 12);
	ripemd160(call->input.data, call->input.length, output + 12);
	return PRECOMPILE_DONE;
}

enum precompile_answer precompile_identity(struct precompile_call *call)
{
	if (!precompile_charge(call, 15 + 3 * precompile_words(call)))
		return PRECOMPILE_FAILED;
	call->output = call->input;
	return PRECOMPILE_DONE;
}

/* EIP-152: rounds (big-endian), state, message, offset (little-endian), whether the block is the last. */
enum precompile_answer precompile_blake2f(struct precompile_call *call)
{
	enum { input_size = 213, state_at = 4, message_at = 68, offset_at = 196, last_at = 212 };
	uint64_t state[8], message[16], offset[2];
	if (call->input.length != input_size)
		return PRECOMPILE_FAILED;
	const uint8_t *input = call->input.data;
	uint32_t rounds = (uint32_t)input[0] << 24 | (uint32_t)input[1] << 16 | (uint32_t)input[2] << 8 | input[3];
	if (!precompile_charge(call, rounds) || input[last_at] > 1)
		return PRECOMPILE_FAILED;
	uint8_t *output = precompile_output(call, sizeof state);
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	memcpy(state, input + state_at, sizeof state);
	memcpy(message, input + message_at, sizeof message);
	memcpy(offset, input + offset_at, sizeof offset);
	blake2f(state, message, offset, input[last_at] == 1, rounds);
	memcpy(output, state, sizeof state);
	return PRECOMPILE_DONE;
}
