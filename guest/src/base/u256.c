#include "base/u256.h"

#include "crypto/syscall.h"

/* RV32 has no access to unaligned words: the compiler loads bytes unless it is told that a pointer is aligned. */
static inline uint32_t load_big_endian(const uint8_t *bytes)
{
	uint32_t word;
	memcpy(&word, bytes, sizeof word);
	return __builtin_bswap32(word);
}

static inline void store_big_endian(uint8_t *bytes, uint32_t word)
{
	word = __builtin_bswap32(word);
	memcpy(bytes, &word, sizeof word);
}

static inline bool is_aligned(const void *pointer)
{
	return ((uintptr_t)pointer & 3) == 0;
}

void u256_from_bytes(struct u256 *result, const uint8_t bytes[32])
{
	if (is_aligned(bytes)) {
		const uint8_t *aligned = __builtin_assume_aligned(bytes, 4);
		for (int i = 0; i < u256_limbs; i++)
			result->limb[u256_limbs - 1 - i] = load_big_endian(aligned + 4 * i);
		return;
	}
	for (int i = 0; i < u256_limbs; i++)
		result->limb[u256_limbs - 1 - i] = load_big_endian(bytes + 4 * i);
}

void u256_to_bytes(const struct u256 *value, uint8_t bytes[32])
{
	if (is_aligned(bytes)) {
		uint8_t *aligned = __builtin_assume_aligned(bytes, 4);
		for (int i = 0; i < u256_limbs; i++)
			store_big_endian(aligned + 4 * i, value->limb[u256_limbs - 1 - i]);
		return;
	}
	for (int i = 0; i < u256_limbs; i++)
		store_big_endian(bytes + 4 * i, value->limb[u256_limbs - 1 - i]);
}

void u256_from_short_bytes(struct u256 *result, const uint8_t *bytes, size_t length)
{
	size_t words = length / 4;
	size_t rest = length % 4;
	uint32_t top = 0;
	*result = u256_zero;
	for (size_t i = 0; i < words; i++) {
		const uint8_t *word = bytes + length - 4 * (i + 1);
		result->limb[i] = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
	}
	for (size_t i = 0; i < rest; i++)
		top = top << 8 | bytes[i];
	if (rest > 0)
		result->limb[words] = top;
}

void u256_from_address(struct u256 *result, const struct address *address)
{
	for (int i = 0; i < 5; i++)
		result->limb[4 - i] = load_big_endian(address->bytes + 4 * i);
	result->limb[5] = result->limb[6] = result->limb[7] = 0;
}

void u256_to_address(const struct u256 *value, struct address *address)
{
	for (int i = 0; i < 5; i++)
		store_big_endian(address->bytes + 4 * i, value->limb[4 - i]);
}

int u256_compare(const struct u256 *a, const struct u256 *b)
{
	for (int i = u256_limbs - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

int u256_compare_signed(const struct u256 *a, const struct u256 *b)
{
	uint32_t sign_a = a->limb[7] >> 31;
	uint32_t sign_b = b->limb[7] >> 31;
	if (sign_a != sign_b)
		return sign_a > sign_b ? -1 : 1;
	return u256_compare(a, b);
}

bool u256_add(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	uint32_t carry = 0;
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t partial = a->limb[i] + carry;
		carry = partial < carry;
		uint32_t sum = partial + b->limb[i];
		carry += sum < partial;
		result->limb[i] = sum;
	}
	return carry != 0;
}

bool u256_sub(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	uint32_t borrow = 0;
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t left = a->limb[i];
		uint32_t partial = left - borrow;
		borrow = partial > left;
		uint32_t difference = partial - b->limb[i];
		borrow += difference > partial;
		result->limb[i] = difference;
	}
	return borrow != 0;
}

void u256_negate(struct u256 *result, const struct u256 *a)
{
	u256_sub(result, &u256_zero, a);
}

/* Used lengths keep products of small numbers, which are the usual ones, cheap. */
static int used_limbs(const struct u256 *a)
{
	int count = u256_limbs;
	while (count > 0 && a->limb[count - 1] == 0)
		count--;
	return count;
}

static void multiply_short(struct u256 *result, const struct u256 *a, int length_a, const struct u256 *b, int length_b)
{
	struct u256 product = u256_zero;
	for (int i = 0; i < length_a; i++) {
		uint32_t carry = 0;
		int end = length_b < u256_limbs - i ? length_b : u256_limbs - i;
		for (int j = 0; j < end; j++) {
			uint64_t sum = (uint64_t)a->limb[i] * b->limb[j] + product.limb[i + j] + carry;
			product.limb[i + j] = (uint32_t)sum;
			carry = (uint32_t)(sum >> 32);
		}
		if (i + end < u256_limbs)
			product.limb[i + end] = carry;
	}
	*result = product;
}

void u256_mul(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	/* Up to so many products of limbs cost less than the machine's function. */
	enum { few_products = 4 };
	int length_a = used_limbs(a);
	int length_b = used_limbs(b);
	if (length_a * length_b <= few_products) {
		multiply_short(result, a, length_a, b, length_b);
		return;
	}
	uint32_t product[2 * u256_limbs];
	syscall_mul_add(product, a, b, &u256_zero);
	for (int i = 0; i < u256_limbs; i++)
		result->limb[i] = product[i];
}

void u256_exp(struct u256 *result, const struct u256 *base, const struct u256 *exponent)
{
	struct u256 power = u256_from_u64(1);
	struct u256 factor = *base;
	unsigned bits = u256_bit_length(exponent);
	for (unsigned bit = 0; bit < bits; bit++) {
		if (exponent->limb[bit / 32] >> (bit % 32) & 1)
			u256_mul(&power, &power, &factor);
		u256_mul(&factor, &factor, &factor);
	}
	*result = power;
}
