#include "crypto/keccak.h"
#include "evm/call.h"
#include "evm/memory.h"
#include "evm/operations.h"

/* EIP-1014: last 20 bytes of keccak256(0xff ‖ sender ‖ salt ‖ keccak256(init code)). */
static void create2_address(struct address *created, const struct address *sender, const struct u256 *salt, struct slice init_code)
{
	uint8_t preimage[85];
	uint8_t hash[32];
	preimage[0] = 0xff;
	memcpy(preimage + 1, sender->bytes, 20);
	u256_to_bytes(salt, preimage + 21);
	keccak256(init_code.data, init_code.length, preimage + 53);
	keccak256(preimage, sizeof preimage, hash);
	memcpy(created->bytes, hash + 12, 20);
}

/* Whether the creator may: depth, balance, and a nonce that can still be raised. */
static enum step may_create(struct evm *evm, const struct frame *frame, const struct u256 *value, uint64_t *nonce, bool *may)
{
	struct u256 balance;
	STATE(state_nonce(evm->state, &frame->address, nonce));
	STATE(state_balance(evm->state, &frame->address, &balance));
	*may = frame->depth < evm_max_depth && *nonce < UINT64_MAX && !u256_less(&balance, value);
	return STEP_NEXT;
}

static enum step create(struct evm *evm, struct frame *frame, bool with_salt)
{
	const struct u256 *operands = frame->top;
	struct range range;
	if (frame->is_static)
		return STEP_HALT;
	STEP(memory_reach(evm, frame, &operands[1], &operands[2], &range));
	if (range.length > evm_max_init_code)
		return STEP_HALT;
	CHARGE((gas_init_code_word + (with_salt ? gas_keccak_word : 0)) * words_of(range.length));

	uint64_t nonce;
	bool may, was_cold, collides;
	struct slice init_code = memory_slice(frame, range);
	struct call call = {.caller = frame->address, .code = init_code, .value = operands[0], .transfers_value = true, .is_create = true};
	STEP(may_create(evm, frame, &call.value, &nonce, &may));
	if (may) {
		if (with_salt)
			create2_address(&call.address, &frame->address, &operands[3], init_code);
		else
			evm_create_address(&call.address, &frame->address, nonce);
	}
	frame->top += with_salt ? 4 : 3;
	evm->return_data = (struct slice){0};
	if (!may) {
		push_u64(frame, 0);
		return STEP_NEXT;
	}

	call.gas = frame->gas - frame->gas / 64;
	call.depth = frame->depth + 1;
	frame->gas -= call.gas;
	frame->pending = (struct pending){.is_create = true, .created = call.address};
	/* Both outlast a creation that fails. */
	STATE(state_warm_address(evm->state, &call.address, &was_cold));
	STATE(state_set_nonce(evm->state, &frame->address, nonce + 1));
	STATE(state_has_collision(evm->state, &call.address, &collides));
	if (collides) {
		push_u64(frame, 0);
		return STEP_NEXT;
	}
	return call_begin(evm, &call);
}

enum step op_create(struct evm *evm, struct frame *frame)
{
	return create(evm, frame, false);
}

enum step op_create2(struct evm *evm, struct frame *frame)
{
	return create(evm, frame, true);
}

/* EIP-6780 */
enum step op_selfdestruct(struct evm *evm, struct frame *frame)
{
	struct address heir;
	struct u256 balance;
	bool was_cold = false, is_empty = false, enough, created;
	if (frame->is_static)
		return STEP_HALT;
	u256_to_address(frame->top, &heir);
	if (!evm_is_precompile(evm->block.fork, &heir))
		STATE(state_warm_address(evm->state, &heir, &was_cold));
	CHARGE(was_cold ? gas_cold_account : 0);
	STATE(state_balance(evm->state, &frame->address, &balance));
	if (!u256_is_zero(&balance))
		STATE(state_is_empty(evm->state, &heir, &is_empty));
	CHARGE(is_empty ? gas_new_account : 0);

	STATE(state_created_in_transaction(evm->state, &frame->address, &created));
	STATE(state_sub_balance(evm->state, &frame->address, &balance, &enough));
	/* What a contract that ends leaves to itself is burnt. */
	if (!created || !address_equal(&heir, &frame->address))
		STATE(state_add_balance(evm->state, &heir, &balance));
	STATE(state_mark_selfdestruct(evm->state, &frame->address));
	frame->output = (struct slice){0};
	return STEP_STOP;
}
