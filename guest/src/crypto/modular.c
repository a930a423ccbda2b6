#include "crypto/modular.h"

#include "base/status.h"
#include "crypto/hint.h"

void mod_add(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	struct u256 sum, reduced;
	bool carry = u256_add(&sum, a, b);
	bool borrow = u256_sub(&reduced, &sum, m);
	*result = borrow && !carry ? sum : reduced;
}

void mod_sub(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	if (u256_sub(result, a, b))
		u256_add(result, result, m);
}

void mod_negate(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	if (u256_is_zero(a))
		*result = u256_zero;
	else
		u256_sub(result, m, a);
}

void mod_inverse(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	struct u256 inverse, product;
	struct u256 one = u256_from_u64(1);
	hint_inverse(&inverse, a, m);
	mod_mul(&product, &inverse, a, m);
	if (!u256_less(&inverse, m) || !u256_equal(&product, &one))
		(void)FAIL(STATUS_HINT);
	*result = inverse;
}

static bool is_square_root(const struct u256 *root, const struct u256 *a, const struct u256 *m)
{
	struct u256 square;
	mod_mul(&square, root, root, m);
	return u256_less(root, m) && u256_equal(&square, a);
}

bool mod_square_root(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	struct u256 root, opposite;
	*result = u256_zero;
	if (u256_is_zero(a))
		return true;
	hint_square_root(&root, a, m);
	if (is_square_root(&root, a, m)) {
		*result = root;
		return true;
	}
	/* Just one of a and -a has a root, as -1 has none: the prover shows which. */
	mod_negate(&opposite, a, m);
	hint_square_root(&root, &opposite, m);
	if (!is_square_root(&root, &opposite, m))
		(void)FAIL(STATUS_HINT);
	return false;
}
