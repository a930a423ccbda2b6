#include "shared/fuzz.h"

void fuzz_arena(struct arena *arena, size_t size)
{
	static void *memory;
	static size_t memory_size;
	failure_reset();
	if (memory_size < size) {
		free(memory);
		memory = malloc(size);
		memory_size = size;
	}
	REQUIRE(memory != NULL);
	arena_init(arena, memory, size);
}
