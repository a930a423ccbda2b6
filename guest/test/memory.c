#include "base/bytes.h"
#include "platform/platform.h"

/* For the machine: compares its copies with loops over bytes, at every alignment. The exit code is 0, or the number of what differs. */

enum { size = 160, longest = 100, alignments = 4, guard = 8 };

static uint8_t area[size], expected[size];

static void fill(unsigned salt)
{
	for (size_t i = 0; i < size; i++)
		area[i] = expected[i] = (uint8_t)((i + 1) * 37 + salt * 11 + i / 7);
}

static bool differs(void)
{
	for (size_t i = 0; i < size; i++) {
		if (area[i] != expected[i])
			return true;
	}
	return false;
}

static void copy_bytes(uint8_t *to, const uint8_t *from, size_t length)
{
	uint8_t kept[size];
	for (volatile size_t i = 0; i < length; i++)
		kept[i] = from[i];
	for (volatile size_t i = 0; i < length; i++)
		to[i] = kept[i];
}

static int sign(int value)
{
	return value < 0 ? -1 : value > 0;
}

static int compare_bytes(const uint8_t *a, const uint8_t *b, size_t length)
{
	for (volatile size_t i = 0; i < length; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

static int check_moves(size_t to, size_t from, size_t length)
{
	static uint8_t source[size];
	fill((unsigned)length);
	copy_bytes(expected + to, expected + from, length);
	memmove(area + to, area + from, length);
	if (differs())
		return 1;
	for (size_t i = 0; i < size; i++)
		source[i] = (uint8_t)(i * 91 + 5);
	fill((unsigned)length);
	copy_bytes(expected + to, source + from, length);
	memcpy(area + to, source + from, length);
	if (differs())
		return 2;
	fill((unsigned)length);
	for (volatile size_t i = 0; i < length; i++)
		expected[to + i] = (uint8_t)from;
	memset(area + to, (int)from, length);
	return differs() ? 3 : 0;
}

static int check_compare(size_t a, size_t b, size_t length)
{
	static uint8_t left[size], right[size];
	for (size_t at = 0; at <= length; at++) {
		for (size_t i = 0; i < length; i++)
			left[a + i] = right[b + i] = (uint8_t)(i * 13);
		if (at < length)
			left[a + at] ^= 0x81;
		if (sign(memcmp(left + a, right + b, length)) != compare_bytes(left + a, right + b, length))
			return 4;
	}
	return 0;
}

int main(void)
{
	int result = 0;
	for (size_t length = 0; length <= longest && result == 0; length++) {
		for (size_t to = guard; to < guard + 2 * alignments && result == 0; to++) {
			for (size_t from = guard; from < guard + 2 * alignments && result == 0; from++)
				result = check_moves(to, from, length);
		}
		for (size_t a = 0; a < alignments * alignments && length < 24 && result == 0; a++)
			result = check_compare(a % alignments, a / alignments, length);
	}
	return result;
}
