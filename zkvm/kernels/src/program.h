#ifndef KERNELS_PROGRAM_H
#define KERNELS_PROGRAM_H

#include "field.h"

enum operation {
	OP_ADD, OP_SUB, OP_MUL,             /* base = base, base */
	OP_ADD_K, OP_K_SUB, OP_MUL_K,       /* base = base, constant of the base field */
	OP_EXT_ADD, OP_EXT_SUB, OP_EXT_MUL, /* extension = extension, extension */
	OP_EXT_ADD_BASE, OP_EXT_SUB_BASE, OP_BASE_SUB_EXT, OP_EXT_MUL_BASE,
	OP_EXT_ADD_K, OP_K_SUB_EXT, OP_EXT_MUL_K, /* extension = extension, constant of the extension */
	OP_BASE_ADD_K, OP_K_SUB_BASE, OP_BASE_MUL_K, /* extension = base, constant of the extension */
	OP_ACCUMULATE, OP_EXT_ACCUMULATE,   /* the result += constant of the extension times a */
	OP_STORE, OP_EXT_STORE,             /* output number `to` = a */
	OPERATIONS,
};

/* Operands are slots: columns at a row offset, or registers. An operand of the extension is three slots. */
struct instruction {
	uint32_t operation;
	uint32_t to;
	uint32_t a;
	uint32_t b;
	uint32_t constant;
};

/* A column: row r of the run is words[(at + r) mod period]. `period` is a power of two. */
struct source {
	const felt *words;
	size_t at;
	size_t period;
};

/* All fields are as wide as a pointer: WebAssembly's kernels are given one as an array of 32-bit numbers. */
struct program {
	const struct instruction *code;
	size_t length;
	const struct source *sources;
	size_t columns;
	size_t registers;
	/* Three words each. */
	const felt *constants;
	/* Σ constant · a over the accumulating instructions: three arrays. None where it is null. */
	felt *result;
	size_t result_stride;
	/* Three arrays an output. None where it is null. */
	felt *outputs;
	size_t output_stride;
	size_t output_count;
	/*
	 * LogUp: outputs come in pairs, numerator and denominator, which is not 0. Their quotients are stored, one for each pair, and the sum of
	 * them all in place of the last.
	 */
	size_t divide;
	size_t rows;
	/* See program_scratch_words. */
	felt *scratch;
};

/* Slots that an operation reads from a and b on, and registers that it writes from `to` on. */
struct shape {
	uint8_t to, a, b;
};

static const struct shape operation_shapes[OPERATIONS] = {
    [OP_ADD] = {1, 1, 1},
    [OP_SUB] = {1, 1, 1},
    [OP_MUL] = {1, 1, 1},
    [OP_ADD_K] = {1, 1, 0},
    [OP_K_SUB] = {1, 1, 0},
    [OP_MUL_K] = {1, 1, 0},
    [OP_EXT_ADD] = {3, 3, 3},
    [OP_EXT_SUB] = {3, 3, 3},
    [OP_EXT_MUL] = {3, 3, 3},
    [OP_EXT_ADD_BASE] = {3, 3, 1},
    [OP_EXT_SUB_BASE] = {3, 3, 1},
    [OP_BASE_SUB_EXT] = {3, 1, 3},
    [OP_EXT_MUL_BASE] = {3, 3, 1},
    [OP_EXT_ADD_K] = {3, 3, 0},
    [OP_K_SUB_EXT] = {3, 3, 0},
    [OP_EXT_MUL_K] = {3, 3, 0},
    [OP_BASE_ADD_K] = {3, 1, 0},
    [OP_K_SUB_BASE] = {3, 1, 0},
    [OP_BASE_MUL_K] = {3, 1, 0},
    [OP_ACCUMULATE] = {0, 1, 0},
    [OP_EXT_ACCUMULATE] = {0, 3, 0},
    [OP_STORE] = {0, 1, 0},
    [OP_EXT_STORE] = {0, 3, 0},
};

#endif
