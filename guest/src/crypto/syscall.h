#ifndef GUEST_CRYPTO_SYSCALL_H
#define GUEST_CRYPTO_SYSCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/u256.h"

/* A point of secp256k1 other than infinity; coordinates below the field's prime. */
struct secp256k1_point {
	struct u256 x;
	struct u256 y;
};

/*
 * What the machine does in one step, as `ecall`s there (crypto/syscall_machine.h). On the host, under qemu and where software
 * cryptography is measured (GUEST_SOFT_CRYPTO), plain C does it (crypto/soft_*.c); nothing above this layer knows the difference.
 */
#if defined(__riscv) && !defined(GUEST_SOFT_CRYPTO)
#include "crypto/syscall_machine.h"
#else

/* A state of 25 words of 64 bits, the low half first, so that a chip sees words of 32 bits. */
void syscall_keccak_f(uint32_t state[50]);
/* state ^= block, then keccak-f. The block is aligned to 4. */
void syscall_keccak_absorb(uint32_t state[50], const uint32_t block[34]);

/* a * b + c, which never exceeds 512 bits; the low limb first. The result may overlap operands. */
void syscall_mul_add(uint32_t result[16], const struct u256 *a, const struct u256 *b, const struct u256 *c);

/* a * b modulo m, for any a and b and m > 0. The result may be an operand. */
void syscall_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m);

/* a += b; the x coordinates differ (the caller has checked). */
void syscall_secp256k1_add(struct secp256k1_point *a, const struct secp256k1_point *b);
/* a += a; secp256k1 has no point with y = 0. */
void syscall_secp256k1_double(struct secp256k1_point *a);

#endif
#endif
