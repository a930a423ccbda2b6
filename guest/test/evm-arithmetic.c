/*
 * Answers questions about u256 and hashes: records of one byte (operation) and, for integers, three operands of 32 bytes, for hashes
 * a length of 4 bytes and the data. Each answer has 32 bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/u256.h"
#include "crypto/keccak.h"

static void read_exactly(void *to, size_t length)
{
	if (length > 0 && fread(to, 1, length, stdin) != length)
		exit(2);
}

static void compare(struct u256 *result, int order)
{
	*result = u256_from_u64((uint64_t)(order + 1));
}

static void calculate(int operation, struct u256 *r, const struct u256 *a, const struct u256 *b, const struct u256 *c)
{
	switch (operation) {
	case 0: u256_add(r, a, b); break;
	case 1: u256_sub(r, a, b); break;
	case 2: u256_mul(r, a, b); break;
	case 3: u256_div(r, a, b); break;
	case 4: u256_mod(r, a, b); break;
	case 5: u256_div_signed(r, a, b); break;
	case 6: u256_mod_signed(r, a, b); break;
	case 7: u256_add_mod(r, a, b, c); break;
	case 8: u256_mul_mod(r, a, b, c); break;
	case 9: u256_exp(r, a, b); break;
	case 10: u256_sign_extend(r, a, b); break;
	case 11: u256_byte(r, a, b); break;
	case 12: u256_shift_left(r, b, a); break;
	case 13: u256_shift_right(r, b, a); break;
	case 14: u256_shift_right_signed(r, b, a); break;
	case 15: *r = u256_from_u64(u256_bit_length(a)); break;
	case 16: compare(r, u256_compare(a, b)); break;
	case 17: compare(r, u256_compare_signed(a, b)); break;
	case 18: *r = u256_from_u64(u256_mul_overflow(&(struct u256){{0}}, a, b)); break;
	case 19: *r = u256_from_u64(u256_add(&(struct u256){{0}}, a, b)); break;
	case 20: *r = u256_from_u64(u256_sub(&(struct u256){{0}}, a, b)); break;
	case 21: *r = u256_from_u64(u256_saturated_u64(a)); break;
	default: exit(3);
	}
}

static void answer_hash(int operation, uint8_t *answer)
{
	uint32_t length;
	read_exactly(&length, sizeof length);
	uint8_t *data = malloc(length + 1);
	if (data == NULL)
		exit(4);
	/* Not aligned, so that both ways to read a word are taken. */
	read_exactly(data + (operation == 0x81), length);
	keccak256(data + (operation == 0x81), length, answer);
	free(data);
}

static void answer_calculation(int operation, uint8_t *answer)
{
	uint8_t bytes[96];
	read_exactly(bytes, sizeof bytes);
	struct u256 a, b, c, separate;
	u256_from_bytes(&a, bytes);
	u256_from_bytes(&b, bytes + 32);
	u256_from_bytes(&c, bytes + 64);
	calculate(operation, &separate, &a, &b, &c);
	/* The result may stand in either operand. */
	struct u256 first = a, second = b;
	calculate(operation, &first, &first, &b, &c);
	calculate(operation, &second, &a, &second, &c);
	if (!u256_equal(&first, &separate) || !u256_equal(&second, &separate))
		exit(5);
	u256_to_bytes(&separate, answer);
}

int main(void)
{
	int operation;
	while ((operation = getchar()) != EOF) {
		uint8_t answer[32];
		if (operation >= 0x80)
			answer_hash(operation, answer);
		else
			answer_calculation(operation, answer);
		fwrite(answer, 1, sizeof answer, stdout);
	}
	return 0;
}
