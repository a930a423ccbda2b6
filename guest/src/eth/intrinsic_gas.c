#include "eth/transaction.h"

enum {
	base_gas = 21000,
	creation_gas = 32000,
	zero_byte_gas = 4,
	tokens_per_nonzero_byte = 4,
	init_code_word_gas = 2,
	access_address_gas = 2400,
	access_key_gas = 1900,
	authorization_gas = 25000,
	floor_gas_per_token = 10,
	word_bytes = 32,
};

/* No sum here overflows: each addend is bounded by the length of an input below 2^32 times 25,000. */
status transaction_intrinsic_gas(const struct transaction *tx, const struct chain_rules *rules, uint64_t *intrinsic, uint64_t *floor)
{
	uint64_t tokens = 0;
	for (size_t i = 0; i < tx->data.length; i++)
		tokens += tx->data.data[i] == 0 ? 1 : tokens_per_nonzero_byte;
	uint64_t gas = base_gas + tokens * zero_byte_gas;
	if (tx->creates)
		gas += creation_gas + (uint64_t)(tx->data.length + word_bytes - 1) / word_bytes * init_code_word_gas;
	gas += (uint64_t)tx->access_addresses * access_address_gas + (uint64_t)tx->access_keys * access_key_gas;
	gas += (uint64_t)tx->authorization_count * authorization_gas;
	*intrinsic = gas;
	*floor = rules->fork >= FORK_PRAGUE ? base_gas + tokens * floor_gas_per_token : 0;
	return tx->gas_limit < *intrinsic || tx->gas_limit < *floor ? FAIL_WITH(STATUS_TRANSACTION, TX_FAULT_INTRINSIC_GAS) : STATUS_OK;
}
