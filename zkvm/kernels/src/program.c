#include "field.h"

/*
 * Evaluates a straight-line program over many rows: constraints on a coset, quotients of a LogUp argument (zkvm/air/compile.ts writes
 * the programs). Each instruction works on a tile of rows at once, so its decoding costs little and the tiles stay in the first-level cache.
 */

#define TILE_ROWS 64

enum operation {
	OP_ADD, OP_SUB, OP_MUL,             /* base = base, base */
	OP_ADD_K, OP_K_SUB, OP_MUL_K,       /* base = base, constant of the base field */
	OP_EXT_ADD, OP_EXT_SUB, OP_EXT_MUL, /* extension = extension, extension */
	OP_EXT_ADD_BASE, OP_EXT_SUB_BASE, OP_BASE_SUB_EXT, OP_EXT_MUL_BASE,
	OP_EXT_ADD_K, OP_K_SUB_EXT, OP_EXT_MUL_K, /* extension = extension, constant of the extension */
	OP_BASE_ADD_K, OP_K_SUB_BASE, OP_BASE_MUL_K, /* extension = base, constant of the extension */
	OP_ACCUMULATE, OP_EXT_ACCUMULATE,   /* the result += constant of the extension times a */
	OP_STORE, OP_EXT_STORE,             /* output array number `to` = a */
};

/* Operands are slots: columns at a row offset, or registers. An operand of the extension is three slots. */
struct instruction {
	uint32_t operation;
	uint32_t to;
	uint32_t a;
	uint32_t b;
	uint32_t constant;
};

struct program {
	const struct instruction *code;
	uint32_t length;
	uint32_t slots;
	/* The first `columns` slots move on by a tile each time, the registers after them do not. */
	felt **slot;
	uint32_t columns;
	/* Three words each. */
	const felt *constants;
	/* Arrays of `rows` elements: result of the accumulation (three), then outputs (three each). */
	felt *result;
	felt *outputs;
	uint32_t rows;
};

#define EACH_ROW for (size_t r = 0; r < count; r++)
#define EXT_OF(s) (struct ext){{slot[s][r], slot[(s) + 1][r], slot[(s) + 2][r]}}
#define SET_EXT(value)                         \
	do {                                   \
		struct ext set_ = (value);     \
		slot[to][r] = set_.c[0];       \
		slot[to + 1][r] = set_.c[1];   \
		slot[to + 2][r] = set_.c[2];   \
	} while (0)

static void run_tile(const struct program *program, size_t at, size_t count)
{
	felt **slot = program->slot;
	size_t rows = program->rows;
	for (uint32_t i = 0; i < program->length; i++) {
		const struct instruction *step = &program->code[i];
		uint32_t to = step->to, a = step->a, b = step->b;
		const felt *words = program->constants + 3 * (size_t)step->constant;
		struct ext k = {{words[0], words[1], words[2]}};
		switch ((enum operation)step->operation) {
		case OP_ADD: EACH_ROW slot[to][r] = field_add(slot[a][r], slot[b][r]); break;
		case OP_SUB: EACH_ROW slot[to][r] = field_sub(slot[a][r], slot[b][r]); break;
		case OP_MUL: EACH_ROW slot[to][r] = field_mul(slot[a][r], slot[b][r]); break;
		case OP_ADD_K: EACH_ROW slot[to][r] = field_add(slot[a][r], k.c[0]); break;
		case OP_K_SUB: EACH_ROW slot[to][r] = field_sub(k.c[0], slot[a][r]); break;
		case OP_MUL_K: EACH_ROW slot[to][r] = field_mul(slot[a][r], k.c[0]); break;
		case OP_EXT_ADD: EACH_ROW SET_EXT(ext_add(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_SUB: EACH_ROW SET_EXT(ext_sub(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_MUL: EACH_ROW SET_EXT(ext_mul(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_ADD_BASE:
			EACH_ROW SET_EXT(((struct ext){{field_add(slot[a][r], slot[b][r]), slot[a + 1][r], slot[a + 2][r]}}));
			break;
		case OP_EXT_SUB_BASE:
			EACH_ROW SET_EXT(((struct ext){{field_sub(slot[a][r], slot[b][r]), slot[a + 1][r], slot[a + 2][r]}}));
			break;
		case OP_BASE_SUB_EXT: EACH_ROW SET_EXT(ext_sub(((struct ext){{slot[a][r], 0, 0}}), EXT_OF(b))); break;
		case OP_EXT_MUL_BASE: EACH_ROW SET_EXT(ext_scale(EXT_OF(a), slot[b][r])); break;
		case OP_EXT_ADD_K: EACH_ROW SET_EXT(ext_add(EXT_OF(a), k)); break;
		case OP_K_SUB_EXT: EACH_ROW SET_EXT(ext_sub(k, EXT_OF(a))); break;
		case OP_EXT_MUL_K: EACH_ROW SET_EXT(ext_mul(EXT_OF(a), k)); break;
		case OP_BASE_ADD_K: EACH_ROW SET_EXT(((struct ext){{field_add(slot[a][r], k.c[0]), k.c[1], k.c[2]}})); break;
		case OP_K_SUB_BASE: EACH_ROW SET_EXT(((struct ext){{field_sub(k.c[0], slot[a][r]), k.c[1], k.c[2]}})); break;
		case OP_BASE_MUL_K: EACH_ROW SET_EXT(ext_scale(k, slot[a][r])); break;
		case OP_ACCUMULATE:
			EACH_ROW {
				struct ext sum = ext_load(program->result, rows, at + r);
				ext_store(program->result, rows, at + r, ext_add(sum, ext_scale(k, slot[a][r])));
			}
			break;
		case OP_EXT_ACCUMULATE:
			EACH_ROW {
				struct ext sum = ext_load(program->result, rows, at + r);
				ext_store(program->result, rows, at + r, ext_add(sum, ext_mul(EXT_OF(a), k)));
			}
			break;
		case OP_STORE:
			EACH_ROW ext_store(program->outputs + (size_t)to * 3 * rows, rows, at + r, ((struct ext){{slot[a][r], 0, 0}}));
			break;
		case OP_EXT_STORE: EACH_ROW ext_store(program->outputs + (size_t)to * 3 * rows, rows, at + r, EXT_OF(a)); break;
		}
	}
}

EXPORT void run_program(const struct program *program)
{
	size_t rows = program->rows;
	for (size_t at = 0; at < rows; at += TILE_ROWS) {
		size_t count = rows - at < TILE_ROWS ? rows - at : TILE_ROWS;
		run_tile(program, at, count);
		for (uint32_t column = 0; column < program->columns; column++)
			program->slot[column] += TILE_ROWS;
	}
}

/* result[i] += values[i mod period] · factor, over the extension: how the tables' constraints share one quotient. */
EXPORT void add_periodic(felt *result, size_t count, const felt *values, size_t period, felt factor)
{
	for (size_t i = 0; i < count; i++) {
		struct ext term = ext_scale(ext_load(values, period, i & (period - 1)), factor);
		ext_store(result, count, i, ext_add(ext_load(result, count, i), term));
	}
}
