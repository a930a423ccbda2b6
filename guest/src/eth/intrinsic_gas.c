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

/* Each byte of a word that is not zero adds one to its lane of a word of counts, which is summed before a lane overflows. */
static size_t count_nonzero(struct slice data)
{
	enum { words_per_sum = 255 };
	const uint32_t high_bits = 0x80808080;
	const uint32_t low_bits = ~high_bits;
	const uint8_t *at = data.data;
	size_t rest = data.length;
	size_t count = 0;
	for (; rest > 0 && (uintptr_t)at % 4 != 0; rest--)
		count += *at++ != 0;
	while (rest >= 4) {
		size_t words = rest / 4 < words_per_sum ? rest / 4 : words_per_sum;
		uint32_t lanes = 0;
		_Pragma("clang loop unroll_count(4)") for (size_t i = 0; i < words; i++)
		{
			uint32_t word;
			memcpy(&word, __builtin_assume_aligned(at + 4 * i, 4), sizeof word);
			lanes += (((word & low_bits) + low_bits) | word) >> 7 & 0x01010101;
		}
		count += (lanes & 0xff) + (lanes >> 8 & 0xff) + (lanes >> 16 & 0xff) + (lanes >> 24);
		at += 4 * words;
		rest -= 4 * words;
	}
	for (; rest > 0; rest--)
		count += *at++ != 0;
	return count;
}

/* No sum here overflows: each addend is bounded by the length of an input below 2^32 times 25,000. */
status transaction_intrinsic_gas(const struct transaction *tx, const struct chain_rules *rules, uint64_t *intrinsic, uint64_t *floor)
{
	size_t nonzero = count_nonzero(tx->data);
	uint64_t tokens = (tx->data.length - nonzero) + (uint64_t)tokens_per_nonzero_byte * nonzero;
	uint64_t gas = base_gas + tokens * zero_byte_gas;
	if (tx->creates)
		gas += creation_gas + (uint64_t)(tx->data.length + word_bytes - 1) / word_bytes * init_code_word_gas;
	gas += (uint64_t)tx->access_addresses * access_address_gas + (uint64_t)tx->access_keys * access_key_gas;
	gas += (uint64_t)tx->authorization_count * authorization_gas;
	*intrinsic = gas;
	*floor = rules->fork >= FORK_PRAGUE ? base_gas + tokens * floor_gas_per_token : 0;
	return tx->gas_limit < *intrinsic || tx->gas_limit < *floor ? FAIL_WITH(STATUS_TRANSACTION, TX_FAULT_INTRINSIC_GAS) : STATUS_OK;
}
