#include "evm/precompiles.h"

#include "evm/precompile_list.h"

enum { last_of_cancun = 0x0a, last_of_prague = 0x11, p256_verify = 0x100 };

static uint32_t precompile_number(const struct address *address)
{
	for (int i = 0; i < 18; i++)
		if (address->bytes[i] != 0)
			return 0;
	return (uint32_t)address->bytes[18] << 8 | address->bytes[19];
}

bool evm_is_precompile(enum fork fork, const struct address *address)
{
	uint32_t number = precompile_number(address);
	if (number == p256_verify)
		return fork >= FORK_OSAKA;
	return number >= 1 && number <= (fork >= FORK_PRAGUE ? last_of_prague : last_of_cancun);
}

/* By number. */
static precompile *const precompiles[] = {
	NULL,
	precompile_ecrecover,
	precompile_sha256,
	precompile_ripemd160,
	precompile_identity,
	precompile_modexp,
	precompile_bn254_add,
	precompile_bn254_mul,
	precompile_bn254_pairing,
	precompile_blake2f,
	precompile_point_evaluation,
	precompile_bls12_g1_add,
	precompile_bls12_g1_msm,
	precompile_bls12_g2_add,
	precompile_bls12_g2_msm,
	precompile_bls12_pairing,
	precompile_bls12_map_fp,
	precompile_bls12_map_fp2,
};

static precompile *find(uint32_t number)
{
	if (number == p256_verify)
		return precompile_p256_verify;
	return number < sizeof precompiles / sizeof *precompiles ? precompiles[number] : NULL;
}

status precompile_run(const struct address *address, enum fork fork, struct slice input, uint64_t gas, struct arena *scratch,
                      struct precompile_result *result)
{
	uint32_t number = precompile_number(address);
	precompile *run = find(number);
	if (run == NULL)
		return FAIL_WITH(STATUS_INTERNAL, number);
	struct precompile_call call = {.fork = fork, .input = input, .gas = gas, .scratch = scratch};
	enum precompile_answer answer = run(&call);
	if (answer == PRECOMPILE_OUT_OF_MEMORY)
		return FAIL(STATUS_OUT_OF_MEMORY);
	*result = (struct precompile_result){.success = answer == PRECOMPILE_DONE, .gas_left = call.gas, .output = call.output};
	return STATUS_OK;
}
