#include "crypto/modexp.h"

#include "base/limbs.h"
#include "crypto/modular.h"

enum { window = 4, window_powers = 1 << window };

/* The modulus, shifted so that its top bit is set; everything is computed modulo the shifted one and reduced at the end. */
struct field {
	const uint32_t *modulus;
	int count;
	unsigned shift;
	uint32_t *product; /* 2 * count + 1 limbs */
};

static void load(uint32_t *limbs, int count, struct slice bytes)
{
	for (int i = 0; i < count; i++)
		limbs[i] = 0;
	for (size_t i = 0; i < bytes.length; i++)
		limbs[i / 4] |= (uint32_t)bytes.data[bytes.length - 1 - i] << (8 * (i % 4));
}

static struct slice without_leading_zeros(struct slice bytes)
{
	while (bytes.length > 0 && bytes.data[0] == 0)
		bytes = slice_of(bytes.data + 1, bytes.length - 1);
	return bytes;
}

/*
 * Reduces `length` limbs, behind which there is room for one more, in place: `count` limbs are left. The number is taken times
 * 2^shift and the remainder divided by it, so that the divisor's top bit is set.
 */
static void reduce(const struct field *field, uint32_t *number, int length)
{
	if (length < field->count) {
		for (int i = length; i < field->count; i++)
			number[i] = 0;
		return;
	}
	if (field->count == 1) {
		uint32_t remainder = 0;
		limbs_divide_by_limb(number, &remainder, number, length, field->modulus[0] >> field->shift);
		number[0] = remainder;
		return;
	}
	number[length] = limbs_shift_left(number, number, length, field->shift);
	for (int i = length - field->count; i >= 0; i--)
		limbs_divide_step(number + i, field->modulus, field->count);
	limbs_shift_right(number, number, field->count, field->shift, 0);
}

static void multiply(const struct field *field, uint32_t *result, const uint32_t *a, const uint32_t *b)
{
	uint32_t *product = field->product;
	int count = field->count;
	for (int i = 0; i < count; i++)
		product[i] = 0;
	for (int i = 0; i < count; i++) {
		uint32_t carry = 0;
		uint32_t factor = a[i];
		for (int j = 0; j < count; j++) {
			uint64_t sum = (uint64_t)factor * b[j] + product[i + j] + carry;
			product[i + j] = (uint32_t)sum;
			carry = (uint32_t)(sum >> 32);
		}
		product[i + count] = carry;
	}
	reduce(field, product, 2 * count);
	for (int i = 0; i < count; i++)
		result[i] = product[i];
}

/* Bits up to which a table of powers takes longer than it saves. */
enum { few_bits = 24 };

static unsigned bit_length(struct slice exponent)
{
	if (exponent.length == 0)
		return 0;
	return 8 * (unsigned)exponent.length - ((unsigned)__builtin_clz(exponent.data[0]) - 24);
}

static bool bit_at(struct slice exponent, unsigned bit)
{
	return exponent.data[exponent.length - 1 - bit / 8] >> (bit % 8) & 1;
}

/* A price that EIP-7883 takes for each bit must not be paid for a table: an exponent of 3 is the cheapest. */
static void raise_by_bits(const struct field *field, uint32_t *value, const uint32_t *base, struct slice exponent)
{
	unsigned bits = bit_length(exponent);
	if (bits == 0)
		return;
	memcpy(value, base, (size_t)field->count * sizeof *value);
	for (unsigned bit = bits - 1; bit-- > 0;) {
		multiply(field, value, value, value);
		if (bit_at(exponent, bit))
			multiply(field, value, value, base);
	}
}

/* `powers` holds base^0 … base^15. */
static void raise(const struct field *field, uint32_t *value, const uint32_t *powers, struct slice exponent)
{
	for (size_t i = 0; i < 2 * exponent.length; i++) {
		unsigned digit = i % 2 == 0 ? exponent.data[i / 2] >> window : exponent.data[i / 2] & (window_powers - 1);
		for (int j = 0; j < window && i > 0; j++)
			multiply(field, value, value, value);
		if (digit > 0)
			multiply(field, value, value, powers + digit * (size_t)field->count);
	}
}

static void store(uint8_t *result, size_t length, const uint32_t *limbs, int count)
{
	for (size_t i = 0; i < length; i++)
		result[length - 1 - i] = i / 4 < (size_t)count ? (uint8_t)(limbs[i / 4] >> (8 * (i % 4))) : 0;
}

/* The number modulo m: 256 bits after 256 bits. */
static struct u256 reduce_short(struct slice bytes, const struct u256 *m)
{
	static const struct u256 half = {{0, 0, 0, 0, 0, 0, 0, 0x80000000}};
	struct u256 value = u256_zero;
	struct u256 one = u256_from_u64(1);
	struct u256 shift = u256_from_u64(2);
	syscall_mul_mod(&shift, &half, &shift, m);
	while (bytes.length > 0) {
		size_t length = (bytes.length - 1) % 32 + 1;
		struct u256 word;
		u256_from_short_bytes(&word, bytes.data, length);
		syscall_mul_mod(&word, &word, &one, m);
		syscall_mul_mod(&value, &value, &shift, m);
		mod_add(&value, &value, &word, m);
		bytes = slice_of(bytes.data + length, bytes.length - length);
	}
	return value;
}

/* Where the modulus has 32 bytes at most, the machine multiplies. */
static struct u256 modexp_short(struct slice base, struct slice exponent, const struct u256 *m)
{
	struct u256 powers[window_powers];
	struct u256 factor = reduce_short(base, m);
	struct u256 one = u256_from_u64(1);
	syscall_mul_mod(&powers[0], &one, &one, m);
	for (int i = 1; i < window_powers; i++)
		syscall_mul_mod(&powers[i], &powers[i - 1], &factor, m);
	struct u256 value = powers[0];
	for (size_t i = 0; i < 2 * exponent.length; i++) {
		unsigned digit = i % 2 == 0 ? exponent.data[i / 2] >> window : exponent.data[i / 2] & (window_powers - 1);
		for (int j = 0; j < window && i > 0; j++)
			syscall_mul_mod(&value, &value, &value, m);
		if (digit > 0)
			syscall_mul_mod(&value, &value, &powers[digit], m);
	}
	return value;
}

static void store_short(uint8_t *result, size_t length, const struct u256 *value)
{
	uint8_t bytes[32];
	u256_to_bytes(value, bytes);
	size_t zeros = length > sizeof bytes ? length - sizeof bytes : 0;
	if (zeros > 0)
		memset(result, 0, zeros);
	memcpy(result + zeros, bytes + sizeof bytes - (length - zeros), length - zeros);
}

bool modexp(uint8_t *result, struct slice base, struct slice exponent, struct slice modulus, struct arena *scratch)
{
	struct slice significant = without_leading_zeros(modulus);
	base = without_leading_zeros(base);
	exponent = without_leading_zeros(exponent);
	if (significant.length == 0) {
		if (modulus.length > 0)
			memset(result, 0, modulus.length);
		return true;
	}
	if (significant.length <= 32) {
		struct u256 m;
		u256_from_short_bytes(&m, significant.data, significant.length);
		struct u256 value = modexp_short(base, exponent, &m);
		store_short(result, modulus.length, &value);
		return true;
	}
	int count = (int)((significant.length + 3) / 4);
	int base_count = (int)((base.length + 3) / 4);
	int wide = base_count > count ? base_count : count;
	size_t mark = arena_mark(scratch);
	uint32_t *shifted = arena_take_array(scratch, (size_t)count, sizeof *shifted);
	uint32_t *wide_base = arena_take_array(scratch, (size_t)wide + 1, sizeof *wide_base);
	uint32_t *product = arena_take_array(scratch, 2 * (size_t)count + 1, sizeof *product);
	uint32_t *powers = arena_take_array(scratch, window_powers * (size_t)count, sizeof *powers);
	uint32_t *value = arena_take_array(scratch, (size_t)count + 1, sizeof *value);
	if (shifted == NULL || wide_base == NULL || product == NULL || powers == NULL || value == NULL)
		return false;

	load(shifted, count, significant);
	unsigned shift = (unsigned)__builtin_clz(shifted[count - 1]);
	limbs_shift_left(shifted, shifted, count, shift);
	struct field field = {.modulus = shifted, .count = count, .shift = shift, .product = product};
	load(wide_base, wide, base);
	reduce(&field, wide_base, wide);
	load(value, count, slice_of((const uint8_t[]){1}, 1));
	reduce(&field, value, count);
	if (bit_length(exponent) <= few_bits) {
		raise_by_bits(&field, value, wide_base, exponent);
	} else {
		memcpy(powers, value, (size_t)count * sizeof *value);
		for (int i = 1; i < window_powers; i++)
			multiply(&field, powers + i * (size_t)count, powers + (i - 1) * (size_t)count, wide_base);
		raise(&field, value, powers, exponent);
	}
	store(result, modulus.length, value, count);
	arena_release(scratch, mark);
	return true;
}
