// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";
import {Family, Layout} from "./Layout.sol";

/// @notice Digests of a Merkle opening.
struct Nodes {
    uint256 offset;
    uint256 count;
}

/// @notice Where the parts of a proof begin in the calldata.
struct ProofParts {
    uint256 mainRoot;
    uint256 auxRoot;
    uint256 sums;
    uint256 quotientRoot;
    uint256 values;
    uint256 valuesLength;
    uint256 foldRoots;
    uint256 finalPolynomial;
    uint256 nonce;
    uint256[4] rows;
    Nodes[4] rowNodes;
    uint256[] foldValues;
    uint256[] foldValueCounts;
    Nodes[] foldNodes;
}

/// @title Proofs of version 2 of one segment, byte by byte (zkvm/stark/proof-codec.ts, docs/formats.md)
/// @notice All lengths follow from the heights, but for the counts in the openings. What this has passed lies in the proof, is as long as
/// it must be, and all its elements are canonical.
library ProofReader {
    uint256 internal constant VERSION = 2;
    /// @dev Where the heights begin: after the version and the number of segments.
    uint256 internal constant HEIGHTS = 3;

    function heights(bytes calldata proof, uint256 tables) internal pure returns (uint256[] memory logHeights) {
        if (proof.length < HEIGHTS + tables || uint8(proof[0]) != VERSION) revert IStarkVerifier.StarkVerifier__Encoding(0);
        if (uint8(proof[1]) != 0 || uint8(proof[2]) != 1) revert IStarkVerifier.StarkVerifier__Encoding(1);
        logHeights = new uint256[](tables);
        for (uint256 i = 0; i < tables; ++i) logHeights[i] = uint8(proof[HEIGHTS + i]);
    }

    /// @notice Everything after the heights, for `queries` positions, `steps` of folding and a last polynomial of 2^logFinalLength
    /// coefficients.
    function read(
        bytes calldata proof,
        uint256 tables,
        Layout memory shape,
        uint256 queries,
        uint256 steps,
        uint256 logFinalLength
    ) internal pure returns (ProofParts memory parts) {
        uint256 start;
        assembly ("memory-safe") {
            start := proof.offset
        }
        Cursor memory cursor = Cursor({start: start, offset: start + HEIGHTS + tables, end: start + proof.length});
        parts.mainRoot = _take(cursor, 32);
        parts.auxRoot = _take(cursor, 32);
        parts.sums = _takeElements(cursor, 3 * tables);
        parts.quotientRoot = _take(cursor, 32);
        parts.valuesLength = 24 * _countValues(shape);
        parts.values = _takeElements(cursor, parts.valuesLength / 8);
        parts.foldRoots = _take(cursor, 32 * steps);
        parts.finalPolynomial = _takeElements(cursor, 3 << logFinalLength);
        parts.nonce = _take(cursor, 8);
        for (uint256 stage = 0; stage < 4; ++stage) {
            parts.rows[stage] = _takeElements(cursor, queries * shape.rowBytes[stage] / 8);
            parts.rowNodes[stage] = _takeNodes(cursor);
        }
        parts.foldValues = new uint256[](steps);
        parts.foldValueCounts = new uint256[](steps);
        parts.foldNodes = new Nodes[](steps);
        for (uint256 step = 0; step < steps; ++step) {
            parts.foldValueCounts[step] = _takeCount(cursor);
            parts.foldValues[step] = _takeElements(cursor, 3 * parts.foldValueCounts[step]);
            parts.foldNodes[step] = _takeNodes(cursor);
        }
        if (cursor.offset != cursor.end) revert IStarkVerifier.StarkVerifier__Encoding(cursor.offset - start);
    }

    struct Cursor {
        uint256 start;
        uint256 offset;
        uint256 end;
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
        if (!areCanonical(offset, count)) revert IStarkVerifier.StarkVerifier__Encoding(cursor.offset - cursor.start);
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

    /// @dev Out-of-domain values, those of the quotient's halves included.
    function _countValues(Layout memory shape) private pure returns (uint256 count) {
        for (uint256 i = 0; i < shape.families.length; ++i) {
            Family memory family = shape.families[i];
            count += family.cells.length * family.offsetCount;
        }
    }

}
