// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";

/// @notice Digests of a Merkle opening.
struct Nodes {
    uint256 offset;
    uint256 count;
}

/// @notice Where the parts of a segment's proof begin in the calldata, up to the nonce.
struct PrefixParts {
    uint256 auxRoot;
    uint256 sums;
    uint256 quotientRoot;
    uint256 values;
    uint256 valuesLength;
    uint256 foldRoots;
    uint256 finalPolynomial;
    uint256 nonce;
    /// @dev Bytes up to the end of the nonce.
    uint256 length;
}

/// @notice Where the parts of the openings at some positions begin in the calldata.
struct OpeningParts {
    uint256[4] rows;
    uint256[4] rowBytes;
    Nodes[4] rowNodes;
    uint256[] foldValues;
    uint256[] foldValueCounts;
    Nodes[] foldNodes;
}

/// @notice Bytes of the calldata that are read one after another. Errors tell the distance from `start`.
struct Cursor {
    uint256 start;
    uint256 offset;
    uint256 end;
}

/// @title Proofs byte by byte (zkvm/stark/proof-codec.ts, docs/formats.md)
/// @notice All lengths follow from the heights, but for the counts in the openings. What this has passed lies in the proof, is as long as
/// it must be, and all its elements are canonical.
library ProofReader {
    function begin(bytes calldata proof) internal pure returns (Cursor memory cursor) {
        uint256 start;
        assembly ("memory-safe") {
            start := proof.offset
        }
        return Cursor({start: start, offset: start, end: start + proof.length});
    }

    function readPrefix(Cursor memory cursor, uint256 tables, uint256 values, uint256 steps, uint256 logFinalLength)
        internal
        pure
        returns (PrefixParts memory parts)
    {
        parts.auxRoot = _take(cursor, 32);
        parts.sums = _takeElements(cursor, 3 * tables);
        parts.quotientRoot = _take(cursor, 32);
        parts.valuesLength = 24 * values;
        parts.values = _takeElements(cursor, 3 * values);
        parts.foldRoots = _take(cursor, 32 * steps);
        parts.finalPolynomial = _takeElements(cursor, 3 << logFinalLength);
        parts.nonce = _take(cursor, 8);
        parts.length = cursor.offset - cursor.start;
    }

    /// @notice The openings at `count` positions, which nothing may follow. Their elements are still to be checked.
    function readOpenings(Cursor memory cursor, uint256[4] memory rowBytes, uint256 count, uint256 steps)
        internal
        pure
        returns (OpeningParts memory parts)
    {
        parts.rowBytes = rowBytes;
        for (uint256 stage = 0; stage < 4; ++stage) {
            parts.rows[stage] = _take(cursor, count * rowBytes[stage]);
            parts.rowNodes[stage] = _takeNodes(cursor);
        }
        parts.foldValues = new uint256[](steps);
        parts.foldValueCounts = new uint256[](steps);
        parts.foldNodes = new Nodes[](steps);
        for (uint256 step = 0; step < steps; ++step) {
            parts.foldValueCounts[step] = _takeCount(cursor);
            parts.foldValues[step] = _take(cursor, 24 * parts.foldValueCounts[step]);
            parts.foldNodes[step] = _takeNodes(cursor);
        }
        finish(cursor);
    }

    /// @notice Reverts unless all elements of the openings at `count` positions are below the prime.
    function checkCanonical(OpeningParts memory parts, uint256 count, uint256 start) internal pure {
        for (uint256 stage = 0; stage < 4; ++stage) _checkCanonical(parts.rows[stage], count * parts.rowBytes[stage] / 8, start);
        for (uint256 step = 0; step < parts.foldValues.length; ++step) {
            _checkCanonical(parts.foldValues[step], 3 * parts.foldValueCounts[step], start);
        }
    }

    function finish(Cursor memory cursor) internal pure {
        if (cursor.offset != cursor.end) revert IStarkVerifier.StarkVerifier__Encoding(cursor.offset - cursor.start);
    }

    function _take(Cursor memory cursor, uint256 length) private pure returns (uint256 offset) {
        offset = cursor.offset;
        if (length > cursor.end - offset) revert IStarkVerifier.StarkVerifier__Encoding(cursor.end - cursor.start);
        cursor.offset = offset + length;
    }

    function _takeCount(Cursor memory cursor) private pure returns (uint256 count) {
        uint256 offset = _take(cursor, 2);
        assembly ("memory-safe") {
            count := shr(240, calldataload(offset))
        }
    }

    function _takeNodes(Cursor memory cursor) private pure returns (Nodes memory nodes) {
        nodes.count = _takeCount(cursor);
        nodes.offset = _take(cursor, 32 * nodes.count);
    }

    function _takeElements(Cursor memory cursor, uint256 count) private pure returns (uint256 offset) {
        offset = _take(cursor, 8 * count);
        _checkCanonical(offset, count, cursor.start);
    }

    function _checkCanonical(uint256 offset, uint256 count, uint256 start) private pure {
        if (!areCanonical(offset, count)) revert IStarkVerifier.StarkVerifier__Encoding(offset + 8 * count - start);
    }

    /// @notice Whether all of `count` elements of 8 bytes at an offset of the calldata are below the prime.
    function areCanonical(uint256 offset, uint256 count) internal pure returns (bool isCanonical) {
        // x ≥ P exactly if x + (2^64 − P) passes 2^64. Of the four elements of a word two by two are added to, each of which has 64 bits of
        // 0 above it to take the carry. Past the end 0 takes the place of what the calldata has there.
        assembly ("memory-safe") {
            let lanes := 0x000000000000000000000000ffffffff000000000000000000000000ffffffff
            let low := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
            let carries := 0
            let end := add(offset, shl(3, count))
            for {} lt(add(offset, 127), end) { offset := add(offset, 128) } {
                let a := calldataload(offset)
                let b := calldataload(add(offset, 32))
                let c := calldataload(add(offset, 64))
                let d := calldataload(add(offset, 96))
                carries := or(
                    or(
                        or(
                            or(add(and(a, low), lanes), add(and(shr(64, a), low), lanes)),
                            or(add(and(b, low), lanes), add(and(shr(64, b), low), lanes))
                        ),
                        or(add(and(c, low), lanes), add(and(shr(64, c), low), lanes))
                    ),
                    or(or(add(and(d, low), lanes), add(and(shr(64, d), low), lanes)), carries)
                )
            }
            for {} lt(add(offset, 31), end) { offset := add(offset, 32) } {
                let word := calldataload(offset)
                carries := or(carries, or(add(and(word, low), lanes), add(and(shr(64, word), low), lanes)))
            }
            if lt(offset, end) {
                let unused := shl(3, sub(32, sub(end, offset)))
                let word := shl(unused, shr(unused, calldataload(offset)))
                carries := or(carries, or(add(and(word, low), lanes), add(and(shr(64, word), low), lanes)))
            }
            isCanonical := iszero(and(carries, not(low)))
        }
    }
}
