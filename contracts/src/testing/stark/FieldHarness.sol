// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, inverseAll} from "../../l1/stark/Extension.sol";
import {FriVerifier} from "../../l1/stark/FriVerifier.sol";
import {Goldilocks} from "../../l1/stark/Goldilocks.sol";
import {ProofReader} from "../../l1/stark/ProofReader.sol";

/// @notice Exposes the arithmetic of the verifier for comparison with zkvm/field.
contract FieldHarness {
    /// @notice For each pair: a + b, a − b, a·b, a scaled by the last coordinate of b, and the inverse of a, 0 for 0.
    function operate(Ext[] calldata a, Ext[] calldata b) external pure returns (Ext[5][] memory results) {
        results = new Ext[5][](a.length);
        for (uint256 i = 0; i < a.length; ++i) {
            uint256 factor = uint64(Ext.unwrap(b[i]));
            results[i] = [a[i] + b[i], a[i] - b[i], a[i] * b[i], a[i].scale(factor), a[i].inverse()];
        }
    }

    function invertAll(Ext[] calldata values) external pure returns (Ext[] memory) {
        return inverseAll(values);
    }

    function horner(Ext[] calldata coefficients, uint256 x) external pure returns (Ext) {
        (uint256 s0, uint256 s1, uint256 s2) = FriVerifier.hornerAt(FriVerifier.coordinatesOf(coefficients), x);
        return Ext.wrap(s0 % Goldilocks.P << 128 | s1 % Goldilocks.P << 64 | s2 % Goldilocks.P);
    }

    function rootOfUnity(uint256 logOrder) external pure returns (uint256) {
        return Goldilocks.rootOfUnity(logOrder);
    }

    function reverseBits(uint256 value, uint256 log) external pure returns (uint256) {
        return Goldilocks.reverseBits(value, log);
    }

    /// @notice Whether all elements of 8 bytes are below the prime; bytes that follow them in the calldata are not looked at.
    function areCanonical(bytes calldata elements) external pure returns (bool) {
        uint256 start;
        assembly ("memory-safe") {
            start := elements.offset
        }
        return ProofReader.areCanonical(start, elements.length / 8);
    }
}
