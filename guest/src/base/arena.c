#include "base/arena.h"

#include "base/bytes.h"

enum { arena_alignment = 16 };

void arena_init(struct arena *arena, void *base, size_t size)
{
	size_t misaligned = (size_t)((uintptr_t)base % arena_alignment);
	size_t skipped = misaligned == 0 ? 0 : arena_alignment - misaligned;
	if (skipped > size)
		skipped = size;
	arena->base = (uint8_t *)base + skipped;
	arena->size = size - skipped;
	arena->used = 0;
	arena->dirty = arena->size;
}

void arena_init_clean(struct arena *arena, void *base, size_t size)
{
	arena_init(arena, base, size);
	arena->dirty = 0;
}

void *arena_take(struct arena *arena, size_t size)
{
	if (size > arena->size - arena->used)
		return NULL;
	void *taken = arena->base + arena->used;
	size_t rest = arena->size - arena->used - size;
	size_t padding = (arena_alignment - size % arena_alignment) % arena_alignment;
	arena->used += size + (padding < rest ? padding : rest);
	if (arena->dirty < arena->used)
		arena->dirty = arena->used;
	return taken;
}

void *arena_room(const struct arena *arena, size_t *size)
{
	*size = arena->size - arena->used;
	return arena->base + arena->used;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_take(arena, bytes);
}

void *arena_take_zeroed(struct arena *arena, size_t count, size_t size)
{
	size_t dirty = arena->dirty - arena->used;
	void *taken = arena_take_array(arena, count, size);
	if (taken == NULL)
		return NULL;
	size_t bytes = count * size;
	if (dirty > 0 && bytes > 0)
		memset(taken, 0, bytes < dirty ? bytes : dirty);
	return taken;
}

void arena_release(struct arena *arena, size_t mark)
{
	if (mark < arena->used)
		arena->used = mark;
}
