#include "rollup/messages.h"

#include "base/u256.h"
#include "crypto/keccak.h"

enum { max_transactions = 65535, leaf_bytes = 88, sender_padding = 12, abi_head = 64, word_bytes = 32 };

static const struct address messenger = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x08}};

/* keccak256 of "L1MessageSent(address,bytes32,bytes)". */
static void sent_topic(struct bytes32 *topic)
{
	static const char signature[] = "L1MessageSent(address,bytes32,bytes)";
	keccak256(signature, sizeof signature - 1, topic->bytes);
}

void messages_init(struct messages *messages)
{
	*messages = (struct messages){0};
}

static void hash_pair(const struct bytes32 *left, const struct bytes32 *right, struct bytes32 *node)
{
	uint8_t bytes[64];
	memcpy(bytes, left->bytes, 32);
	memcpy(bytes + 32, right->bytes, 32);
	keccak256(bytes, sizeof bytes, node->bytes);
}

void messages_leaf(uint16_t transaction, const uint8_t sender[32], struct slice message, struct bytes32 *leaf)
{
	uint8_t bytes[leaf_bytes];
	bytes[0] = 0;
	bytes[1] = 1;
	bytes[2] = (uint8_t)(transaction >> 8);
	bytes[3] = (uint8_t)transaction;
	memcpy(bytes + 4, messenger.bytes, sizeof messenger.bytes);
	memcpy(bytes + 24, sender, 32);
	keccak256(message.data, message.length, bytes + 56);
	keccak256(bytes, sizeof bytes, leaf->bytes);
}

status messages_append(struct messages *messages, const struct bytes32 *leaf)
{
	if (messages->leaf_count == UINT32_MAX)
		return FAIL(STATUS_MESSAGES);
	struct bytes32 node = *leaf;
	unsigned level = 0;
	for (; (messages->leaf_count >> level & 1) != 0; level++)
		hash_pair(&messages->subtrees[level], &node, &node);
	messages->subtrees[level] = node;
	messages->leaf_count++;
	return STATUS_OK;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	uint8_t any = 0;
	for (size_t i = 0; i < length; i++)
		any |= bytes[i];
	return any == 0;
}

/* `abi.decode(data, (bytes))` in its only canonical form. */
static bool abi_bytes(struct slice data, struct slice *content)
{
	struct u256 word;
	if (data.length < abi_head)
		return false;
	u256_from_bytes(&word, data.data);
	if (!u256_fits_u32(&word) || word.limb[0] != word_bytes)
		return false;
	u256_from_bytes(&word, data.data + word_bytes);
	size_t room = data.length - abi_head;
	if (!u256_fits_u32(&word) || word.limb[0] > room)
		return false;
	size_t length = word.limb[0];
	if (room % word_bytes != 0 || room - length >= word_bytes || !is_zero(data.data + abi_head + length, room - length))
		return false;
	*content = slice_of(data.data + abi_head, length);
	return true;
}

/* A log that the messenger's own code cannot emit is no message. */
static bool is_message(const struct log *log, struct slice *message)
{
	struct bytes32 expected;
	if (!address_equal(&log->address, &messenger) || log->topic_count != 3)
		return false;
	sent_topic(&expected);
	if (!bytes32_equal(&log->topics[0], &expected) || !is_zero(log->topics[1].bytes, sender_padding))
		return false;
	if (!abi_bytes(log->data, message))
		return false;
	keccak256(message->data, message->length, expected.bytes);
	return bytes32_equal(&log->topics[2], &expected);
}

status messages_visit(struct messages *messages, const struct log *logs, size_t count)
{
	if (messages->transaction_count == max_transactions)
		return FAIL(STATUS_BATCH);
	uint16_t transaction = (uint16_t)messages->transaction_count++;
	for (size_t i = 0; i < count; i++) {
		struct slice message;
		struct bytes32 leaf;
		if (!is_message(&logs[i], &message))
			continue;
		messages_leaf(transaction, logs[i].topics[1].bytes, message, &leaf);
		TRY(messages_append(messages, &leaf));
	}
	return STATUS_OK;
}

void messages_root(const struct messages *messages, struct bytes32 *root)
{
	static const uint8_t padding[leaf_bytes] = {0};
	*root = (struct bytes32){{0}};
	if (messages->leaf_count == 0)
		return;
	/* Padding leaves up to the next power of two: `empty` is a subtree of them, `node` what is right of the full subtrees. */
	struct bytes32 empty;
	struct bytes32 node = {{0}};
	bool has_node = false;
	keccak256(padding, sizeof padding, empty.bytes);
	for (unsigned level = 0;; level++) {
		uint64_t rest = (uint64_t)messages->leaf_count >> level;
		bool has_subtree = (rest & 1) != 0;
		if (rest <= 1 && !(has_subtree && has_node)) {
			*root = has_subtree ? messages->subtrees[level] : node;
			return;
		}
		if (has_subtree && has_node)
			hash_pair(&messages->subtrees[level], &node, &node);
		else if (has_subtree)
			hash_pair(&messages->subtrees[level], &empty, &node);
		else if (has_node)
			hash_pair(&node, &empty, &node);
		has_node = has_node || has_subtree;
		hash_pair(&empty, &empty, &empty);
	}
}
