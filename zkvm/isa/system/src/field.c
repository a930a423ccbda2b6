#include "field.h"

/* 2^256 mod p is 2^32 and this. */
static const uint64_t fold_low = 977;

static const element prime = {{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}};

int is_reduced(const element *a)
{
	for (int i = words - 1; i >= 0; i--)
		if (a->word[i] != prime.word[i])
			return a->word[i] < prime.word[i];
	return 0;
}

int is_zero(const element *a)
{
	uint32_t any = 0;
	for (int i = 0; i < words; i++)
		any |= a->word[i];
	return any == 0;
}

int is_equal(const element *a, const element *b)
{
	uint32_t difference = 0;
	for (int i = 0; i < words; i++)
		difference |= a->word[i] ^ b->word[i];
	return difference == 0;
}

/* The low 256 bits of a - b; whether it was below 0. */
static uint32_t subtract_words(element *out, const element *a, const element *b)
{
	uint64_t borrow = 0;
	for (int i = 0; i < words; i++) {
		uint64_t difference = (uint64_t)a->word[i] - b->word[i] - borrow;
		out->word[i] = (uint32_t)difference;
		borrow = difference >> 63;
	}
	return (uint32_t)borrow;
}

/* The same of a + b: the carry. */
static uint32_t add_words(element *out, const element *a, const element *b)
{
	uint64_t carry = 0;
	for (int i = 0; i < words; i++) {
		carry += (uint64_t)a->word[i] + b->word[i];
		out->word[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return (uint32_t)carry;
}

/* Of a number below 2p, whose bit 256 is `carry`. */
static element reduce_once(element a, uint32_t carry)
{
	element less;
	uint32_t borrow = subtract_words(&less, &a, &prime);
	return carry != 0 || borrow == 0 ? less : a;
}

element add(const element *a, const element *b)
{
	element sum;
	uint32_t carry = add_words(&sum, a, b);
	return reduce_once(sum, carry);
}

element subtract(const element *a, const element *b)
{
	element difference;
	if (subtract_words(&difference, a, b) != 0)
		add_words(&difference, &difference, &prime);
	return difference;
}

/* 2^256 is 2^32 + 977 mod p, so what is above it comes back twice: once shifted by a word, once times 977. */
element multiply(const element *a, const element *b)
{
	uint32_t product[2 * words];
	for (int i = 0; i < words; i++)
		product[i] = 0;
	for (int i = 0; i < words; i++) {
		uint64_t carry = 0;
		for (int j = 0; j < words; j++) {
			carry += (uint64_t)a->word[i] * b->word[j] + product[i + j];
			product[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		product[i + words] = (uint32_t)carry;
	}
	element folded;
	uint64_t sum = 0;
	for (int i = 0; i < words; i++) {
		sum += (uint64_t)product[i] + product[words + i] * fold_low + (i > 0 ? product[words + i - 1] : 0);
		folded.word[i] = (uint32_t)sum;
		sum >>= 32;
	}
	sum += product[2 * words - 1];
	/* Below 2^33 + 2^11 now, and times 2^32 + 977 it fits three words. */
	uint64_t low = (sum & 0xffffffff) * fold_low;
	uint64_t middle = (sum >> 32) * fold_low + (sum & 0xffffffff) + (low >> 32);
	element rest = {{(uint32_t)low, (uint32_t)middle, (uint32_t)((middle >> 32) + (sum >> 32))}};
	uint32_t carry = add_words(&folded, &folded, &rest);
	return reduce_once(folded, carry);
}
