// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What the verifier knows of an AIR. Numbers that begin with "first" are places of the constraints' program.
struct AirDescription {
    bytes name;
    uint256 tables;
    /// @dev A byte for each table: the log of its period, and 128 where it is on no bus.
    bytes tableFlags;
    /// @dev Logs of the periods of periodic columns.
    bytes periods;
    /// @dev Out-of-domain values of all columns at all their rows: by stage, class of columns, table, column, row.
    uint256 cells;
    /// @dev For each of the stages fixed, main and aux: the number of classes; for each class the number of row offsets, the offsets, and
    /// per table how many columns are opened at exactly these. A byte each; classes in the order of the layout.
    bytes classes;
    uint256 places;
    uint256 firstSelector;
    uint256 firstCell;
    uint256 firstLagrange;
    uint256 firstConstant;
    /// @dev 8 bytes each.
    bytes constants;
    /// @dev Where the program begins and ends in memory.
    uint256 program;
    uint256 programEnd;
}

/// @title An AIR as data (zkvm/stark/air-code.ts)
/// @notice The data is the code of contracts that cannot run, behind a byte 0 each.
library AirCode {
    uint256 internal constant FIRST_CHALLENGE = 3;
    uint256 private constant INSTRUCTION_BYTES = 7;
    uint256 private constant PLACES_PER_TABLE = 4;
    uint256 private constant QUOTIENT_HALVES = 2;

    struct Cursor {
        uint256 offset;
    }

    /// @notice The code of all parts, one after another.
    function read(address[2] memory parts) internal view returns (bytes memory code) {
        uint256[2] memory lengths;
        // No code is as long as 2^256 bytes; the byte 0 in front does not count.
        unchecked {
            for (uint256 i = 0; i < parts.length; ++i) {
                if (parts[i] != address(0)) lengths[i] = parts[i].code.length - 1;
            }
            code = new bytes(lengths[0] + lengths[1]);
        }
        assembly ("memory-safe") {
            let first := mload(lengths)
            extcodecopy(mload(parts), add(code, 32), 1, first)
            extcodecopy(mload(add(parts, 32)), add(add(code, 32), first), 1, mload(add(lengths, 32)))
        }
    }

    function describe(bytes memory code) internal pure returns (AirDescription memory air) {
        Cursor memory cursor;
        assembly ("memory-safe") {
            mstore(cursor, add(code, 32))
        }
        air.name = _bytes(cursor, _number(cursor, 1));
        uint256 challenges = _number(cursor, 1);
        air.tables = _number(cursor, 1);
        air.tableFlags = _bytes(cursor, air.tables);
        air.periods = _bytes(cursor, _number(cursor, 1));
        air.cells = _number(cursor, 2);
        air.places = _number(cursor, 2);
        air.constants = _bytes(cursor, 8 * _number(cursor, 2));
        air.classes = _bytes(cursor, _number(cursor, 2));
        air.program = cursor.offset;
        air.programEnd = _end(code);
        air.firstSelector = FIRST_CHALLENGE + challenges;
        air.firstCell = air.firstSelector + PLACES_PER_TABLE * air.tables;
        air.firstLagrange = air.firstCell + air.cells + QUOTIENT_HALVES;
        air.firstConstant = air.firstLagrange;
        for (uint256 i = 0; i < air.periods.length; ++i) air.firstConstant += 1 << uint8(air.periods[i]);
    }

    /// @notice Whether the program ends where an instruction does: bytes left over would be run together with what follows in memory.
    function isWhole(AirDescription memory air) internal pure returns (bool) {
        return air.program < air.programEnd && (air.programEnd - air.program) % INSTRUCTION_BYTES == 0;
    }

    /// @notice How many places the verifier fills; the program's registers follow.
    function providedPlaces(AirDescription memory air) internal pure returns (uint256) {
        return air.firstConstant + air.constants.length / 8;
    }

    /// @notice Where the places of a table begin: isFirst, isLast, isTransition, sumPerRow.
    function placesOf(AirDescription memory air, uint256 table) internal pure returns (uint256) {
        return air.firstSelector + PLACES_PER_TABLE * table;
    }

    function _end(bytes memory code) private pure returns (uint256 end) {
        assembly ("memory-safe") {
            end := add(add(code, 32), mload(code))
        }
    }

    function _number(Cursor memory cursor, uint256 size) private pure returns (uint256 value) {
        uint256 offset = cursor.offset;
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), mload(offset))
        }
        cursor.offset = offset + size;
    }

    function _bytes(Cursor memory cursor, uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        uint256 offset = cursor.offset;
        assembly ("memory-safe") {
            mcopy(add(data, 32), offset, length)
        }
        cursor.offset = offset + length;
    }
}
