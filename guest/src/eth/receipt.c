#include "eth/receipt.h"

#include "crypto/keccak.h"
#include "eth/rlp.h"

/* Three bits of 2048, by 11 bits each of the hash (Yellow Paper, 4.4.3). */
static void bloom_add(uint8_t bloom[bloom_bytes], const void *data, size_t length)
{
	uint8_t hash[32];
	keccak256(data, length, hash);
	for (int i = 0; i < 6; i += 2) {
		unsigned bit = ((unsigned)hash[i] << 8 | hash[i + 1]) & 0x7ff;
		bloom[bloom_bytes - 1 - bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

static void bloom_join(uint8_t to[bloom_bytes], const uint8_t from[bloom_bytes])
{
	for (size_t i = 0; i < bloom_bytes; i += sizeof(uint32_t)) {
		uint32_t joined, more;
		memcpy(&joined, to + i, sizeof joined);
		memcpy(&more, from + i, sizeof more);
		joined |= more;
		memcpy(to + i, &joined, sizeof joined);
	}
}

static void put_log(struct rlp_writer *writer, const struct log *log)
{
	const uint8_t *end = rlp_mark(writer);
	rlp_put_string(writer, log->data);
	const uint8_t *topics_end = rlp_mark(writer);
	for (size_t i = log->topic_count; i > 0; i--)
		rlp_put_bytes(writer, log->topics[i - 1].bytes, sizeof log->topics[i - 1].bytes);
	rlp_put_list(writer, topics_end);
	rlp_put_bytes(writer, log->address.bytes, sizeof log->address.bytes);
	rlp_put_list(writer, end);
}

/* Each log is in memory already, with 44 bytes of its own besides, so the sum fits. */
static size_t size_bound(const struct receipt *receipt)
{
	enum { fixed = bloom_bytes + 64, per_log = 3 * rlp_max_prefix + 21 + 33 * state_max_topics };
	size_t size = fixed;
	for (size_t i = 0; i < receipt->log_count; i++)
		size += per_log + receipt->logs[i].data.length;
	return size;
}

status receipt_encode(const struct receipt *receipt, struct arena *arena, uint8_t block_bloom[bloom_bytes], struct slice *encoded)
{
	_Alignas(4) uint8_t bloom[bloom_bytes] = {0};
	for (size_t i = 0; i < receipt->log_count; i++) {
		const struct log *log = &receipt->logs[i];
		bloom_add(bloom, log->address.bytes, sizeof log->address.bytes);
		for (size_t topic = 0; topic < log->topic_count; topic++)
			bloom_add(bloom, log->topics[topic].bytes, sizeof log->topics[topic].bytes);
	}
	if (receipt->log_count > 0)
		bloom_join(block_bloom, bloom);
	size_t size = size_bound(receipt);
	uint8_t *buffer = arena_take(arena, size);
	if (buffer == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	struct rlp_writer writer = rlp_writer_of(buffer, size);
	const uint8_t *end = rlp_mark(&writer);
	for (size_t i = receipt->log_count; i > 0; i--)
		put_log(&writer, &receipt->logs[i - 1]);
	rlp_put_list(&writer, end);
	rlp_put_bytes(&writer, bloom, sizeof bloom);
	rlp_put_uint64(&writer, receipt->cumulative_gas);
	rlp_put_uint64(&writer, receipt->succeeded);
	rlp_put_list(&writer, end);
	if (receipt->type != 0)
		rlp_put_raw(&writer, slice_of(&receipt->type, 1));
	return rlp_written(&writer, encoded);
}
