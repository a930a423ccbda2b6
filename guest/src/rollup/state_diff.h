#ifndef GUEST_ROLLUP_STATE_DIFF_H
#define GUEST_ROLLUP_STATE_DIFF_H

#include "base/arena.h"
#include "eth/world.h"

/* The canonical bytes of a state diff (docs/formats.md §2), in the arena. Changes ascend by address, slots by key. */
status state_diff_encode(struct slice header, const struct account_change *changes, size_t count, struct arena *arena, struct slice *encoded);

#endif
