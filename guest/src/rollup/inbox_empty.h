#ifndef GUEST_ROLLUP_INBOX_EMPTY_H
#define GUEST_ROLLUP_INBOX_EMPTY_H

#include "rollup/inbox.h"

/* Roots of empty subtrees of the Inbox, by their height. */
extern const struct bytes32 inbox_empty[inbox_depth];

#endif
