#include "crypto/hint.h"

#include "crypto/syscall.h"

#ifndef GUEST_SOFT_CRYPTO

/* Kinds of hints (zkvm/isa/README.md). */
enum { HINT_INVERSE = 1, HINT_SQUARE_ROOT = 2, HINT_DIVIDE = 3, HINT_SPLIT_SCALAR = 4 };

static void request(uint32_t kind, const struct u256 *x, const struct u256 *m)
{
	register uint32_t a0 __asm__("a0") = kind;
	register const void *a1 __asm__("a1") = x;
	register const void *a2 __asm__("a2") = m;
	register uint32_t a7 __asm__("a7") = ECALL_HINT_REQUEST;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a2), "r"(a7) : "memory");
}

static inline uint32_t read_word(void)
{
	register uint32_t a0 __asm__("a0");
	register uint32_t a7 __asm__("a7") = ECALL_HINT_READ;
	__asm__ volatile("ecall" : "=r"(a0) : "r"(a7));
	return a0;
}

static inline void read_number(struct u256 *number)
{
	_Pragma("clang loop unroll(full)") for (int i = 0; i < u256_limbs; i++) number->limb[i] = read_word();
}

void hint_inverse(struct u256 *inverse, const struct u256 *a, const struct u256 *m)
{
	request(HINT_INVERSE, a, m);
	read_number(inverse);
}

void hint_square_root(struct u256 *root, const struct u256 *a, const struct u256 *m)
{
	request(HINT_SQUARE_ROOT, a, m);
	read_number(root);
}

void hint_divide(struct u256 *quotient, struct u256 *remainder, const struct u256 *a, const struct u256 *b)
{
	request(HINT_DIVIDE, a, b);
	read_number(quotient);
	read_number(remainder);
}

void hint_split_scalar(struct secp256k1_split *split, const struct u256 *k)
{
	request(HINT_SPLIT_SCALAR, k, k);
	read_number(&split->k1);
	read_number(&split->k2);
	uint32_t signs = read_word();
	split->k1_negative = signs & 1;
	split->k2_negative = signs >> 1 & 1;
}

#endif
