#include "rollup/public_inputs.h"

#include "crypto/keccak.h"
#include "platform/log.h"

enum { word_bytes = 32, word_count = 19, address_padding = 12 };

static uint8_t *put_number(uint8_t *at, const struct u256 *value)
{
	u256_to_bytes(value, at);
	return at + word_bytes;
}

static uint8_t *put_bytes32(uint8_t *at, const struct bytes32 *value)
{
	memcpy(at, value->bytes, word_bytes);
	return at + word_bytes;
}

static uint8_t *put_address(uint8_t *at, const struct address *value)
{
	memset(at, 0, address_padding);
	memcpy(at + address_padding, value->bytes, sizeof value->bytes);
	return at + word_bytes;
}

void public_inputs_digest(const struct public_inputs *inputs, struct bytes32 *digest)
{
	static const struct bytes32 version = {"zkdevnet.batch.v1"};
	uint8_t words[word_count * word_bytes];
	uint8_t *at = words;
	at = put_bytes32(at, &version);
	at = put_number(at, &inputs->l1_chain_id);
	at = put_address(at, &inputs->rollup);
	at = put_number(at, &inputs->l2_chain_id);
	at = put_number(at, &inputs->rules_version);
	at = put_number(at, &inputs->batch_number);
	at = put_bytes32(at, &inputs->parent_block_hash);
	at = put_bytes32(at, &inputs->state_root_before);
	at = put_bytes32(at, &inputs->last_block_hash);
	at = put_bytes32(at, &inputs->state_root_after);
	at = put_number(at, &inputs->first_block_number);
	at = put_number(at, &inputs->last_block_number);
	at = put_number(at, &inputs->last_timestamp);
	at = put_bytes32(at, &inputs->state_diff_hash);
	at = put_number(at, &inputs->inbox_count_before);
	at = put_bytes32(at, &inputs->inbox_root_before);
	at = put_number(at, &inputs->inbox_count_after);
	at = put_bytes32(at, &inputs->inbox_root_after);
	put_bytes32(at, &inputs->messages_root);
	log_record(LOG_PUBLIC_INPUTS, slice_of(words, sizeof words));
	keccak256(words, sizeof words, digest->bytes);
}
