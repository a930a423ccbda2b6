#ifndef GUEST_CRYPTO_BLS12_ISOGENY_H
#define GUEST_CRYPTO_BLS12_ISOGENY_H

#include "crypto/bls12_element.h"

/*
 * A curve y^2 = x^3 + ax + b, and the map (x, y) -> (x_numerator / x_denominator, y y_numerator / y_denominator) from it to the
 * group's curve, of polynomials in x. All are plain numbers as RFC 9380 prints them (sections 8.8.1 and 8.8.2, appendices E.2 and E.3);
 * in G2 a number is followed by its coefficient of i.
 */
struct bls12_polynomial {
	const struct bls12_fp *coefficients; /* that of x^0 first */
	int count;
};

struct bls12_isogeny {
	struct bls12_fp2 a, b;
	struct bls12_fp2 z; /* not a square */
	struct bls12_polynomial x_numerator, x_denominator, y_numerator, y_denominator;
};

const struct bls12_isogeny *bls12_isogeny_of(enum bls12_group group);

#endif
