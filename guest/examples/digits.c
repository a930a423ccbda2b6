#include "digits/network.h"
#include "machine/keccak.h"

/*
 * Reads a handwritten digit with a neural network of 8-bit integers. Input: a picture of 8 lines of 8 characters, each line ended by
 * a newline, '.' for paper, '#' for ink and '+' for something between. Output: the digit, then the first 31 bytes of keccak256 of
 * the network's weights. The picture stays private.
 */

enum { LINE = SIDE + 1 };

static int32_t dot(const int8_t *weights, const int8_t *values, int count)
{
	int32_t sum = 0;
	for (int i = 0; i < count; i++)
		sum += weights[i] * values[i];
	return sum;
}

static int read_picture(int8_t pixels[PIXELS])
{
	if (*machine_input_length != SIDE * LINE)
		return 0;
	for (int y = 0; y < SIDE; y++) {
		const uint8_t *line = machine_input + y * LINE;
		for (int x = 0; x < SIDE; x++) {
			if (line[x] != '.' && line[x] != '+' && line[x] != '#')
				return 0;
			pixels[y * SIDE + x] = line[x] == '.' ? 0 : line[x] == '+' ? HALF_INK : INK;
		}
		if (line[SIDE] != '\n')
			return 0;
	}
	return 1;
}

static uint8_t classify(const int8_t pixels[PIXELS])
{
	int8_t hidden[HIDDEN];
	for (int i = 0; i < HIDDEN; i++) {
		int32_t sum = network.hidden_bias[i] + dot(network.hidden_weights[i], pixels, PIXELS);
		int32_t scaled = sum < 0 ? 0 : sum >> HIDDEN_SHIFT;
		hidden[i] = (int8_t)(scaled > INT8_MAX ? INT8_MAX : scaled);
	}
	uint8_t best = 0;
	int32_t best_score = INT32_MIN;
	for (uint8_t digit = 0; digit < DIGITS; digit++) {
		int32_t score = network.output_bias[digit] + dot(network.output_weights[digit], hidden, HIDDEN);
		if (score > best_score) {
			best = digit;
			best_score = score;
		}
	}
	return best;
}

uint32_t program(void)
{
	int8_t pixels[PIXELS];
	if (!read_picture(pixels))
		return 1;
	uint32_t digest[8];
	keccak256(digest, (const uint8_t *)&network, sizeof(network));
	union {
		uint8_t bytes[32];
		uint32_t words[8];
	} output;
	output.bytes[0] = classify(pixels);
	for (int i = 0; i < 31; i++)
		output.bytes[i + 1] = ((const uint8_t *)digest)[i];
	machine_commit(output.words);
	return 0;
}
