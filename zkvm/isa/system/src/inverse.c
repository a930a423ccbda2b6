#include "field.h"

/*
 * Inverses by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", 2019), here in variable
 * time. Thirty steps look at the low bits of f and g alone and come to a matrix, which then is applied to whole numbers: to f and g, which
 * it makes 30 bits shorter, and to d and e with d * a = f and e * a = g mod p. Where g has come to 0, f is 1 or -1, and d is the inverse
 * or its negative. Numbers are nine limbs of 30 bits; the last one has the sign.
 */
enum { limbs = 9, steps = 30 };

typedef struct {
	int32_t limb[limbs];
} number;

typedef struct {
	int32_t u, v, q, r;
} matrix;

static const int32_t low_bits = 0x3fffffff;
/* p = 2^16 * 2^240 - 4 * 2^30 - 977 */
static const int32_t prime_0 = -977;
static const int32_t prime_1 = -4;
static const int32_t prime_8 = 65536;
/* 1/p mod 2^30 */
static const uint32_t prime_inverse = 0x2ddacacf;

static uint32_t shifted_left(uint32_t value, int bits)
{
	return value << bits;
}

/* Returns what the next batch begins with: the steps' delta, negated and less one half. */
static int32_t divide(int32_t eta, uint32_t f, uint32_t g, matrix *out)
{
	uint32_t u = 1;
	uint32_t v = 0;
	uint32_t q = 0;
	uint32_t r = 1;
	int left = steps;
	for (;;) {
		int zeros = __builtin_ctz(g | 0xffffffffu << left);
		g >>= zeros;
		u = shifted_left(u, zeros);
		v = shifted_left(v, zeros);
		eta -= zeros;
		left -= zeros;
		if (left == 0)
			break;
		if (eta < 0) {
			uint32_t old_f = f;
			uint32_t old_u = u;
			uint32_t old_v = v;
			eta = -eta;
			f = g;
			u = q;
			v = r;
			g = 0 - old_f;
			q = 0 - old_u;
			r = 0 - old_v;
		}
		/* So many steps add f to g or do not; -g/f mod 64 says at once how often f goes in. f * (2 - f^2) is 1/f mod 64. */
		int until_swap = eta + 1 < left ? eta + 1 : left;
		uint32_t mask = (until_swap < 6 ? (1u << until_swap) : 64u) - 1;
		uint32_t times = g * f * (f * f - 2) & mask;
		g += f * times;
		q += u * times;
		r += v * times;
	}
	*out = (matrix){(int32_t)u, (int32_t)v, (int32_t)q, (int32_t)r};
	return eta;
}

/* (f, g) times the matrix, over 2^30, which divides it. */
static void apply(number *f, number *g, const matrix *t)
{
	int64_t cf = (int64_t)t->u * f->limb[0] + (int64_t)t->v * g->limb[0];
	int64_t cg = (int64_t)t->q * f->limb[0] + (int64_t)t->r * g->limb[0];
	cf >>= steps;
	cg >>= steps;
	for (int i = 1; i < limbs; i++) {
		int64_t fi = f->limb[i];
		int64_t gi = g->limb[i];
		cf += t->u * fi + t->v * gi;
		cg += t->q * fi + t->r * gi;
		f->limb[i - 1] = (int32_t)cf & low_bits;
		g->limb[i - 1] = (int32_t)cg & low_bits;
		cf >>= steps;
		cg >>= steps;
	}
	f->limb[limbs - 1] = (int32_t)cf;
	g->limb[limbs - 1] = (int32_t)cg;
}

/* How often p is added so that 2^30 divides: given the low limb, and how often it is added already to keep the numbers between -2p and p. */
static int32_t multiple(int64_t low, int32_t already)
{
	return already - (int32_t)((prime_inverse * (uint32_t)low + (uint32_t)already) & (uint32_t)low_bits);
}

/* (d, e) times the matrix, over 2^30 mod p. */
static void apply_modulo(number *d, number *e, const matrix *t)
{
	int32_t d_sign = d->limb[limbs - 1] >> 31;
	int32_t e_sign = e->limb[limbs - 1] >> 31;
	int64_t cd = (int64_t)t->u * d->limb[0] + (int64_t)t->v * e->limb[0];
	int64_t ce = (int64_t)t->q * d->limb[0] + (int64_t)t->r * e->limb[0];
	int64_t md = multiple(cd, (t->u & d_sign) + (t->v & e_sign));
	int64_t me = multiple(ce, (t->q & d_sign) + (t->r & e_sign));
	cd = (cd + prime_0 * md) >> steps;
	ce = (ce + prime_0 * me) >> steps;
	for (int i = 1; i < limbs; i++) {
		int64_t di = d->limb[i];
		int64_t ei = e->limb[i];
		int64_t prime_i = i == 1 ? prime_1 : i == limbs - 1 ? prime_8 : 0;
		cd += t->u * di + t->v * ei + prime_i * md;
		ce += t->q * di + t->r * ei + prime_i * me;
		d->limb[i - 1] = (int32_t)cd & low_bits;
		e->limb[i - 1] = (int32_t)ce & low_bits;
		cd >>= steps;
		ce >>= steps;
	}
	d->limb[limbs - 1] = (int32_t)cd;
	e->limb[limbs - 1] = (int32_t)ce;
}

static int is_nothing(const number *a)
{
	int32_t any = 0;
	for (int i = 0; i < limbs; i++)
		any |= a->limb[i];
	return any == 0;
}

static void carry_over(number *a)
{
	for (int i = 0; i < limbs - 1; i++) {
		a->limb[i + 1] += a->limb[i] >> steps;
		a->limb[i] &= low_bits;
	}
}

static void add_prime(number *a)
{
	a->limb[0] += prime_0;
	a->limb[1] += prime_1;
	a->limb[limbs - 1] += prime_8;
	carry_over(a);
}

/* Of a number between -2p and p, or of its negative. */
static element reduce(number a, int negate)
{
	if (a.limb[limbs - 1] < 0)
		add_prime(&a);
	if (negate) {
		for (int i = 0; i < limbs; i++)
			a.limb[i] = -a.limb[i];
		carry_over(&a);
	}
	if (a.limb[limbs - 1] < 0)
		add_prime(&a);
	element out;
	for (int i = 0; i < words; i++) {
		int at = 32 * i / steps;
		int from = 32 * i % steps;
		uint64_t two = (uint64_t)(uint32_t)a.limb[at] | (uint64_t)(uint32_t)a.limb[at + 1] << steps;
		out.word[i] = (uint32_t)(two >> from);
	}
	return out;
}

element invert(const element *a)
{
	number f = {{prime_0, prime_1, 0, 0, 0, 0, 0, 0, prime_8}};
	number g;
	number d = {{0}};
	number e = {{1}};
	for (int i = 0; i < limbs; i++) {
		int at = steps * i / 32;
		int from = steps * i % 32;
		uint64_t two = (uint64_t)a->word[at] | (at + 1 < words ? (uint64_t)a->word[at + 1] << 32 : 0);
		g.limb[i] = (int32_t)(two >> from) & low_bits;
	}
	int32_t eta = -1;
	while (!is_nothing(&g)) {
		matrix t;
		eta = divide(eta, (uint32_t)f.limb[0], (uint32_t)g.limb[0], &t);
		apply_modulo(&d, &e, &t);
		apply(&f, &g, &t);
	}
	return reduce(d, f.limb[limbs - 1] < 0);
}
