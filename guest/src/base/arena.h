#ifndef GUEST_BASE_ARENA_H
#define GUEST_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Memory that is given back only as a whole or down to a mark. There is no other allocator. */
struct arena {
	uint8_t *base;
	size_t size;
	size_t used;
	/* What lies from here on has never been taken and is zero. */
	size_t dirty;
};

/* On memory that holds anything. */
void arena_init(struct arena *arena, void *base, size_t size);
/* On memory that is zero, so that filling it with zero costs nothing until it is taken again. */
void arena_init_clean(struct arena *arena, void *base, size_t size);

/* Bytes aligned to 16 whose content is undefined, or null when there is no room. */
void *arena_take(struct arena *arena, size_t size);
/* Where the next bytes would be taken, and how many there are: for who knows only afterwards how many he needs. */
void *arena_room(const struct arena *arena, size_t *size);
/* As arena_take, for `count` items of `size` bytes; a product that overflows is no room. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);
/* The same, filled with zero. */
void *arena_take_zeroed(struct arena *arena, size_t count, size_t size);

static inline size_t arena_mark(const struct arena *arena)
{
	return arena->used;
}

/* Forgets whatever was taken after the mark. */
void arena_release(struct arena *arena, size_t mark);

#endif
