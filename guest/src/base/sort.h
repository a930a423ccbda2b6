#ifndef GUEST_BASE_SORT_H
#define GUEST_BASE_SORT_H

#include <stddef.h>

/* Sorts pointers by what they point at, in n log n steps whatever their order; `scratch` has room for as many. */
void sort_pointers(const void **items, const void **scratch, size_t count, int (*compare)(const void *a, const void *b));

#endif
