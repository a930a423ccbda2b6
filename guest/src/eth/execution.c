#include "eth/execution.h"

#include "crypto/keccak.h"
#include "eth/blobs.h"

enum {
	max_refund_quotient = 5,
	/* EIP-7702: the difference to PER_AUTH_BASE_COST goes back where the account exists. */
	authorization_refund = 25000 - 12500,
	designator_bytes = 23,
};

struct payment {
	struct address sender;
	struct u256 gas_price; /* effective */
	struct u256 priority_fee;
	struct u256 blob_cost;
};

static status fault(enum transaction_fault reason)
{
	return FAIL_WITH(STATUS_TRANSACTION, reason);
}

/* EIP-3607, with the exception that EIP-7702 makes for delegations. */
static status check_sender_code(struct state *state, enum fork fork, const struct address *sender)
{
	struct bytes32 hash;
	TRY(state_code_hash(state, sender, &hash));
	if (bytes32_equal(&hash, &keccak256_of_nothing))
		return STATUS_OK;
	struct slice code;
	struct address ignored;
	TRY(state_code(state, sender, &code));
	return fork >= FORK_PRAGUE && evm_delegation_target(code, &ignored) ? STATUS_OK : fault(TX_FAULT_SENDER_IS_CONTRACT);
}

static status check_blobs(const struct transaction *tx, const struct evm_block *block, struct payment *payment, struct u256 *max_cost)
{
	struct u256 gas = u256_from_u64((uint64_t)tx->blob_count * gas_per_blob);
	struct u256 blob_cost;
	if (u256_less(&tx->max_blob_fee, &block->blob_base_fee))
		return fault(TX_FAULT_FEE_CAP);
	if (u256_mul_overflow(&blob_cost, &gas, &tx->max_blob_fee) || u256_add(max_cost, max_cost, &blob_cost))
		return fault(TX_FAULT_FUNDS);
	u256_mul(&payment->blob_cost, &gas, &block->blob_base_fee);
	return STATUS_OK;
}

/* Whether the state lets the transaction into a block with this base fee. */
static status check_executable(struct state *state, const struct evm_block *block, const struct transaction *tx, struct payment *payment)
{
	TRY(transaction_sender(tx, &payment->sender));
	uint64_t nonce;
	TRY(state_nonce(state, &payment->sender, &nonce));
	if (nonce != tx->nonce)
		return fault(TX_FAULT_NONCE);
	TRY(check_sender_code(state, block->fork, &payment->sender));
	if (u256_less(&tx->max_fee, &block->base_fee))
		return fault(TX_FAULT_FEE_CAP);
	struct u256 gas = u256_from_u64(tx->gas_limit);
	struct u256 max_cost;
	struct u256 balance;
	if (u256_mul_overflow(&max_cost, &gas, &tx->max_fee) || u256_add(&max_cost, &max_cost, &tx->value))
		return fault(TX_FAULT_FUNDS);
	payment->blob_cost = u256_zero;
	if (tx->type == TX_BLOB)
		TRY(check_blobs(tx, block, payment, &max_cost));
	TRY(state_balance(state, &payment->sender, &balance));
	if (u256_less(&balance, &max_cost))
		return fault(TX_FAULT_FUNDS);
	u256_sub(&payment->priority_fee, &tx->max_fee, &block->base_fee);
	if (u256_less(&tx->max_priority_fee, &payment->priority_fee))
		payment->priority_fee = tx->max_priority_fee;
	u256_add(&payment->gas_price, &payment->priority_fee, &block->base_fee);
	return STATUS_OK;
}

static status pay_for_gas(struct state *state, const struct transaction *tx, const struct payment *payment)
{
	struct u256 cost;
	struct u256 gas = u256_from_u64(tx->gas_limit);
	bool enough;
	u256_mul(&cost, &gas, &payment->gas_price);
	u256_add(&cost, &cost, &payment->blob_cost);
	TRY(state_set_nonce(state, &payment->sender, tx->nonce + 1));
	TRY(state_sub_balance(state, &payment->sender, &cost, &enough));
	return enough ? STATUS_OK : FAIL(STATUS_INTERNAL);
}

/* EIP-2929, 2930, 3651. */
static status warm_up(struct state *state, const struct evm_block *block, const struct transaction *tx, const struct address *sender,
                      const struct address *to)
{
	bool ignored;
	struct rlp_reader entries = tx->access_list;
	TRY(state_warm_address(state, sender, &ignored));
	TRY(state_warm_address(state, to, &ignored));
	TRY(state_warm_address(state, &block->coinbase, &ignored));
	for (size_t i = 0; i < tx->access_addresses; i++) {
		struct rlp_reader entry, keys;
		struct address address;
		TRY(rlp_list(&entries, &entry));
		TRY(rlp_address(&entry, &address));
		TRY(rlp_list(&entry, &keys));
		TRY(state_warm_address(state, &address, &ignored));
		while (!rlp_at_end(&keys)) {
			struct bytes32 bytes;
			struct u256 key;
			TRY(rlp_bytes32(&keys, &bytes));
			u256_from_bytes(&key, bytes.bytes);
			TRY(state_warm_slot(state, &address, &key, &ignored));
		}
	}
	return STATUS_OK;
}

static status delegate(struct state *state, const struct address *authority, const struct address *target)
{
	static const struct address nobody = {{0}};
	uint8_t designator[designator_bytes] = {0xef, 0x01, 0x00};
	memcpy(designator + designator_bytes - sizeof target->bytes, target->bytes, sizeof target->bytes);
	size_t length = address_equal(target, &nobody) ? 0 : sizeof designator;
	return state_set_code(state, authority, slice_of(designator, length));
}

/* EIP-7702: an authorization that does not hold is skipped. */
static status apply_authorization(struct executor *executor, const struct authorization *authorization)
{
	struct state *state = executor->state;
	struct u256 chain_id = u256_from_u64(executor->rules->chain_id);
	struct address authority, ignored_target;
	struct slice code;
	uint64_t nonce;
	bool ignored, is_empty;
	if (!u256_is_zero(&authorization->chain_id) && !u256_equal(&authorization->chain_id, &chain_id))
		return STATUS_OK;
	if (authorization->nonce == UINT64_MAX || !authorization_authority(authorization, &authority))
		return STATUS_OK;
	TRY(state_warm_address(state, &authority, &ignored));
	TRY(state_code(state, &authority, &code));
	if (code.length > 0 && !evm_delegation_target(code, &ignored_target))
		return STATUS_OK;
	TRY(state_nonce(state, &authority, &nonce));
	if (nonce != authorization->nonce)
		return STATUS_OK;
	TRY(state_is_empty(state, &authority, &is_empty));
	if (!is_empty)
		state_add_refund(state, authorization_refund);
	TRY(delegate(state, &authority, &authorization->target));
	return state_set_nonce(state, &authority, nonce + 1);
}

static status apply_authorizations(struct executor *executor, const struct transaction *tx)
{
	struct rlp_reader rest = tx->authorizations;
	for (size_t i = 0; i < tx->authorization_count; i++) {
		struct authorization authorization;
		TRY(authorization_read(&rest, &authorization));
		TRY(apply_authorization(executor, &authorization));
	}
	return STATUS_OK;
}

/* EIP-3529, EIP-7623; gives the rest back and pays the coinbase. */
static status settle(struct state *state, const struct evm_block *block, const struct transaction *tx, const struct payment *payment,
                     uint64_t gas_left, uint64_t floor, uint64_t *gas_used)
{
	uint64_t used = tx->gas_limit - gas_left;
	int64_t refund = state_refund(state);
	uint64_t max_refund = used / max_refund_quotient;
	if (refund > 0)
		used -= (uint64_t)refund < max_refund ? (uint64_t)refund : max_refund;
	if (used < floor)
		used = floor;
	*gas_used = used;
	struct u256 amount;
	struct u256 gas = u256_from_u64(tx->gas_limit - used);
	u256_mul(&amount, &gas, &payment->gas_price);
	TRY(state_add_balance(state, &payment->sender, &amount));
	gas = u256_from_u64(used);
	u256_mul(&amount, &gas, &payment->priority_fee);
	return state_add_balance(state, &block->coinbase, &amount);
}

status execute_transaction(struct executor *executor, const struct evm_block *block, const struct transaction *tx, uint64_t gas_available,
                           struct transaction_outcome *outcome)
{
	struct state *state = executor->state;
	struct payment payment;
	uint64_t intrinsic, floor;
	if (tx->gas_limit > gas_available)
		return fault(TX_FAULT_GAS_LIMIT);
	TRY(transaction_intrinsic_gas(tx, executor->rules, &intrinsic, &floor));
	TRY(check_executable(state, block, tx, &payment));

	state_begin_transaction(state);
	TRY(pay_for_gas(state, tx, &payment));
	struct evm_message message = {
		.kind = tx->creates ? EVM_CREATE : EVM_CALL,
		.sender = payment.sender,
		.to = tx->to,
		.value = tx->value,
		.input = tx->data,
		.gas = tx->gas_limit - intrinsic,
	};
	if (tx->creates)
		evm_create_address(&message.to, &payment.sender, tx->nonce);
	TRY(warm_up(state, block, tx, &payment.sender, &message.to));
	TRY(apply_authorizations(executor, tx));
	struct evm_transaction context = {
		.origin = payment.sender,
		.gas_price = payment.gas_price,
		.blob_hashes = tx->blob_hashes,
		.blob_hash_count = tx->blob_count,
	};
	struct evm_result result;
	evm_begin_transaction(executor->evm, &context);
	TRY(evm_execute(executor->evm, &message, &result));
	if (result.gas_left > message.gas)
		return FAIL(STATUS_INTERNAL);
	outcome->succeeded = result.outcome == EVM_SUCCESS;
	TRY(settle(state, block, tx, &payment, result.gas_left, floor, &outcome->gas_used));
	return state_end_transaction(state);
}
