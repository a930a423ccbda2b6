#include "evm/precompiles.h"

static uint32_t precompile_number(const struct address *address)
{
	for (int i = 0; i < 18; i++)
		if (address->bytes[i] != 0)
			return 0;
	return (uint32_t)address->bytes[18] << 8 | address->bytes[19];
}

enum { last_of_cancun = 0x0a, last_of_prague = 0x11, p256_verify = 0x100 };

bool evm_is_precompile(enum fork fork, const struct address *address)
{
	uint32_t number = precompile_number(address);
	if (number == p256_verify)
		return fork >= FORK_OSAKA;
	return number >= 1 && number <= (fork >= FORK_PRAGUE ? last_of_prague : last_of_cancun);
}

status precompile_run(const struct address *address, enum fork fork, struct slice input, uint64_t gas, struct arena *scratch,
                      struct precompile_result *result)
{
	(void)fork;
	(void)gas;
	(void)scratch;
	*result = (struct precompile_result){.output = input};
	return FAIL_WITH(STATUS_UNSUPPORTED, precompile_number(address));
}
