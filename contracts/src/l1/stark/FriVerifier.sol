// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {Nodes, OpeningParts} from "./ProofReader.sol";

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
        OpeningParts memory parts,
        uint256 logDomain,
        uint256 logFold,
        bytes32[] memory roots,
        Ext[] memory challenges,
        Ext[] memory finalPolynomial,
        KnownValues memory known,
        uint256 proofStart
    ) internal pure {
        Folding memory folding = _prepare(logFold, known.count);
        for (uint256 step = 0; step < challenges.length; ++step) {
            uint256 given = (_countLeaves(known, logFold) << logFold) - known.count;
            if (given != parts.foldValueCounts[step]) revert IStarkVerifier.StarkVerifier__Encoding(parts.foldValues[step] - proofStart);
            _fold(folding, known, parts.foldValues[step], challenges[step]);
            logDomain -= logFold;
            if (!_areCommitted(folding, known.count, logDomain, parts.foldNodes[step], roots[step])) {
                revert IStarkVerifier.StarkVerifier__FriCommitment(step);
            }
        }
        _checkFinal(finalPolynomial, known);
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
        folding.scale = Goldilocks.inverseOfPowerOfTwo(logFold);
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
        // Counters and offsets within the proof; nothing comes near 2^256.
        unchecked {
            for (uint256 i = 0; i < known.count; ++leaves) {
                uint256 leaf = known.positions[i] >> folding.logFold;
                uint256 slot = known.positions[i] & (size - 1);
                uint256 point = Goldilocks.mul(known.points[i], folding.down[slot]);
                uint256 inverse = Goldilocks.mul(known.inverses[i], folding.up[slot]);
                (i, given) = _fillLeaf(known, i, leaf * size, folding.slots, given);
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
        }
        known.count = leaves;
    }

    /// @dev The values of the leaf whose first position is `position`: the known ones from number `i` on, the others from the proof.
    function _fillLeaf(KnownValues memory known, uint256 i, uint256 position, Ext[] memory slots, uint256 given)
        private
        pure
        returns (uint256 nextKnown, uint256 nextGiven)
    {
        uint256[] memory positions = known.positions;
        Ext[] memory values = known.values;
        uint256 count = known.count;
        // Reads positions below the count only, and calldata that the reader has passed.
        assembly ("memory-safe") {
            let knownAt := add(positions, shl(5, add(i, 1)))
            let knownEnd := add(positions, shl(5, add(count, 1)))
            let toValue := sub(values, positions)
            let slotsEnd := add(slots, shl(5, mload(slots)))
            for {} lt(slots, slotsEnd) { position := add(position, 1) } {
                slots := add(slots, 32)
                let isKnown := 0
                if lt(knownAt, knownEnd) { isKnown := eq(mload(knownAt), position) }
                switch isKnown
                case 0 {
                    mstore(slots, shr(64, calldataload(given)))
                    given := add(given, 24)
                }
                default {
                    mstore(slots, mload(add(knownAt, toValue)))
                    knownAt := add(knownAt, 32)
                }
            }
            nextKnown := sub(shr(5, sub(knownAt, positions)), 1)
            nextGiven := given
        }
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
        uint256[] memory down = folding.down;
        for (uint256 size = slots.length; size > 1; size /= 2) {
            _foldPairs(slots, size, down, ratio);
            ratio = ratio * ratio;
        }
        return slots[0].scale(folding.scale);
    }

    /// @dev Of the first `size` slots, each pair (a, b) = (2i, 2i + 1) becomes slot i: (a + b) + down[2i]·ratio·(a − b), twice the folded value.
    function _foldPairs(Ext[] memory slots, uint256 size, uint256[] memory down, Ext ratio) private pure {
        // a − b is taken as a + p − b. Sums of products of such coordinates (below 2^65) stay far below 2^256.
        assembly ("memory-safe") {
            function pair(a, b, r0, r1, r2) -> c {
                let d0 := add(sub(0xffffffff00000001, shr(128, b)), shr(128, a))
                let d1 := add(sub(0xffffffff00000001, and(shr(64, b), 0xffffffffffffffff)), and(shr(64, a), 0xffffffffffffffff))
                let d2 := add(sub(0xffffffff00000001, and(b, 0xffffffffffffffff)), and(a, 0xffffffffffffffff))
                c := add(add(shr(128, a), shr(128, b)), add(mul(r0, d0), shl(1, add(mul(r1, d2), mul(r2, d1)))))
                c := shl(64, mod(c, 0xffffffff00000001))
                c := or(
                    c,
                    mod(
                        add(
                            add(and(shr(64, a), 0xffffffffffffffff), and(shr(64, b), 0xffffffffffffffff)),
                            add(add(mul(r0, d1), mul(r1, d0)), shl(1, mul(r2, d2)))
                        ),
                        0xffffffff00000001
                    )
                )
                c := shl(64, c)
                a := add(and(a, 0xffffffffffffffff), and(b, 0xffffffffffffffff))
                c := or(c, mod(add(a, add(add(mul(r0, d2), mul(r1, d1)), mul(r2, d0))), 0xffffffff00000001))
            }
            let r0 := shr(128, ratio)
            let r1 := and(shr(64, ratio), 0xffffffffffffffff)
            let r2 := and(ratio, 0xffffffffffffffff)
            let from := add(slots, 32)
            let to := from
            let end := add(from, shl(5, size))
            // down[0] is 1.
            mstore(to, pair(mload(from), mload(add(from, 32)), r0, r1, r2))
            for { from := add(from, 64) } lt(from, end) { from := add(from, 64) } {
                to := add(to, 32)
                let k := mload(add(down, sub(from, slots)))
                mstore(
                    to,
                    pair(
                        mload(from),
                        mload(add(from, 32)),
                        mulmod(r0, k, 0xffffffff00000001),
                        mulmod(r1, k, 0xffffffff00000001),
                        mulmod(r2, k, 0xffffffff00000001)
                    )
                )
            }
        }
    }

    function _areCommitted(Folding memory folding, uint256 count, uint256 log, Nodes memory nodes, bytes32 root)
        private
        pure
        returns (bool)
    {
        return MerkleOpening.verify(folding.indices, folding.digests, count, log, nodes.offset, nodes.count, root);
    }

    function _checkFinal(Ext[] memory coefficients, KnownValues memory known) private pure {
        for (uint256 i = 0; i < known.count; ++i) {
            if (!(hornerAt(coefficients, known.points[i]) == known.values[i])) {
                revert IStarkVerifier.StarkVerifier__FinalPolynomial(known.positions[i]);
            }
        }
    }

    /// @notice Σ coefficients[i]·x^i
    function hornerAt(Ext[] memory coefficients, uint256 x) internal pure returns (Ext sum) {
        // Four coefficients a step: s := s·x⁴ + c3·x³ + c2·x² + c1·x + c0, the coordinates apart, below 2^130; they are reduced in the next
        // step, the last time at the end. What four do not divide comes first, one a step.
        assembly ("memory-safe") {
            let s0 := 0
            let s1 := 0
            let s2 := 0
            let cursor := add(coefficients, shl(5, mload(coefficients)))
            for {} and(sub(cursor, coefficients), 0x60) { cursor := sub(cursor, 32) } {
                let c := mload(cursor)
                s0 := add(mulmod(s0, x, 0xffffffff00000001), shr(128, c))
                s1 := add(mulmod(s1, x, 0xffffffff00000001), and(shr(64, c), 0xffffffffffffffff))
                s2 := add(mulmod(s2, x, 0xffffffff00000001), and(c, 0xffffffffffffffff))
            }
            if gt(cursor, coefficients) {
                let x2 := mulmod(x, x, 0xffffffff00000001)
                let x3 := mulmod(x2, x, 0xffffffff00000001)
                let x4 := mulmod(x2, x2, 0xffffffff00000001)
                for {} gt(cursor, coefficients) { cursor := sub(cursor, 128) } {
                    let c3 := mload(cursor)
                    let c2 := mload(sub(cursor, 32))
                    let c1 := mload(sub(cursor, 64))
                    let c0 := mload(sub(cursor, 96))
                    s0 := add(
                        mulmod(s0, x4, 0xffffffff00000001),
                        add(add(mul(shr(128, c3), x3), mul(shr(128, c2), x2)), add(mul(shr(128, c1), x), shr(128, c0)))
                    )
                    s2 := add(
                        mulmod(s2, x4, 0xffffffff00000001),
                        add(
                            add(mul(and(c3, 0xffffffffffffffff), x3), mul(and(c2, 0xffffffffffffffff), x2)),
                            add(mul(and(c1, 0xffffffffffffffff), x), and(c0, 0xffffffffffffffff))
                        )
                    )
                    s1 := add(
                        mulmod(s1, x4, 0xffffffff00000001),
                        add(
                            add(mul(and(shr(64, c3), 0xffffffffffffffff), x3), mul(and(shr(64, c2), 0xffffffffffffffff), x2)),
                            add(mul(and(shr(64, c1), 0xffffffffffffffff), x), and(shr(64, c0), 0xffffffffffffffff))
                        )
                    )
                }
            }
            sum := or(shl(128, mod(s0, 0xffffffff00000001)), or(shl(64, mod(s1, 0xffffffff00000001)), mod(s2, 0xffffffff00000001)))
        }
    }
}
