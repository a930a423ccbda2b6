// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AirDescription} from "./AirCode.sol";

/// @notice Polynomials that are committed to one after another, opened at the same rows and pack equally many columns.
struct Family {
    uint256 stage;
    uint256 logPack;
    /// @dev 16 bits each, the first one lowest.
    uint256 offsets;
    uint256 offsetCount;
    uint256 firstGroup;
    uint256 groups;
    /// @dev Where the rows begin with the family's elements, in bytes.
    uint256 rowOffset;
    /// @dev By column: the cell of its value at the first row offset.
    uint256[] cells;
}

struct Layout {
    uint256 logHeight;
    /// @dev The quotient's two halves are the last family.
    Family[] families;
    uint256 groups;
    /// @dev Bytes of a row of each stage.
    uint256[4] rowBytes;
}

/// @title How tables of several heights share one commitment (zkvm/stark/layout.ts)
library LayoutLib {
    uint256 internal constant FIXED = 0;
    uint256 internal constant MAIN = 1;
    uint256 internal constant AUX = 2;
    uint256 internal constant QUOTIENT = 3;

    function build(AirDescription memory air, uint256[] memory logHeights, uint256 logHeight, uint256 maxLogPack)
        internal
        pure
        returns (Layout memory shape)
    {
        shape.logHeight = logHeight;
        // Each class is at most one family for each pack factor.
        shape.families = new Family[]((_countClasses(air) + 1) * (maxLogPack + 1));
        uint256 count = 0;
        uint256 next = 0;
        uint256 cell = 0;
        for (uint256 stage = FIXED; stage <= AUX; ++stage) {
            uint256 nextStage;
            uint256 nextCell;
            for (uint256 logPack = 0; logPack <= maxLogPack; ++logPack) {
                (nextStage, nextCell) = (next + 1, cell);
                for (uint256 left = uint8(air.classes[next]); left > 0; --left) {
                    Family memory family;
                    (family, nextStage, nextCell) = _family(air, logHeights, logHeight, logPack, nextStage, nextCell);
                    if (family.cells.length == 0) continue;
                    family.stage = stage;
                    _append(shape, family);
                    shape.families[count++] = family;
                }
            }
            (next, cell) = (nextStage, nextCell);
        }
        Family memory quotient;
        quotient.stage = QUOTIENT;
        quotient.offsetCount = 1;
        quotient.cells = new uint256[](2);
        (quotient.cells[0], quotient.cells[1]) = (cell, cell + 1);
        _append(shape, quotient);
        shape.families[count++] = quotient;
        Family[] memory families = shape.families;
        // Shortens an array.
        assembly ("memory-safe") {
            mstore(families, count)
        }
    }

    function offsetOf(Family memory family, uint256 index) internal pure returns (uint256) {
        return uint16(family.offsets >> (16 * index));
    }

    /// @notice Bytes of an element of the stage's columns.
    function elementBytes(uint256 stage) internal pure returns (uint256) {
        return stage < AUX ? 8 : 24;
    }

    /// @dev The columns of the class at `next` of those tables that are 2^logPack times lower than the tallest one.
    function _family(
        AirDescription memory air,
        uint256[] memory logHeights,
        uint256 logHeight,
        uint256 logPack,
        uint256 next,
        uint256 cell
    ) private pure returns (Family memory family, uint256 nextClass, uint256 nextCell) {
        family.logPack = logPack;
        uint256 offsetCount = uint8(air.classes[next++]);
        for (uint256 i = 0; i < offsetCount; ++i) family.offsets |= uint256(uint8(air.classes[next++])) << (16 * i);
        family.offsetCount = offsetCount;
        uint256 columns = 0;
        for (uint256 table = 0; table < air.tables; ++table) {
            if (logHeights[table] + logPack == logHeight) columns += uint8(air.classes[next + table]);
        }
        family.cells = new uint256[](columns);
        uint256 filled = 0;
        for (uint256 table = 0; table < air.tables; ++table) {
            uint256 own = uint8(air.classes[next + table]);
            if (logHeights[table] + logPack == logHeight) {
                for (uint256 i = 0; i < own; ++i) family.cells[filled++] = cell + i * offsetCount;
            }
            cell += own * offsetCount;
        }
        return (family, next + air.tables, cell);
    }

    function _append(Layout memory shape, Family memory family) private pure {
        family.firstGroup = shape.groups;
        family.groups = (family.cells.length + (1 << family.logPack) - 1) >> family.logPack;
        family.rowOffset = shape.rowBytes[family.stage];
        shape.groups += family.groups;
        shape.rowBytes[family.stage] += family.groups * elementBytes(family.stage);
    }

    function _countClasses(AirDescription memory air) private pure returns (uint256 count) {
        uint256 next = 0;
        for (uint256 stage = FIXED; stage <= AUX; ++stage) {
            uint256 classes = uint8(air.classes[next++]);
            count += classes;
            for (; classes > 0; --classes) next += 1 + uint8(air.classes[next]) + air.tables;
        }
    }
}
