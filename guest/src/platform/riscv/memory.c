#include "base/bytes.h"

#undef memcpy
#undef memmove
#undef memset
#undef memcmp

/*
 * What the compiler calls for copies. A byte loop takes five times the cycles of these: bytes only until the target is aligned, then
 * words, shifted together from two where the source is not aligned alike. That reads a word wherever at least one byte of it belongs
 * to the source, which the machine allows.
 */

typedef uint32_t __attribute__((may_alias)) word;

enum { word_size = sizeof(word), word_bits = 8 * word_size };

static inline bool is_aligned(const void *pointer)
{
	return (uintptr_t)pointer % word_size == 0;
}

static inline bool aligned_alike(const void *a, const void *b)
{
	return is_aligned((const void *)((uintptr_t)a ^ (uintptr_t)b));
}

static inline void copy_words(word *to, const word *from, size_t count)
{
	for (; count >= 8; count -= 8) {
		word a = from[0], b = from[1], c = from[2], d = from[3];
		word e = from[4], f = from[5], g = from[6], h = from[7];
		to[0] = a, to[1] = b, to[2] = c, to[3] = d;
		to[4] = e, to[5] = f, to[6] = g, to[7] = h;
		from += 8;
		to += 8;
	}
	if (count & 4) {
		word a = from[0], b = from[1], c = from[2], d = from[3];
		to[0] = a, to[1] = b, to[2] = c, to[3] = d;
		from += 4;
		to += 4;
	}
	if (count & 2) {
		word a = from[0], b = from[1];
		to[0] = a, to[1] = b;
		from += 2;
		to += 2;
	}
	if (count & 1)
		*to = *from;
}

/* `shift` is how many bits of the first word lie before the source: 8, 16 or 24. */
static inline void copy_shifted(word *to, const word *from, unsigned shift, size_t count)
{
	unsigned rest = word_bits - shift;
	word low = *from++;
	for (; count >= 4; count -= 4) {
		word a = from[0], b = from[1], c = from[2], d = from[3];
		to[0] = low >> shift | a << rest;
		to[1] = a >> shift | b << rest;
		to[2] = b >> shift | c << rest;
		to[3] = c >> shift | d << rest;
		low = d;
		from += 4;
		to += 4;
	}
	for (; count > 0; count--) {
		word high = *from++;
		*to++ = low >> shift | high << rest;
		low = high;
	}
}

/* From the lower end up, so the ranges may overlap where `to` is the lower one. Apart, so that copies of aligned words need no frame. */
__attribute__((noinline)) static void *copy_up(void *to, const void *from, size_t length)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	if (length >= 2 * word_size) {
		for (; !is_aligned(out); length--)
			*out++ = *in++;
		size_t count = length / word_size;
		unsigned shift = 8 * ((uintptr_t)in % word_size);
		if (shift == 0)
			copy_words((word *)(void *)out, (const word *)(const void *)in, count);
		else
			copy_shifted((word *)(void *)out, (const word *)((uintptr_t)in & ~(uintptr_t)(word_size - 1)), shift, count);
		out += count * word_size;
		in += count * word_size;
		length %= word_size;
	}
	for (; length > 0; length--)
		*out++ = *in++;
	return to;
}

__attribute__((no_builtin)) void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	if (!is_aligned((const void *)((uintptr_t)to | (uintptr_t)from | length)))
		return copy_up(to, from, length);
	copy_words(to, from, length / word_size);
	return to;
}

__attribute__((no_builtin)) void *memmove(void *to, const void *from, size_t length)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	if ((uintptr_t)out - (uintptr_t)in >= length)
		return copy_up(to, from, length);
	if (aligned_alike(out, in)) {
		for (; length > 0 && !is_aligned(out + length); length--)
			out[length - 1] = in[length - 1];
		for (; length >= word_size; length -= word_size)
			*(word *)(void *)(out + length - word_size) = *(const word *)(const void *)(in + length - word_size);
	}
	for (; length > 0; length--)
		out[length - 1] = in[length - 1];
	return to;
}

__attribute__((no_builtin)) void *memset(void *to, int value, size_t length)
{
	uint8_t *out = to;
	for (; length > 0 && !is_aligned(out); length--)
		*out++ = (uint8_t)value;
	word filled = (uint8_t)value * 0x01010101u;
	word *words = (word *)(void *)out;
	for (; length >= 8 * word_size; length -= 8 * word_size) {
		words[0] = words[1] = words[2] = words[3] = filled;
		words[4] = words[5] = words[6] = words[7] = filled;
		words += 8;
	}
	for (; length >= word_size; length -= word_size)
		*words++ = filled;
	out = (uint8_t *)words;
	for (; length > 0; length--)
		*out++ = (uint8_t)value;
	return to;
}

__attribute__((no_builtin)) int memcmp(const void *a, const void *b, size_t length)
{
	const uint8_t *x = a;
	const uint8_t *y = b;
	if (aligned_alike(x, y)) {
		for (; length > 0 && !is_aligned(x) && *x == *y; length--, x++, y++)
			;
		if (is_aligned(x)) {
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
