import type { Network } from './network.ts'
import { digits, ink, side } from './pictures.ts'

function row(values: Iterable<number>): string {
  return `{${[...values].join(', ')}}`
}

function rows(values: readonly Iterable<number>[]): string {
  return `{\n${values.map((one) => `\t\t${row(one)},\n`).join('')}\t}`
}

/** The network as a table for `digits.c`. */
export function networkHeader({ hiddenBias, outputBias, hiddenWeights, outputWeights, hiddenShift }: Network): string {
  return `#ifndef NETWORK_H
#define NETWORK_H

#include <stdint.h>

/* Trained and written by \`npm run build:examples\` (train.ts). */

enum { SIDE = ${side}, PIXELS = SIDE * SIDE, HIDDEN = ${hiddenWeights.length}, DIGITS = ${digits} };
enum { INK = ${ink['#']}, HALF_INK = ${ink['+']}, HIDDEN_SHIFT = ${hiddenShift} };

static const struct {
	int32_t hidden_bias[HIDDEN];
	int32_t output_bias[DIGITS];
	int8_t hidden_weights[HIDDEN][PIXELS];
	int8_t output_weights[DIGITS][HIDDEN];
} network = {
	.hidden_bias = ${row(hiddenBias)},
	.output_bias = ${row(outputBias)},
	.hidden_weights = ${rows(hiddenWeights)},
	.output_weights = ${rows(outputWeights)},
};

#endif
`
}
