#include "hash.c"
#include "ntt.c"
#include "polynomial.c"
#include "program.c"

#ifdef KERNELS
#include "kernels.h"

/* One of these for each kind of processor that the native addon is compiled for. */
const struct kernels KERNELS = {
    .ntt_twiddles = ntt_twiddles,
    .ntt = ntt,
    .bit_reverse = bit_reverse,
    .interpolate = interpolate,
    .spread = spread,
    .join_remainders = join_remainders,
    .hash_rows = hash_rows,
    .hash_groups = hash_groups,
    .hash_pairs = hash_pairs,
    .grind = grind,
    .evaluate_base = evaluate_base,
    .open_column = open_column,
    .add_scaled = add_scaled,
    .add_quotient = add_quotient,
    .fold = fold,
    .running_sum = running_sum,
    .sum_all = sum_all,
    .selectors = selectors,
    .program_scratch_words = program_scratch_words,
    .run_program = run_program,
    .add_periodic = add_periodic,
};
#endif
