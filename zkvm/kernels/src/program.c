#include "lanes.h"
#include "program.h"

/*
 * Evaluates a straight-line program over many rows: constraints on a coset, quotients of a LogUp argument (zkvm/air/compile.ts writes
 * the programs). Each instruction works on a tile of rows at once, so its decoding costs little and the tiles stay in the first caches.
 */

#define TILE_ROWS ((size_t)64)

/* What the tiles of one program take. */
struct tiles {
	const felt **slot;
	felt *registers;
	/* A tile for each column that does not lie in one piece. */
	felt *gathered;
	felt *result;
	felt *outputs;
	felt *products;
};

#define SCRATCH_ALIGNMENT ((size_t)64)

EXPORT size_t program_scratch_words(size_t columns, size_t registers, size_t outputs)
{
	return SCRATCH_ALIGNMENT / 8 + columns + registers + TILE_ROWS * (registers + columns + 3 + 3 * outputs + 3 * ((outputs + 1) / 2));
}

static struct tiles lay_out_tiles(const struct program *program)
{
	felt *next = (felt *)(((uintptr_t)program->scratch + SCRATCH_ALIGNMENT - 1) & ~(SCRATCH_ALIGNMENT - 1));
	struct tiles tiles;
	tiles.registers = next;
	next += TILE_ROWS * program->registers;
	tiles.gathered = next;
	next += TILE_ROWS * program->columns;
	tiles.result = next;
	next += TILE_ROWS * 3;
	tiles.outputs = next;
	next += TILE_ROWS * 3 * program->output_count;
	tiles.products = next;
	next += TILE_ROWS * 3 * ((program->output_count + 1) / 2);
	tiles.slot = (const felt **)next;
	for (size_t i = 0; i < program->registers; i++)
		tiles.slot[program->columns + i] = tiles.registers + TILE_ROWS * i;
	return tiles;
}

/* A whole tile always, past the last row too: what is computed there is not used. */
static void place_columns(const struct program *program, const struct tiles *tiles, size_t row)
{
	for (size_t column = 0; column < program->columns; column++) {
		const struct source *source = &program->sources[column];
		size_t start = (source->at + row) & (source->period - 1);
		if (start + TILE_ROWS <= source->period) {
			tiles->slot[column] = source->words + start;
			continue;
		}
		/* The tile before was the same. */
		if (row > 0 && source->period <= TILE_ROWS)
			continue;
		felt *tile = tiles->gathered + TILE_ROWS * column;
		for (size_t r = 0; r < TILE_ROWS; r++)
			tile[r] = source->words[(start + r) & (source->period - 1)];
		tiles->slot[column] = tile;
	}
}

#define EACH_ROW for (size_t r = 0; r < TILE_ROWS; r += LANES)
#define A lanes_load(slot[a] + r)
#define B lanes_load(slot[b] + r)
#define EXT_OF(s) ((struct exts){{lanes_load(slot[s] + r), lanes_load(slot[(s) + 1] + r), lanes_load(slot[(s) + 2] + r)}})
#define SET(value) lanes_store(registers + r, value)
#define SET_EXT(value) exts_store(registers, TILE_ROWS, r, value)

static void run_tile(const struct program *program, const struct tiles *tiles)
{
	const felt *const *slot = tiles->slot;
	for (size_t i = 0; i < program->length; i++) {
		const struct instruction *step = &program->code[i];
		uint32_t a = step->a, b = step->b;
		const felt *words = program->constants + 3 * (size_t)step->constant;
		struct exts k = {{lanes_of(words[0]), lanes_of(words[1]), lanes_of(words[2])}};
		/* What comes last writes to the result or to outputs. */
		felt *registers = step->operation < OP_ACCUMULATE ? tiles->registers + TILE_ROWS * (step->to - program->columns) : NULL;
		felt *output = step->operation < OP_STORE ? NULL : tiles->outputs + 3 * TILE_ROWS * step->to;
		switch ((enum operation)step->operation) {
		case OP_ADD: EACH_ROW SET(lanes_add(A, B)); break;
		case OP_SUB: EACH_ROW SET(lanes_sub(A, B)); break;
		case OP_MUL: EACH_ROW SET(lanes_mul(A, B)); break;
		case OP_ADD_K: EACH_ROW SET(lanes_add(A, k.c[0])); break;
		case OP_K_SUB: EACH_ROW SET(lanes_sub(k.c[0], A)); break;
		case OP_MUL_K: EACH_ROW SET(lanes_mul(A, k.c[0])); break;
		case OP_EXT_ADD: EACH_ROW SET_EXT(exts_add(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_SUB: EACH_ROW SET_EXT(exts_sub(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_MUL: EACH_ROW SET_EXT(exts_mul(EXT_OF(a), EXT_OF(b))); break;
		case OP_EXT_ADD_BASE:
			EACH_ROW SET_EXT(((struct exts){{lanes_add(A, B), lanes_load(slot[a + 1] + r), lanes_load(slot[a + 2] + r)}}));
			break;
		case OP_EXT_SUB_BASE:
			EACH_ROW SET_EXT(((struct exts){{lanes_sub(A, B), lanes_load(slot[a + 1] + r), lanes_load(slot[a + 2] + r)}}));
			break;
		case OP_BASE_SUB_EXT: EACH_ROW SET_EXT(exts_sub(((struct exts){{A, lanes_of(0), lanes_of(0)}}), EXT_OF(b))); break;
		case OP_EXT_MUL_BASE: EACH_ROW SET_EXT(exts_scale(EXT_OF(a), B)); break;
		case OP_EXT_ADD_K: EACH_ROW SET_EXT(exts_add(EXT_OF(a), k)); break;
		case OP_K_SUB_EXT: EACH_ROW SET_EXT(exts_sub(k, EXT_OF(a))); break;
		case OP_EXT_MUL_K: EACH_ROW SET_EXT(exts_mul(EXT_OF(a), k)); break;
		case OP_BASE_ADD_K: EACH_ROW SET_EXT(((struct exts){{lanes_add(A, k.c[0]), k.c[1], k.c[2]}})); break;
		case OP_K_SUB_BASE: EACH_ROW SET_EXT(((struct exts){{lanes_sub(k.c[0], A), k.c[1], k.c[2]}})); break;
		case OP_BASE_MUL_K: EACH_ROW SET_EXT(exts_scale(k, A)); break;
		case OP_ACCUMULATE:
			EACH_ROW exts_store(tiles->result, TILE_ROWS, r, exts_add(exts_load(tiles->result, TILE_ROWS, r), exts_scale(k, A)));
			break;
		case OP_EXT_ACCUMULATE:
			EACH_ROW exts_store(tiles->result, TILE_ROWS, r, exts_add(exts_load(tiles->result, TILE_ROWS, r), exts_mul(EXT_OF(a), k)));
			break;
		case OP_STORE: EACH_ROW exts_store(output, TILE_ROWS, r, ((struct exts){{A, lanes_of(0), lanes_of(0)}})); break;
		case OP_EXT_STORE: EACH_ROW exts_store(output, TILE_ROWS, r, EXT_OF(a)); break;
		case OPERATIONS: break;
		}
	}
}

/* Products that go on side by side: one alone would wait for each multiplication. */
#if LANES == 1
#define CHAINS 4
#else
#define CHAINS 2
#endif

/* Montgomery's trick on what is left of the chains: one inversion for all of them. */
static void invert_ends(struct exts *ends)
{
	struct ext before[CHAINS * LANES], product = {{1, 0, 0}};
	felt values[CHAINS][3 * LANES];
	for (size_t chain = 0; chain < CHAINS; chain++)
		exts_store(values[chain], LANES, 0, ends[chain]);
	for (size_t i = 0; i < CHAINS * LANES; i++) {
		before[i] = product;
		product = ext_mul(product, ext_load(values[i / LANES], LANES, i % LANES));
	}
	struct ext inverse = ext_inverse(product);
	for (size_t i = CHAINS * LANES; i-- > 0;) {
		struct ext value = ext_load(values[i / LANES], LANES, i % LANES);
		ext_store(values[i / LANES], LANES, i % LANES, ext_mul(inverse, before[i]));
		inverse = ext_mul(inverse, value);
	}
	for (size_t chain = 0; chain < CHAINS; chain++)
		ends[chain] = exts_load(values[chain], LANES, 0);
}

/* Quotients of the outputs' pairs go to where the first outputs are; the last is the sum of all. */
static void divide_tile(const struct tiles *tiles, size_t pairs)
{
	const size_t output = 3 * TILE_ROWS;
	struct exts product[CHAINS];
	for (size_t chain = 0; chain < CHAINS; chain++)
		product[chain] = exts_of((struct ext){{1, 0, 0}});
	for (size_t pair = 0; pair < pairs; pair++)
		EACH_ROW {
			struct exts *before = &product[r / LANES % CHAINS];
			exts_store(tiles->products + pair * output, TILE_ROWS, r, *before);
			*before = exts_mul(*before, exts_load(tiles->outputs + (2 * pair + 1) * output, TILE_ROWS, r));
		}
	invert_ends(product);
	for (size_t pair = pairs; pair-- > 0;)
		for (size_t r = TILE_ROWS - LANES;; r -= LANES) {
			struct exts *after = &product[r / LANES % CHAINS];
			felt *numerator = tiles->outputs + 2 * pair * output, *products = tiles->products + pair * output;
			struct exts inverse = exts_mul(*after, exts_load(products, TILE_ROWS, r));
			*after = exts_mul(*after, exts_load(tiles->outputs + (2 * pair + 1) * output, TILE_ROWS, r));
			exts_store(products, TILE_ROWS, r, exts_mul(exts_load(numerator, TILE_ROWS, r), inverse));
			if (r == 0)
				break;
		}
	for (size_t pair = 0; pair + 1 < pairs; pair++)
		EACH_ROW {
			felt *sum = tiles->products + (pairs - 1) * output;
			struct exts term = exts_load(tiles->products + pair * output, TILE_ROWS, r);
			exts_store(sum, TILE_ROWS, r, exts_add(exts_load(sum, TILE_ROWS, r), term));
		}
}

static void copy_tile(felt *to, size_t stride, const felt *tile, size_t arrays, size_t count)
{
	for (size_t array = 0; array < arrays; array++)
		for (size_t r = 0; r < count; r++)
			to[array * stride + r] = tile[array * TILE_ROWS + r];
}

EXPORT void run_program(const struct program *program)
{
	struct tiles tiles = lay_out_tiles(program);
	for (size_t row = 0; row < program->rows; row += TILE_ROWS) {
		size_t count = program->rows - row < TILE_ROWS ? program->rows - row : TILE_ROWS;
		for (size_t i = 0; i < 3 * TILE_ROWS; i++)
			tiles.result[i] = 0;
		place_columns(program, &tiles, row);
		run_tile(program, &tiles);
		if (program->result)
			copy_tile(program->result + row, program->result_stride, tiles.result, 3, count);
		if (!program->outputs)
			continue;
		if (program->divide) {
			divide_tile(&tiles, program->output_count / 2);
			copy_tile(program->outputs + row, program->output_stride, tiles.products, 3 * (program->output_count / 2), count);
		} else {
			copy_tile(program->outputs + row, program->output_stride, tiles.outputs, 3 * program->output_count, count);
		}
	}
}

/* result[i] += values[i mod period] · factor, over the extension: how the tables' constraints share one quotient. `period` is a power of two. */
EXPORT void add_periodic(felt *result, size_t result_stride, size_t count, const felt *values, size_t stride, size_t period, felt factor)
{
	for (size_t c = 0; c < 3; c++) {
		felt *to = result + c * result_stride;
		const felt *from = values + c * stride;
		for (size_t start = 0; start < count; start += period) {
			size_t i = 0;
			for (; i + LANES <= period; i += LANES)
				lanes_store(to + start + i, lanes_add(lanes_load(to + start + i), lanes_mul(lanes_load(from + i), lanes_of(factor))));
			for (; i < period; i++)
				to[start + i] = felt_add(to[start + i], felt_mul(from[i], factor));
		}
	}
}
