#ifndef GUEST_PLATFORM_H
#define GUEST_PLATFORM_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

/* What the guest asks of what it runs on. Input and memory once each. */

status platform_input(struct slice *input);
/* The only memory that the guest has besides its stack. */
status platform_memory(struct arena *arena);
/* Publishes the digest. */
void platform_commit(const struct bytes32 *digest);
/* For whoever watches the run in the machine; a proof says nothing of it. Nothing on the host. */
void platform_log(struct slice bytes);
_Noreturn void platform_halt(status code);

#endif
