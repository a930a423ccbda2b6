#ifndef GUEST_EVM_PRECOMPILES_H
#define GUEST_EVM_PRECOMPILES_H

#include "evm/evm.h"

struct precompile_result {
	bool success; /* if not, all gas is gone */
	uint64_t gas_left;
	struct slice output; /* in the input or in the scratch memory */
};

/*
 * Runs the precompile at this address, which must be one (evm_is_precompile). The scratch memory holds the output until it is used
 * again.
 */
status precompile_run(const struct address *address, enum fork fork, struct slice input, uint64_t gas, struct arena *scratch,
                      struct precompile_result *result);

#endif
