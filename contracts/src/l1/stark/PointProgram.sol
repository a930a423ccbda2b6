// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";

/// @title Straight-line programs over the extension (zkvm/air/point-program.ts)
/// @notice While a program runs, a place holds its element's coordinates side by side, 85 bits each: c0·2^170 + c1·2^85 + c2, any numbers that
/// are equal to them modulo p. So sums, differences and small multiples are one operation for all three, and nothing is reduced but products.
/// That no coordinate passes 2^85 is for the program to see to: it comes from the deployment, whose builder keeps account of bounds.
library PointProgram {
    /// @notice Runs the instructions of 7 bytes from `program` to `end` in memory: operation (3 bits, the lowest of 8) and k (5 bits), places
    /// (12 bits each) of the result and of the operands a, b, c. They come from the deployment: places lie in the array. What is
    /// provided is wide already; `valueAt` gives the results.
    function run(uint256 program, uint256 end, Ext[] memory places) internal pure {
        // What is subtracted is taken from p·2^k side by side, which borrows nothing where it is not larger. Sums of products of coordinates
        // (below 2^85 each) stay far below 2^256.
        assembly ("memory-safe") {
            let base := add(places, 32)
            for {} lt(program, end) { program := add(program, 7) } {
                let word := shr(200, mload(program))
                let a := mload(add(base, and(shr(19, word), 0x1ffe0)))
                let b := mload(add(base, and(shr(7, word), 0x1ffe0)))
                switch and(shr(48, word), 7)
                case 0 {
                    // a·b + c
                    let a0 := shr(170, a)
                    let a1 := and(shr(85, a), 0x1fffffffffffffffffffff)
                    a := and(a, 0x1fffffffffffffffffffff)
                    let b0 := shr(170, b)
                    let b1 := and(shr(85, b), 0x1fffffffffffffffffffff)
                    b := and(b, 0x1fffffffffffffffffffff)
                    mstore(
                        add(base, and(shr(31, word), 0x1ffe0)),
                        add(
                            mload(add(base, and(shl(5, word), 0x1ffe0))),
                            or(
                                or(
                                    shl(170, mod(add(mul(a0, b0), shl(1, add(mul(a1, b), mul(a, b1)))), 0xffffffff00000001)),
                                    shl(85, mod(add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a, b))), 0xffffffff00000001))
                                ),
                                mod(add(add(mul(a0, b), mul(a1, b1)), mul(a, b0)), 0xffffffff00000001)
                            )
                        )
                    )
                }
                case 1 {
                    // a + b
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), add(a, b))
                }
                case 2 {
                    // a − b
                    b := sub(shl(shr(51, word), 0x3fffffffc0000000400001fffffffe0000000200000ffffffff00000001), b)
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), add(a, b))
                }
                case 3 {
                    // a·b + c, b in the base field and so small that nothing has to be reduced
                    mstore(
                        add(base, and(shr(31, word), 0x1ffe0)),
                        add(mul(a, shr(170, b)), mload(add(base, and(shl(5, word), 0x1ffe0))))
                    )
                }
                case 4 {
                    // c − a·b, b in the base field and so small that nothing has to be reduced
                    a := sub(shl(shr(51, word), 0x3fffffffc0000000400001fffffffe0000000200000ffffffff00000001), mul(a, shr(170, b)))
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), add(a, mload(add(base, and(shl(5, word), 0x1ffe0)))))
                }
                default {
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    switch and(shr(48, word), 7)
                    case 5 {
                        // c − a·b
                        a := sub(shl(shr(51, word), 0x3fffffffc0000000400001fffffffe0000000200000ffffffff00000001), a)
                    }
                    default {
                        // a·b − c
                        c := sub(shl(shr(51, word), 0x3fffffffc0000000400001fffffffe0000000200000ffffffff00000001), c)
                    }
                    let a0 := shr(170, a)
                    let a1 := and(shr(85, a), 0x1fffffffffffffffffffff)
                    a := and(a, 0x1fffffffffffffffffffff)
                    let b0 := shr(170, b)
                    let b1 := and(shr(85, b), 0x1fffffffffffffffffffff)
                    b := and(b, 0x1fffffffffffffffffffff)
                    c := add(c, shl(170, mod(add(mul(a0, b0), shl(1, add(mul(a1, b), mul(a, b1)))), 0xffffffff00000001)))
                    c := add(c, shl(85, mod(add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a, b))), 0xffffffff00000001)))
                    c := add(c, mod(add(add(mul(a0, b), mul(a1, b1)), mul(a, b0)), 0xffffffff00000001))
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), c)
                }
            }
        }
    }

    /// @notice What a place holds, while or after a program runs.
    function valueAt(Ext[] memory places, uint256 place) internal pure returns (Ext) {
        return narrow(Ext.unwrap(places[place]));
    }

    /// @notice The element of wide coordinates.
    function narrow(uint256 wide) internal pure returns (Ext value) {
        assembly ("memory-safe") {
            value := or(
                or(shl(128, mod(shr(170, wide), 0xffffffff00000001)), shl(64, mod(and(shr(85, wide), 0x1fffffffffffffffffffff), 0xffffffff00000001))),
                mod(and(wide, 0x1fffffffffffffffffffff), 0xffffffff00000001)
            )
        }
    }

    /// @notice Makes elements wide that stand in places from number `from` to number `to − 1`.
    function widen(Ext[] memory places, uint256 from, uint256 to) internal pure {
        assembly ("memory-safe") {
            let end := add(places, shl(5, to))
            for { places := add(places, shl(5, from)) } lt(places, end) {} {
                places := add(places, 32)
                let a := mload(places)
                mstore(places, or(or(shl(170, shr(128, a)), shl(85, and(shr(64, a), 0xffffffffffffffff))), and(a, 0xffffffffffffffff)))
            }
        }
    }
}
