// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The prime field of order 2^64 − 2^32 + 1 (zkvm/field/goldilocks.ts)
/// @notice Elements are canonical: below `P`.
library Goldilocks {
    uint256 internal constant P = 0xffffffff00000001;
    /// @notice Generates the multiplicative group; also the shift of the evaluation domain.
    uint256 internal constant GENERATOR = 7;
    uint256 private constant ROOT_OF_ORDER_2_TO_32 = 16334397945464290598;
    uint256 private constant INVERSE_ROOT_OF_ORDER_2_TO_32 = 9624663763718504577;

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        return mulmod(a, b, P);
    }

    function power(uint256 base, uint256 exponent) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := 1
            for {} exponent { exponent := shr(1, exponent) } {
                if and(exponent, 1) { result := mulmod(result, base, P) }
                base := mulmod(base, base, P)
            }
        }
    }

    /// @notice 0 for 0, which callers have to exclude. By Fermat: no precompile whose failure would have to be handled.
    function inverse(uint256 a) internal pure returns (uint256) {
        return power(a, P - 2);
    }

    /// @notice The inverses of all, none of which is 0, with one inversion (Montgomery's trick).
    function inverseAll(uint256[] memory values) internal pure returns (uint256[] memory inverses) {
        inverses = new uint256[](values.length);
        uint256 product = 1;
        assembly ("memory-safe") {
            let toInverse := sub(inverses, values)
            let end := add(values, shl(5, add(1, mload(values))))
            for { let cursor := add(values, 32) } lt(cursor, end) { cursor := add(cursor, 32) } {
                mstore(add(cursor, toInverse), product)
                product := mulmod(product, mload(cursor), 0xffffffff00000001)
            }
        }
        uint256 rest = inverse(product);
        assembly ("memory-safe") {
            let toInverse := sub(inverses, values)
            for { let cursor := add(values, shl(5, mload(values))) } gt(cursor, values) { cursor := sub(cursor, 32) } {
                let inverseAt := add(cursor, toInverse)
                mstore(inverseAt, mulmod(mload(inverseAt), rest, 0xffffffff00000001))
                rest := mulmod(rest, mload(cursor), 0xffffffff00000001)
            }
        }
    }

    /// @notice 2^−log, for `log` up to 192: 2 is of order 192.
    function inverseOfPowerOfTwo(uint256 log) internal pure returns (uint256) {
        return (1 << (192 - log)) % P;
    }

    /// @notice A primitive root of unity of order 2^logOrder, for logOrder up to 32.
    function rootOfUnity(uint256 logOrder) internal pure returns (uint256 root) {
        root = ROOT_OF_ORDER_2_TO_32;
        for (; logOrder < 32; ++logOrder) root = mulmod(root, root, P);
    }

    /// @notice Roots of unity of orders 2, 4, … 2^logOrder, each the square of the next.
    function rootsOfUnity(uint256 logOrder) internal pure returns (uint256[] memory roots) {
        roots = new uint256[](logOrder);
        uint256 root = rootOfUnity(logOrder);
        for (; logOrder > 0; --logOrder) {
            roots[logOrder - 1] = root;
            root = mulmod(root, root, P);
        }
    }

    /// @notice The inverse of `rootOfUnity(logOrder)`, for logOrder from 1 to 32.
    function inverseRootOfUnity(uint256 logOrder) internal pure returns (uint256 root) {
        root = INVERSE_ROOT_OF_ORDER_2_TO_32;
        for (; logOrder < 32; ++logOrder) root = mulmod(root, root, P);
    }

    /// @notice Reverses the lowest `log` bits of a number below 2^log, for `log` up to 32.
    function reverseBits(uint256 value, uint256 log) internal pure returns (uint256) {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4);
        value = ((value >> 8) & 0x00ff00ff) | ((value & 0x00ff00ff) << 8);
        value = (value >> 16) | ((value & 0xffff) << 16);
        return value >> (32 - log);
    }
}
