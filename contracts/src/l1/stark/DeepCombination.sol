// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, ONE, ZERO, extensionAt, fromBase, inverseAll} from "./Extension.sol";
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

    /// @notice The combination at the points of the domain where the rows were opened.
    function valuesAt(QueryContext memory context, OpeningParts memory parts, uint256[] memory points)
        internal
        pure
        returns (Ext[] memory values)
    {
        uint256 rows = 0;
        for (uint256 i = 0; i < context.families.length; ++i) {
            uint256 own = uint8(context.families[i] >> STAGE_BITS + GROUPS_BITS);
            if (own > rows) rows = own;
        }
        (Ext[] memory weights, Ext[] memory rowWeights) = weightsOf(context.combinationChallenge, context.groups, rows);
        Ext[] memory sums = new Ext[](context.divisorRoots.length);
        Ext[] memory bindingWeights = _bindingWeights(context, parts, weights);
        values = new Ext[](points.length);
        Ext[] memory denominators = new Ext[](points.length);
        for (uint256 i = 0; i < points.length; ++i) {
            _sumRows(context.families, parts, i, weights, rowWeights, sums);
            if (bindingWeights.length > 0) sums[sums.length - 1] = _sumElements(bindingWeights, 0, bindingWeights.length, _mainRow(parts, i));
            (values[i], denominators[i]) = _fractionAt(context, sums, points[i]);
        }
        Ext[] memory inverses = inverseAll(denominators);
        for (uint256 i = 0; i < points.length; ++i) values[i] = values[i] * inverses[i];
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

    function _mainRow(OpeningParts memory parts, uint256 query) private pure returns (uint256) {
        return parts.rows[LayoutLib.MAIN] + query * parts.rowBytes[LayoutLib.MAIN];
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
        uint256 pack = claims.length;
        uint256 group = family.firstGroup;
        Ext weight;
        for (uint256 column = 0; column < cells.length; ++column) {
            uint256 j = column & (pack - 1);
            if (j == 0) weight = weights[group++] * rowWeight;
            claims[j] = claims[j] + weight * places[firstPlace + cells[column]];
        }
    }

    /// @dev The sum of the quotients as a fraction, so that one inversion is enough for all positions.
    function _fractionAt(QueryContext memory context, Ext[] memory sums, uint256 x) private pure returns (Ext numerator, Ext denominator) {
        Ext[] memory roots = context.divisorRoots;
        Ext[][] memory claims = context.claims;
        denominator = ONE;
        // Counters below lengths of arrays.
        unchecked {
            for (uint256 i = 0; i < roots.length; ++i) {
                Ext dividend = sums[i] - FriVerifier.hornerAt(claims[i], x);
                Ext by = fromBase(Goldilocks.power(x, claims[i].length)) - roots[i];
                numerator = numerator * by + dividend * denominator;
                denominator = denominator * by;
            }
        }
    }

    /// @dev By divisor: the weighted sum of what is committed, at the position at hand.
    function _sumRows(
        uint256[] memory families,
        OpeningParts memory parts,
        uint256 query,
        Ext[] memory weights,
        Ext[] memory rowWeights,
        Ext[] memory sums
    ) private pure {
        // Counters below lengths of arrays, and offsets within the proof.
        unchecked {
            for (uint256 i = 0; i < sums.length; ++i) sums[i] = ZERO;
            uint256 group = 0;
            uint256 stage = type(uint256).max;
            uint256 row = 0;
            for (uint256 i = 0; i < families.length; ++i) {
                uint256 word = families[i];
                if (uint8(word) != stage) {
                    stage = uint8(word);
                    row = parts.rows[stage] + query * parts.rowBytes[stage];
                }
                uint256 groups = uint24(word >> STAGE_BITS);
                Ext sum = stage < LayoutLib.AUX ? _sumElements(weights, group, groups, row) : _sumExtensions(weights, group, groups, row);
                row += groups * LayoutLib.elementBytes(stage);
                group += groups;
                uint256 divisor = _divisorOf(word, 0);
                sums[divisor] = sums[divisor] + sum;
                for (uint256 o = 1; o < uint8(word >> (STAGE_BITS + GROUPS_BITS)); ++o) {
                    divisor = _divisorOf(word, o);
                    sums[divisor] = sums[divisor] + sum * rowWeights[o];
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
