// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, ONE, ZERO, extensionAt, fromBase, inverseAll} from "./Extension.sol";
import {FriVerifier} from "./FriVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {Family, Layout, LayoutLib} from "./Layout.sol";
import {ProofParts} from "./ProofReader.sol";

/// @title What the low-degree test is made on (zkvm/stark/open-rows.ts)
/// @notice Σ weight · (F(X) − Σ_j X^j·v_j) / (X^t − y), y = (g^offset·z)^t, over all groups F and the rows at which they are opened:
/// a polynomial only if all claimed values v_j are right. The weight of group i at its row number o is challenge^(i + o·groups).
library DeepCombination {
    using LayoutLib for Family;

    /// @dev A divisor X^(2^logPack) − y, and the weighted sum of the claimed values of all that is divided by it: Σ_j X^j·remainder[j].
    struct Divisor {
        uint256 logPack;
        uint256 offset;
        Ext y;
        Ext[] remainder;
    }

    struct Combination {
        Layout shape;
        /// @dev challenge^i for each group.
        Ext[] weights;
        /// @dev challenge^(o·groups) by number of the row.
        Ext[] rowWeights;
        Divisor[] divisors;
        /// @dev By family, then number of the row.
        uint256[][] divisorOf;
        /// @dev By divisor: the weighted sum of what is committed, at the position at hand.
        Ext[] sums;
    }

    function prepare(Layout memory shape, Ext[] memory cells, Ext point, Ext challenge) internal pure returns (Combination memory c) {
        c.shape = shape;
        c.weights = new Ext[](shape.groups);
        Ext power = ONE;
        for (uint256 i = 0; i < shape.groups; ++i) {
            c.weights[i] = power;
            power = power * challenge;
        }
        c.divisorOf = new uint256[][](shape.families.length);
        (uint256 divisors, uint256 rows) = _findDivisors(c, point);
        c.sums = new Ext[](divisors);
        c.rowWeights = new Ext[](rows);
        Ext rowPower = ONE;
        for (uint256 i = 0; i < rows; ++i) {
            c.rowWeights[i] = rowPower;
            rowPower = rowPower * power;
        }
        for (uint256 i = 0; i < shape.families.length; ++i) _addClaims(c, i, cells);
    }

    /// @notice The combination at the points of the domain where the rows were opened.
    function valuesAt(Combination memory c, ProofParts memory parts, uint256[] memory points) internal pure returns (Ext[] memory values) {
        values = new Ext[](points.length);
        Ext[] memory denominators = new Ext[](points.length);
        for (uint256 i = 0; i < points.length; ++i) (values[i], denominators[i]) = _fractionAt(c, parts, i, points[i]);
        Ext[] memory inverses = inverseAll(denominators);
        for (uint256 i = 0; i < points.length; ++i) values[i] = values[i] * inverses[i];
    }

    function _findDivisors(Combination memory c, Ext point) private pure returns (uint256 count, uint256 rows) {
        Family[] memory families = c.shape.families;
        uint256 most = 0;
        for (uint256 i = 0; i < families.length; ++i) most += families[i].offsetCount;
        c.divisors = new Divisor[](most);
        for (uint256 i = 0; i < families.length; ++i) {
            Family memory family = families[i];
            if (family.offsetCount > rows) rows = family.offsetCount;
            c.divisorOf[i] = new uint256[](family.offsetCount);
            for (uint256 o = 0; o < family.offsetCount; ++o) {
                uint256 index = _indexOf(c.divisors, count, family.logPack, family.offsetOf(o));
                c.divisorOf[i][o] = index;
                if (index == count) c.divisors[count++] = _divisor(c.shape.logHeight, point, family.logPack, family.offsetOf(o));
            }
        }
        Divisor[] memory divisors = c.divisors;
        // Shortens an array.
        assembly ("memory-safe") {
            mstore(divisors, count)
        }
    }

    function _indexOf(Divisor[] memory divisors, uint256 count, uint256 logPack, uint256 offset) private pure returns (uint256 index) {
        while (index < count && (divisors[index].logPack != logPack || divisors[index].offset != offset)) ++index;
    }

    function _divisor(uint256 logHeight, Ext point, uint256 logPack, uint256 offset) private pure returns (Divisor memory divisor) {
        Ext shifted = point.scale(Goldilocks.power(Goldilocks.rootOfUnity(logHeight), offset));
        return Divisor({logPack: logPack, offset: offset, y: shifted.power(logPack), remainder: new Ext[](1 << logPack)});
    }

    function _addClaims(Combination memory c, uint256 index, Ext[] memory cells) private pure {
        Family memory family = c.shape.families[index];
        uint256 pack = 1 << family.logPack;
        for (uint256 o = 0; o < family.offsetCount; ++o) {
            Ext[] memory remainder = c.divisors[c.divisorOf[index][o]].remainder;
            for (uint256 column = 0; column < family.cells.length; ++column) {
                uint256 j = column & (pack - 1);
                Ext weight = c.weights[family.firstGroup + (column >> family.logPack)] * c.rowWeights[o];
                remainder[j] = remainder[j] + weight * cells[family.cells[column] + o];
            }
        }
    }

    /// @dev The sum of the quotients as a fraction, so that one inversion is enough for all positions.
    function _fractionAt(Combination memory c, ProofParts memory parts, uint256 query, uint256 x)
        private
        pure
        returns (Ext numerator, Ext denominator)
    {
        _sumRows(c, parts, query);
        Divisor[] memory divisors = c.divisors;
        denominator = ONE;
        // Counters below lengths of arrays.
        unchecked {
            for (uint256 i = 0; i < divisors.length; ++i) {
                Divisor memory divisor = divisors[i];
                Ext dividend = c.sums[i] - FriVerifier.hornerAt(divisor.remainder, x);
                Ext by = fromBase(Goldilocks.power(x, 1 << divisor.logPack)) - divisor.y;
                numerator = numerator * by + dividend * denominator;
                denominator = denominator * by;
            }
        }
    }

    function _sumRows(Combination memory c, ProofParts memory parts, uint256 query) private pure {
        Family[] memory families = c.shape.families;
        Ext[] memory sums = c.sums;
        // Counters below lengths of arrays, and offsets within the proof.
        unchecked {
            for (uint256 i = 0; i < sums.length; ++i) sums[i] = ZERO;
            for (uint256 i = 0; i < families.length; ++i) {
                Family memory family = families[i];
                uint256 stage = family.stage;
                uint256 row = parts.rows[stage] + query * c.shape.rowBytes[stage] + family.rowOffset;
                Ext sum = LayoutLib.elementBytes(stage) == 8
                    ? _sumElements(c.weights, family.firstGroup, family.groups, row)
                    : _sumExtensions(c.weights, family.firstGroup, family.groups, row);
                uint256[] memory divisorOf = c.divisorOf[i];
                sums[divisorOf[0]] = sums[divisorOf[0]] + sum;
                for (uint256 o = 1; o < divisorOf.length; ++o) {
                    sums[divisorOf[o]] = sums[divisorOf[o]] + sum * c.rowWeights[o];
                }
            }
        }
    }

    /// @dev Σ weights[first + i] · element i at `row` of the calldata.
    function _sumElements(Ext[] memory weights, uint256 first, uint256 count, uint256 row) private pure returns (Ext sum) {
        // Products are below 2^128: there is no need to reduce before the end.
        assembly ("memory-safe") {
            let p := 0xffffffff00000001
            let m := 0xffffffffffffffff
            let s0 := 0
            let s1 := 0
            let s2 := 0
            let weightAt := add(weights, shl(5, add(first, 1)))
            for { let end := add(row, shl(3, count)) } lt(row, end) { row := add(row, 8) } {
                let element := shr(192, calldataload(row))
                let weight := mload(weightAt)
                s0 := add(s0, mul(element, shr(128, weight)))
                s1 := add(s1, mul(element, and(shr(64, weight), m)))
                s2 := add(s2, mul(element, and(weight, m)))
                weightAt := add(weightAt, 32)
            }
            sum := or(or(shl(128, mod(s0, p)), shl(64, mod(s1, p))), mod(s2, p))
        }
    }

    /// @dev The same for elements of the extension.
    function _sumExtensions(Ext[] memory weights, uint256 first, uint256 count, uint256 row) private pure returns (Ext sum) {
        // A counter below the length of an array, and offsets within the proof.
        unchecked {
            for (uint256 i = 0; i < count; ++i) sum = sum + weights[first + i] * extensionAt(row + 24 * i);
        }
    }
}
