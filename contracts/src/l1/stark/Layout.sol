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

    /// @dev A class of columns in an AIR's description.
    struct Class {
        uint256 stage;
        /// @dev Where it begins in the description, and how many row offsets it has.
        uint256 start;
        uint256 offsetCount;
        uint256 firstCell;
        /// @dev A bit for each pack factor that one of its tables has.
        uint256 packs;
    }

    function build(AirDescription memory air, uint256[] memory logHeights, uint256 logHeight, uint256 maxLogPack)
        internal
        pure
        returns (Layout memory shape)
    {
        shape.logHeight = logHeight;
        uint256[] memory logPacks = new uint256[](air.tables);
        for (uint256 table = 0; table < air.tables; ++table) logPacks[table] = logHeight - logHeights[table];
        (Class[] memory classes, uint256 cells) = _classes(air, logPacks);
        shape.families = new Family[](classes.length * (maxLogPack + 1) + 1);
        uint256 count = 0;
        uint256 next = 0;
        for (uint256 stage = FIXED; stage <= AUX; ++stage) {
            uint256 first = next;
            for (uint256 logPack = 0; logPack <= maxLogPack; ++logPack) {
                for (next = first; next < classes.length && classes[next].stage == stage; ++next) {
                    if (classes[next].packs >> logPack & 1 == 0) continue;
                    Family memory family = _family(air, classes[next], logPacks, logPack);
                    _append(shape, family);
                    shape.families[count++] = family;
                }
            }
        }
        Family memory quotient;
        quotient.stage = QUOTIENT;
        quotient.offsetCount = 1;
        quotient.cells = new uint256[](2);
        (quotient.cells[0], quotient.cells[1]) = (cells, cells + 1);
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

    function _classes(AirDescription memory air, uint256[] memory logPacks) private pure returns (Class[] memory classes, uint256 cells) {
        bytes memory described = air.classes;
        classes = new Class[](_countClasses(air));
        uint256 next = 0;
        uint256 index = 0;
        for (uint256 stage = FIXED; stage <= AUX; ++stage) {
            for (uint256 left = uint8(described[next++]); left > 0; --left) {
                Class memory class = classes[index++];
                class.stage = stage;
                class.start = next + 1;
                class.offsetCount = uint8(described[next]);
                class.firstCell = cells;
                uint256 columns;
                (columns, class.packs) = _countColumns(described, next + 1 + class.offsetCount, logPacks);
                cells += columns * class.offsetCount;
                next += 1 + class.offsetCount + air.tables;
            }
        }
    }

    /// @dev Of a class, over all tables.
    function _countColumns(bytes memory described, uint256 start, uint256[] memory logPacks)
        private
        pure
        returns (uint256 columns, uint256 packs)
    {
        // The description comes from the deployment and has a byte for each table.
        assembly ("memory-safe") {
            let cursor := add(add(described, 1), start)
            for { let table := add(logPacks, 32) let end := add(table, shl(5, mload(logPacks))) } lt(table, end) { table := add(table, 32) } {
                let own := and(mload(cursor), 0xff)
                if own {
                    columns := add(columns, own)
                    packs := or(packs, shl(mload(table), 1))
                }
                cursor := add(cursor, 1)
            }
        }
    }

    /// @dev The columns of the class of those tables that are 2^logPack times lower than the tallest one.
    function _family(AirDescription memory air, Class memory class, uint256[] memory logPacks, uint256 logPack)
        private
        pure
        returns (Family memory family)
    {
        family.stage = class.stage;
        family.logPack = logPack;
        family.offsetCount = class.offsetCount;
        for (uint256 i = 0; i < class.offsetCount; ++i) family.offsets |= uint256(uint8(air.classes[class.start + i])) << (16 * i);
        family.cells = _cellsOf(air.classes, class, logPacks, logPack);
    }

    function _cellsOf(bytes memory described, Class memory class, uint256[] memory logPacks, uint256 logPack)
        private
        pure
        returns (uint256[] memory cells)
    {
        uint256 start = class.start + class.offsetCount;
        uint256 cell = class.firstCell;
        uint256 offsetCount = class.offsetCount;
        // Takes as much memory as it fills. The description comes from the deployment and has a byte for each table.
        assembly ("memory-safe") {
            cells := mload(0x40)
            let next := add(cells, 32)
            let cursor := add(add(described, 1), start)
            for { let table := add(logPacks, 32) let end := add(table, shl(5, mload(logPacks))) } lt(table, end) { table := add(table, 32) } {
                let left := and(mload(cursor), 0xff)
                cursor := add(cursor, 1)
                switch eq(mload(table), logPack)
                case 0 { cell := add(cell, mul(left, offsetCount)) }
                default {
                    for {} left { left := sub(left, 1) } {
                        mstore(next, cell)
                        next := add(next, 32)
                        cell := add(cell, offsetCount)
                    }
                }
            }
            mstore(cells, shr(5, sub(sub(next, cells), 32)))
            mstore(0x40, next)
        }
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
