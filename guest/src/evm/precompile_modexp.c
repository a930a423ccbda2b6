#include "crypto/modexp.h"
#include "evm/precompile_list.h"

enum { head_size = 96, osaka_max_length = 1024 };

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t saturating_product(uint64_t a, uint64_t b)
{
	uint64_t product;
	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

struct lengths {
	uint64_t base, exponent, modulus; /* 2^64 - 1 stands for all that is larger */
};

/* EIP-2565: squarings that the exponent takes. `per_byte` counts for each byte behind the first 32. */
static uint64_t iterations(const struct precompile_call *call, const struct lengths *lengths, uint64_t per_byte)
{
	uint8_t bytes[32];
	struct u256 head;
	uint64_t head_length = lengths->exponent < 32 ? lengths->exponent : 32;
	size_t head_at = lengths->base < SIZE_MAX - head_size ? head_size + (size_t)lengths->base : SIZE_MAX;
	precompile_input(call, head_at, bytes, (size_t)head_length);
	u256_from_short_bytes(&head, bytes, (size_t)head_length);
	uint64_t bits = u256_bit_length(&head);
	uint64_t of_head = bits == 0 ? 0 : bits - 1;
	uint64_t of_tail = saturating_product(per_byte, lengths->exponent - head_length);
	return larger(of_tail > UINT64_MAX - of_head ? UINT64_MAX : of_tail + of_head, 1);
}

/* EIP-2565, EIP-7883. */
static uint64_t gas_of(const struct precompile_call *call, const struct lengths *lengths)
{
	uint64_t longest = larger(lengths->base, lengths->modulus);
	uint64_t words = longest / 8 + (longest % 8 != 0);
	uint64_t square = saturating_product(words, words);
	if (call->fork < FORK_OSAKA)
		return larger(200, saturating_product(square, iterations(call, lengths, 8)) / 3);
	uint64_t complexity = longest <= 32 ? 16 : saturating_product(2, square);
	return larger(500, saturating_product(complexity, iterations(call, lengths, 16)));
}

/* A product that reached 2^64 must not be divided down to a price that can be paid. */
static bool is_payable(const struct lengths *lengths)
{
	const uint64_t limit = (uint64_t)1 << 28;
	return lengths->base < limit && lengths->modulus < limit;
}

static uint64_t length_at(const struct precompile_call *call, size_t offset)
{
	struct u256 length;
	precompile_word(call, offset, &length);
	return u256_saturated_u64(&length);
}

/* The operand, with what lies behind the input filled up; null data when there is no room. */
static struct slice operand(const struct precompile_call *call, size_t offset, size_t length)
{
	uint8_t *bytes = arena_take(call->scratch, length);
	if (bytes != NULL)
		precompile_input(call, offset, bytes, length);
	return slice_of(bytes, length);
}

enum precompile_answer precompile_modexp(struct precompile_call *call)
{
	struct lengths lengths = {length_at(call, 0), length_at(call, 32), length_at(call, 64)};
	if (call->fork >= FORK_OSAKA && larger(larger(lengths.base, lengths.exponent), lengths.modulus) > osaka_max_length)
		return PRECOMPILE_FAILED;
	if (!is_payable(&lengths) || !precompile_charge(call, gas_of(call, &lengths)))
		return PRECOMPILE_FAILED;
	if (lengths.modulus == 0)
		return PRECOMPILE_DONE;
	size_t base_length = (size_t)lengths.base;
	size_t modulus_length = (size_t)lengths.modulus;
	if (lengths.exponent > SIZE_MAX / 4)
		return PRECOMPILE_FAILED;
	size_t exponent_length = (size_t)lengths.exponent;
	uint8_t *output = precompile_output(call, modulus_length);
	struct slice base = operand(call, head_size, base_length);
	struct slice exponent = operand(call, head_size + base_length, exponent_length);
	struct slice modulus = operand(call, head_size + base_length + exponent_length, modulus_length);
	if (output == NULL || base.data == NULL || exponent.data == NULL || modulus.data == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	return modexp(output, base, exponent, modulus, call->scratch) ? PRECOMPILE_DONE : PRECOMPILE_OUT_OF_MEMORY;
}
