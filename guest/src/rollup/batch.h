#ifndef GUEST_ROLLUP_BATCH_H
#define GUEST_ROLLUP_BATCH_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

/*
 * The whole statement: executes the batch that a prover input (docs/formats.md §6) describes and gives the digest of its public
 * inputs. Nothing of the input is trusted; where anything does not hold there is a status and no digest.
 */
status batch_digest(struct slice input, struct arena *arena, struct bytes32 *digest);

#endif
