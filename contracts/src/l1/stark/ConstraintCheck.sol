// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AirCode, AirDescription} from "./AirCode.sol";
import {Ext, ONE, extensionAt, fromBase, inverseAll} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {Family, Layout} from "./Layout.sol";
import {PointProgram} from "./PointProgram.sol";

/// @title The constraints at the out-of-domain point
/// @notice Fills the places of the program that evaluates them (zkvm/stark/air-code.ts).
library ConstraintCheck {
    using AirCode for AirDescription;

    uint256 private constant SUM = 1;
    uint256 private constant CONSTRAINT_CHALLENGE = 2;

    /// @notice Whether the constraints equal the zerofier times the quotient. `places` holds the challenges of the buses already, and is left as
    /// the program leaves it; the sums of the tables and the values at the point lie in the calldata.
    function holds(
        AirDescription memory air,
        Layout memory shape,
        uint256[] memory logHeights,
        Ext[] memory places,
        Ext constraintChallenge,
        Ext point,
        uint256 sums,
        uint256 values
    ) internal pure returns (bool) {
        Ext zerofier = point.power(shape.logHeight) - ONE;
        places[CONSTRAINT_CHALLENGE] = constraintChallenge;
        _placeCells(air, shape, places, values);
        _placeSelectors(air, shape.logHeight, logHeights, places, point, zerofier, sums);
        _placeLagrange(air, shape.logHeight, places, point, zerofier);
        _placeConstants(air, places);
        PointProgram.widen(places, 0, air.firstCell);
        PointProgram.widen(places, air.firstLagrange, air.providedPlaces());
        PointProgram.run(air.program, air.programEnd, places);
        return PointProgram.valueAt(places, SUM) == _quotient(air, places, zerofier) * zerofier;
    }

    function _quotient(AirDescription memory air, Ext[] memory places, Ext zerofier) private pure returns (Ext) {
        uint256 low = air.firstCell + air.cells;
        return PointProgram.valueAt(places, low) + PointProgram.valueAt(places, low + 1) * (zerofier + ONE);
    }

    /// @dev Values stand in the proof by family, group, row and column; constraints find them by column and row, wide (PointProgram).
    function _placeCells(AirDescription memory air, Layout memory shape, Ext[] memory places, uint256 offset) private pure {
        for (uint256 i = 0; i < shape.families.length; ++i) {
            Family memory family = shape.families[i];
            offset = _placeFamily(family.cells, 1 << family.logPack, family.offsetCount, places, air.firstCell, offset);
        }
    }

    function _placeFamily(uint256[] memory cells, uint256 pack, uint256 rows, Ext[] memory places, uint256 firstPlace, uint256 offset)
        private
        pure
        returns (uint256 next)
    {
        // Cells are below the AIR's and the values are as many as they are: the reader has passed them.
        assembly ("memory-safe") {
            let end := add(add(cells, 32), shl(5, mload(cells)))
            places := add(add(places, 32), shl(5, firstPlace))
            pack := shl(5, pack)
            for { let from := add(cells, 32) } lt(from, end) { from := add(from, pack) } {
                let to := add(from, pack)
                if gt(to, end) { to := end }
                for { let row := 0 } lt(row, rows) { row := add(row, 1) } {
                    for { let cell := from } lt(cell, to) { cell := add(cell, 32) } {
                        let value := calldataload(offset)
                        mstore(
                            add(places, shl(5, add(mload(cell), row))),
                            or(
                                or(
                                    and(shr(22, value), 0x000003fffffffffffffffc000000000000000000000000000000000000000000),
                                    and(shr(43, value), 0x1fffffffffffffffe000000000000000000000)
                                ),
                                and(shr(64, value), 0xffffffffffffffff)
                            )
                        )
                        offset := add(offset, 24)
                    }
                }
            }
            next := offset
        }
    }

    /// @dev Lagrange selectors of each table's rows at y = point^(2^logPack), which is outside the base field.
    function _placeSelectors(
        AirDescription memory air,
        uint256 logHeight,
        uint256[] memory logHeights,
        Ext[] memory places,
        Ext point,
        Ext zerofier,
        uint256 sums
    ) private pure {
        Ext[] memory products = new Ext[](air.tables);
        for (uint256 table = 0; table < air.tables; ++table) {
            uint256 last = Goldilocks.inverseRootOfUnity(logHeights[table]);
            Ext y = point.power(logHeight - logHeights[table]);
            uint256 place = air.placesOf(table);
            // For now what y is less than the first and the last row's point by.
            places[place] = y - ONE;
            places[place + 2] = y - fromBase(last);
            places[place + 1] = places[place].scale(last);
            products[table] = places[place] * places[place + 2];
        }
        Ext[] memory inverses = inverseAll(products);
        for (uint256 table = 0; table < air.tables; ++table) {
            uint256 perRow = Goldilocks.inverseOfPowerOfTwo(logHeights[table]);
            uint256 place = air.placesOf(table);
            Ext scaled = inverses[table] * zerofier.scale(perRow);
            places[place] = scaled * places[place + 2];
            places[place + 1] = scaled * places[place + 1];
            places[place + 3] = extensionAt(sums + 24 * table).scale(perRow);
        }
    }

    /// @dev The Lagrange polynomials of the subgroup of each period at y = point^(N / period).
    function _placeLagrange(AirDescription memory air, uint256 logHeight, Ext[] memory places, Ext point, Ext zerofier) private pure {
        uint256 place = air.firstLagrange;
        for (uint256 i = 0; i < air.periods.length; ++i) {
            uint256 logPeriod = uint8(air.periods[i]);
            Ext y = point.power(logHeight - logPeriod);
            Ext scaled = zerofier.scale(Goldilocks.inverseOfPowerOfTwo(logPeriod));
            uint256 root = Goldilocks.rootOfUnity(logPeriod);
            Ext[] memory differences = new Ext[](1 << logPeriod);
            uint256 node = 1;
            for (uint256 row = 0; row < differences.length; ++row) {
                differences[row] = y - fromBase(node);
                node = Goldilocks.mul(node, root);
            }
            Ext[] memory inverses = inverseAll(differences);
            for (uint256 row = 0; row < inverses.length; ++row) {
                places[place++] = (scaled * inverses[row]).scale(node);
                node = Goldilocks.mul(node, root);
            }
        }
    }

    function _placeConstants(AirDescription memory air, Ext[] memory places) private pure {
        bytes memory constants = air.constants;
        uint256 place = air.firstConstant;
        for (uint256 i = 0; i < constants.length; i += 8) {
            uint256 value;
            assembly ("memory-safe") {
                value := shr(192, mload(add(add(constants, 32), i)))
            }
            places[place++] = fromBase(value);
        }
    }
}
