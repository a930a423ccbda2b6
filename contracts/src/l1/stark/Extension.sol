// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Goldilocks} from "./Goldilocks.sol";

/// @notice An element c0 + c1·X + c2·X² of the cubic extension F[X]/(X³ − 2): c0·2^128 + c1·2^64 + c2, which is how its 24 bytes in a
/// proof read as a number. Coordinates are canonical.
type Ext is uint256;

using {add as +, sub as -, mul as *, equals as ==, inverse, scale, power, isInBase} for Ext global;

Ext constant ZERO = Ext.wrap(0);
Ext constant ONE = Ext.wrap(1 << 128);

function fromBase(uint256 value) pure returns (Ext) {
    return Ext.wrap(value << 128);
}

/// @notice The 24 bytes at an offset of the calldata. The caller has checked that they are there and that coordinates are canonical.
function extensionAt(uint256 offset) pure returns (Ext value) {
    assembly ("memory-safe") {
        value := shr(64, calldataload(offset))
    }
}

// In what follows sums of products of coordinates (below 2^64 each) stay far below 2^256, so one reduction at the end is enough.

function add(Ext a, Ext b) pure returns (Ext c) {
    assembly ("memory-safe") {
        let p := 0xffffffff00000001
        let m := 0xffffffffffffffff
        c := shl(64, addmod(shr(128, a), shr(128, b), p))
        c := shl(64, or(c, addmod(and(shr(64, a), m), and(shr(64, b), m), p)))
        c := or(c, addmod(and(a, m), and(b, m), p))
    }
}

/// @notice a + (p − b0, p − b1, p − b2)
function sub(Ext a, Ext b) pure returns (Ext c) {
    assembly ("memory-safe") {
        let p := 0xffffffff00000001
        let m := 0xffffffffffffffff
        b := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, b)
        c := shl(64, addmod(shr(128, a), shr(128, b), p))
        c := shl(64, or(c, addmod(and(shr(64, a), m), and(shr(64, b), m), p)))
        c := or(c, addmod(and(a, m), and(b, m), p))
    }
}

/// @notice (a0·b0 + 2·(a1·b2 + a2·b1), a0·b1 + a1·b0 + 2·a2·b2, a0·b2 + a1·b1 + a2·b0)
function mul(Ext a, Ext b) pure returns (Ext c) {
    assembly ("memory-safe") {
        let p := 0xffffffff00000001
        let m := 0xffffffffffffffff
        let a0 := shr(128, a)
        let a1 := and(shr(64, a), m)
        let a2 := and(a, m)
        let b0 := shr(128, b)
        let b1 := and(shr(64, b), m)
        let b2 := and(b, m)
        c := shl(128, mod(add(mul(a0, b0), shl(1, add(mul(a1, b2), mul(a2, b1)))), p))
        c := or(c, shl(64, mod(add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a2, b2))), p)))
        c := or(c, mod(add(add(mul(a0, b2), mul(a1, b1)), mul(a2, b0)), p))
    }
}

/// @notice The product with an element of the base field.
function scale(Ext a, uint256 factor) pure returns (Ext c) {
    assembly ("memory-safe") {
        let p := 0xffffffff00000001
        let m := 0xffffffffffffffff
        c := shl(128, mulmod(shr(128, a), factor, p))
        c := or(c, shl(64, mulmod(and(shr(64, a), m), factor, p)))
        c := or(c, mulmod(and(a, m), factor, p))
    }
}

function equals(Ext a, Ext b) pure returns (bool) {
    return Ext.unwrap(a) == Ext.unwrap(b);
}

function isInBase(Ext a) pure returns (bool) {
    return uint128(Ext.unwrap(a)) == 0;
}

/// @notice a to the power 2^log.
function power(Ext a, uint256 log) pure returns (Ext) {
    for (; log > 0; --log) a = a * a;
    return a;
}

/// @notice 0 for 0, which callers have to exclude. a · adjugate = norm, which is in the base field.
function inverse(Ext a) pure returns (Ext) {
    uint256 p = Goldilocks.P;
    uint256 a0 = Ext.unwrap(a) >> 128;
    uint256 a1 = uint64(Ext.unwrap(a) >> 64);
    uint256 a2 = uint64(Ext.unwrap(a));
    uint256 d0 = addmod(a0 * a0, 2 * (p - a1) * a2, p);
    uint256 d1 = addmod(2 * a2 * a2, (p - a0) * a1, p);
    uint256 d2 = addmod(a1 * a1, (p - a0) * a2, p);
    uint256 norm = (a0 * d0 + 2 * (a1 * d2 + a2 * d1)) % p;
    return Ext.wrap(d0 << 128 | d1 << 64 | d2).scale(Goldilocks.inverse(norm));
}

/// @notice The inverses of all, none of which is 0, with one inversion (Montgomery's trick).
function inverseAll(Ext[] memory values) pure returns (Ext[] memory inverses) {
    inverses = new Ext[](values.length);
    Ext product = ONE;
    for (uint256 i = 0; i < values.length; ++i) {
        inverses[i] = product;
        product = product * values[i];
    }
    Ext rest = inverse(product);
    for (uint256 i = values.length; i > 0; --i) {
        inverses[i - 1] = inverses[i - 1] * rest;
        rest = rest * values[i - 1];
    }
}
