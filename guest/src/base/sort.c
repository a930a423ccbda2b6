#include "base/sort.h"

#include "base/bytes.h"

static void merge(const void **to, const void **left, size_t left_count, const void **right, size_t right_count,
                  int (*compare)(const void *a, const void *b))
{
	while (left_count > 0 || right_count > 0) {
		bool takes_left = right_count == 0 || (left_count > 0 && compare(*left, *right) <= 0);
		if (takes_left) {
			*to++ = *left++;
			left_count--;
		} else {
			*to++ = *right++;
			right_count--;
		}
	}
}

static size_t at_most(size_t value, size_t limit)
{
	return value < limit ? value : limit;
}

/* Merge sort from the bottom up. */
void sort_pointers(const void **items, const void **scratch, size_t count, int (*compare)(const void *a, const void *b))
{
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t start = 0; start < count; start += 2 * width) {
			size_t left = at_most(width, count - start);
			size_t right = at_most(width, count - start - left);
			merge(scratch + start, items + start, left, items + start + left, right, compare);
		}
		memcpy(items, scratch, count * sizeof *items);
	}
}
