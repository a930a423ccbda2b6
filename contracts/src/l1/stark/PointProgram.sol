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
                let m := 0xffffffffffffffff
                let p := 0xffffffff00000001
                let result := add(base, and(shr(31, word), 0x1ffe0))
                switch shr(48, word)
                case 0 {
                    // a·b + c
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    word := and(shr(64, a), m)
                    let b1 := and(shr(64, b), m)
                    let d := shl(128, mod(add(shr(128, c), add(mul(shr(128, a), shr(128, b)), shl(1, add(mul(word, and(b, m)), mul(and(a, m), b1))))), p))
                    d := or(d, shl(64, mod(add(and(shr(64, c), m), add(add(mul(shr(128, a), b1), mul(word, shr(128, b))), shl(1, mul(and(a, m), and(b, m))))), p)))
                    d := or(d, mod(add(and(c, m), add(add(mul(shr(128, a), and(b, m)), mul(word, b1)), mul(and(a, m), shr(128, b)))), p))
                    mstore(result, d)
                }
                case 1 {
                    // a + b
                    mstore(
                        result,
                        or(
                            or(shl(128, addmod(shr(128, a), shr(128, b), p)), shl(64, addmod(and(shr(64, a), m), and(shr(64, b), m), p))),
                            addmod(and(a, m), and(b, m), p)
                        )
                    )
                }
                case 2 {
                    // a − b
                    b := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, b)
                    mstore(
                        result,
                        or(
                            or(shl(128, addmod(shr(128, a), shr(128, b), p)), shl(64, addmod(and(shr(64, a), m), and(shr(64, b), m), p))),
                            addmod(and(a, m), and(b, m), p)
                        )
                    )
                }
                case 3 {
                    // a·b + c, b in the base field
                    let c := mload(add(base, and(shl(5, word), 0x1ffe0)))
                    b := shr(128, b)
                    mstore(
                        result,
                        or(
                            or(
                                shl(128, mod(add(mul(shr(128, a), b), shr(128, c)), p)),
                                shl(64, mod(add(mul(and(shr(64, a), m), b), and(shr(64, c), m)), p))
                            ),
                            mod(add(mul(and(a, m), b), and(c, m)), p)
                        )
                    )
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
                    word := and(shr(64, a), m)
                    let b1 := and(shr(64, b), m)
                    let d := shl(128, mod(add(shr(128, c), add(mul(shr(128, a), shr(128, b)), shl(1, add(mul(word, and(b, m)), mul(and(a, m), b1))))), p))
                    d := or(d, shl(64, mod(add(and(shr(64, c), m), add(add(mul(shr(128, a), b1), mul(word, shr(128, b))), shl(1, mul(and(a, m), and(b, m))))), p)))
                    d := or(d, mod(add(and(c, m), add(add(mul(shr(128, a), and(b, m)), mul(word, b1)), mul(and(a, m), shr(128, b)))), p))
                    mstore(result, d)
                }
            }
        }
    }
}
