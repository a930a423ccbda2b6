#include "base/bytes.h"

/*
 * What the compiler calls for copies. Words where both sides are aligned alike, which they nearly always are: a byte loop takes
 * four times the cycles.
 */

typedef uint32_t __attribute__((may_alias)) word;

enum { word_size = sizeof(word) };

static bool aligned_alike(const void *a, const void *b)
{
	return (((uintptr_t)a ^ (uintptr_t)b) % word_size) == 0;
}

/* From the lower end up, so the ranges may overlap where `out` is the lower one. */
__attribute__((no_builtin("memcpy", "memmove"))) static inline void copy_up(uint8_t *out, const uint8_t *in, size_t length)
{
	if (aligned_alike(out, in) && length >= word_size) {
		for (; (uintptr_t)out % word_size != 0; length--)
			*out++ = *in++;
		for (; length >= 4 * word_size; length -= 4 * word_size) {
			const word *block = (const word *)(const void *)in;
			word *target = (word *)(void *)out;
			target[0] = block[0];
			target[1] = block[1];
			target[2] = block[2];
			target[3] = block[3];
			in += 4 * word_size;
			out += 4 * word_size;
		}
		for (; length >= word_size; length -= word_size) {
			*(word *)(void *)out = *(const word *)(const void *)in;
			in += word_size;
			out += word_size;
		}
	}
	for (; length > 0; length--)
		*out++ = *in++;
}

__attribute__((no_builtin("memcpy", "memmove"))) void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	copy_up(to, from, length);
	return to;
}

__attribute__((no_builtin("memcpy", "memmove"))) void *memmove(void *to, const void *from, size_t length)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	if ((uintptr_t)out - (uintptr_t)in >= length) {
		copy_up(out, in, length);
		return to;
	}
	while (length > 0) {
		length--;
		out[length] = in[length];
	}
	return to;
}

__attribute__((no_builtin("memset"))) void *memset(void *to, int value, size_t length)
{
	uint8_t *out = to;
	for (; length > 0 && (uintptr_t)out % word_size != 0; length--)
		*out++ = (uint8_t)value;
	word filled = (uint8_t)value * 0x01010101u;
	for (; length >= word_size; length -= word_size) {
		*(word *)(void *)out = filled;
		out += word_size;
	}
	for (; length > 0; length--)
		*out++ = (uint8_t)value;
	return to;
}

__attribute__((no_builtin("memcmp"))) int memcmp(const void *a, const void *b, size_t length)
{
	const uint8_t *x = a;
	const uint8_t *y = b;
	if (aligned_alike(x, y)) {
		for (; length > 0 && (uintptr_t)x % word_size != 0 && *x == *y; length--, x++, y++)
			;
		if ((uintptr_t)x % word_size == 0) {
			while (length >= word_size && *(const word *)(const void *)x == *(const word *)(const void *)y) {
				x += word_size;
				y += word_size;
				length -= word_size;
			}
		}
	}
	for (; length > 0; length--, x++, y++) {
		if (*x != *y)
			return *x < *y ? -1 : 1;
	}
	return 0;
}
