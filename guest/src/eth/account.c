#include "eth/account.h"

#include "eth/rlp.h"

static status decode(struct slice encoded, struct account_leaf *leaf)
{
	struct rlp_reader fields;
	TRY(rlp_only_list(encoded, &fields));
	TRY(rlp_uint64(&fields, &leaf->nonce));
	TRY(rlp_u256(&fields, &leaf->balance));
	TRY(rlp_bytes32(&fields, &leaf->storage_root));
	TRY(rlp_bytes32(&fields, &leaf->code_hash));
	return rlp_end(&fields);
}

status account_decode(struct slice encoded, struct account_leaf *leaf)
{
	return decode(encoded, leaf) == STATUS_OK ? STATUS_OK : FAIL(STATUS_ACCOUNT_INVALID);
}

status account_encode(const struct account_leaf *leaf, uint8_t *buffer, struct slice *encoded)
{
	struct rlp_writer writer = rlp_writer_of(buffer, account_max_encoded);
	const uint8_t *end = rlp_mark(&writer);
	rlp_put_bytes(&writer, leaf->code_hash.bytes, sizeof leaf->code_hash.bytes);
	rlp_put_bytes(&writer, leaf->storage_root.bytes, sizeof leaf->storage_root.bytes);
	rlp_put_u256(&writer, &leaf->balance);
	rlp_put_uint64(&writer, leaf->nonce);
	rlp_put_list(&writer, end);
	return rlp_written(&writer, encoded);
}

status slot_decode(struct slice encoded, struct u256 *value)
{
	struct rlp_reader reader = rlp_reader_of(encoded);
	TRY(rlp_u256(&reader, value));
	TRY(rlp_end(&reader));
	return u256_is_zero(value) ? FAIL(STATUS_ACCOUNT_INVALID) : STATUS_OK;
}

status slot_encode(const struct u256 *value, uint8_t *buffer, struct slice *encoded)
{
	struct rlp_writer writer = rlp_writer_of(buffer, slot_max_encoded);
	rlp_put_u256(&writer, value);
	return rlp_written(&writer, encoded);
}
