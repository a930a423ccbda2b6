// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";

/// @notice All that the checks of a segment's openings depend on, once its transcript and its constraints are checked. In a transaction of
/// its own it comes as bytes (zkvm/stark/query-context.ts), of which the contract keeps the hash; arrays lie in these.
struct QueryContext {
    bytes32 runId;
    uint256 segment;
    uint256 logDomain;
    /// @dev Of the tables' LogUp sums.
    Ext sum;
    /// @dev Of the stages fixed, main, aux and quotient; 0 where there is no column.
    bytes32[] roots;
    /// @dev Weight of group i at its row number o in the combination: challenge^(i + o·groups).
    Ext combinationChallenge;
    uint256 groups;
    /// @dev Main column i has weight bindingChallenge^i in the binding, whose own weight is that of the last group; 0 without a binding. Its
    /// divisor is the last one.
    Ext bindingChallenge;
    uint256[] positions;
    bytes32[] foldRoots;
    Ext[] foldChallenges;
    Ext[] finalPolynomial;
    /// @dev From the lowest bits on: stage (8 bits), groups (24), number of rows (8), and the divisor for each row (8).
    uint256[] families;
    /// @dev Divisor i is X^(2^logPack) − roots[i], of one row number o; what it divides has the weight challenge^(o·groups) besides the
    /// groups'. The claims are Σ_j X^j·claims[i][j], 2^logPack of them, without that weight.
    Ext[] divisorRoots;
    Ext[][] claims;
}

/// @title A context as words
/// @notice runId, segment, logDomain, sum, combinationChallenge, groups, bindingChallenge; then the arrays in the order of the struct, each behind its length.
library QueryContextLib {
    uint256 private constant ARRAYS = 7;

    function encode(QueryContext memory context) internal pure returns (bytes memory encoded) {
        assembly ("memory-safe") {
            encoded := mload(0x40)
        }
        uint256 pointer;
        assembly ("memory-safe") {
            pointer := add(encoded, 32)
            mcopy(pointer, context, 128)
            // What follows stands behind the pointer to the roots.
            mcopy(add(pointer, 128), add(context, 160), 96)
            pointer := add(pointer, mul(32, ARRAYS))
        }
        pointer = _put(pointer, _words(context.roots));
        pointer = _put(pointer, context.positions);
        pointer = _put(pointer, _words(context.foldRoots));
        pointer = _put(pointer, _words(context.foldChallenges));
        pointer = _put(pointer, _words(context.finalPolynomial));
        pointer = _put(pointer, context.families);
        pointer = _put(pointer, _words(context.divisorRoots));
        for (uint256 i = 0; i < context.claims.length; ++i) pointer = _put(pointer, _words(context.claims[i]));
        assembly ("memory-safe") {
            mstore(encoded, sub(sub(pointer, encoded), 32))
            mstore(0x40, pointer)
        }
    }

    /// @notice The arrays of the result are those of `encoded`, which has to be what `encode` gave.
    function decode(bytes memory encoded) internal pure returns (QueryContext memory context) {
        uint256 pointer;
        assembly ("memory-safe") {
            pointer := add(encoded, 32)
            mcopy(context, pointer, 128)
            mcopy(add(context, 160), add(pointer, 128), 96)
            pointer := add(pointer, mul(32, ARRAYS))
        }
        uint256[] memory words;
        (words, pointer) = _take(pointer);
        context.roots = _digests(words);
        (context.positions, pointer) = _take(pointer);
        (words, pointer) = _take(pointer);
        context.foldRoots = _digests(words);
        (words, pointer) = _take(pointer);
        context.foldChallenges = _extensions(words);
        (words, pointer) = _take(pointer);
        context.finalPolynomial = _extensions(words);
        (context.families, pointer) = _take(pointer);
        (words, pointer) = _take(pointer);
        context.divisorRoots = _extensions(words);
        context.claims = new Ext[][](words.length);
        for (uint256 i = 0; i < context.claims.length; ++i) {
            (words, pointer) = _take(pointer);
            context.claims[i] = _extensions(words);
        }
    }

    /// @dev Into memory that nobody has allocated, as long as `encode` allocates nothing meanwhile.
    function _put(uint256 pointer, uint256[] memory words) private pure returns (uint256 next) {
        assembly ("memory-safe") {
            let length := add(32, shl(5, mload(words)))
            mcopy(pointer, words, length)
            next := add(pointer, length)
        }
    }

    function _take(uint256 pointer) private pure returns (uint256[] memory words, uint256 next) {
        assembly ("memory-safe") {
            words := pointer
            next := add(pointer, add(32, shl(5, mload(pointer))))
        }
    }

    function _words(bytes32[] memory digests) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := digests
        }
    }

    function _words(Ext[] memory extensions) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := extensions
        }
    }

    function _digests(uint256[] memory words) private pure returns (bytes32[] memory digests) {
        assembly ("memory-safe") {
            digests := words
        }
    }

    function _extensions(uint256[] memory words) private pure returns (Ext[] memory extensions) {
        assembly ("memory-safe") {
            extensions := words
        }
    }
}
