#include "../src/field.h"
#include "../src/kernels.h"
#include "../src/program.h"
#include "node-api.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/*
 * The kernels as functions of JavaScript that work on typed arrays where they are, shared memory too. Whatever the caller gets wrong is a
 * RangeError: nothing is read or written outside of the arrays that were given. Field elements are bigints, everything else is numbers.
 */

#define MAX_ARGUMENTS 16
/* Sizes are below this, so no product of two overflows. */
#define SIZE_LIMIT 2147483648.0

struct call {
	napi_env env;
	napi_value arguments[MAX_ARGUMENTS];
	const struct kernels *kernels;
	size_t next;
	/* What is wrong, null as long as nothing is. Arguments read after that are empty. */
	const char *error;
};

struct words {
	uint64_t *at;
	size_t count;
};

struct integers {
	const uint32_t *at;
	size_t count;
};

static void require(struct call *call, bool holds, const char *error)
{
	if (!holds && call->error == NULL)
		call->error = error;
}

static struct call begin(napi_env env, napi_callback_info info, size_t expected)
{
	struct call call = {.env = env};
	size_t count = MAX_ARGUMENTS;
	void *kernels = NULL;
	if (napi_get_cb_info(env, info, &count, call.arguments, NULL, &kernels) != 0 || count != expected)
		call.error = "a kernel was called with too few or too many arguments";
	call.kernels = kernels;
	return call;
}

static napi_value end(struct call *call)
{
	if (call->error != NULL)
		napi_throw_range_error(call->env, "KERNEL_ARGUMENTS", call->error);
	return NULL;
}

static napi_value next_argument(struct call *call)
{
	return call->arguments[call->next++];
}

static struct words words_of(struct call *call, napi_value value)
{
	int type = -1;
	size_t count = 0;
	void *data = NULL;
	bool is_given = call->error == NULL && napi_get_typedarray_info(call->env, value, &type, &count, &data, NULL, NULL) == 0;
	require(call, is_given && type == NAPI_BIGUINT64_ARRAY, "expected a BigUint64Array");
	require(call, count < SIZE_LIMIT, "an array of 2^31 words or more");
	return call->error == NULL ? (struct words){data, count} : (struct words){NULL, 0};
}

static struct words next_words(struct call *call)
{
	return words_of(call, next_argument(call));
}

/* An array of at least so many words. */
static uint64_t *next_words_of(struct call *call, size_t count)
{
	struct words words = next_words(call);
	require(call, words.count >= count, "an array is too short");
	return words.at;
}

static struct integers next_integers(struct call *call)
{
	napi_value value = next_argument(call);
	int type = -1;
	size_t count = 0;
	void *data = NULL;
	bool is_given = call->error == NULL && napi_get_typedarray_info(call->env, value, &type, &count, &data, NULL, NULL) == 0;
	require(call, is_given && type == NAPI_UINT32_ARRAY, "expected a Uint32Array");
	return call->error == NULL ? (struct integers){data, count} : (struct integers){NULL, 0};
}

static size_t next_size(struct call *call)
{
	napi_value value = next_argument(call);
	double number = -1;
	bool is_given = call->error == NULL && napi_get_value_double(call->env, value, &number) == 0;
	/* Not a number compares false. */
	require(call, is_given && number >= 0 && number < SIZE_LIMIT && (double)(uint64_t)number == number, "expected a whole number below 2^31");
	return call->error == NULL ? (size_t)number : 0;
}

static uint64_t next_bigint(struct call *call)
{
	napi_value value = next_argument(call);
	uint64_t word = 0;
	bool lossless = false;
	bool is_given = call->error == NULL && napi_get_value_bigint_uint64(call->env, value, &word, &lossless) == 0;
	require(call, is_given && lossless, "expected a bigint of 64 bits");
	return call->error == NULL ? word : 0;
}

static uint64_t next_element(struct call *call)
{
	uint64_t word = next_bigint(call);
	require(call, word < MODULUS, "expected an element of the field");
	return word;
}

static bool is_power_of_two(size_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static uint32_t log_of(struct call *call, size_t count)
{
	require(call, is_power_of_two(count), "expected an array of 2^n words");
	return call->error == NULL ? (uint32_t)__builtin_ctzll(count) : 0;
}

/* How far arrays reach that are `stride` apart: at least one of them, of at least one word. */
static size_t extent(size_t arrays, size_t stride, size_t count)
{
	return arrays == 0 ? 0 : (arrays - 1) * stride + count;
}

/* (twiddles, log, root, shift) */
static napi_value call_ntt_twiddles(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	struct words twiddles = next_words(&call);
	size_t log = next_size(&call);
	uint64_t root = next_element(&call), shift = next_element(&call);
	require(&call, log < 32 && twiddles.count >= (size_t)1 << (log & 31), "twiddles need 2^log words");
	if (call.error == NULL)
		call.kernels->ntt_twiddles(twiddles.at, (uint32_t)log, root, shift);
	return end(&call);
}

/* (out, coefficients, twiddles) */
static napi_value call_ntt(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 3);
	struct words out = next_words(&call);
	uint32_t log = log_of(&call, out.count);
	const uint64_t *coefficients = next_words_of(&call, out.count), *twiddles = next_words_of(&call, out.count);
	if (call.error == NULL)
		call.kernels->ntt(out.at, coefficients, log, twiddles);
	return end(&call);
}

/* (values) */
static napi_value call_bit_reverse(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 1);
	struct words values = next_words(&call);
	uint32_t log = log_of(&call, values.count);
	if (call.error == NULL)
		call.kernels->bit_reverse(values.at, log);
	return end(&call);
}

/* (out, values, twiddles, inverseShift) */
static napi_value call_interpolate(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	struct words out = next_words(&call);
	uint32_t log = log_of(&call, out.count);
	const uint64_t *values = next_words_of(&call, out.count), *twiddles = next_words_of(&call, out.count);
	uint64_t inverse_shift = next_element(&call);
	if (call.error == NULL)
		call.kernels->interpolate(out.at, values, log, twiddles, inverse_shift);
	return end(&call);
}

/* (out, values, step) */
static napi_value call_spread(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 3);
	struct words out = next_words(&call), values = next_words(&call);
	size_t step = next_size(&call);
	require(&call, out.count >= extent(values.count, step, 1), "the values reach past the end");
	if (call.error == NULL)
		call.kernels->spread(out.at, values.at, values.count, step);
	return end(&call);
}

/* (low, high, half, halfOverC) */
static napi_value call_join_remainders(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	struct words low = next_words(&call);
	uint64_t *high = next_words_of(&call, low.count);
	uint64_t half = next_element(&call), half_over_c = next_element(&call);
	if (call.error == NULL)
		call.kernels->join_remainders(low.at, high, low.count, half, half_over_c);
	return end(&call);
}

/* (digests, columns, width, stride, count, levels) */
static napi_value call_hash_rows(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 6);
	struct words digests = next_words(&call), columns = next_words(&call);
	size_t width = next_size(&call), stride = next_size(&call), count = next_size(&call), levels = next_size(&call);
	require(&call, columns.count >= extent(width, stride, count), "the rows reach past the end");
	require(&call, levels <= 6 && count % ((size_t)1 << (levels & 7)) == 0, "expected a multiple of 2^levels rows, at most 6 levels");
	require(&call, digests.count >= 4 * (count >> (levels & 7)), "no room for the digests");
	if (call.error == NULL)
		call.kernels->hash_rows(digests.at, columns.at, width, stride, count, (uint32_t)levels);
	return end(&call);
}

/* (digests, values, stride, group, count) */
static napi_value call_hash_groups(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 5);
	struct words digests = next_words(&call), values = next_words(&call);
	size_t stride = next_size(&call), group = next_size(&call), count = next_size(&call);
	require(&call, values.count >= extent(3, stride, 0) && values.count - 2 * stride >= group * count, "the groups reach past the end");
	require(&call, digests.count >= 4 * count, "no room for the digests");
	if (call.error == NULL)
		call.kernels->hash_groups(digests.at, values.at, stride, group, count);
	return end(&call);
}

/* (digests, children) */
static napi_value call_hash_pairs(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 2);
	struct words digests = next_words(&call);
	const uint64_t *children = next_words_of(&call, 2 * digests.count);
	if (call.error == NULL)
		call.kernels->hash_pairs(digests.at, children, digests.count / 4);
	return end(&call);
}

/* (state, bits, from, to) */
static napi_value call_grind(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	const uint64_t *state = next_words_of(&call, 4);
	size_t bits = next_size(&call);
	uint64_t from = next_bigint(&call), to = next_bigint(&call);
	require(&call, bits > 0 && bits < 64, "expected 1 to 63 bits");
	require(&call, to < MODULUS, "a nonce is an element of the field");
	napi_value nonce = NULL;
	if (call.error == NULL)
		napi_create_bigint_uint64(env, call.kernels->grind(state, (uint32_t)bits, from, to), &nonce);
	end(&call);
	return nonce;
}

/* (out, coefficients, points) */
static napi_value call_evaluate_base(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 3);
	struct words out = next_words(&call), coefficients = next_words(&call), points = next_words(&call);
	require(&call, points.count % 3 == 0 && out.count >= points.count, "expected three words a point, and as many for its value");
	if (call.error == NULL)
		call.kernels->evaluate_base(out.at, coefficients.at, coefficients.count, points.at, points.count / 3);
	return end(&call);
}

/* (out, parts, coefficients, positions, points, near, eighths) */
static napi_value call_open_column(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 7);
	struct words out = next_words(&call), parts = next_words(&call), coefficients = next_words(&call);
	uint32_t log = log_of(&call, coefficients.count);
	struct integers positions = next_integers(&call);
	struct words points = next_words(&call);
	size_t near = next_size(&call);
	struct words eighths = next_words(&call);
	require(&call, near > 0 && points.count >= positions.count * near && out.count >= positions.count * near, "expected `near` points a query");
	require(&call, parts.count >= coefficients.count, "no room for the eighths");
	if (call.error == NULL)
		call.kernels->open_column(out.at, parts.at, coefficients.at, log, positions.at, positions.count, points.at, near, eighths.at,
		    eighths.count);
	return end(&call);
}

/* (sum, stride, first, step, coefficients, factor) */
static napi_value call_add_scaled(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 6);
	struct words sum = next_words(&call);
	size_t stride = next_size(&call), first = next_size(&call), step = next_size(&call);
	struct words coefficients = next_words(&call);
	const uint64_t *factor = next_words_of(&call, 3);
	require(&call, coefficients.count > 0 && sum.count >= extent(3, stride, first) + extent(coefficients.count, step, 1),
	    "the coefficients reach past the end");
	if (call.error == NULL)
		call.kernels->add_scaled(sum.at, stride, first, step, coefficients.at, coefficients.count, factor);
	return end(&call);
}

/* (quotient, polynomial, step, point, weight) */
static napi_value call_add_quotient(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 5);
	struct words quotient = next_words(&call);
	const uint64_t *polynomial = next_words_of(&call, quotient.count);
	size_t step = next_size(&call), count = quotient.count / 3;
	const uint64_t *point = next_words_of(&call, 3), *weight = next_words_of(&call, 3);
	require(&call, quotient.count % 3 == 0 && step > 0 && count >= step && count % step == 0, "expected a multiple of `step` coefficients");
	if (call.error == NULL)
		call.kernels->add_quotient(quotient.at, polynomial, count, step, point, weight);
	return end(&call);
}

/* (out, coefficients, by, challenge) */
static napi_value call_fold(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	struct words out = next_words(&call), coefficients = next_words(&call);
	size_t by = next_size(&call), count = coefficients.count / 3;
	const uint64_t *challenge = next_words_of(&call, 3);
	require(&call, coefficients.count % 3 == 0 && by > 0 && count % (by | (by == 0)) == 0, "expected a multiple of `by` coefficients");
	require(&call, by == 0 || out.count >= 3 * (count / by), "no room for what is folded");
	if (call.error == NULL)
		call.kernels->fold(out.at, coefficients.at, count, by, challenge);
	return end(&call);
}

/* (values, step) */
static napi_value call_running_sum(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 2);
	struct words values = next_words(&call);
	const uint64_t *step = next_words_of(&call, 3);
	require(&call, values.count % 3 == 0, "expected three arrays");
	if (call.error == NULL)
		call.kernels->running_sum(values.at, values.count / 3, step);
	return end(&call);
}

/* (out, terms) */
static napi_value call_sum_all(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 2);
	uint64_t *out = next_words_of(&call, 3);
	struct words terms = next_words(&call);
	require(&call, terms.count % 3 == 0, "expected three arrays");
	if (call.error == NULL)
		call.kernels->sum_all(out, terms.at, terms.count / 3);
	return end(&call);
}

/* (out, shift, root, scratch) */
static napi_value call_selectors(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 4);
	struct words out = next_words(&call);
	size_t count = out.count / 3;
	uint32_t log = log_of(&call, count);
	uint64_t shift = next_element(&call), root = next_element(&call);
	uint64_t *scratch = next_words_of(&call, 2 * count);
	if (call.error == NULL)
		call.kernels->selectors(out.at, log, shift, root, scratch);
	return end(&call);
}

/* (result, resultStride, count, values, stride, period, factor) */
static napi_value call_add_periodic(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 7);
	struct words result = next_words(&call);
	size_t result_stride = next_size(&call), count = next_size(&call);
	struct words values = next_words(&call);
	size_t stride = next_size(&call), period = next_size(&call);
	uint64_t factor = next_element(&call);
	require(&call, period > 0 && count % (period | (period == 0)) == 0, "expected whole periods");
	require(&call, result.count >= extent(3, result_stride, count) && values.count >= extent(3, stride, period), "the rows reach past the end");
	if (call.error == NULL)
		call.kernels->add_periodic(result.at, result_stride, count, values.at, stride, period, factor);
	return end(&call);
}

#define MAX_ARRAYS 64
#define SOURCE_WORDS (sizeof(struct source) / 8)

/* (columns, registers, outputs): words of scratch that running such a program takes. */
static napi_value call_program_scratch_words(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 3);
	size_t columns = next_size(&call), registers = next_size(&call), outputs = next_size(&call);
	napi_value words = NULL;
	if (call.error == NULL) {
		size_t count = columns * SOURCE_WORDS + call.kernels->program_scratch_words(columns, registers, outputs);
		napi_create_double(env, (double)count, &words);
	}
	end(&call);
	return words;
}

/* Every slot, constant and output that the program names is there. */
static void check_program(struct call *call, const struct program *program, size_t constants)
{
	size_t slots = program->columns + program->registers;
	for (size_t i = 0; i < program->length && call->error == NULL; i++) {
		const struct instruction *step = &program->code[i];
		require(call, step->operation < OPERATIONS && step->constant < constants, "the program has an instruction that is none");
		if (call->error != NULL)
			return;
		struct shape shape = operation_shapes[step->operation];
		require(call, (size_t)step->a + shape.a <= slots && (size_t)step->b + shape.b <= slots, "the program reads a slot that is none");
		if (shape.to > 0)
			require(call, step->to >= program->columns && (size_t)step->to + shape.to <= slots, "the program writes a slot that is none");
		if (step->operation >= OP_STORE)
			require(call, step->to < program->output_count, "the program has an output that is none");
	}
}

/*
 * (code, arrays, sources, from, registers, constants, result, resultStride, outputs, outputStride, outputCount, divide, rows, scratch).
 * `sources` has three numbers a column: which array, where in it, the row offset, the period. No result or outputs: an empty array.
 */
static napi_value call_run_program(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 14);
	struct program program = {0};
	struct integers code = next_integers(&call);
	napi_value list = next_argument(&call);
	struct integers sources = next_integers(&call);
	size_t from = next_size(&call);
	program.registers = next_size(&call);
	struct words constants = next_words(&call);
	struct words result = next_words(&call);
	program.result_stride = next_size(&call);
	struct words outputs = next_words(&call);
	program.output_stride = next_size(&call);
	program.output_count = next_size(&call);
	program.divide = next_size(&call);
	program.rows = next_size(&call);
	struct words scratch = next_words(&call);

	require(&call, sources.count % 4 == 0 && code.count % (sizeof(struct instruction) / 4) == 0, "half a column or instruction");
	program.columns = sources.count / 4;
	uint32_t array_count = 0;
	require(&call, napi_get_array_length(env, list, &array_count) == 0 && array_count <= MAX_ARRAYS, "expected a list of at most 64 arrays");
	struct words arrays[MAX_ARRAYS];
	for (uint32_t i = 0; i < array_count && call.error == NULL; i++) {
		napi_value element = NULL;
		napi_get_element(env, list, i, &element);
		arrays[i] = words_of(&call, element);
	}
	require(&call, program.registers < 65536 && program.columns < 65536 && program.output_count < 65536, "the program is too large");
	if (call.error == NULL) {
		size_t needed = program.columns * SOURCE_WORDS;
		needed += call.kernels->program_scratch_words(program.columns, program.registers, program.output_count);
		require(&call, scratch.count >= needed, "no room for the program's tiles");
	}
	if (call.error != NULL)
		return end(&call);

	struct source *own = (struct source *)scratch.at;
	for (size_t column = 0; column < program.columns; column++) {
		const uint32_t *source = sources.at + 4 * column;
		size_t array = source[0], start = source[1], period = source[3];
		require(&call, array < array_count && is_power_of_two(period), "a column that is none");
		if (call.error != NULL)
			return end(&call);
		require(&call, start + period <= arrays[array].count, "a column reaches past the end");
		own[column] = (struct source){arrays[array].at + start, from + source[2], period};
	}
	program.sources = own;
	program.scratch = scratch.at + program.columns * SOURCE_WORDS;
	program.code = (const struct instruction *)code.at;
	program.length = code.count / (sizeof(struct instruction) / 4);
	program.constants = constants.at;
	check_program(&call, &program, constants.count / 3);
	if (result.count > 0) {
		require(&call, result.count >= extent(3, program.result_stride, program.rows), "no room for the result");
		program.result = result.at;
	}
	if (outputs.count > 0) {
		size_t stored = program.divide ? program.output_count / 2 : program.output_count;
		require(&call, outputs.count >= extent(3 * stored, program.output_stride, program.rows), "no room for the outputs");
		program.outputs = outputs.at;
	}
	if (call.error == NULL)
		call.kernels->run_program(&program);
	return end(&call);
}

/*
 * (words): asks the system for large pages, which is a wish and changes no content. A proof touches gigabytes once, and each small page costs more
 * than what is computed on it. No library, so no madvise but the system's own.
 */
static napi_value call_advise_huge_pages(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info, 1);
	struct words words = next_words(&call);
#if defined(__linux__) && defined(__x86_64__)
	const uintptr_t page = 4096;
	uintptr_t start = ((uintptr_t)words.at + page - 1) & ~(page - 1), end_ = ((uintptr_t)words.at + 8 * words.count) & ~(page - 1);
	if (call.error == NULL && start < end_) {
		const long madvise = 28, advice = 14;
		long result;
		__asm__ volatile("syscall" : "=a"(result) : "a"(madvise), "D"(start), "S"(end_ - start), "d"(advice) : "rcx", "r11", "memory");
	}
#else
	(void)words;
#endif
	return end(&call);
}

static const struct {
	const char *name;
	napi_callback callback;
} functions[] = {
    {"nttTwiddles", call_ntt_twiddles},
    {"ntt", call_ntt},
    {"bitReverse", call_bit_reverse},
    {"interpolate", call_interpolate},
    {"spread", call_spread},
    {"joinRemainders", call_join_remainders},
    {"hashRows", call_hash_rows},
    {"hashGroups", call_hash_groups},
    {"hashPairs", call_hash_pairs},
    {"grind", call_grind},
    {"evaluateBase", call_evaluate_base},
    {"openColumn", call_open_column},
    {"addScaled", call_add_scaled},
    {"addQuotient", call_add_quotient},
    {"fold", call_fold},
    {"runningSum", call_running_sum},
    {"sumAll", call_sum_all},
    {"selectors", call_selectors},
    {"addPeriodic", call_add_periodic},
    {"programScratchWords", call_program_scratch_words},
    {"runProgram", call_run_program},
};

static size_t length_of(const char *text)
{
	size_t length = 0;
	while (text[length] != 0)
		length++;
	return length;
}

static void add_function(napi_env env, napi_value object, const char *name, napi_callback callback, const struct kernels *kernels)
{
	napi_value function = NULL;
	napi_create_function(env, name, length_of(name), callback, (void *)kernels, &function);
	napi_set_named_property(env, object, name, function);
}

static void add_kernels(napi_env env, napi_value exports, const char *name, const struct kernels *kernels)
{
	napi_value object = NULL;
	napi_create_object(env, &object);
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		add_function(env, object, functions[i].name, functions[i].callback, kernels);
	napi_set_named_property(env, exports, name, object);
}

extern const struct kernels kernels_scalar;

#if defined(__x86_64__)
extern const struct kernels kernels_avx2, kernels_avx512;

struct features {
	bool avx2;
	bool avx512;
};

/* What the processor can do and the operating system saves the registers of. */
static struct features features_of_processor(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return (struct features){false, false};
	uint32_t saved, high;
	__asm__ volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
		return (struct features){false, false};
	const uint32_t ymm = 0x6, zmm = 0xe6;
	const uint32_t avx512 = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
	bool has_avx2 = (saved & ymm) == ymm && (b & bit_AVX2);
	return (struct features){has_avx2, has_avx2 && (saved & zmm) == zmm && (b & avx512) == avx512};
}
#endif

/* Called by Node. An object for each kind of kernels that this processor can run. */
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
#if defined(__x86_64__)
	struct features features = features_of_processor();
	if (features.avx512)
		add_kernels(env, exports, "avx512", &kernels_avx512);
	if (features.avx2)
		add_kernels(env, exports, "avx2", &kernels_avx2);
#endif
	add_kernels(env, exports, "scalar", &kernels_scalar);
	add_function(env, exports, "adviseHugePages", call_advise_huge_pages, NULL);
	return exports;
}
