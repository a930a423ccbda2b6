#ifndef GUEST_CRYPTO_SYSCALL_MACHINE_H
#define GUEST_CRYPTO_SYSCALL_MACHINE_H

/* The machine's system functions (zkvm/isa/README.md). Included by crypto/syscall.h, which says what they do. */

enum {
	ECALL_HINT_REQUEST = 2,
	ECALL_HINT_READ = 3,
	ECALL_KECCAK_F = 16,
	ECALL_KECCAK_ABSORB = 17,
	ECALL_MULADD256 = 32,
	ECALL_MULMOD256 = 33,
	ECALL_SECP256K1_ADD = 48,
	ECALL_SECP256K1_DOUBLE = 49,
};

static inline void ecall_4(uint32_t number, const void *first, const void *second, const void *third, const void *fourth)
{
	register const void *a0 __asm__("a0") = first;
	register const void *a1 __asm__("a1") = second;
	register const void *a2 __asm__("a2") = third;
	register const void *a3 __asm__("a3") = fourth;
	register uint32_t a7 __asm__("a7") = number;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
}

static inline void ecall_2(uint32_t number, const void *first, const void *second)
{
	register const void *a0 __asm__("a0") = first;
	register const void *a1 __asm__("a1") = second;
	register uint32_t a7 __asm__("a7") = number;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a7) : "memory");
}

static inline void ecall_1(uint32_t number, const void *first)
{
	register const void *a0 __asm__("a0") = first;
	register uint32_t a7 __asm__("a7") = number;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
}

static inline void syscall_keccak_f(uint32_t state[50])
{
	ecall_1(ECALL_KECCAK_F, state);
}

static inline void syscall_keccak_absorb(uint32_t state[50], const uint32_t block[34])
{
	ecall_2(ECALL_KECCAK_ABSORB, state, block);
}

static inline void syscall_mul_add(uint32_t result[16], const struct u256 *a, const struct u256 *b, const struct u256 *c)
{
	ecall_4(ECALL_MULADD256, result, a, b, c);
}

static inline void syscall_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	ecall_4(ECALL_MULMOD256, result, a, b, m);
}

static inline void syscall_secp256k1_add(struct secp256k1_point *a, const struct secp256k1_point *b)
{
	ecall_2(ECALL_SECP256K1_ADD, a, b);
}

static inline void syscall_secp256k1_double(struct secp256k1_point *a)
{
	ecall_1(ECALL_SECP256K1_DOUBLE, a);
}

#endif
