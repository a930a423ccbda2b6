#ifndef GUEST_CRYPTO_MODULAR_H
#define GUEST_CRYPTO_MODULAR_H

#include "base/u256.h"
#include "crypto/syscall.h"

/* Arithmetic modulo an odd m. Operands and results are below m; a result may be an operand. */

void mod_add(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m);
void mod_sub(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m);
void mod_negate(struct u256 *result, const struct u256 *a, const struct u256 *m);

static inline void mod_mul(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	syscall_mul_mod(result, a, b, m);
}

/* Whatever the prover answers, a wrong hint fails the run. */

/* Of what has an inverse. */
void mod_inverse(struct u256 *result, const struct u256 *a, const struct u256 *m);
/* One of the roots modulo a prime m = 3 modulo 4; false where there is none. */
bool mod_square_root(struct u256 *result, const struct u256 *a, const struct u256 *m);

#endif
