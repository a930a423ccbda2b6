// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, ONE, ZERO, fromBase} from "./Extension.sol";
import {FriVerifier} from "./FriVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {Family, Layout, LayoutLib} from "./Layout.sol";
import {OpeningParts} from "./ProofReader.sol";
import {PointProgram} from "./PointProgram.sol";
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

    /// @notice Fills in what of a context depends on the layout and the claimed values, which stand in `places` from `firstCell` on, as they do
    /// after the constraints' program.
    function prepare(QueryContext memory context, Layout memory shape, Ext[] memory places, uint256 firstCell, Ext point) internal pure {
        (uint256[] memory weights,) = powersOf(context.combinationChallenge, ONE, context.groups);
        uint256[] memory divisors = new uint256[](_countRows(shape.families));
        _findDivisors(context, shape, point, divisors);
        for (uint256 i = 0; i < shape.families.length; ++i) {
            Family memory family = shape.families[i];
            for (uint256 row = 0; row < family.offsetCount; ++row) {
                Ext[] memory claims = context.claims[_divisorOf(context.families[i], row)];
                _addClaims(claims, family.cells, _addressOf(places, firstCell + row), weights, family.firstGroup);
            }
        }
        for (uint256 i = 0; i < context.claims.length; ++i) {
            Ext[] memory claims = context.claims[i];
            for (uint256 j = 0; j < claims.length; ++j) claims[j] = PointProgram.valueAt(claims, j);
        }
    }

    /// @notice Adds (Σ_i bindingChallenge^i·F_i(X) − value) / (X − point) over the main columns F_i, with the weight of the last group.
    function addBinding(QueryContext memory context, Ext point, Ext value) internal pure {
        (uint256[] memory weights,) = powersOf(context.combinationChallenge, ONE, context.groups);
        uint256 last = context.divisorRoots.length;
        Ext[] memory roots = new Ext[](last + 1);
        Ext[][] memory claims = new Ext[][](last + 1);
        for (uint256 i = 0; i < last; ++i) (roots[i], claims[i]) = (context.divisorRoots[i], context.claims[i]);
        roots[last] = point;
        claims[last] = new Ext[](1);
        claims[last][0] = _elementAt(weights, context.groups - 1) * value;
        (context.divisorRoots, context.claims) = (roots, claims);
    }

    /// @notice The coordinates of first·challenge^i for i below `count`, and the power that would be next.
    function powersOf(Ext challenge, Ext first, uint256 count) internal pure returns (uint256[] memory coordinates, Ext next) {
        coordinates = new uint256[](3 * count);
        assembly ("memory-safe") {
            let r1 := and(shr(64, challenge), 0xffffffffffffffff)
            let r2 := and(challenge, 0xffffffffffffffff)
            challenge := shr(128, challenge)
            let a1 := and(shr(64, first), 0xffffffffffffffff)
            let a2 := and(first, 0xffffffffffffffff)
            first := shr(128, first)
            let to := coordinates
            for { count := add(to, mul(96, count)) } lt(to, count) {} {
                mstore(add(to, 32), first)
                mstore(add(to, 64), a1)
                to := add(to, 96)
                mstore(to, a2)
                let b1 := mod(add(add(mul(challenge, a1), mul(r1, first)), shl(1, mul(r2, a2))), 0xffffffff00000001)
                let b2 := mod(add(add(mul(challenge, a2), mul(r1, a1)), mul(r2, first)), 0xffffffff00000001)
                first := mod(add(mul(challenge, first), shl(1, add(mul(r1, a2), mul(r2, a1)))), 0xffffffff00000001)
                a1 := b1
                a2 := b2
            }
            next := or(or(shl(128, first), shl(64, a1)), a2)
        }
    }

    function _elementAt(uint256[] memory coordinates, uint256 index) private pure returns (Ext) {
        return Ext.wrap(coordinates[3 * index] << 128 | coordinates[3 * index + 1] << 64 | coordinates[3 * index + 2]);
    }

    /// @notice Bytes of a row of each stage.
    function rowBytesOf(uint256[] memory families) internal pure returns (uint256[4] memory rowBytes) {
        for (uint256 i = 0; i < families.length; ++i) {
            uint256 stage = uint8(families[i]);
            rowBytes[stage] += uint24(families[i] >> STAGE_BITS) * LayoutLib.elementBytes(stage);
        }
    }

    /// @dev A divisor X^t − y with all that queries need of it, coordinates apart. For elements b of the base field, 1 / (b − y) is
    /// (b² + λ·b + μ) / (((b + cubic2)·b + cubic1)·b + cubic0): the adjugate of b − y by its norm, which is the characteristic polynomial of y
    /// at b. No b is a root of it: y is outside the base field. The adjugate is kept times the weight of the divisor's row.
    struct Divisor {
        /// @dev Σ weight · element, of one query; not reduced.
        uint256[3] sum;
        uint256[3] square;
        uint256[3] linear;
        uint256[3] constantTerm;
        uint256 cubic2;
        uint256 cubic1;
        uint256 cubic0;
        /// @dev 32·log2 of t.
        uint256 power;
        /// @dev p − the coordinates of each claim.
        uint256[] claims;
    }

    /// @notice The combination at the points of the domain where the rows were opened.
    function valuesAt(QueryContext memory context, OpeningParts memory parts, uint256[] memory points)
        internal
        pure
        returns (Ext[] memory values)
    {
        (uint256[] memory weights, Ext ofNextRow) = powersOf(context.combinationChallenge, ONE, context.groups);
        uint256[] memory binding = _bindingWeights(context, parts, weights);
        Divisor[] memory divisors = _divisors(context, ofNextRow);
        uint256[] memory numerators = new uint256[](3 * divisors.length * points.length);
        uint256[] memory norms = new uint256[](divisors.length * points.length);
        uint256[] memory squares = new uint256[](MAX_LOG_PACK + 1);
        // A counter below a length, and what it is multiplied with.
        unchecked {
            for (uint256 i = 0; i < points.length; ++i) {
                uint256[4] memory rows = _rowsOf(parts, i);
                _sumRows(context.families, rows, weights, divisors);
                if (binding.length > 0) _sumBinding(binding, rows[LayoutLib.MAIN], divisors[divisors.length - 1]);
                _fillSquares(squares, points[i]);
                for (uint256 d = 0; d < divisors.length; ++d) {
                    _divide(divisors[d], squares, numerators, norms, divisors.length * i + d);
                }
            }
            uint256[] memory inverses = Goldilocks.inverseAll(norms);
            values = new Ext[](points.length);
            for (uint256 i = 0; i < points.length; ++i) {
                values[i] = _scaledSum(numerators, inverses, divisors.length * i, divisors.length);
            }
        }
    }

    /// @dev Where the rows of a query begin in the calldata, by stage.
    function _rowsOf(OpeningParts memory parts, uint256 query) private pure returns (uint256[4] memory rows) {
        // Within the proof.
        unchecked {
            for (uint256 stage = 0; stage < 4; ++stage) rows[stage] = parts.rows[stage] + query * parts.rowBytes[stage];
        }
    }

    /// @dev A row number's weight is that power of `ofNextRow`.
    function _divisors(QueryContext memory context, Ext ofNextRow) private pure returns (Divisor[] memory divisors) {
        uint256[] memory rowNumbers = _rowNumbers(context);
        divisors = new Divisor[](rowNumbers.length);
        for (uint256 i = 0; i < divisors.length; ++i) {
            Divisor memory divisor = divisors[i];
            Ext y = context.divisorRoots[i];
            uint256[3] memory c = _coordinates(y);
            uint256 p = Goldilocks.P;
            // Of multiplication with y: trace 3·y0, sum of the principal minors 3·y0² − 6·y1·y2, norm y0³ + 2·y1³ + 4·y2³ − 6·y0·y1·y2.
            uint256 trace = mulmod(3, c[0], p);
            uint256 minors = addmod(3 * mulmod(c[0], c[0], p), 6 * (p - mulmod(c[1], c[2], p)), p);
            uint256 norm = mulmod(c[0], mulmod(c[0], c[0], p), p) + 2 * mulmod(c[1], mulmod(c[1], c[1], p), p)
                + 4 * mulmod(c[2], mulmod(c[2], c[2], p), p) + 6 * (p - mulmod(c[0], mulmod(c[1], c[2], p), p));
            Ext weight = ONE;
            for (uint256 row = 0; row < rowNumbers[i]; ++row) weight = weight * ofNextRow;
            Ext linear = y - fromBase(trace);
            divisor.square = _coordinates(weight);
            divisor.linear = _coordinates(weight * linear);
            divisor.constantTerm = _coordinates(weight * (y * linear + fromBase(minors)));
            divisor.cubic2 = p - trace;
            divisor.cubic1 = minors;
            divisor.cubic0 = p - norm % p;
            for (uint256 length = context.claims[i].length; length > 1; length >>= 1) divisor.power += 32;
            divisor.claims = FriVerifier.negatedCoordinatesOf(context.claims[i]);
        }
    }

    /// @dev By divisor: the number of its row, which is the same in all families that have it; 0 for the binding's.
    function _rowNumbers(QueryContext memory context) private pure returns (uint256[] memory numbers) {
        numbers = new uint256[](context.divisorRoots.length);
        for (uint256 i = 0; i < context.families.length; ++i) {
            uint256 word = context.families[i];
            uint256 count = uint8(word >> STAGE_BITS + GROUPS_BITS);
            for (uint256 row = 1; row < count; ++row) numbers[_divisorOf(word, row)] = row;
        }
    }

    function _coordinates(Ext a) private pure returns (uint256[3] memory) {
        return [Ext.unwrap(a) >> 128, uint64(Ext.unwrap(a) >> 64), uint64(Ext.unwrap(a))];
    }

    /// @dev x, x², x⁴, … as far as pack factors go.
    function _fillSquares(uint256[] memory squares, uint256 x) private pure {
        assembly ("memory-safe") {
            let end := add(squares, shl(5, mload(squares)))
            for {} lt(squares, end) {} {
                squares := add(squares, 32)
                mstore(squares, x)
                x := mulmod(x, x, 0xffffffff00000001)
            }
        }
    }

    /// @dev (sum − claims at x) / (x^t − y) as a numerator and a norm; leaves sums of 0. `squares` holds x, x², x⁴, …
    function _divide(Divisor memory divisor, uint256[] memory squares, uint256[] memory numerators, uint256[] memory norms, uint256 index)
        private
        pure
    {
        uint256[3] memory sum = divisor.sum;
        (uint256 d0, uint256 d1, uint256 d2) = FriVerifier.hornerAt(divisor.claims, squares[0]);
        // Sums of rows are below 2^150, claims below 2^131. The adjugate's coordinates stay below 2^130, those of its product with what is
        // divided (reduced) below 2^198.
        assembly ("memory-safe") {
            d0 := mod(add(d0, mload(sum)), 0xffffffff00000001)
            d1 := mod(add(d1, mload(add(sum, 32))), 0xffffffff00000001)
            d2 := mod(add(d2, mload(add(sum, 64))), 0xffffffff00000001)
            mstore(sum, 0)
            mstore(add(sum, 32), 0)
            mstore(add(sum, 64), 0)
            let b := mload(add(add(squares, 32), mload(add(divisor, 224))))
            let norm := mulmod(add(mulmod(add(b, mload(add(divisor, 128))), b, 0xffffffff00000001), mload(add(divisor, 160))), b, 0xffffffff00000001)
            mstore(add(add(norms, 32), shl(5, index)), add(norm, mload(add(divisor, 192))))
            let bb := mulmod(b, b, 0xffffffff00000001)
            let square := mload(add(divisor, 32))
            let linear := mload(add(divisor, 64))
            let constantTerm := mload(add(divisor, 96))
            let a0 := add(mul(mload(square), bb), add(mul(mload(linear), b), mload(constantTerm)))
            let a1 := add(mul(mload(add(square, 32)), bb), add(mul(mload(add(linear, 32)), b), mload(add(constantTerm, 32))))
            let a2 := add(mul(mload(add(square, 64)), bb), add(mul(mload(add(linear, 64)), b), mload(add(constantTerm, 64))))
            let to := add(add(numerators, 32), mul(96, index))
            mstore(to, mod(add(mul(d0, a0), shl(1, add(mul(d1, a2), mul(d2, a1)))), 0xffffffff00000001))
            mstore(add(to, 32), mod(add(add(mul(d0, a1), mul(d1, a0)), shl(1, mul(d2, a2))), 0xffffffff00000001))
            mstore(add(to, 64), mod(add(add(mul(d0, a2), mul(d1, a1)), mul(d2, a0)), 0xffffffff00000001))
        }
    }

    /// @dev Σ numerators[first + i]·factors[first + i], numerators having their coordinates apart.
    function _scaledSum(uint256[] memory numerators, uint256[] memory factors, uint256 first, uint256 count) private pure returns (Ext sum) {
        // Products are below 2^128: there is no need to reduce before the end.
        assembly ("memory-safe") {
            let s0 := 0
            let s1 := 0
            let s2 := 0
            numerators := add(add(numerators, 32), mul(96, first))
            factors := add(add(factors, 32), shl(5, first))
            for { let end := add(factors, shl(5, count)) } lt(factors, end) { factors := add(factors, 32) } {
                let factor := mload(factors)
                s0 := add(s0, mul(factor, mload(numerators)))
                s1 := add(s1, mul(factor, mload(add(numerators, 32))))
                s2 := add(s2, mul(factor, mload(add(numerators, 64))))
                numerators := add(numerators, 96)
            }
            sum := or(shl(128, mod(s0, 0xffffffff00000001)), shl(64, mod(s1, 0xffffffff00000001)))
            sum := or(sum, mod(s2, 0xffffffff00000001))
        }
    }

    function _bindingWeights(QueryContext memory context, OpeningParts memory parts, uint256[] memory weights)
        private
        pure
        returns (uint256[] memory own)
    {
        if (context.bindingChallenge == ZERO) return own;
        uint256 columns = parts.rowBytes[LayoutLib.MAIN] / LayoutLib.elementBytes(LayoutLib.MAIN);
        (own,) = powersOf(context.bindingChallenge, _elementAt(weights, context.groups - 1), columns);
    }

    function _countRows(Family[] memory families) private pure returns (uint256 count) {
        for (uint256 i = 0; i < families.length; ++i) count += families[i].offsetCount;
    }

    /// @dev A divisor for each pack factor, row offset and row number. `keys` has room for all.
    function _findDivisors(QueryContext memory context, Layout memory shape, Ext point, uint256[] memory keys) private pure {
        uint256 count = 0;
        uint256[] memory words = new uint256[](shape.families.length);
        for (uint256 i = 0; i < words.length; ++i) {
            Family memory family = shape.families[i];
            words[i] = family.stage | family.groups << STAGE_BITS | family.offsetCount << (STAGE_BITS + GROUPS_BITS);
            for (uint256 o = 0; o < family.offsetCount; ++o) {
                uint256 key = o << 24 | family.logPack << 16 | family.offsetOf(o);
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
            context.divisorRoots[i] = point.scale(Goldilocks.power(root, uint16(keys[i]))).power(uint8(keys[i] >> 16));
            context.claims[i] = new Ext[](1 << uint8(keys[i] >> 16));
        }
    }

    function _divisorOf(uint256 familyWord, uint256 row) private pure returns (uint256) {
        return uint8(familyWord >> (FIRST_DIVISOR_BIT + DIVISOR_BITS * row));
    }

    function _addressOf(Ext[] memory elements, uint256 index) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := add(elements, shl(5, add(index, 1)))
        }
    }

    /// @dev Adds what a family's columns claim at a row whose first cell is at `placeAt`, without the row's weight. Claims have wide
    /// coordinates meanwhile, as cells do (PointProgram): far fewer than 2^20 are added.
    function _addClaims(Ext[] memory claims, uint256[] memory cells, uint256 placeAt, uint256[] memory weights, uint256 group) private pure {
        // Columns below the family's, groups below the layout's, cells below the AIR's, claims below the pack factor.
        assembly ("memory-safe") {
            let size := shl(5, mload(claims))
            claims := add(claims, 32)
            let end := add(cells, shl(5, mload(cells)))
            for { weights := add(add(weights, 32), mul(96, group)) } lt(cells, end) { weights := add(weights, 96) } {
                let w0 := mload(weights)
                let w1 := mload(add(weights, 32))
                let w2 := mload(add(weights, 64))
                for { let j := 0 } and(lt(j, size), lt(cells, end)) { j := add(j, 32) } {
                    cells := add(cells, 32)
                    let b := mload(add(placeAt, shl(5, mload(cells))))
                    let b1 := and(shr(85, b), 0x1fffffffffffffffffffff)
                    let b2 := and(b, 0x1fffffffffffffffffffff)
                    b := shr(170, b)
                    mstore(
                        add(claims, j),
                        add(
                            mload(add(claims, j)),
                            or(
                                or(
                                    shl(170, mod(add(mul(w0, b), shl(1, add(mul(w1, b2), mul(w2, b1)))), 0xffffffff00000001)),
                                    shl(85, mod(add(add(mul(w0, b1), mul(w1, b)), shl(1, mul(w2, b2))), 0xffffffff00000001))
                                ),
                                mod(add(add(mul(w0, b2), mul(w1, b1)), mul(w2, b)), 0xffffffff00000001)
                            )
                        )
                    )
                }
            }
        }
    }

    /// @dev Adds to the sum of each divisor what its families have in the rows that begin at `rows`, weighted. `weights` has coordinates apart.
    function _sumRows(uint256[] memory families, uint256[4] memory rows, uint256[] memory weights, Divisor[] memory divisors) private pure {
        // Families come from the contract itself: their groups and divisors are within the arrays, their elements within the rows. Sums of
        // products (below 2^128 each) stay far below 2^256.
        assembly ("memory-safe") {
            // Σ weight · element of the base field; four elements a step, which are one word.
            function dot(weightAt, row, end) -> s0, s1, s2 {
                for {} lt(add(row, 31), end) { row := add(row, 32) } {
                    let e3 := calldataload(row)
                    let e0 := shr(192, e3)
                    let e1 := and(shr(128, e3), 0xffffffffffffffff)
                    let e2 := and(shr(64, e3), 0xffffffffffffffff)
                    e3 := and(e3, 0xffffffffffffffff)
                    s0 := add(
                        add(add(s0, mul(e0, mload(weightAt))), mul(e1, mload(add(weightAt, 96)))),
                        add(mul(e2, mload(add(weightAt, 192))), mul(e3, mload(add(weightAt, 288))))
                    )
                    s1 := add(
                        add(add(s1, mul(e0, mload(add(weightAt, 32)))), mul(e1, mload(add(weightAt, 128)))),
                        add(mul(e2, mload(add(weightAt, 224))), mul(e3, mload(add(weightAt, 320))))
                    )
                    s2 := add(
                        add(add(s2, mul(e0, mload(add(weightAt, 64)))), mul(e1, mload(add(weightAt, 160)))),
                        add(mul(e2, mload(add(weightAt, 256))), mul(e3, mload(add(weightAt, 352))))
                    )
                    weightAt := add(weightAt, 384)
                }
                for {} lt(row, end) { row := add(row, 8) } {
                    let element := shr(192, calldataload(row))
                    s0 := add(s0, mul(element, mload(weightAt)))
                    s1 := add(s1, mul(element, mload(add(weightAt, 32))))
                    s2 := add(s2, mul(element, mload(add(weightAt, 64))))
                    weightAt := add(weightAt, 96)
                }
            }
            // Σ weight · element of the extension
            function dotExtensions(weightAt, row, end) -> s0, s1, s2 {
                for {} lt(row, end) { row := add(row, 24) } {
                    let b0 := shr(64, calldataload(row))
                    let b2 := and(b0, 0xffffffffffffffff)
                    let b1 := and(shr(64, b0), 0xffffffffffffffff)
                    b0 := shr(128, b0)
                    let w0 := mload(weightAt)
                    let w1 := mload(add(weightAt, 32))
                    let w2 := mload(add(weightAt, 64))
                    s0 := add(s0, add(mul(w0, b0), shl(1, add(mul(w1, b2), mul(w2, b1)))))
                    s1 := add(s1, add(add(mul(w0, b1), mul(w1, b0)), shl(1, mul(w2, b2))))
                    s2 := add(s2, add(add(mul(w0, b2), mul(w1, b1)), mul(w2, b0)))
                    weightAt := add(weightAt, 96)
                }
            }
            weights := add(weights, 32)
            divisors := add(divisors, 32)
            let stage := 4
            let row := 0
            for { let last := add(families, shl(5, mload(families))) } lt(families, last) {} {
                families := add(families, 32)
                let word := mload(families)
                if iszero(eq(and(word, 0xff), stage)) {
                    stage := and(word, 0xff)
                    row := mload(add(rows, shl(5, stage)))
                }
                let s0
                let s1
                let s2
                let end := and(shr(8, word), 0xffffff)
                let next := add(weights, mul(96, end))
                switch lt(stage, 2)
                case 0 {
                    end := add(row, mul(24, end))
                    s0, s1, s2 := dotExtensions(weights, row, end)
                }
                default {
                    end := add(row, shl(3, end))
                    s0, s1, s2 := dot(weights, row, end)
                }
                weights := next
                row := end
                // Divisors of the rows are in what is left of the word, their number before them.
                word := shr(32, word)
                for { let left := and(word, 0xff) } left { left := sub(left, 1) } {
                    word := shr(8, word)
                    // A divisor begins with where its sum stands.
                    let sum := mload(mload(add(divisors, shl(5, and(word, 0xff)))))
                    mstore(sum, add(mload(sum), s0))
                    mstore(add(sum, 32), add(mload(add(sum, 32)), s1))
                    mstore(add(sum, 64), add(mload(add(sum, 64)), s2))
                }
            }
        }
    }

    /// @dev Σ weights[i] · element i at `row` of the calldata.
    function _sumBinding(uint256[] memory weights, uint256 row, Divisor memory divisor) private pure {
        uint256[3] memory sum = divisor.sum;
        // Products are below 2^128: there is no need to reduce.
        assembly ("memory-safe") {
            let s0 := 0
            let s1 := 0
            let s2 := 0
            for { let end := add(weights, shl(5, mload(weights))) } lt(weights, end) { row := add(row, 8) } {
                let element := shr(192, calldataload(row))
                s0 := add(s0, mul(element, mload(add(weights, 32))))
                s1 := add(s1, mul(element, mload(add(weights, 64))))
                weights := add(weights, 96)
                s2 := add(s2, mul(element, mload(weights)))
            }
            mstore(sum, s0)
            mstore(add(sum, 32), s1)
            mstore(add(sum, 64), s2)
        }
    }
}
