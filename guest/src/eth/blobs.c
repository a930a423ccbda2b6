#include "eth/blobs.h"

enum { blob_base_cost = 1 << 13 };

struct schedule {
	uint64_t target, max; /* blobs of a block */
	uint64_t per_transaction;
	uint64_t update_fraction;
};

/* EIP-4844, EIP-7691, EIP-7594. */
static const struct schedule schedules[] = {
	[FORK_CANCUN] = {.target = 3, .max = 6, .per_transaction = 6, .update_fraction = 3338477},
	[FORK_PRAGUE] = {.target = 6, .max = 9, .per_transaction = 9, .update_fraction = 5007716},
	[FORK_OSAKA] = {.target = 6, .max = 9, .per_transaction = 6, .update_fraction = 5007716},
};

uint64_t blobs_per_transaction(enum fork fork)
{
	return schedules[fork].per_transaction;
}

uint64_t blobs_per_block(enum fork fork)
{
	return schedules[fork].max;
}

/* e^(excess / fraction) as the sum of its series, whose terms end as the factorial outgrows the power. */
bool blob_base_fee(enum fork fork, uint64_t excess, struct u256 *fee)
{
	*fee = u256_from_u64(1);
	if (excess == 0)
		return true;
	struct u256 fraction = u256_from_u64(schedules[fork].update_fraction);
	struct u256 numerator = u256_from_u64(excess);
	struct u256 term = fraction;
	struct u256 sum = u256_zero;
	for (uint64_t i = 1; !u256_is_zero(&term); i++) {
		struct u256 divisor = u256_from_u64(i);
		if (u256_add(&sum, &sum, &term) || u256_mul_overflow(&term, &term, &numerator))
			return false;
		u256_mul(&divisor, &divisor, &fraction);
		u256_div(&term, &term, &divisor);
	}
	u256_div(fee, &sum, &fraction);
	return true;
}

/* EIP-7918: whether the execution gas of a blob costs more than the blob. */
static bool is_below_reserve(enum fork fork, uint64_t excess, const struct u256 *base_fee, bool *is_below)
{
	struct u256 blob_price;
	struct u256 reserve = u256_from_u64(blob_base_cost);
	struct u256 gas = u256_from_u64(gas_per_blob);
	if (!blob_base_fee(fork, excess, &blob_price) || u256_mul_overflow(&blob_price, &blob_price, &gas) ||
	    u256_mul_overflow(&reserve, &reserve, base_fee))
		return false;
	*is_below = u256_less(&blob_price, &reserve);
	return true;
}

bool blob_excess_after(enum fork fork, uint64_t excess, uint64_t blob_gas_used, const struct u256 *base_fee, uint64_t *next)
{
	const struct schedule *schedule = &schedules[fork];
	uint64_t target = schedule->target * gas_per_blob;
	uint64_t total;
	bool is_below = false;
	if (__builtin_add_overflow(excess, blob_gas_used, &total))
		return false;
	if (total < target) {
		*next = 0;
		return true;
	}
	if (fork >= FORK_OSAKA && !is_below_reserve(fork, excess, base_fee, &is_below))
		return false;
	/* No overflow: the gas of a header that was checked is at most that of the most blobs. */
	*next = is_below ? excess + blob_gas_used * (schedule->max - schedule->target) / schedule->max : total - target;
	return true;
}
