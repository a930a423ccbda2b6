// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";

/// @title Straight-line programs over the extension (zkvm/air/point-program.ts)
library PointProgram {
    /// @notice Runs the instructions of 7 bytes from `program` to `end` in memory: operation (8 bits), places (12 bits each) of the result and
    /// of the operands a, b, c. They come from the deployment: places lie in the array.
    function run(uint256 program, uint256 end, Ext[] memory places) internal pure {
        // Sums of products of coordinates (below 2^64 each) stay far below 2^256. What is subtracted is taken from p side by side, which
        // borrows nothing and leaves coordinates of at most p.
        assembly ("memory-safe") {
            let base := add(places, 32)
            for {} lt(program, end) { program := add(program, 7) } {
                let word := shr(200, mload(program))
                let a := mload(add(base, and(shr(19, word), 0x1ffe0)))
                let b := mload(add(base, and(shr(7, word), 0x1ffe0)))
                switch shr(48, word)
                case 0 {
                    // a·b + c
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    let a0 := shr(128, a)
                    let a1 := and(shr(64, a), 0xffffffffffffffff)
                    a := and(a, 0xffffffffffffffff)
                    let b0 := shr(128, b)
                    let b1 := and(shr(64, b), 0xffffffffffffffff)
                    b := and(b, 0xffffffffffffffff)
                    let d := mod(add(shr(128, c), add(mul(a0, b0), shl(1, add(mul(a1, b), mul(a, b1))))), 0xffffffff00000001)
                    d := or(
                        shl(64, d),
                        mod(
                            add(and(shr(64, c), 0xffffffffffffffff), add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a, b)))),
                            0xffffffff00000001
                        )
                    )
                    d := or(
                        shl(64, d),
                        mod(add(and(c, 0xffffffffffffffff), add(add(mul(a0, b), mul(a1, b1)), mul(a, b0))), 0xffffffff00000001)
                    )
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), d)
                }
                case 1 {
                    // a + b
                    mstore(
                        add(base, and(shr(31, word), 0x1ffe0)),
                        or(
                            or(
                                shl(128, addmod(shr(128, a), shr(128, b), 0xffffffff00000001)),
                                shl(64, addmod(and(shr(64, a), 0xffffffffffffffff), and(shr(64, b), 0xffffffffffffffff), 0xffffffff00000001))
                            ),
                            addmod(and(a, 0xffffffffffffffff), and(b, 0xffffffffffffffff), 0xffffffff00000001)
                        )
                    )
                }
                case 2 {
                    // a − b
                    b := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, b)
                    mstore(
                        add(base, and(shr(31, word), 0x1ffe0)),
                        or(
                            or(
                                shl(128, addmod(shr(128, a), shr(128, b), 0xffffffff00000001)),
                                shl(64, addmod(and(shr(64, a), 0xffffffffffffffff), and(shr(64, b), 0xffffffffffffffff), 0xffffffff00000001))
                            ),
                            addmod(and(a, 0xffffffffffffffff), and(b, 0xffffffffffffffff), 0xffffffff00000001)
                        )
                    )
                }
                case 3 {
                    // a·b + c, b in the base field
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    b := shr(128, b)
                    let d := shl(128, mod(add(mul(shr(128, a), b), shr(128, c)), 0xffffffff00000001))
                    d := or(
                        d,
                        shl(64, mod(add(mul(and(shr(64, a), 0xffffffffffffffff), b), and(shr(64, c), 0xffffffffffffffff)), 0xffffffff00000001))
                    )
                    d := or(d, mod(add(mul(and(a, 0xffffffffffffffff), b), and(c, 0xffffffffffffffff)), 0xffffffff00000001))
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), d)
                }
                default {
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    switch shr(48, word)
                    case 4 {
                        // c − a·b
                        a := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, a)
                    }
                    default {
                        // a·b − c
                        c := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, c)
                    }
                    let a0 := shr(128, a)
                    let a1 := and(shr(64, a), 0xffffffffffffffff)
                    a := and(a, 0xffffffffffffffff)
                    let b0 := shr(128, b)
                    let b1 := and(shr(64, b), 0xffffffffffffffff)
                    b := and(b, 0xffffffffffffffff)
                    let d := mod(add(shr(128, c), add(mul(a0, b0), shl(1, add(mul(a1, b), mul(a, b1))))), 0xffffffff00000001)
                    d := or(
                        shl(64, d),
                        mod(
                            add(and(shr(64, c), 0xffffffffffffffff), add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a, b)))),
                            0xffffffff00000001
                        )
                    )
                    d := or(
                        shl(64, d),
                        mod(add(and(c, 0xffffffffffffffff), add(add(mul(a0, b), mul(a1, b1)), mul(a, b0))), 0xffffffff00000001)
                    )
                    mstore(add(base, and(shr(31, word), 0x1ffe0)), d)
                }
            }
        }
    }
}
