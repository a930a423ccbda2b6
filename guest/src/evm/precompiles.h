#ifndef GUEST_EVM_PRECOMPILES_H
#define GUEST_EVM_PRECOMPILES_H

#include "evm/evm.h"

struct precompile_result {
	bool success; /* if not, all gas is gone */
	uint64_t gas_left;
	struct slice output; /* in the input or in the scratch memory */
};

/*
 * Runs the precompile at this address (evm_is_precompile). STATUS_UNSUPPORTED, with its number, where this build lacks it. The
 * scratch memory holds the output until it is used again.
 */
status precompile_run(const struct address *address, enum fork fork, struct slice input, uint64_t gas, struct arena *scratch,
                      struct precompile_result *result);

#endif
