#include "rollup/inbox.h"

#include "crypto/keccak.h"
#include "rollup/inbox_empty.h"

enum {
	kind_deposit = 0,
	leaf_tag = 0x00,
	node_tag = 0x01,
	deposit_bytes = 64, /* abi.encode(address, uint64) */
	address_padding = 12,
	amount_at = 56,
	amount_word_at = 32,
};

static const uint64_t max_leaves = ((uint64_t)1 << inbox_depth) - 1;

static void hash_node(const struct bytes32 *left, const struct bytes32 *right, struct bytes32 *node)
{
	/* The children stand at whole words. */
	_Alignas(4) uint8_t bytes[68];
	bytes[3] = node_tag;
	memcpy(bytes + 4, left->bytes, 32);
	memcpy(bytes + 36, right->bytes, 32);
	keccak256(bytes + 3, 65, node->bytes);
}

static void put_uint64(uint8_t *to, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		to[i] = (uint8_t)value;
}

static bool has_bit(uint64_t count, unsigned level)
{
	return (count >> level & 1) != 0;
}

status inbox_init_tree(struct inbox *inbox, uint64_t count, struct rlp_reader frontier)
{
	if (count > max_leaves)
		return FAIL(STATUS_INBOX);
	*inbox = (struct inbox){.count = count, .has_tree = true};
	for (unsigned level = 0; level < inbox_depth; level++) {
		if (has_bit(count, level))
			TRY(rlp_bytes32(&frontier, &inbox->left[level]));
	}
	TRY(rlp_end(&frontier));
	inbox_root(inbox, &inbox->root_before);
	return STATUS_OK;
}

status inbox_init(struct inbox *inbox, uint64_t count, struct rlp_reader frontier, struct rlp_reader items)
{
	if (!rlp_at_end(&items)) {
		TRY(inbox_init_tree(inbox, count, frontier));
		inbox->items = items;
		return STATUS_OK;
	}
	if (count > max_leaves)
		return FAIL(STATUS_INBOX);
	*inbox = (struct inbox){.count = count, .items = items};
	return rlp_end(&frontier);
}

status inbox_item_read(struct rlp_reader *items, struct inbox_item *item)
{
	struct rlp_reader fields;
	uint64_t kind;
	TRY(rlp_list(items, &fields));
	TRY(rlp_uint64(&fields, &kind));
	if (kind > UINT8_MAX)
		return FAIL(STATUS_RLP);
	item->kind = (uint8_t)kind;
	TRY(rlp_address(&fields, &item->sender));
	TRY(rlp_string(&fields, &item->payload));
	TRY(rlp_uint64(&fields, &item->l1_time));
	return rlp_end(&fields);
}

void inbox_leaf(uint64_t index, const struct inbox_item *item, struct bytes32 *leaf)
{
	uint8_t bytes[70];
	bytes[0] = leaf_tag;
	put_uint64(bytes + 1, index);
	bytes[9] = item->kind;
	memcpy(bytes + 10, item->sender.bytes, sizeof item->sender.bytes);
	keccak256(item->payload.data, item->payload.length, bytes + 30);
	put_uint64(bytes + 62, item->l1_time);
	keccak256(bytes, sizeof bytes, leaf->bytes);
}

status inbox_append(struct inbox *inbox, const struct bytes32 *leaf)
{
	if (inbox->count >= max_leaves)
		return FAIL(STATUS_INBOX);
	struct bytes32 node = *leaf;
	unsigned level = 0;
	for (; has_bit(inbox->count, level); level++)
		hash_node(&inbox->left[level], &node, &node);
	inbox->left[level] = node;
	inbox->count++;
	inbox->is_root_known = false;
	return STATUS_OK;
}

void inbox_root(struct inbox *inbox, struct bytes32 *root)
{
	struct bytes32 node = {{0}};
	if (inbox->is_root_known) {
		*root = inbox->root;
		return;
	}
	for (unsigned level = 0; level < inbox_depth; level++) {
		if (has_bit(inbox->count, level))
			hash_node(&inbox->left[level], &node, &node);
		else
			hash_node(&node, &inbox_empty[level], &node);
	}
	inbox->root = node;
	inbox->is_root_known = true;
	*root = node;
}

status inbox_check_root(struct inbox *inbox, const struct bytes32 *claimed)
{
	struct bytes32 root;
	if (!inbox->has_tree && !inbox->is_root_known) {
		inbox->root_before = inbox->root = *claimed;
		inbox->is_root_known = true;
	}
	inbox_root(inbox, &root);
	if (bytes32_equal(claimed, &root))
		return STATUS_OK;
	header_log_mismatch(HEADER_PARENT_BEACON_BLOCK_ROOT, root.bytes, sizeof root.bytes);
	return FAIL(STATUS_BEACON_ROOT);
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	uint8_t any = 0;
	for (size_t i = 0; i < length; i++)
		any |= bytes[i];
	return any == 0;
}

static status check_deposit(const struct inbox_item *item, uint64_t index, const struct withdrawal *withdrawal)
{
	const uint8_t *payload = item->payload.data;
	if (item->kind != kind_deposit || item->payload.length != deposit_bytes)
		return FAIL(STATUS_INBOX);
	if (!is_zero(payload, address_padding) || !is_zero(payload + amount_word_at, amount_at - amount_word_at))
		return FAIL(STATUS_INBOX);
	uint8_t amount[8];
	put_uint64(amount, withdrawal->amount);
	bool is_next = withdrawal->index == index && withdrawal->validator_index == 0 &&
	               bytes_equal(withdrawal->address.bytes, payload + address_padding, sizeof withdrawal->address.bytes) &&
	               bytes_equal(amount, payload + amount_at, sizeof amount);
	return is_next ? STATUS_OK : FAIL(STATUS_INBOX);
}

status inbox_consume(struct inbox *inbox, const struct block *block)
{
	struct rlp_reader withdrawals = block->withdrawals;
	for (size_t i = 0; i < block->withdrawal_count; i++) {
		struct withdrawal withdrawal;
		struct inbox_item item;
		struct bytes32 leaf;
		TRY(withdrawal_read(&withdrawals, &withdrawal));
		if (rlp_at_end(&inbox->items))
			return FAIL(STATUS_INBOX);
		TRY(inbox_item_read(&inbox->items, &item));
		TRY(check_deposit(&item, inbox->count, &withdrawal));
		inbox_leaf(inbox->count, &item, &leaf);
		TRY(inbox_append(inbox, &leaf));
	}
	return STATUS_OK;
}

status inbox_end(const struct inbox *inbox)
{
	return rlp_at_end(&inbox->items) ? STATUS_OK : FAIL(STATUS_INBOX);
}
