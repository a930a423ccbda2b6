#include "crypto/bls12_map.h"
#include "crypto/bls12_pairing.h"
#include "evm/precompile_list.h"

/* EIP-2537. A point is x, y; an element of F_p^2 has its coefficient of i last; infinity is all zero. */

/* A field element's bytes: the first 16 of these are zero. */
enum { element_size = 64, padding = element_size - bls12_fp_bytes, scalar_size = 32 };

static size_t coordinate_size(enum bls12_group group)
{
	return element_size * (size_t)group;
}

static size_t point_size(enum bls12_group group)
{
	return 2 * coordinate_size(group);
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	uint8_t any = 0;
	for (size_t i = 0; i < length; i++)
		any |= bytes[i];
	return any == 0;
}

static bool read_fp(const uint8_t *bytes, struct bls12_fp *element)
{
	return is_zero(bytes, padding) && bls12_fp_from_bytes(element, bytes + padding);
}

static bool read_element(enum bls12_group group, const uint8_t *bytes, struct bls12_fp2 *element)
{
	element->c1 = bls12_fp_zero;
	return read_fp(bytes, &element->c0) && (group == BLS12_G1 || read_fp(bytes + element_size, &element->c1));
}

static bool read_point(enum bls12_group group, const uint8_t *bytes, struct bls12_point *point)
{
	struct bls12_fp2 x, y;
	if (is_zero(bytes, point_size(group))) {
		bls12_point_set_infinity(point);
		return true;
	}
	if (!read_element(group, bytes, &x) || !read_element(group, bytes + coordinate_size(group), &y))
		return false;
	bls12_point_set(point, &x, &y);
	return bls12_is_on_curve(group, &x, &y);
}

static bool read_subgroup_point(enum bls12_group group, const uint8_t *bytes, struct bls12_point *point)
{
	return read_point(group, bytes, point) && (bls12_point_is_infinity(group, point) || bls12_is_in_subgroup(group, point));
}

static void write_element(enum bls12_group group, const struct bls12_fp2 *element, uint8_t *bytes)
{
	bls12_fp_to_bytes(&element->c0, bytes + padding);
	if (group == BLS12_G2)
		bls12_fp_to_bytes(&element->c1, bytes + element_size + padding);
}

static enum precompile_answer give_point(enum bls12_group group, struct precompile_call *call, const struct bls12_point *point)
{
	struct bls12_fp2 x, y;
	uint8_t *output = precompile_output(call, point_size(group));
	if (output == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	memset(output, 0, point_size(group));
	if (bls12_point_is_infinity(group, point))
		return PRECOMPILE_DONE;
	bls12_point_to_affine(group, point, &x, &y);
	write_element(group, &x, output);
	write_element(group, &y, output + coordinate_size(group));
	return PRECOMPILE_DONE;
}

static enum precompile_answer add(enum bls12_group group, struct precompile_call *call, uint64_t gas)
{
	struct bls12_point a, b;
	if (!precompile_charge(call, gas) || call->input.length != 2 * point_size(group))
		return PRECOMPILE_FAILED;
	if (!read_point(group, call->input.data, &a) || !read_point(group, call->input.data + point_size(group), &b))
		return PRECOMPILE_FAILED;
	bls12_point_add(group, &a, &a, &b);
	return give_point(group, call, &a);
}

enum precompile_answer precompile_bls12_g1_add(struct precompile_call *call)
{
	return add(BLS12_G1, call, 375);
}

enum precompile_answer precompile_bls12_g2_add(struct precompile_call *call)
{
	return add(BLS12_G2, call, 600);
}

/* The price of a multiplication, in thousandths of it, where there are 1 … 128 of them or more. */
enum { discounts = 128 };
static const uint16_t g1_discount[discounts] = {
	1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677,
	673, 669, 665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627,
	625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598,
	596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576,
	575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559,
	558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544,
	543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531,
	530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
};
static const uint16_t g2_discount[discounts] = {
	1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717,
	711, 704, 699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646,
	643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607,
	606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582,
	580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562,
	561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547,
	546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535,
	534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
};

static enum precompile_answer combine(enum bls12_group group, struct precompile_call *call, uint64_t gas,
                                      const uint16_t discount[discounts])
{
	size_t size = point_size(group) + scalar_size;
	size_t count = call->input.length / size;
	if (count == 0 || call->input.length % size != 0)
		return PRECOMPILE_FAILED;
	if (!precompile_charge(call, count * gas * discount[(count < discounts ? count : discounts) - 1] / 1000))
		return PRECOMPILE_FAILED;
	struct bls12_term *terms = arena_take_array(call->scratch, count, sizeof *terms);
	if (terms == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *at = call->input.data + size * i;
		if (!read_subgroup_point(group, at, &terms[kept].point))
			return PRECOMPILE_FAILED;
		u256_from_bytes(&terms[kept].scalar, at + point_size(group));
		if (!bls12_point_is_infinity(group, &terms[kept].point))
			kept++;
	}
	struct bls12_point sum;
	if (!bls12_combine(group, &sum, terms, kept, call->scratch))
		return PRECOMPILE_OUT_OF_MEMORY;
	return give_point(group, call, &sum);
}

enum precompile_answer precompile_bls12_g1_msm(struct precompile_call *call)
{
	return combine(BLS12_G1, call, 12000, g1_discount);
}

enum precompile_answer precompile_bls12_g2_msm(struct precompile_call *call)
{
	return combine(BLS12_G2, call, 22500, g2_discount);
}

enum precompile_answer precompile_bls12_pairing(struct precompile_call *call)
{
	size_t size = point_size(BLS12_G1) + point_size(BLS12_G2);
	size_t count = call->input.length / size;
	if (count == 0 || call->input.length % size != 0 || !precompile_charge(call, 37700 + 32600 * (uint64_t)count))
		return PRECOMPILE_FAILED;
	uint8_t *output = precompile_output(call, 32);
	struct bls12_pair *pairs = arena_take_array(call->scratch, count, sizeof *pairs);
	if (output == NULL || pairs == NULL)
		return PRECOMPILE_OUT_OF_MEMORY;
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *at = call->input.data + size * i;
		struct bls12_point p, q;
		if (!read_subgroup_point(BLS12_G1, at, &p) || !read_subgroup_point(BLS12_G2, at + point_size(BLS12_G1), &q))
			return PRECOMPILE_FAILED;
		if (!bls12_point_is_infinity(BLS12_G1, &p) && !bls12_point_is_infinity(BLS12_G2, &q))
			pairs[kept++] = (struct bls12_pair){.p = {p.x.c0, p.y.c0}, .q = {q.x, q.y}};
	}
	memset(output, 0, 32);
	output[31] = bls12_pairing_is_one(pairs, kept);
	return PRECOMPILE_DONE;
}

static enum precompile_answer map(enum bls12_group group, struct precompile_call *call, uint64_t gas)
{
	struct bls12_fp2 element;
	struct bls12_point point;
	if (!precompile_charge(call, gas) || call->input.length != coordinate_size(group))
		return PRECOMPILE_FAILED;
	if (!read_element(group, call->input.data, &element))
		return PRECOMPILE_FAILED;
	bls12_map(group, &point, &element);
	return give_point(group, call, &point);
}

enum precompile_answer precompile_bls12_map_fp(struct precompile_call *call)
{
	return map(BLS12_G1, call, 5500);
}

enum precompile_answer precompile_bls12_map_fp2(struct precompile_call *call)
{
	return map(BLS12_G2, call, 23800);
}
