// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// Written by scripts/gen-stark-verifiers.ts. Do not edit.

import {Ext} from "../../l1/stark/Extension.sol";
import {AirDescription} from "../../l1/stark/Layout.sol";
import {StarkVerifier} from "../../l1/stark/StarkVerifier.sol";

/// @notice The AIR "fibonacci".
abstract contract FibonacciAir is StarkVerifier {
    function _air() internal pure override returns (AirDescription memory) {
        return AirDescription({
            name: "fibonacci",
            tables: 2,
            cells: 12,
            classes: hex"01010000010201000101020001020002010001000200010101",
            withoutBus: 0
        });
    }

    function _registers() internal pure override returns (uint256) {
        return 2;
    }

    function _evaluate(uint256 table, Ext[] memory place, Ext sum) internal pure override returns (Ext) {
        if (table == 0) return _sequence(place, sum);
        if (table == 1) return _range(place, sum);
        return sum;
    }

    function _sequence(Ext[] memory place, Ext sum) private pure returns (Ext) {
        assembly ("memory-safe") {
            function at(array, offset) -> v { v := mload(add(array, offset)) }
            function put(array, offset, v) { mstore(add(array, offset), v) }
            function second(a) -> c { c := and(shr(64, a), 0xffffffffffffffff) }
            function third(a) -> c { c := and(a, 0xffffffffffffffff) }
            function reduced(c0, c1, c2) -> c {
                let p := 0xffffffff00000001
                c := or(or(shl(128, mod(c0, p)), shl(64, mod(c1, p))), mod(c2, p))
            }
            function plus(a, b) -> c { c := reduced(add(shr(128, a), shr(128, b)), add(second(a), second(b)), add(third(a), third(b))) }
            function negative(a) -> c { c := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, a) }
            function scaled(a, k) -> c { c := reduced(mul(shr(128, a), k), mul(second(a), k), mul(third(a), k)) }
            function plusBase(a, k) -> c { c := plus(a, shl(128, k)) }
            function productPlus(a, b, d) -> c {
                let a0 := shr(128, a)
                let a1 := second(a)
                let a2 := third(a)
                let b0 := shr(128, b)
                let b1 := second(b)
                let b2 := third(b)
                c := reduced(
                    add(shr(128, d), add(mul(a0, b0), shl(1, add(mul(a1, b2), mul(a2, b1))))),
                    add(second(d), add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a2, b2)))),
                    add(third(d), add(add(mul(a0, b2), mul(a1, b1)), mul(a2, b0)))
                )
            }
            put(place, 0x520, plus(plus(plus(at(place, 0x480), negative(at(place, 0x460))), at(place, 0xa0)), negative(at(place, 0x440))))
            put(place, 0x520, plusBase(productPlus(productPlus(at(place, 0x380), at(place, 0xe0), plusBase(at(place, 0x320), 0x2)), at(place, 0x520), 0), 0xffffffff00000000))
            sum := productPlus(sum, at(place, 0x20), at(place, 0x520))
            put(place, 0x520, plusBase(at(place, 0xc0), 0x1))
            put(place, 0x540, productPlus(at(place, 0x3c0), at(place, 0x100), at(place, 0x520)))
            put(place, 0x520, plus(at(place, 0x520), productPlus(at(place, 0x400), at(place, 0x100), at(place, 0xe0))))
            put(place, 0x540, productPlus(productPlus(at(place, 0x540), at(place, 0x520), 0), at(place, 0x440), negative(productPlus(negative(at(place, 0x40)), at(place, 0x520), productPlus(at(place, 0x60), at(place, 0x540), 0)))))
            sum := productPlus(sum, at(place, 0x20), at(place, 0x540))
            put(place, 0x540, productPlus(at(place, 0x80), plus(at(place, 0x420), negative(plus(at(place, 0x3c0), at(place, 0x400)))), 0))
            sum := productPlus(sum, at(place, 0x20), at(place, 0x540))
            sum := productPlus(sum, at(place, 0x20), productPlus(at(place, 0x80), plus(at(place, 0x3e0), negative(at(place, 0x400))), 0))
        }
        return sum;
    }

    function _range(Ext[] memory place, Ext sum) private pure returns (Ext) {
        assembly ("memory-safe") {
            function at(array, offset) -> v { v := mload(add(array, offset)) }
            function put(array, offset, v) { mstore(add(array, offset), v) }
            function second(a) -> c { c := and(shr(64, a), 0xffffffffffffffff) }
            function third(a) -> c { c := and(a, 0xffffffffffffffff) }
            function reduced(c0, c1, c2) -> c {
                let p := 0xffffffff00000001
                c := or(or(shl(128, mod(c0, p)), shl(64, mod(c1, p))), mod(c2, p))
            }
            function plus(a, b) -> c { c := reduced(add(shr(128, a), shr(128, b)), add(second(a), second(b)), add(third(a), third(b))) }
            function negative(a) -> c { c := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, a) }
            function scaled(a, k) -> c { c := reduced(mul(shr(128, a), k), mul(second(a), k), mul(third(a), k)) }
            function plusBase(a, k) -> c { c := plus(a, shl(128, k)) }
            function productPlus(a, b, d) -> c {
                let a0 := shr(128, a)
                let a1 := second(a)
                let a2 := third(a)
                let b0 := shr(128, b)
                let b1 := second(b)
                let b2 := third(b)
                c := reduced(
                    add(shr(128, d), add(mul(a0, b0), shl(1, add(mul(a1, b2), mul(a2, b1))))),
                    add(second(d), add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a2, b2)))),
                    add(third(d), add(add(mul(a0, b2), mul(a1, b1)), mul(a2, b0)))
                )
            }
            put(place, 0x520, productPlus(productPlus(at(place, 0x360), at(place, 0xe0), plusBase(at(place, 0x320), 0x2)), plus(plus(at(place, 0x4c0), negative(at(place, 0x4a0))), at(place, 0xa0)), negative(negative(at(place, 0x3a0)))))
            sum := productPlus(sum, at(place, 0x20), at(place, 0x520))
        }
        return sum;
    }
}
