/* The extension's arithmetic for COORDINATE, a felt or lanes of them; included once for each. */

ALWAYS_INLINE EXTENSION EXT(add)(EXTENSION a, EXTENSION b)
{
	return (EXTENSION){{BASE(add)(a.c[0], b.c[0]), BASE(add)(a.c[1], b.c[1]), BASE(add)(a.c[2], b.c[2])}};
}

ALWAYS_INLINE EXTENSION EXT(sub)(EXTENSION a, EXTENSION b)
{
	return (EXTENSION){{BASE(sub)(a.c[0], b.c[0]), BASE(sub)(a.c[1], b.c[1]), BASE(sub)(a.c[2], b.c[2])}};
}

ALWAYS_INLINE EXTENSION EXT(scale)(EXTENSION a, COORDINATE b)
{
	return (EXTENSION){{BASE(mul)(a.c[0], b), BASE(mul)(a.c[1], b), BASE(mul)(a.c[2], b)}};
}

ALWAYS_INLINE EXTENSION EXT(mul)(EXTENSION a, EXTENSION b)
{
	/* Karatsuba: six products in place of nine. */
	COORDINATE p0 = BASE(mul)(a.c[0], b.c[0]);
	COORDINATE p1 = BASE(mul)(a.c[1], b.c[1]);
	COORDINATE p2 = BASE(mul)(a.c[2], b.c[2]);
	COORDINATE s01 = BASE(mul)(BASE(add)(a.c[0], a.c[1]), BASE(add)(b.c[0], b.c[1]));
	COORDINATE s02 = BASE(mul)(BASE(add)(a.c[0], a.c[2]), BASE(add)(b.c[0], b.c[2]));
	COORDINATE s12 = BASE(mul)(BASE(add)(a.c[1], a.c[2]), BASE(add)(b.c[1], b.c[2]));
	COORDINATE x1 = BASE(sub)(BASE(sub)(s01, p0), p1);
	COORDINATE x2 = BASE(add)(BASE(sub)(BASE(sub)(s02, p0), p2), p1);
	COORDINATE x3 = BASE(sub)(BASE(sub)(s12, p1), p2);
	return (EXTENSION){{
	    BASE(add)(p0, BASE(add)(x3, x3)),
	    BASE(add)(x1, BASE(add)(p2, p2)),
	    x2,
	}};
}

#undef EXTENSION
#undef COORDINATE
#undef EXT
#undef BASE
