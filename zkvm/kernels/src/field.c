#include "field.h"

felt field_power(felt base, uint64_t exponent)
{
	felt result = 1;
	for (; exponent > 0; exponent >>= 1) {
		if (exponent & 1)
			result = field_mul(result, base);
		base = field_mul(base, base);
	}
	return result;
}

felt field_inverse(felt a)
{
	return field_power(a, MODULUS - 2);
}

/* The product with the adjugate is the norm, an element of the base field. */
struct ext ext_inverse(struct ext a)
{
	felt a0 = a.c[0], a1 = a.c[1], a2 = a.c[2];
	felt a1a2 = field_mul(a1, a2);
	felt a2a2 = field_mul(a2, a2);
	struct ext adjugate = {{
	    field_sub(field_mul(a0, a0), field_add(a1a2, a1a2)),
	    field_sub(field_add(a2a2, a2a2), field_mul(a0, a1)),
	    field_sub(field_mul(a1, a1), field_mul(a0, a2)),
	}};
	felt rest = field_add(field_mul(a1, adjugate.c[2]), field_mul(a2, adjugate.c[1]));
	felt norm = field_add(field_mul(a0, adjugate.c[0]), field_add(rest, rest));
	return ext_scale(adjugate, field_inverse(norm));
}

/* Products that go on side by side: one alone would wait for each multiplication. */
#define CHAINS 4

/* values[i] = 1 / values[i]; none is 0. `scratch` has three arrays of `count`. Montgomery's trick: one inversion for each chain. */
EXPORT void ext_invert_all(felt *values, size_t count, felt *scratch)
{
	struct ext product[CHAINS];
	for (size_t chain = 0; chain < CHAINS; chain++)
		product[chain] = (struct ext){{1, 0, 0}};
	for (size_t i = 0; i < count; i++) {
		struct ext *before = &product[i % CHAINS];
		ext_store(scratch, count, i, *before);
		*before = ext_mul(*before, ext_load(values, count, i));
	}
	struct ext inverse[CHAINS];
	for (size_t chain = 0; chain < CHAINS; chain++)
		inverse[chain] = ext_inverse(product[chain]);
	for (size_t i = count; i-- > 0;) {
		struct ext *after = &inverse[i % CHAINS];
		struct ext value = ext_load(values, count, i);
		ext_store(values, count, i, ext_mul(*after, ext_load(scratch, count, i)));
		*after = ext_mul(*after, value);
	}
}

EXPORT void ext_multiply_all(felt *values, const felt *factors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ext_store(values, count, i, ext_mul(ext_load(values, count, i), ext_load(factors, count, i)));
}

/* sum[i] += terms[i] over the base field. */
EXPORT void add_all(felt *sum, const felt *terms, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum[i] = field_add(sum[i], terms[i]);
}
