#ifndef GUEST_CRYPTO_SYSCALL_H
#define GUEST_CRYPTO_SYSCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/u256.h"

/*
 * What the machine may do in one step. On the host, and in a machine without these functions, plain C does it
 * (crypto/soft_*.c); nothing above this layer knows the difference.
 */

/* A state of 25 words of 64 bits, the low half first, so that a chip sees words of 32 bits. */
void syscall_keccak_f(uint32_t state[50]);

/* a * b + c, which never exceeds 512 bits; the low limb first. The result overlaps no operand. */
void syscall_mul_add(uint32_t result[16], const struct u256 *a, const struct u256 *b, const struct u256 *c);

/* a * b modulo m, for any a and b and m > 0. The result may be an operand. */
void syscall_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m);

/*
 * The inverse of a modulo an odd m. In the machine it is a hint that the prover chooses: whoever calls must check it
 * (mod_inverse does).
 */
void syscall_inverse(struct u256 *result, const struct u256 *a, const struct u256 *m);

/* A point of secp256k1 other than infinity; coordinates below the field's prime. */
struct secp256k1_point {
	struct u256 x;
	struct u256 y;
};

/* a += b; the x coordinates differ (the caller has checked). */
void syscall_secp256k1_add(struct secp256k1_point *a, const struct secp256k1_point *b);
/* a += a; secp256k1 has no point with y = 0. */
void syscall_secp256k1_double(struct secp256k1_point *a);

#endif
