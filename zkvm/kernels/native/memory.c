#include <stddef.h>

/* What compilers call although nobody wrote it: the addon is linked with no library, so that it runs beside any. */

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
#if defined(__x86_64__)
	void *start = to;
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	return start;
#else
	for (size_t i = 0; i < count; i++)
		((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
	return to;
#endif
}

void *memmove(void *to, const void *from, size_t count)
{
	unsigned char *target = to;
	const unsigned char *source = from;
	if (target <= source || target >= source + count)
		return memcpy(to, from, count);
	while (count-- > 0)
		target[count] = source[count];
	return to;
}

void *memset(void *to, int value, size_t count)
{
#if defined(__x86_64__)
	void *start = to;
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
	return start;
#else
	for (size_t i = 0; i < count; i++)
		((unsigned char *)to)[i] = (unsigned char)value;
	return to;
#endif
}
