#include "evm/evm.h"

#include "crypto/keccak.h"
#include "evm/call.h"
#include "evm/interpreter.h"
#include "evm/memory.h"

struct evm *evm_new(struct state *state, struct arena *lasting, struct arena *scratch)
{
	struct evm *evm = arena_take_zeroed(lasting, 1, sizeof *evm);
	if (evm == NULL)
		return NULL;
	evm->state = state;
	evm->lasting = lasting;
	evm->scratch = scratch;
	return evm;
}

void evm_begin_block(struct evm *evm, const struct evm_block *block)
{
	evm->block = *block;
}

void evm_begin_transaction(struct evm *evm, const struct evm_transaction *transaction)
{
	evm->transaction = *transaction;
}

bool evm_delegation_target(struct slice code, struct address *target)
{
	if (code.length != 23 || code.data[0] != 0xef || code.data[1] != 0x01 || code.data[2] != 0x00)
		return false;
	memcpy(target->bytes, code.data + 3, 20);
	return true;
}

void evm_create_address(struct address *created, const struct address *sender, uint64_t nonce)
{
	uint8_t list[1 + 21 + 9] = {0};
	uint8_t hash[32];
	uint8_t *end = list + 1;
	*end++ = 0x80 + 20;
	memcpy(end, sender->bytes, 20);
	end += 20;
	if (nonce > 0 && nonce < 0x80) {
		*end++ = (uint8_t)nonce;
	} else {
		unsigned length = nonce == 0 ? 0 : (71 - (unsigned)__builtin_clzll(nonce)) / 8;
		*end++ = (uint8_t)(0x80 + length);
		while (length > 0)
			*end++ = (uint8_t)(nonce >> (8 * --length));
	}
	list[0] = (uint8_t)(0xc0 + (end - list - 1));
	keccak256(list, (size_t)(end - list), hash);
	memcpy(created->bytes, hash + 12, 20);
}

/* The outermost frame's code: without a charge, but a delegation's target becomes warm (EIP-7702). */
static enum step resolve_code(struct evm *evm, struct call *call)
{
	bool was_cold;
	call->code_address = call->address;
	call->is_precompile = evm_is_precompile(evm->block.fork, &call->address);
	if (call->is_precompile)
		return STEP_NEXT;
	STATE(state_code(evm->state, &call->address, &call->code));
	if (evm->block.fork < FORK_PRAGUE || !evm_delegation_target(call->code, &call->code_address))
		return STEP_NEXT;
	STATE(state_warm_address(evm->state, &call->code_address, &was_cold));
	call->code = (struct slice){0};
	if (!evm_is_precompile(evm->block.fork, &call->code_address))
		STATE(state_code(evm->state, &call->code_address, &call->code));
	return STEP_NEXT;
}

static enum step begin(struct evm *evm, const struct evm_message *message)
{
	struct call call = {
		.caller = message->sender,
		.address = message->to,
		.value = message->value,
		.transfers_value = true,
		.gas = message->gas,
		.is_create = message->kind == EVM_CREATE,
	};
	if (!call.is_create) {
		call.input = message->input;
		STEP(resolve_code(evm, &call));
		return call_begin(evm, &call);
	}
	bool was_cold, collides;
	call.code = message->input;
	STATE(state_warm_address(evm->state, &call.address, &was_cold));
	STATE(state_has_collision(evm->state, &call.address, &collides));
	return collides ? call_deliver(evm, EVM_HALT, 0, (struct slice){0}) : call_begin(evm, &call);
}

status evm_execute(struct evm *evm, const struct evm_message *message, struct evm_result *result)
{
	evm->frame = NULL;
	evm->result = result;
	evm->return_data = (struct slice){0};
	evm->scratch_start = evm->scratch->base + evm->scratch->used;
	enum step step = begin(evm, message);
	while (step == STEP_SWITCH && evm->frame != NULL)
		step = interpret(evm, evm->frame);
	return step == STEP_FAIL ? evm->failure : STATUS_OK;
}
