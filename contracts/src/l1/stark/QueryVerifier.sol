// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DeepCombination} from "./DeepCombination.sol";
import {FriVerifier, KnownValues} from "./FriVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {OpeningParts} from "./ProofReader.sol";
import {QueryContext} from "./QueryContext.sol";

/// @title What is opened at consecutive query positions
library QueryVerifier {
    /// @notice Checks the openings at positions number `from` to `from + count − 1`. Reverts with the error of the check that fails.
    function verify(QueryContext memory context, OpeningParts memory parts, uint256 from, uint256 count, uint256 logFold, uint256 proofStart)
        internal
        pure
    {
        uint256[] memory positions = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) positions[i] = context.positions[from + i];
        _checkRows(context, parts, positions);
        FriVerifier.verify({
            parts: parts,
            logDomain: context.logDomain,
            logFold: logFold,
            roots: context.foldRoots,
            challenges: context.foldChallenges,
            finalPolynomial: context.finalPolynomial,
            known: _codeword(context, parts, positions),
            proofStart: proofStart
        });
    }

    function _checkRows(QueryContext memory context, OpeningParts memory parts, uint256[] memory positions) private pure {
        uint256[] memory indices = new uint256[](positions.length);
        bytes32[] memory digests = new bytes32[](positions.length);
        for (uint256 stage = 0; stage < 4; ++stage) {
            uint256 rowBytes = parts.rowBytes[stage];
            if (rowBytes == 0) {
                if (parts.rowNodes[stage].count > 0) revert IStarkVerifier.StarkVerifier__Openings(stage);
                continue;
            }
            uint256 row = parts.rows[stage];
            // Within the proof.
            unchecked {
                for (uint256 i = 0; i < positions.length; ++i) {
                    indices[i] = positions[i];
                    digests[i] = MerkleOpening.hashLeaf(row, rowBytes);
                    row += rowBytes;
                }
            }
            bool isCommitted = MerkleOpening.verify({
                indices: indices,
                digests: digests,
                count: positions.length,
                log: context.logDomain,
                nodes: parts.rowNodes[stage].offset,
                nodeCount: parts.rowNodes[stage].count,
                root: context.roots[stage]
            });
            if (!isCommitted) revert IStarkVerifier.StarkVerifier__Openings(stage);
        }
    }

    /// @dev What the low-degree test begins with: the combination of all rows, at the positions.
    function _codeword(QueryContext memory context, OpeningParts memory parts, uint256[] memory positions)
        private
        pure
        returns (KnownValues memory known)
    {
        known.count = positions.length;
        known.positions = positions;
        known.points = new uint256[](positions.length);
        uint256[] memory roots = Goldilocks.rootsOfUnity(context.logDomain);
        for (uint256 i = 0; i < positions.length; ++i) known.points[i] = _pointAt(positions[i], roots);
        known.inverses = Goldilocks.inverseAll(known.points);
        known.values = DeepCombination.valuesAt(context, parts, known.points);
    }

    /// @dev Generator times root^(reversed position): the position's bit b stands for a root of unity of order 2^(b + 1), which is roots[b].
    function _pointAt(uint256 position, uint256[] memory roots) private pure returns (uint256 point) {
        point = Goldilocks.GENERATOR;
        // A position has no more bits than there are roots.
        assembly ("memory-safe") {
            for {} position { position := shr(1, position) } {
                roots := add(roots, 32)
                if and(position, 1) { point := mulmod(point, mload(roots), 0xffffffff00000001) }
            }
        }
    }
}
