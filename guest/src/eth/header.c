#include "eth/header.h"

#include "crypto/keccak.h"
#include "eth/blobs.h"
#include "eth/rlp.h"
#include "platform/log.h"

enum {
	max_extra_data = 32,
	elasticity = 2,
	base_fee_denominator = 8,
	gas_limit_denominator = 1024,
	min_gas_limit = 5000,
};

/* What clients agree on: a signed number of 64 bits. */
static const uint64_t max_gas_limit = INT64_MAX;

/* keccak256 of the RLP of an empty list. */
static const struct bytes32 no_ommers = {
	{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5, 0x67, 0xb6, 0xcc, 0xd4, 0x1a,
	 0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a, 0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};

/* sha256 of nothing: no requests (EIP-7685). */
static const struct bytes32 no_requests = {
	{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};

status header_read(struct slice encoded, enum fork fork, struct header *header)
{
	struct rlp_reader fields;
	struct slice extra_data;
	TRY(rlp_only_list(encoded, &fields));
	TRY(rlp_bytes32(&fields, &header->parent_hash));
	TRY(rlp_bytes32(&fields, &header->ommers_hash));
	TRY(rlp_address(&fields, &header->coinbase));
	TRY(rlp_bytes32(&fields, &header->state_root));
	TRY(rlp_bytes32(&fields, &header->transactions_root));
	TRY(rlp_bytes32(&fields, &header->receipts_root));
	TRY(rlp_fixed(&fields, header->logs_bloom, sizeof header->logs_bloom));
	TRY(rlp_u256(&fields, &header->difficulty));
	TRY(rlp_uint64(&fields, &header->number));
	TRY(rlp_uint64(&fields, &header->gas_limit));
	TRY(rlp_uint64(&fields, &header->gas_used));
	TRY(rlp_uint64(&fields, &header->timestamp));
	TRY(rlp_string(&fields, &extra_data));
	TRY(rlp_bytes32(&fields, &header->prev_randao));
	TRY(rlp_fixed(&fields, header->nonce, sizeof header->nonce));
	TRY(rlp_u256(&fields, &header->base_fee));
	TRY(rlp_bytes32(&fields, &header->withdrawals_root));
	TRY(rlp_uint64(&fields, &header->blob_gas_used));
	TRY(rlp_uint64(&fields, &header->excess_blob_gas));
	TRY(rlp_bytes32(&fields, &header->parent_beacon_block_root));
	header->requests_hash = no_requests;
	if (fork >= FORK_PRAGUE)
		TRY(rlp_bytes32(&fields, &header->requests_hash));
	TRY(rlp_end(&fields));
	if (extra_data.length > max_extra_data)
		return FAIL_WITH(STATUS_HEADER, HEADER_EXTRA_DATA);
	header->encoded = encoded;
	keccak256(encoded.data, encoded.length, header->hash.bytes);
	return STATUS_OK;
}

void header_log_mismatch(enum header_field field, const void *computed, size_t length)
{
	uint32_t number = field;
	log_parts(LOG_MISMATCH, slice_of((const uint8_t *)&number, sizeof number), slice_of(computed, length));
}

static status check_value(bool holds, enum header_field field, const void *computed, size_t length)
{
	if (holds)
		return STATUS_OK;
	header_log_mismatch(field, computed, length);
	return FAIL_WITH(STATUS_HEADER, field);
}

static status check(bool holds, enum header_field field)
{
	return holds ? STATUS_OK : FAIL_WITH(STATUS_HEADER, field);
}

/* EIP-1559. */
static status next_base_fee(const struct header *parent, uint64_t target, struct u256 *fee)
{
	*fee = parent->base_fee;
	if (parent->gas_used == target)
		return STATUS_OK;
	bool rises = parent->gas_used > target;
	struct u256 distance = u256_from_u64(rises ? parent->gas_used - target : target - parent->gas_used);
	struct u256 divisor = u256_from_u64(target);
	struct u256 change;
	/* Only a base fee beyond 2^192 overflows: no chain gets there, and a run that would fails. */
	if (u256_mul_overflow(&change, &parent->base_fee, &distance))
		return FAIL_WITH(STATUS_HEADER, HEADER_BASE_FEE);
	u256_div(&change, &change, &divisor);
	divisor = u256_from_u64(base_fee_denominator);
	u256_div(&change, &change, &divisor);
	if (!rises) {
		u256_sub(fee, &parent->base_fee, &change);
		return STATUS_OK;
	}
	if (u256_is_zero(&change))
		change = u256_from_u64(1);
	return u256_add(fee, &parent->base_fee, &change) ? FAIL_WITH(STATUS_HEADER, HEADER_BASE_FEE) : STATUS_OK;
}

static bool gas_limit_follows(const struct header *header, const struct header *parent, const struct chain_rules *rules)
{
	if (rules->pinned_gas_limit != 0)
		return header->gas_limit == rules->pinned_gas_limit;
	uint64_t bound = parent->gas_limit / gas_limit_denominator;
	uint64_t distance = header->gas_limit > parent->gas_limit ? header->gas_limit - parent->gas_limit : parent->gas_limit - header->gas_limit;
	return distance < bound && header->gas_limit >= min_gas_limit && header->gas_limit <= max_gas_limit;
}

static status check_blob_gas(const struct header *header, const struct header *parent, const struct chain_rules *rules)
{
	if (!rules->has_blobs) {
		TRY(check(header->blob_gas_used == 0, HEADER_BLOB_GAS_USED));
		return check(header->excess_blob_gas == 0, HEADER_EXCESS_BLOB_GAS);
	}
	uint64_t excess;
	TRY(check(header->blob_gas_used <= blobs_per_block(rules->fork) * gas_per_blob, HEADER_BLOB_GAS_USED));
	TRY(check(header->blob_gas_used % gas_per_blob == 0, HEADER_BLOB_GAS_USED));
	TRY(check(blob_excess_after(rules->fork, parent->excess_blob_gas, parent->blob_gas_used, &parent->base_fee, &excess),
	          HEADER_EXCESS_BLOB_GAS));
	return check(header->excess_blob_gas == excess, HEADER_EXCESS_BLOB_GAS);
}

status header_check(const struct header *header, const struct header *parent, const struct chain_rules *rules)
{
	static const uint8_t zero_nonce[8] = {0};
	uint64_t gas_limit = rules->pinned_gas_limit != 0 ? rules->pinned_gas_limit : parent->gas_limit;
	uint64_t target = gas_limit / elasticity;
	struct u256 base_fee;
	if (target == 0)
		return FAIL_WITH(STATUS_HEADER, HEADER_GAS_LIMIT);
	TRY(check(parent->number < UINT64_MAX, HEADER_NUMBER));
	TRY(check_value(bytes32_equal(&header->parent_hash, &parent->hash), HEADER_PARENT_HASH, parent->hash.bytes, sizeof parent->hash.bytes));
	TRY(check(bytes32_equal(&header->ommers_hash, &no_ommers), HEADER_OMMERS_HASH));
	TRY(check(u256_is_zero(&header->difficulty), HEADER_DIFFICULTY));
	TRY(check(header->number == parent->number + 1, HEADER_NUMBER));
	TRY(check(gas_limit_follows(header, parent, rules), HEADER_GAS_LIMIT));
	TRY(check(header->gas_used <= header->gas_limit, HEADER_GAS_USED));
	TRY(check(header->timestamp > parent->timestamp, HEADER_TIMESTAMP));
	TRY(check(memcmp(header->nonce, zero_nonce, sizeof zero_nonce) == 0, HEADER_NONCE));
	TRY(next_base_fee(parent, target, &base_fee));
	TRY(check_value(u256_equal(&header->base_fee, &base_fee), HEADER_BASE_FEE, &base_fee, sizeof base_fee));
	TRY(check_blob_gas(header, parent, rules));
	return check(bytes32_equal(&header->requests_hash, &no_requests), HEADER_REQUESTS_HASH);
}
