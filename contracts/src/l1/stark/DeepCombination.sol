// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, ONE, ZERO, fromBase} from "./Extension.sol";
import {FriVerifier} from "./FriVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {Family, Layout, LayoutLib} from "./Layout.sol";
import {OpeningParts} from "./ProofReader.sol";
import {QueryContext} from "./QueryContext.sol";

/// @title What the low-degree test is made on (zkvm/stark/open-rows.ts)
/// @notice Σ weight · (F(X) − Σ_j X^j·v_j) / (X^t − y), y = (g^offset·z)^t, over all groups F and the rows at which they are opened:
/// a polynomial only if all claimed values v_j are right. The weight of group i at its row number o is challenge^(i + o·groups).
library DeepCombination {
    using LayoutLib for Family;

    /// @dev A family's word has room for no more rows, and no prover packs more.
    uint256 private constant MAX_LOG_PACK = 8;
    uint256 private constant STAGE_BITS = 8;
    uint256 private constant GROUPS_BITS = 24;
    uint256 private constant ROWS_BITS = 8;
    uint256 private constant DIVISOR_BITS = 8;
    uint256 private constant FIRST_DIVISOR_BIT = STAGE_BITS + GROUPS_BITS + ROWS_BITS;

    /// @notice Fills in what of a context depends on the layout and the claimed values, which stand in `places` from `firstCell` on.
    function prepare(QueryContext memory context, Layout memory shape, Ext[] memory places, uint256 firstCell, Ext point) internal pure {
        (Ext[] memory weights, Ext[] memory rowWeights) = weightsOf(context.combinationChallenge, context.groups, _maxRows(shape.families));
        uint256[] memory divisors = new uint256[](_countRows(shape.families));
        _findDivisors(context, shape, point, divisors);
        for (uint256 i = 0; i < shape.families.length; ++i) {
            Family memory family = shape.families[i];
            for (uint256 row = 0; row < family.offsetCount; ++row) {
                Ext[] memory claims = context.claims[_divisorOf(context.families[i], row)];
                _addClaims(claims, family, firstCell + row, places, weights, rowWeights[row]);
            }
        }
    }

    /// @notice Adds (Σ_i bindingChallenge^i·F_i(X) − value) / (X − point) over the main columns F_i, with the weight of the last group.
    function addBinding(QueryContext memory context, Ext point, Ext value) internal pure {
        (Ext[] memory weights,) = weightsOf(context.combinationChallenge, context.groups, 0);
        uint256 last = context.divisorRoots.length;
        Ext[] memory roots = new Ext[](last + 1);
        Ext[][] memory claims = new Ext[][](last + 1);
        for (uint256 i = 0; i < last; ++i) (roots[i], claims[i]) = (context.divisorRoots[i], context.claims[i]);
        roots[last] = point;
        claims[last] = new Ext[](1);
        claims[last][0] = weights[context.groups - 1] * value;
        (context.divisorRoots, context.claims) = (roots, claims);
    }

    /// @notice challenge^i for each group, and challenge^(o·groups) for each number of a row.
    function weightsOf(Ext challenge, uint256 groups, uint256 rows) internal pure returns (Ext[] memory weights, Ext[] memory rowWeights) {
        weights = new Ext[](groups);
        Ext power = ONE;
        for (uint256 i = 0; i < groups; ++i) {
            weights[i] = power;
            power = power * challenge;
        }
        rowWeights = new Ext[](rows);
        Ext rowPower = ONE;
        for (uint256 i = 0; i < rows; ++i) {
            rowWeights[i] = rowPower;
            rowPower = rowPower * power;
        }
    }

    /// @notice Bytes of a row of each stage.
    function rowBytesOf(uint256[] memory families) internal pure returns (uint256[4] memory rowBytes) {
        for (uint256 i = 0; i < families.length; ++i) {
            uint256 stage = uint8(families[i]);
            rowBytes[stage] += uint24(families[i] >> STAGE_BITS) * LayoutLib.elementBytes(stage);
        }
    }

    /// @dev What the queries share.
    struct Weights {
        Ext[] groups;
        Ext[] rows;
        /// @dev Of the main columns in the binding; none without one.
        Ext[] binding;
    }

    /// @dev 1 / (b − y) for elements b of the base field is (b² + linear·b + constant) / (((b + cubic2)·b + cubic1)·b + cubic0): the
    /// adjugate of b − y by its norm, which is the characteristic polynomial of y at b. No b is a root of it: y is outside the base field.
    struct Inverter {
        Ext linear;
        Ext constantTerm;
        uint256 cubic2;
        uint256 cubic1;
        uint256 cubic0;
        uint256 logPack;
    }

    /// @notice The combination at the points of the domain where the rows were opened.
    function valuesAt(QueryContext memory context, OpeningParts memory parts, uint256[] memory points)
        internal
        pure
        returns (Ext[] memory values)
    {
        Weights memory weights;
        (weights.groups, weights.rows) = weightsOf(context.combinationChallenge, context.groups, _mostRows(context.families));
        weights.binding = _bindingWeights(context, parts, weights.groups);
        Inverter[] memory inverters = _inverters(context);
        uint256 divisors = inverters.length;
        Ext[] memory sums = new Ext[](divisors);
        Ext[] memory numerators = new Ext[](divisors * points.length);
        uint256[] memory norms = new uint256[](divisors * points.length);
        for (uint256 i = 0; i < points.length; ++i) {
            _sumRows(context.families, _rowsOf(parts, i), weights.groups, weights.rows, sums);
            if (weights.binding.length > 0) sums[divisors - 1] = _bindingSum(weights.binding, _rowsOf(parts, i)[LayoutLib.MAIN]);
            _divide(context.claims, inverters, sums, points[i], numerators, norms, divisors * i);
        }
        uint256[] memory inverses = Goldilocks.inverseAll(norms);
        values = new Ext[](points.length);
        for (uint256 i = 0; i < points.length; ++i) values[i] = _scaledSum(numerators, inverses, divisors * i, divisors);
    }

    function _mostRows(uint256[] memory families) private pure returns (uint256 rows) {
        for (uint256 i = 0; i < families.length; ++i) {
            uint256 own = uint8(families[i] >> STAGE_BITS + GROUPS_BITS);
            if (own > rows) rows = own;
        }
    }

    /// @dev Where the rows of a query begin in the calldata, by stage.
    function _rowsOf(OpeningParts memory parts, uint256 query) private pure returns (uint256[4] memory rows) {
        for (uint256 stage = 0; stage < 4; ++stage) rows[stage] = parts.rows[stage] + query * parts.rowBytes[stage];
    }

    function _inverters(QueryContext memory context) private pure returns (Inverter[] memory inverters) {
        inverters = new Inverter[](context.divisorRoots.length);
        for (uint256 i = 0; i < inverters.length; ++i) {
            Ext y = context.divisorRoots[i];
            uint256 y0 = Ext.unwrap(y) >> 128;
            uint256 y1 = uint64(Ext.unwrap(y) >> 64);
            uint256 y2 = uint64(Ext.unwrap(y));
            uint256 p = Goldilocks.P;
            // Of multiplication with y: trace 3·y0, sum of the principal minors 3·y0² − 6·y1·y2, norm y0³ + 2·y1³ + 4·y2³ − 6·y0·y1·y2.
            uint256 trace = mulmod(3, y0, p);
            uint256 minors = addmod(3 * mulmod(y0, y0, p), 6 * (p - mulmod(y1, y2, p)), p);
            uint256 norm = mulmod(y0, mulmod(y0, y0, p), p) + 2 * mulmod(y1, mulmod(y1, y1, p), p) + 4 * mulmod(y2, mulmod(y2, y2, p), p)
                + 6 * (p - mulmod(y0, mulmod(y1, y2, p), p));
            Inverter memory inverter = inverters[i];
            inverter.linear = y - fromBase(trace);
            inverter.constantTerm = y * inverter.linear + fromBase(minors);
            inverter.cubic2 = p - trace;
            inverter.cubic1 = minors;
            inverter.cubic0 = p - norm % p;
            for (uint256 length = context.claims[i].length; length > 1; length >>= 1) ++inverter.logPack;
        }
    }

    /// @dev For each divisor: (sum − claims at x) / (x^(2^logPack) − y) as a numerator and a norm.
    function _divide(
        Ext[][] memory claims,
        Inverter[] memory inverters,
        Ext[] memory sums,
        uint256 x,
        Ext[] memory numerators,
        uint256[] memory norms,
        uint256 first
    ) private pure {
        uint256 last = sums.length;
        uint256[] memory powers = _squares(x);
        // A counter below lengths of arrays.
        unchecked {
            for (uint256 i = 0; i < last; ++i) {
                Ext dividend = sums[i] - FriVerifier.hornerAt(claims[i], x);
                (Ext adjugate, uint256 norm) = _invert(inverters[i], powers);
                numerators[first + i] = dividend * adjugate;
                norms[first + i] = norm;
            }
        }
    }

    /// @dev x, x², x⁴, … as far as pack factors go.
    function _squares(uint256 x) private pure returns (uint256[] memory powers) {
        powers = new uint256[](MAX_LOG_PACK + 1);
        for (uint256 i = 0; i <= MAX_LOG_PACK; ++i) {
            powers[i] = x;
            x = Goldilocks.mul(x, x);
        }
    }

    function _invert(Inverter memory inverter, uint256[] memory powers) private pure returns (Ext adjugate, uint256 norm) {
        uint256 b = powers[inverter.logPack];
        // The places of the struct's members; sums of products of numbers below 2^64 stay far below 2^256.
        assembly ("memory-safe") {
            let p := 0xffffffff00000001
            let m := 0xffffffffffffffff
            norm := mulmod(add(mulmod(add(b, mload(add(inverter, 64))), b, p), mload(add(inverter, 96))), b, p)
            norm := addmod(norm, mload(add(inverter, 128)), p)
            let linear := mload(inverter)
            let constantTerm := mload(add(inverter, 32))
            adjugate := shl(64, mod(add(mul(add(shr(128, linear), b), b), shr(128, constantTerm)), p))
            adjugate := shl(64, or(adjugate, mod(add(mul(and(shr(64, linear), m), b), and(shr(64, constantTerm), m)), p)))
            adjugate := or(adjugate, mod(add(mul(and(linear, m), b), and(constantTerm, m)), p))
        }
    }

    /// @dev Σ numerators[first + i]·factors[first + i]
    function _scaledSum(Ext[] memory numerators, uint256[] memory factors, uint256 first, uint256 count) private pure returns (Ext sum) {
        // Products are below 2^128: there is no need to reduce before the end.
        assembly ("memory-safe") {
            let p := 0xffffffff00000001
            let m := 0xffffffffffffffff
            let s0 := 0
            let s1 := 0
            let s2 := 0
            let cursor := add(numerators, shl(5, add(first, 1)))
            let toFactor := sub(factors, numerators)
            for { let end := add(cursor, shl(5, count)) } lt(cursor, end) { cursor := add(cursor, 32) } {
                let numerator := mload(cursor)
                let factor := mload(add(cursor, toFactor))
                s0 := add(s0, mul(factor, shr(128, numerator)))
                s1 := add(s1, mul(factor, and(shr(64, numerator), m)))
                s2 := add(s2, mul(factor, and(numerator, m)))
            }
            sum := or(or(shl(128, mod(s0, p)), shl(64, mod(s1, p))), mod(s2, p))
        }
    }

    function _bindingWeights(QueryContext memory context, OpeningParts memory parts, Ext[] memory weights)
        private
        pure
        returns (Ext[] memory own)
    {
        if (context.bindingChallenge == ZERO) return own;
        (own,) = weightsOf(context.bindingChallenge, parts.rowBytes[LayoutLib.MAIN] / LayoutLib.elementBytes(LayoutLib.MAIN), 0);
        for (uint256 i = 0; i < own.length; ++i) own[i] = own[i] * weights[context.groups - 1];
    }

    function _maxRows(Family[] memory families) private pure returns (uint256 rows) {
        for (uint256 i = 0; i < families.length; ++i) {
            if (families[i].offsetCount > rows) rows = families[i].offsetCount;
        }
    }

    function _countRows(Family[] memory families) private pure returns (uint256 count) {
        for (uint256 i = 0; i < families.length; ++i) count += families[i].offsetCount;
    }

    /// @dev A divisor for each pack factor and row offset. `keys` has room for all.
    function _findDivisors(QueryContext memory context, Layout memory shape, Ext point, uint256[] memory keys) private pure {
        uint256 count = 0;
        uint256[] memory words = new uint256[](shape.families.length);
        for (uint256 i = 0; i < words.length; ++i) {
            Family memory family = shape.families[i];
            words[i] = family.stage | family.groups << STAGE_BITS | family.offsetCount << (STAGE_BITS + GROUPS_BITS);
            for (uint256 o = 0; o < family.offsetCount; ++o) {
                uint256 key = family.logPack << 16 | family.offsetOf(o);
                uint256 index = 0;
                while (index < count && keys[index] != key) ++index;
                if (index == count) keys[count++] = key;
                words[i] |= index << (FIRST_DIVISOR_BIT + DIVISOR_BITS * o);
            }
        }
        context.families = words;
        context.divisorRoots = new Ext[](count);
        context.claims = new Ext[][](count);
        uint256 root = Goldilocks.rootOfUnity(shape.logHeight);
        for (uint256 i = 0; i < count; ++i) {
            context.divisorRoots[i] = point.scale(Goldilocks.power(root, uint16(keys[i]))).power(keys[i] >> 16);
            context.claims[i] = new Ext[](1 << (keys[i] >> 16));
        }
    }

    function _divisorOf(uint256 familyWord, uint256 row) private pure returns (uint256) {
        return uint8(familyWord >> (FIRST_DIVISOR_BIT + DIVISOR_BITS * row));
    }

    /// @dev What the family's columns claim at its row number `row`; the weight of its first group is `weights[firstGroup]·rowWeight`.
    function _addClaims(Ext[] memory claims, Family memory family, uint256 firstPlace, Ext[] memory places, Ext[] memory weights, Ext rowWeight)
        private
        pure
    {
        uint256[] memory cells = family.cells;
        uint256 mask = claims.length - 1;
        uint256 group = family.firstGroup;
        Ext weight;
        // Columns below the family's, groups below the layout's, cells below the AIR's, j below the pack factor.
        unchecked {
            for (uint256 column = 0; column < cells.length; ++column) {
                if (column & mask == 0) weight = weights[group++] * rowWeight;
                Ext cell;
                uint256 claimAt;
                assembly ("memory-safe") {
                    let place := add(firstPlace, mload(add(cells, shl(5, add(column, 1)))))
                    cell := mload(add(places, shl(5, add(place, 1))))
                    claimAt := add(claims, shl(5, add(and(column, mask), 1)))
                }
                cell = weight * cell;
                assembly ("memory-safe") {
                    let claim := mload(claimAt)
                    let sum := addmod(shr(128, claim), shr(128, cell), 0xffffffff00000001)
                    let mask64 := 0xffffffffffffffff
                    sum := or(shl(64, sum), addmod(and(shr(64, claim), mask64), and(shr(64, cell), mask64), 0xffffffff00000001))
                    mstore(claimAt, or(shl(64, sum), addmod(and(claim, mask64), and(cell, mask64), 0xffffffff00000001)))
                }
            }
        }
    }

    /// @dev By divisor: the weighted sum of what is committed, of the rows that begin at `rows`.
    function _sumRows(uint256[] memory families, uint256[4] memory rows, Ext[] memory weights, Ext[] memory rowWeights, Ext[] memory sums)
        private
        pure
    {
        // Families come from the contract itself: their groups and divisors are within the arrays, their elements within the rows. Sums of
        // products (below 2^128 each) stay far below 2^256.
        assembly ("memory-safe") {
            function packed(s0, s1, s2) -> sum {
                sum := or(shl(128, mod(s0, 0xffffffff00000001)), shl(64, mod(s1, 0xffffffff00000001)))
                sum := or(sum, mod(s2, 0xffffffff00000001))
            }
            function plus(a, b) -> sum {
                sum := packed(
                    add(shr(128, a), shr(128, b)),
                    add(and(shr(64, a), 0xffffffffffffffff), and(shr(64, b), 0xffffffffffffffff)),
                    add(and(a, 0xffffffffffffffff), and(b, 0xffffffffffffffff))
                )
            }
            // Σ weight · element of the base field
            function dot(weightAt, row, end) -> sum {
                let s0 := 0
                let s1 := 0
                let s2 := 0
                for {} lt(row, end) { row := add(row, 8) } {
                    let element := shr(192, calldataload(row))
                    let weight := mload(weightAt)
                    s0 := add(s0, mul(element, shr(128, weight)))
                    s1 := add(s1, mul(element, and(shr(64, weight), 0xffffffffffffffff)))
                    s2 := add(s2, mul(element, and(weight, 0xffffffffffffffff)))
                    weightAt := add(weightAt, 32)
                }
                sum := packed(s0, s1, s2)
            }
            // Σ weight · element of the extension
            function dotExtensions(weightAt, row, end) -> sum {
                let s0 := 0
                let s1 := 0
                let s2 := 0
                for {} lt(row, end) { row := add(row, 24) } {
                    let a := mload(weightAt)
                    let b := calldataload(row)
                    let b0 := shr(192, b)
                    let b1 := and(shr(128, b), 0xffffffffffffffff)
                    b := and(shr(64, b), 0xffffffffffffffff)
                    let c := shr(128, a)
                    s0 := add(s0, mul(c, b0))
                    s1 := add(s1, mul(c, b1))
                    s2 := add(s2, mul(c, b))
                    c := and(shr(64, a), 0xffffffffffffffff)
                    s0 := add(s0, shl(1, mul(c, b)))
                    s1 := add(s1, mul(c, b0))
                    s2 := add(s2, mul(c, b1))
                    c := and(a, 0xffffffffffffffff)
                    s0 := add(s0, shl(1, mul(c, b1)))
                    s1 := add(s1, shl(1, mul(c, b)))
                    s2 := add(s2, mul(c, b0))
                    weightAt := add(weightAt, 32)
                }
                sum := packed(s0, s1, s2)
            }
            function product(a, b) -> c {
                let a0 := shr(128, a)
                let a1 := and(shr(64, a), 0xffffffffffffffff)
                a := and(a, 0xffffffffffffffff)
                let b0 := shr(128, b)
                let b1 := and(shr(64, b), 0xffffffffffffffff)
                b := and(b, 0xffffffffffffffff)
                c := packed(
                    add(mul(a0, b0), shl(1, add(mul(a1, b), mul(a, b1)))),
                    add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a, b))),
                    add(add(mul(a0, b), mul(a1, b1)), mul(a, b0))
                )
            }
            sums := add(sums, 32)
            for { let end := add(sums, shl(5, mload(sub(sums, 32)))) let cursor := sums } lt(cursor, end) { cursor := add(cursor, 32) } {
                mstore(cursor, 0)
            }
            weights := add(weights, 32)
            let stage := 4
            let row := 0
            for { let end := add(families, shl(5, mload(families))) } lt(families, end) {} {
                families := add(families, 32)
                let word := mload(families)
                if iszero(eq(and(word, 0xff), stage)) {
                    stage := and(word, 0xff)
                    row := mload(add(rows, shl(5, stage)))
                }
                let count := and(shr(8, word), 0xffffff)
                let sum := 0
                switch lt(stage, 2)
                case 0 {
                    sum := dotExtensions(weights, row, add(row, mul(24, count)))
                    row := add(row, mul(24, count))
                }
                default {
                    sum := dot(weights, row, add(row, shl(3, count)))
                    row := add(row, shl(3, count))
                }
                weights := add(weights, shl(5, count))
                count := and(shr(32, word), 0xff)
                word := shr(40, word)
                let place := add(sums, shl(5, and(word, 0xff)))
                mstore(place, plus(mload(place), sum))
                for { let offset := 32 } gt(count, 1) { count := sub(count, 1) } {
                    offset := add(offset, 32)
                    word := shr(8, word)
                    place := add(sums, shl(5, and(word, 0xff)))
                    mstore(place, plus(mload(place), product(sum, mload(add(rowWeights, offset)))))
                }
            }
        }
    }

    /// @dev Σ weights[i] · element i at `row` of the calldata.
    function _bindingSum(Ext[] memory weights, uint256 row) private pure returns (Ext sum) {
        // Products are below 2^128: there is no need to reduce before the end.
        assembly ("memory-safe") {
            let s0 := 0
            let s1 := 0
            let s2 := 0
            for { let cursor := weights let end := add(weights, shl(5, mload(weights))) } lt(cursor, end) { row := add(row, 8) } {
                cursor := add(cursor, 32)
                let element := shr(192, calldataload(row))
                let weight := mload(cursor)
                s0 := add(s0, mul(element, shr(128, weight)))
                s1 := add(s1, mul(element, and(shr(64, weight), 0xffffffffffffffff)))
                s2 := add(s2, mul(element, and(weight, 0xffffffffffffffff)))
            }
            sum := or(shl(128, mod(s0, 0xffffffff00000001)), shl(64, mod(s1, 0xffffffff00000001)))
            sum := or(sum, mod(s2, 0xffffffff00000001))
        }
    }
}
