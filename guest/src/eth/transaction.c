#include "eth/transaction.h"

#include "crypto/keccak.h"
#include "crypto/secp256k1.h"
#include "eth/blobs.h"

enum {
	eip155_offset = 35,
	unprotected_v = 27,
	authorization_magic = 0x05,
	max_init_code = 49152,
	max_transaction_gas = 1 << 24,
	blob_version = 0x01,
};

static status fault(enum transaction_fault reason)
{
	return FAIL_WITH(STATUS_TRANSACTION, reason);
}

/* keccak256 of the optional type and the list of the given items. */
static status hash_list(struct arena *arena, int type, struct slice items, struct slice more, struct bytes32 *hash)
{
	size_t mark = arena_mark(arena);
	size_t length = items.length + more.length;
	uint8_t *bytes = arena_take(arena, 1 + rlp_prefix_size(length) + length);
	if (bytes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	uint8_t *at = bytes;
	if (type > 0)
		*at++ = (uint8_t)type;
	at = rlp_write_list_prefix(at, length);
	bytes_copy(at, items.data, items.length);
	at += items.length;
	bytes_copy(at, more.data, more.length);
	at += more.length;
	keccak256(bytes, (size_t)(at - bytes), hash->bytes);
	arena_release(arena, mark);
	return STATUS_OK;
}

static status read_to(struct rlp_reader *fields, struct transaction *tx)
{
	struct slice to;
	TRY(rlp_string(fields, &to));
	tx->creates = to.length == 0;
	if (!tx->creates && to.length != sizeof tx->to.bytes)
		return FAIL(STATUS_RLP);
	bytes_copy(tx->to.bytes, to.data, to.length);
	return STATUS_OK;
}

static status read_access_list(struct rlp_reader *fields, struct transaction *tx)
{
	TRY(rlp_list(fields, &tx->access_list));
	struct rlp_reader entries = tx->access_list;
	while (!rlp_at_end(&entries)) {
		struct rlp_reader entry, keys;
		struct address address;
		TRY(rlp_list(&entries, &entry));
		TRY(rlp_address(&entry, &address));
		TRY(rlp_list(&entry, &keys));
		TRY(rlp_end(&entry));
		tx->access_addresses++;
		while (!rlp_at_end(&keys)) {
			struct bytes32 key;
			TRY(rlp_bytes32(&keys, &key));
			tx->access_keys++;
		}
	}
	return STATUS_OK;
}

static status read_blobs(struct rlp_reader *fields, enum fork fork, struct arena *arena, struct transaction *tx)
{
	struct rlp_reader hashes;
	TRY(rlp_u256(fields, &tx->max_blob_fee));
	TRY(rlp_list(fields, &hashes));
	TRY(rlp_count(hashes, &tx->blob_count));
	if (tx->blob_count == 0 || tx->blob_count > blobs_per_transaction(fork) || tx->creates)
		return fault(TX_FAULT_BLOBS);
	struct bytes32 *copy = arena_take_array(arena, tx->blob_count, sizeof *copy);
	if (copy == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < tx->blob_count; i++) {
		TRY(rlp_bytes32(&hashes, &copy[i]));
		if (copy[i].bytes[0] != blob_version)
			return fault(TX_FAULT_BLOBS);
	}
	tx->blob_hashes = copy;
	return STATUS_OK;
}

static status read_authorizations(struct rlp_reader *fields, struct transaction *tx)
{
	TRY(rlp_list(fields, &tx->authorizations));
	struct rlp_reader rest = tx->authorizations;
	while (!rlp_at_end(&rest)) {
		struct authorization ignored;
		TRY(authorization_read(&rest, &ignored));
		tx->authorization_count++;
	}
	if (tx->authorization_count == 0)
		return fault(TX_FAULT_NO_AUTHORIZATION);
	return tx->creates ? fault(TX_FAULT_CREATES) : STATUS_OK;
}

static status read_signature(struct rlp_reader *fields, struct transaction *tx)
{
	TRY(rlp_u256(fields, &tx->r));
	TRY(rlp_u256(fields, &tx->s));
	TRY(rlp_end(fields));
	/* EIP-2; r and s of zero are refused when the sender is recovered. */
	return u256_less(&secp256k1_half_order, &tx->s) ? fault(TX_FAULT_SIGNATURE) : STATUS_OK;
}

static struct slice read_so_far(const struct rlp_reader *start, const struct rlp_reader *now)
{
	return slice_of(start->at, (size_t)(now->at - start->at));
}

/* EIP-155, or the form before it. */
static status read_legacy_v(struct rlp_reader *fields, const struct chain_rules *rules, struct transaction *tx, bool *is_protected)
{
	uint64_t v;
	TRY(rlp_uint64(fields, &v));
	*is_protected = v >= eip155_offset;
	if (*is_protected) {
		tx->y_parity = (unsigned)((v - eip155_offset) & 1);
		return (v - eip155_offset) >> 1 == rules->chain_id ? STATUS_OK : fault(TX_FAULT_CHAIN_ID);
	}
	if (v != unprotected_v && v != unprotected_v + 1)
		return fault(TX_FAULT_SIGNATURE);
	tx->y_parity = (unsigned)(v - unprotected_v);
	return STATUS_OK;
}

static status read_legacy(struct rlp_reader fields, const struct chain_rules *rules, struct arena *arena, struct transaction *tx)
{
	struct rlp_reader start = fields;
	TRY(rlp_uint64(&fields, &tx->nonce));
	TRY(rlp_u256(&fields, &tx->max_fee));
	tx->max_priority_fee = tx->max_fee;
	TRY(rlp_uint64(&fields, &tx->gas_limit));
	TRY(read_to(&fields, tx));
	TRY(rlp_u256(&fields, &tx->value));
	TRY(rlp_string(&fields, &tx->data));
	struct slice items = read_so_far(&start, &fields);
	bool is_protected;
	TRY(read_legacy_v(&fields, rules, tx, &is_protected));
	TRY(read_signature(&fields, tx));
	uint8_t buffer[16];
	struct rlp_writer writer = rlp_writer_of(buffer, sizeof buffer);
	struct slice suffix;
	if (is_protected) {
		rlp_put_uint64(&writer, 0);
		rlp_put_uint64(&writer, 0);
		rlp_put_uint64(&writer, rules->chain_id);
	}
	TRY(rlp_written(&writer, &suffix));
	return hash_list(arena, 0, items, suffix, &tx->signing_hash);
}

static status read_typed(struct rlp_reader fields, const struct chain_rules *rules, struct arena *arena, struct transaction *tx)
{
	struct rlp_reader start = fields;
	struct u256 chain_id;
	struct u256 own_chain_id = u256_from_u64(rules->chain_id);
	TRY(rlp_u256(&fields, &chain_id));
	TRY(rlp_uint64(&fields, &tx->nonce));
	TRY(rlp_u256(&fields, &tx->max_priority_fee));
	tx->max_fee = tx->max_priority_fee;
	if (tx->type != TX_ACCESS_LIST)
		TRY(rlp_u256(&fields, &tx->max_fee));
	TRY(rlp_uint64(&fields, &tx->gas_limit));
	TRY(read_to(&fields, tx));
	TRY(rlp_u256(&fields, &tx->value));
	TRY(rlp_string(&fields, &tx->data));
	TRY(read_access_list(&fields, tx));
	if (tx->type == TX_BLOB)
		TRY(read_blobs(&fields, rules->fork, arena, tx));
	if (tx->type == TX_SET_CODE)
		TRY(read_authorizations(&fields, tx));
	struct slice items = read_so_far(&start, &fields);
	uint64_t y_parity;
	TRY(rlp_uint64(&fields, &y_parity));
	if (y_parity > 1)
		return fault(TX_FAULT_SIGNATURE);
	tx->y_parity = (unsigned)y_parity;
	TRY(read_signature(&fields, tx));
	if (!u256_equal(&chain_id, &own_chain_id))
		return fault(TX_FAULT_CHAIN_ID);
	return hash_list(arena, (int)tx->type, items, (struct slice){0}, &tx->signing_hash);
}

static bool is_known_type(uint8_t type, const struct chain_rules *rules)
{
	switch (type) {
	case TX_ACCESS_LIST:
	case TX_FEE_MARKET:
		return true;
	case TX_BLOB:
		return rules->has_blobs;
	case TX_SET_CODE:
		return rules->fork >= FORK_PRAGUE;
	default:
		return false;
	}
}

status transaction_read(struct slice encoded, const struct chain_rules *rules, struct arena *arena, struct transaction *tx)
{
	*tx = (struct transaction){.encoded = encoded};
	struct rlp_reader fields;
	if (encoded.length == 0)
		return FAIL(STATUS_RLP);
	if (encoded.data[0] >= 0xc0) {
		TRY(rlp_only_list(encoded, &fields));
		TRY(read_legacy(fields, rules, arena, tx));
	} else {
		if (!is_known_type(encoded.data[0], rules))
			return fault(TX_FAULT_TYPE);
		tx->type = encoded.data[0];
		TRY(rlp_only_list(slice_of(encoded.data + 1, encoded.length - 1), &fields));
		TRY(read_typed(fields, rules, arena, tx));
	}
	if (tx->nonce == UINT64_MAX)
		return fault(TX_FAULT_NONCE);
	if (u256_less(&tx->max_fee, &tx->max_priority_fee))
		return fault(TX_FAULT_PRIORITY_FEE);
	/* Nobody could pay it; official tests want it refused before any state is asked. */
	struct u256 gas = u256_from_u64(tx->gas_limit);
	struct u256 cost;
	if (u256_mul_overflow(&cost, &gas, &tx->max_fee))
		return fault(TX_FAULT_FUNDS);
	if (rules->fork >= FORK_OSAKA && tx->gas_limit > max_transaction_gas)
		return fault(TX_FAULT_GAS_LIMIT);
	if (tx->creates && tx->data.length > max_init_code)
		return fault(TX_FAULT_INIT_CODE);
	return STATUS_OK;
}

status transaction_sender(const struct transaction *tx, struct address *sender)
{
	return secp256k1_recover(sender, &tx->signing_hash, tx->y_parity, &tx->r, &tx->s) ? STATUS_OK : FAIL(STATUS_SIGNATURE);
}

status authorization_read(struct rlp_reader *authorizations, struct authorization *authorization)
{
	struct rlp_reader fields;
	TRY(rlp_list(authorizations, &fields));
	struct rlp_reader start = fields;
	TRY(rlp_u256(&fields, &authorization->chain_id));
	TRY(rlp_address(&fields, &authorization->target));
	TRY(rlp_uint64(&fields, &authorization->nonce));
	struct slice items = read_so_far(&start, &fields);
	TRY(rlp_uint64(&fields, &authorization->y_parity));
	if (authorization->y_parity > UINT8_MAX)
		return FAIL(STATUS_RLP);
	TRY(rlp_u256(&fields, &authorization->r));
	TRY(rlp_u256(&fields, &authorization->s));
	TRY(rlp_end(&fields));
	/* A chain id, an address and a nonce of canonical RLP: at most 33 + 21 + 9 bytes. */
	uint8_t buffer[1 + 2 + 63];
	struct rlp_writer writer = rlp_writer_of(buffer, sizeof buffer);
	const uint8_t *end = rlp_mark(&writer);
	rlp_put_raw(&writer, items);
	rlp_put_list(&writer, end);
	static const uint8_t magic = authorization_magic;
	rlp_put_raw(&writer, slice_of(&magic, 1));
	struct slice bytes;
	TRY(rlp_written(&writer, &bytes));
	keccak256(bytes.data, bytes.length, authorization->signing_hash.bytes);
	return STATUS_OK;
}

bool authorization_authority(const struct authorization *authorization, struct address *authority)
{
	if (authorization->y_parity > 1)
		return false;
	if (u256_less(&secp256k1_half_order, &authorization->s))
		return false;
	return secp256k1_recover(authority, &authorization->signing_hash, (unsigned)authorization->y_parity, &authorization->r, &authorization->s);
}
