#ifndef SYSTEM_FIELD_H
#define SYSTEM_FIELD_H

#include "base.h"

/* The field of secp256k1 (SEC 2, 2.4.1): p = 2^256 - 2^32 - 977. Elements are below p, the least significant of 8 words first. */
enum { words = 8 };

typedef struct {
	uint32_t word[words];
} element;

int is_reduced(const element *a);
int is_zero(const element *a);
int is_equal(const element *a, const element *b);
element add(const element *a, const element *b);
element subtract(const element *a, const element *b);
element multiply(const element *a, const element *b);

/* Of an element that is not 0; 0 for 0. */
element invert(const element *a);

#endif
