#include "field.h"

typedef struct {
	element x;
	element y;
} point;

enum { done = 0, not_reduced = 1, no_line = 2 };

/* Where the caller puts two points, one after the other, and finds the first replaced by the result. */
static point operands[2];

EXPORT point *curve_operands(void)
{
	return operands;
}

static int is_point_reduced(const point *a)
{
	return is_reduced(&a->x) && is_reduced(&a->y);
}

/* The third point of the line through a and b, whose slope is given as a fraction, mirrored. */
static point third(const point *a, const point *b, const element *rise, const element *run)
{
	element inverse = invert(run);
	element slope = multiply(rise, &inverse);
	element square = multiply(&slope, &slope);
	point out;
	out.x = subtract(&square, &a->x);
	out.x = subtract(&out.x, &b->x);
	element across = subtract(&a->x, &out.x);
	out.y = multiply(&slope, &across);
	out.y = subtract(&out.y, &a->y);
	return out;
}

EXPORT int curve_add(void)
{
	const point *a = &operands[0];
	const point *b = &operands[1];
	if (!is_point_reduced(a) || !is_point_reduced(b))
		return not_reduced;
	if (is_equal(&a->x, &b->x))
		return no_line;
	element rise = subtract(&b->y, &a->y);
	element run = subtract(&b->x, &a->x);
	operands[0] = third(a, b, &rise, &run);
	return done;
}

EXPORT int curve_double(void)
{
	const point *a = &operands[0];
	if (!is_point_reduced(a))
		return not_reduced;
	if (is_zero(&a->y))
		return no_line;
	element square = multiply(&a->x, &a->x);
	element twice = add(&square, &square);
	element rise = add(&twice, &square);
	element run = add(&a->y, &a->y);
	operands[0] = third(a, a, &rise, &run);
	return done;
}

/*
 * The first operand's x to the power (p + 1) / 4, in its place: a root of it where there is one. The exponent is 2^254 - 2^30 - 244, so
 * its digits of four bits, the highest first, are 3, 55 times f, b, 5 times f, 0 and c.
 */
EXPORT void curve_root(void)
{
	enum { digits = 64 };
	element power[16];
	power[1] = operands[0].x;
	for (int i = 2; i < 16; i++)
		power[i] = multiply(&power[i - 1], &power[1]);
	element out = power[3];
	for (int digit = 1; digit < digits; digit++) {
		for (int i = 0; i < 4; i++)
			out = multiply(&out, &out);
		int value = digit == 56 ? 0xb : digit == 62 ? 0x0 : digit == 63 ? 0xc : 0xf;
		if (value != 0)
			out = multiply(&out, &power[value]);
	}
	operands[0].x = out;
}
