// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext, extensionAt} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {Nodes, ProofParts} from "./ProofReader.sol";

/// @notice A codeword at the positions that are known of it: ascending, the first `count` of each array. `points` are the elements of the
/// domain at the positions, `inverses` theirs.
struct KnownValues {
    uint256 count;
    uint256[] positions;
    Ext[] values;
    uint256[] points;
    uint256[] inverses;
}

/// @title The low-degree test (zkvm/stark/fri-verifier.ts)
library FriVerifier {
    /// @notice What the steps share. `down[r]` is ω^(−reversed r), `up[r]` its inverse, ω of order 2^logFold: a leaf holds the values at
    /// x·up[0], x·up[1], …
    struct Folding {
        uint256 logFold;
        uint256[] up;
        uint256[] down;
        /// @dev 1 / 2^logFold
        uint256 scale;
        /// @dev 0 (8 bytes) and the values of a leaf: what its digest is of.
        bytes message;
        Ext[] slots;
        uint256[] indices;
        bytes32[] digests;
    }

    function verify(
        ProofParts memory parts,
        uint256 logDomain,
        uint256 logFold,
        uint256 logFinalLength,
        Ext[] memory challenges,
        KnownValues memory known,
        uint256 proofStart
    ) internal pure {
        Folding memory folding = _prepare(logFold, known.count);
        for (uint256 step = 0; step < challenges.length; ++step) {
            uint256 given = (_countLeaves(known, logFold) << logFold) - known.count;
            if (given != parts.foldValueCounts[step]) revert IStarkVerifier.StarkVerifier__Encoding(parts.foldValues[step] - proofStart);
            _fold(folding, known, parts.foldValues[step], challenges[step]);
            logDomain -= logFold;
            if (!_areCommitted(folding, known, logDomain, parts.foldNodes[step], parts.foldRoots + 32 * step)) {
                revert IStarkVerifier.StarkVerifier__FriCommitment(step);
            }
        }
        _checkFinal(parts.finalPolynomial, 1 << logFinalLength, known);
    }

    function _prepare(uint256 logFold, uint256 count) private pure returns (Folding memory folding) {
        uint256 size = 1 << logFold;
        folding.logFold = logFold;
        folding.up = new uint256[](size);
        folding.down = new uint256[](size);
        uint256 root = Goldilocks.rootOfUnity(logFold);
        uint256 power = 1;
        for (uint256 i = 0; i < size; ++i) {
            folding.up[Goldilocks.reverseBits(i, logFold)] = power;
            folding.down[Goldilocks.reverseBits((size - i) % size, logFold)] = power;
            power = Goldilocks.mul(power, root);
        }
        folding.scale = Goldilocks.inverse(size);
        folding.message = new bytes(8 + 24 * size + 8);
        folding.slots = new Ext[](size);
        folding.indices = new uint256[](count);
        folding.digests = new bytes32[](count);
    }

    function _countLeaves(KnownValues memory known, uint256 logFold) private pure returns (uint256 leaves) {
        uint256 last = type(uint256).max;
        for (uint256 i = 0; i < known.count; ++i) {
            uint256 leaf = known.positions[i] >> logFold;
            if (leaf != last) ++leaves;
            last = leaf;
        }
    }

    /// @dev Replaces the known values by those of the next codeword, and leaves the digests of the leaves in `folding`. What is not known
    /// of a leaf comes from the proof, in order.
    function _fold(Folding memory folding, KnownValues memory known, uint256 given, Ext challenge) private pure {
        uint256 size = 1 << folding.logFold;
        uint256 leaves = 0;
        for (uint256 i = 0; i < known.count; ++leaves) {
            uint256 leaf = known.positions[i] >> folding.logFold;
            uint256 slot = known.positions[i] & (size - 1);
            uint256 point = Goldilocks.mul(known.points[i], folding.down[slot]);
            uint256 inverse = Goldilocks.mul(known.inverses[i], folding.up[slot]);
            for (slot = 0; slot < size; ++slot) {
                if (i < known.count && known.positions[i] == leaf * size + slot) {
                    folding.slots[slot] = known.values[i++];
                } else {
                    folding.slots[slot] = extensionAt(given);
                    given += 24;
                }
            }
            folding.indices[leaves] = leaf;
            folding.digests[leaves] = _hashLeaf(folding);
            known.positions[leaves] = leaf;
            known.values[leaves] = _foldLeaf(folding, challenge.scale(inverse));
            for (uint256 level = 0; level < folding.logFold; ++level) {
                point = Goldilocks.mul(point, point);
                inverse = Goldilocks.mul(inverse, inverse);
            }
            known.points[leaves] = point;
            known.inverses[leaves] = inverse;
        }
        known.count = leaves;
    }

    function _hashLeaf(Folding memory folding) private pure returns (bytes32 digest) {
        bytes memory message = folding.message;
        Ext[] memory slots = folding.slots;
        uint256 size = slots.length;
        // Each value is written over the last 8 bytes of the word before; the message has room for those of the last one.
        assembly ("memory-safe") {
            let from := add(slots, 32)
            let to := add(message, 40)
            for { let end := add(from, shl(5, size)) } lt(from, end) { from := add(from, 32) } {
                mstore(to, shl(64, mload(from)))
                to := add(to, 24)
            }
            digest := keccak256(add(message, 32), add(8, mul(24, size)))
        }
    }

    /// @dev f(X) = e(X²) + X·o(X²) becomes e + challenge·o: (f(x) + f(−x)) / 2 + challenge / x · (f(x) − f(−x)) / 2. Folding so with
    /// challenge, challenge², … is folding 2^logFold values with challenge. `ratio` is challenge / x of the leaf's first point.
    function _foldLeaf(Folding memory folding, Ext ratio) private pure returns (Ext) {
        Ext[] memory slots = folding.slots;
        for (uint256 pairs = slots.length / 2; pairs > 0; pairs /= 2) {
            for (uint256 i = 0; i < pairs; ++i) {
                slots[i] = _foldPair(slots[2 * i], slots[2 * i + 1], ratio.scale(folding.down[2 * i]));
            }
            ratio = ratio * ratio;
        }
        return slots[0].scale(folding.scale);
    }

    /// @dev (a + b) + ratio·(a − b), twice the folded value.
    function _foldPair(Ext a, Ext b, Ext ratio) private pure returns (Ext) {
        return a + b + ratio * (a - b);
    }

    function _areCommitted(Folding memory folding, KnownValues memory known, uint256 log, Nodes memory nodes, uint256 rootAt)
        private
        pure
        returns (bool)
    {
        bytes32 root;
        assembly ("memory-safe") {
            root := calldataload(rootAt)
        }
        return MerkleOpening.verify(folding.indices, folding.digests, known.count, log, nodes.offset, nodes.count, root);
    }

    function _checkFinal(uint256 offset, uint256 length, KnownValues memory known) private pure {
        Ext[] memory coefficients = new Ext[](length);
        for (uint256 i = 0; i < length; ++i) coefficients[i] = extensionAt(offset + 24 * i);
        for (uint256 i = 0; i < known.count; ++i) {
            if (!(hornerAt(coefficients, known.points[i]) == known.values[i])) {
                revert IStarkVerifier.StarkVerifier__FinalPolynomial(known.positions[i]);
            }
        }
    }

    /// @notice Σ coefficients[i]·x^i
    function hornerAt(Ext[] memory coefficients, uint256 x) internal pure returns (Ext sum) {
        // sum := sum·x + coefficient, the coordinates apart; they are reduced in the next step, the last time at the end.
        assembly ("memory-safe") {
            let p := 0xffffffff00000001
            let m := 0xffffffffffffffff
            let s0 := 0
            let s1 := 0
            let s2 := 0
            for { let at := add(coefficients, shl(5, mload(coefficients))) } gt(at, coefficients) { at := sub(at, 32) } {
                let c := mload(at)
                s0 := add(mulmod(s0, x, p), shr(128, c))
                s1 := add(mulmod(s1, x, p), and(shr(64, c), m))
                s2 := add(mulmod(s2, x, p), and(c, m))
            }
            sum := or(or(shl(128, mod(s0, p)), shl(64, mod(s1, p))), mod(s2, p))
        }
    }
}
