#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/field.h"
#include "../src/kernels.h"
#include "../src/program.h"

/*
 * Runs every kernel of every kind on arrays of just the length that it may touch, under the sanitizers, and compares what they write. Sizes are
 * those at which loops end: below, at and above a multiple of the lanes. `sanitized.test.ts` builds it.
 */

extern const struct kernels kernels_scalar, kernels_avx2, kernels_avx512;

static const struct kernels *const kinds[] = {&kernels_scalar, &kernels_avx2, &kernels_avx512};
static const char *const names[] = {"scalar", "avx2", "avx512"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static uint64_t state = 1;

static uint64_t next_word(void)
{
	static const uint64_t edges[] = {0, 1, MODULUS - 1, EPSILON, EPSILON + 1};
	state = state * 0x9e3779b97f4a7c15ull + 0x632be59bd9b4e019ull;
	uint64_t word = state ^ state >> 29;
	return word % 4 == 0 ? edges[word / 4 % 5] : word % MODULUS;
}

static uint64_t *random_words(size_t count)
{
	uint64_t *words = malloc(8 * count + (count == 0));
	for (size_t i = 0; i < count; i++)
		words[i] = next_word();
	return words;
}

static uint64_t *copy_of(const uint64_t *words, size_t count)
{
	uint64_t *copy = malloc(8 * count + (count == 0));
	memcpy(copy, words, 8 * count);
	return copy;
}

/* What the scalar kernels wrote. */
static uint64_t *expected;

/* Takes `words`, which kernels of this kind wrote. */
static void compare(size_t kind, const char *kernel, size_t size, uint64_t *words, size_t count)
{
	if (kind == 0) {
		expected = words;
		return;
	}
	if (memcmp(expected, words, 8 * count) != 0) {
		fprintf(stderr, "%s of %zu differs for %s\n", kernel, size, names[kind]);
		exit(1);
	}
	free(words);
}

static size_t available;

/* For each kind: `out` is a copy of `before`, which the body changes. */
#define EACH_KIND(kernel, size, before, count, body)                       \
	do {                                                               \
		for (size_t kind = 0; kind < available; kind++) {          \
			const struct kernels *k = kinds[kind];             \
			uint64_t *out = copy_of(before, count);            \
			body;                                              \
			compare(kind, kernel, size, out, count);           \
		}                                                          \
		free(expected);                                            \
	} while (0)

static void transforms(uint32_t log)
{
	size_t size = (size_t)1 << log;
	uint64_t root = felt_power(felt_power(7, (MODULUS - 1) >> 32), 1ull << (32 - log));
	uint64_t *values = random_words(size), *twiddles = random_words(size), *subgroup = random_words(size);
	uint64_t *spread = random_words(3 * size + 1 - 3 + 3);
	EACH_KIND("ntt_twiddles", size, twiddles, size, k->ntt_twiddles(out, log, root, 7));
	kernels_scalar.ntt_twiddles(twiddles, log, root, 7);
	kernels_scalar.ntt_twiddles(subgroup, log, root, 1);
	EACH_KIND("ntt", size, values, size, k->ntt(out, values, log, twiddles));
	EACH_KIND("ntt in place", size, values, size, k->ntt(out, out, log, twiddles));
	EACH_KIND("bit_reverse", size, values, size, k->bit_reverse(out, log));
	EACH_KIND("interpolate", size, values, size, k->interpolate(out, values, log, subgroup, 1));
	EACH_KIND("interpolate a coset", size, values, size, k->interpolate(out, out, log, subgroup, 12345));
	EACH_KIND("spread", size, spread, 3 * (size - 1) + 1, k->spread(out, values, size, 3));
	free(spread);
	uint64_t *selected = random_words(3 * size), *scratch = random_words(2 * size);
	EACH_KIND("selectors", size, selected, 3 * size, k->selectors(out, log, 7, root, scratch));
	free(values), free(twiddles), free(subgroup), free(selected), free(scratch);
}

static void hashes(size_t width, size_t count)
{
	size_t stride = count + 1;
	uint64_t *columns = random_words((width - 1) * stride + count), *digests = random_words(4 * count), *children = random_words(8 * count);
	for (uint32_t levels = 0; levels <= 3 && count % (1u << levels) == 0; levels++)
		EACH_KIND("hash_rows", count, digests, 4 * (count >> levels), k->hash_rows(out, columns, width, stride, count, levels));
	EACH_KIND("hash_pairs", count, digests, 4 * count, k->hash_pairs(out, children, count));
	uint64_t *groups = random_words(3 * 8 * count + 2);
	EACH_KIND("hash_groups", count, digests, 4 * count, k->hash_groups(out, groups, 8 * count + 1, 8, count));
	EACH_KIND("grind", count, digests, 4, out[0] = k->grind(children, 6, count, count + 40));
	free(columns), free(digests), free(children), free(groups);
}

static void polynomials(uint32_t log)
{
	size_t size = (size_t)1 << log;
	uint64_t *coefficients = random_words(size), *points = random_words(6), *three = random_words(3 * size), *sum = random_words(3 * 4 * size);
	EACH_KIND("evaluate_base", size, points, 6, k->evaluate_base(out, coefficients, size, points, 2));
	EACH_KIND("add_scaled", size, three, 3 * size, k->add_scaled(out, size, 0, 1, coefficients, size, points));
	EACH_KIND("add_scaled, packed", size, sum, 3 * 4 * size, k->add_scaled(out, 4 * size, 3, 4, coefficients, size, points));
	EACH_KIND("add_quotient", size, three, 3 * size, k->add_quotient(out, three, size, 1, points, points + 3));
	EACH_KIND("fold", size, three, 3 * size, k->fold(out, three, size, size < 8 ? 1 : 8, points));
	EACH_KIND("running_sum", size, three, 3 * size, k->running_sum(out, size, points));
	EACH_KIND("sum_all", size, points, 3, k->sum_all(out, three, size));
	EACH_KIND("add_periodic", size, three, 3 * size, k->add_periodic(out, size, size, three, size, size < 4 ? size : 4, 9));
	uint64_t *high = copy_of(coefficients, size);
	EACH_KIND("join_remainders", size, coefficients, size, k->join_remainders(out, high, size, 5, 7); memcpy(high, coefficients, 8 * size));
	uint32_t positions[5] = {0, 8, 24, 3, (uint32_t)(8 * size - 1)};
	uint64_t *near = random_words(5 * 8), *eighths = random_words(8), *parts = random_words(size);
	EACH_KIND("open_column", size, near, 5 * 8, k->open_column(out, parts, coefficients, log, positions, 5, near, 8, eighths, 8));
	free(coefficients), free(points), free(three), free(sum), free(high), free(near), free(eighths), free(parts);
}

#define COLUMNS 5
#define REGISTERS 6

/* Each instruction once, on columns that begin within an array, wrap around or repeat, and both ends of the registers. */
static void programs(size_t rows, size_t height)
{
	uint32_t code[OPERATIONS * 5];
	for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
		struct shape shape = operation_shapes[operation];
		uint32_t slots = COLUMNS + REGISTERS;
		uint32_t step[5] = {operation, shape.to == 0 ? operation % 2 : slots - shape.to - operation % 3 * (shape.to == 1), slots - shape.a,
		    operation % 2 ? 0 : slots - shape.b - (shape.b == 0), operation % 2};
		memcpy(code + 5 * operation, step, sizeof(step));
	}
	size_t periods[COLUMNS] = {height, height, 4, height, 1};
	struct source sources[COLUMNS];
	uint64_t *columns[COLUMNS];
	for (size_t i = 0; i < COLUMNS; i++) {
		columns[i] = random_words(periods[i]);
		sources[i] = (struct source){columns[i], i == 1 ? 1 : i == 3 ? height - 1 : 0, periods[i]};
	}
	uint64_t *constants = random_words(6), *result = random_words(3 * rows);
	for (size_t divide = 0; divide < 2; divide++) {
		size_t outputs = 2, words = 3 * (divide ? 1 : outputs) * rows;
		uint64_t *stored = random_words(words);
		for (size_t kind = 0; kind < available; kind++) {
			size_t scratch_words = kinds[kind]->program_scratch_words(COLUMNS, REGISTERS, outputs);
			/* Registers are read before they are written; what is there must be the same. */
			uint64_t *scratch = calloc(scratch_words, 8);
			uint64_t *own_result = copy_of(result, 3 * rows), *own = copy_of(stored, words);
			struct program program = {(const struct instruction *)code, OPERATIONS, sources, COLUMNS, REGISTERS, constants, own_result, rows, own,
			    rows, outputs, divide, rows, scratch};
			kinds[kind]->run_program(&program);
			free(scratch);
			memcpy(stored, own, 8 * words);
			free(own);
			compare(kind, divide ? "run_program, dividing" : "run_program", rows, own_result, 3 * rows);
		}
		free(expected), free(stored);
	}
	for (size_t i = 0; i < COLUMNS; i++)
		free(columns[i]);
	free(constants), free(result);
}

int main(void)
{
	available = 1;
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2"))
		available = 2;
	if (available == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
		available = 3;
#endif
	for (uint32_t log = 0; log <= 13; log++)
		transforms(log);
	for (size_t count = 1; count <= 18; count++)
		hashes(count + 14, count);
	hashes(3, 64), hashes(50, 136);
	for (uint32_t log = 0; log <= 10; log++)
		polynomials(log);
	programs(1, 1), programs(4, 8), programs(64, 64), programs(100, 128), programs(128, 512);
	printf("%s\n", names[available - 1]);
	return 0;
}
