// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier} from "./IStarkVerifier.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {PointProgram} from "./PointProgram.sol";
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
        /// @dev Values while they are folded.
        uint256[] slots;
        /// @dev Coordinates of the step's challenge, of its square, …: one for each level.
        uint256[] challenges;
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
        folding.slots = new uint256[](size);
        folding.indices = new uint256[](count);
        folding.digests = new bytes32[](count);
    }

    function _countLeaves(KnownValues memory known, uint256 logFold) private pure returns (uint256 leaves) {
        uint256[] memory positions = known.positions;
        uint256 count = known.count;
        assembly ("memory-safe") {
            let last := not(0)
            for { let end := add(positions, shl(5, count)) } lt(positions, end) {} {
                positions := add(positions, 32)
                let leaf := shr(logFold, mload(positions))
                leaves := add(leaves, iszero(eq(leaf, last)))
                last := leaf
            }
        }
    }

    /// @dev Replaces the known values by those of the next codeword, and leaves the digests of the leaves in `folding`. What is not known
    /// of a leaf comes from the proof, in order.
    function _fold(Folding memory folding, KnownValues memory known, uint256 given, Ext challenge) private pure {
        uint256 logFold = folding.logFold;
        uint256 leaves = 0;
        _setChallenges(folding, challenge);
        // Counters and offsets within the proof; nothing comes near 2^256.
        unchecked {
            for (uint256 i = 0; i < known.count; ++leaves) {
                uint256 leaf = _at(known.positions, i);
                uint256 slot = leaf & ((1 << logFold) - 1);
                leaf >>= logFold;
                uint256 point = Goldilocks.mul(_at(known.points, i), _at(folding.down, slot));
                uint256 inverse = Goldilocks.mul(_at(known.inverses, i), _at(folding.up, slot));
                (i, given) = _fillLeaf(known, i, leaf << logFold, folding.message, given);
                _set(folding.indices, leaves, leaf);
                _setDigest(folding.digests, leaves, _hashLeaf(folding.message));
                _set(known.positions, leaves, leaf);
                for (uint256 level = 0; level < logFold; ++level) point = Goldilocks.mul(point, point);
                _set(known.points, leaves, point);
                Ext folded;
                (folded, inverse) = _foldLeaf(folding, inverse);
                _set(known.inverses, leaves, inverse);
                known.values[leaves] = folded;
            }
        }
        known.count = leaves;
    }

    // Indices are below the number of positions, or of values in a leaf: arrays are as long.

    function _at(uint256[] memory array, uint256 index) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(array, shl(5, add(index, 1))))
        }
    }

    function _set(uint256[] memory array, uint256 index, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(array, shl(5, add(index, 1))), value)
        }
    }

    function _setDigest(bytes32[] memory array, uint256 index, bytes32 value) private pure {
        assembly ("memory-safe") {
            mstore(add(array, shl(5, add(index, 1))), value)
        }
    }

    function _setChallenges(Folding memory folding, Ext challenge) private pure {
        Ext[] memory powers = new Ext[](folding.logFold);
        for (uint256 level = 0; level < powers.length; ++level) {
            powers[level] = challenge;
            challenge = challenge * challenge;
        }
        folding.challenges = coordinatesOf(powers);
    }

    /// @dev Puts the values of the leaf whose first position is `position` into `message`: the known ones from number `i` on, the others
    /// from the proof.
    function _fillLeaf(KnownValues memory known, uint256 i, uint256 position, bytes memory message, uint256 given)
        private
        pure
        returns (uint256 nextKnown, uint256 nextGiven)
    {
        uint256[] memory positions = known.positions;
        Ext[] memory values = known.values;
        uint256 count = known.count;
        // Reads positions below the count only, and calldata that the reader has passed. A known value is written with 8 bytes of what
        // follows it, which is written next; the message has room for those of the last one.
        assembly ("memory-safe") {
            let to := add(message, 40)
            // Of the leaf, in bytes; 16 are the message's 8 and as many behind.
            let left := sub(mload(message), 16)
            let knownAt := add(positions, shl(5, add(i, 1)))
            let toValue := sub(values, positions)
            for { let knownEnd := add(positions, shl(5, add(count, 1))) } lt(knownAt, knownEnd) { knownAt := add(knownAt, 32) } {
                let gap := mul(24, sub(mload(knownAt), position))
                if iszero(lt(gap, left)) { break }
                calldatacopy(to, given, gap)
                given := add(given, gap)
                to := add(to, gap)
                mstore(to, shl(64, mload(add(knownAt, toValue))))
                to := add(to, 24)
                left := sub(left, add(gap, 24))
                position := add(mload(knownAt), 1)
            }
            calldatacopy(to, given, left)
            nextGiven := add(given, left)
            nextKnown := sub(shr(5, sub(knownAt, positions)), 1)
        }
    }

    function _hashLeaf(bytes memory message) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(message, 32), sub(mload(message), 8))
        }
    }

    /// @dev f(X) = e(X²) + X·o(X²) becomes e + challenge·o: (f(x) + f(−x)) / 2 + challenge · (f(x) − f(−x)) / 2x. Folding so with
    /// challenge, challenge², … is folding 2^logFold values with challenge. `inverse` is 1 / x of the leaf's first point, and is returned for
    /// the next codeword.
    function _foldLeaf(Folding memory folding, uint256 inverse) private pure returns (Ext folded, uint256 nextInverse) {
        uint256[] memory slots = folding.slots;
        uint256[] memory down = folding.down;
        uint256[] memory challenges = folding.challenges;
        _widen(folding.message, slots);
        uint256 challengeAt;
        assembly ("memory-safe") {
            challengeAt := add(challenges, 32)
        }
        for (uint256 size = slots.length; size > 1; size >>= 1) {
            _foldPairs(slots, size, down, inverse, challengeAt);
            inverse = Goldilocks.mul(inverse, inverse);
            assembly ("memory-safe") {
                challengeAt := add(challengeAt, 96)
            }
        }
        return (PointProgram.narrow(slots[0]).scale(folding.scale), inverse);
    }

    /// @dev Takes values out of the message into slots, in which coordinates have 85 bits each (see PointProgram).
    function _widen(bytes memory message, uint256[] memory slots) private pure {
        assembly ("memory-safe") {
            // Their number is even.
            let from := add(message, 40)
            for { let end := add(slots, shl(5, mload(slots))) } lt(slots, end) { from := add(from, 48) } {
                let value := mload(from)
                mstore(
                    add(slots, 32),
                    or(or(and(shr(22, value), 0x000003fffffffffffffffc000000000000000000000000000000000000000000), and(shr(43, value), 0x1fffffffffffffffe000000000000000000000)), and(shr(64, value), 0xffffffffffffffff))
                )
                value := mload(add(from, 24))
                slots := add(slots, 64)
                mstore(
                    slots,
                    or(or(and(shr(22, value), 0x000003fffffffffffffffc000000000000000000000000000000000000000000), and(shr(43, value), 0x1fffffffffffffffe000000000000000000000)), and(shr(64, value), 0xffffffffffffffff))
                )
            }
        }
    }

    /// @dev Of the first `size` slots, each pair (a, b) = (2i, 2i + 1) becomes slot i: (a + b) + challenge·(a − b)·down[2i]·inverse, twice the
    /// folded value. The challenge's coordinates are at `challengeAt`.
    function _foldPairs(uint256[] memory slots, uint256 size, uint256[] memory down, uint256 inverse, uint256 challengeAt) private pure {
        // Coordinates of slots are below p·2^8: with each of at most 6 levels they become twice as large and p larger. a − b is taken as
        // a + p·2^8 − b, below 2^73; times a number and a coordinate of the challenge it is below 2^201, so that sums stay far below 2^256.
        assembly ("memory-safe") {
            function pair(a, b, factor, challenge) -> c {
                let d := sub(add(a, 0x0003fffffffc0000000400001fffffffe0000000200000ffffffff0000000100), b)
                let d1 := mul(factor, and(shr(85, d), 0x1fffffffffffffffffffff))
                let d2 := mul(factor, and(d, 0x1fffffffffffffffffffff))
                d := mul(factor, shr(170, d))
                let r0 := mload(challenge)
                let r1 := mload(add(challenge, 32))
                let r2 := mload(add(challenge, 64))
                c := add(
                    add(
                        add(a, b),
                        shl(170, mod(add(mul(r0, d), shl(1, add(mul(r1, d2), mul(r2, d1)))), 0xffffffff00000001))
                    ),
                    add(
                        shl(85, mod(add(add(mul(r0, d1), mul(r1, d)), shl(1, mul(r2, d2))), 0xffffffff00000001)),
                        mod(add(add(mul(r0, d2), mul(r1, d1)), mul(r2, d)), 0xffffffff00000001)
                    )
                )
            }
            let from := add(slots, 32)
            let to := from
            down := add(down, 32)
            for { let end := add(from, shl(5, size)) } lt(from, end) { from := add(from, 64) } {
                mstore(to, pair(mload(from), mload(add(from, 32)), mulmod(inverse, mload(down), 0xffffffff00000001), challengeAt))
                to := add(to, 32)
                down := add(down, 64)
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
        uint256[] memory coordinates = coordinatesOf(coefficients);
        for (uint256 i = 0; i < known.count; ++i) {
            (uint256 s0, uint256 s1, uint256 s2) = hornerAt(coordinates, known.points[i]);
            if (!(_reduced(s0, s1, s2) == known.values[i])) {
                revert IStarkVerifier.StarkVerifier__FinalPolynomial(known.positions[i]);
            }
        }
    }

    /// @notice The coordinates of all elements, one after another.
    function coordinatesOf(Ext[] memory elements) internal pure returns (uint256[] memory coordinates) {
        coordinates = new uint256[](3 * elements.length);
        assembly ("memory-safe") {
            let to := coordinates
            for { let end := add(elements, shl(5, mload(elements))) } lt(elements, end) {} {
                elements := add(elements, 32)
                let element := mload(elements)
                mstore(add(to, 32), shr(128, element))
                mstore(add(to, 64), and(shr(64, element), 0xffffffffffffffff))
                to := add(to, 96)
                mstore(to, and(element, 0xffffffffffffffff))
            }
        }
    }

    /// @notice p − the coordinates of all elements.
    function negatedCoordinatesOf(Ext[] memory elements) internal pure returns (uint256[] memory coordinates) {
        coordinates = coordinatesOf(elements);
        assembly ("memory-safe") {
            let cursor := add(coordinates, 32)
            for { let end := add(cursor, shl(5, mload(coordinates))) } lt(cursor, end) { cursor := add(cursor, 32) } {
                mstore(cursor, sub(0xffffffff00000001, mload(cursor)))
            }
        }
    }

    /// @notice Σ coefficients[i]·x^i by coordinates, which are below 2^131 and not reduced. The coefficients have theirs apart.
    function hornerAt(uint256[] memory coefficients, uint256 x) internal pure returns (uint256 s0, uint256 s1, uint256 s2) {
        // Four coefficients a step: s := s·x⁴ + c3·x³ + c2·x² + c1·x + c0. What four do not divide comes first, one a step.
        assembly ("memory-safe") {
            // Coefficient i has its last coordinate at cursor + 96·(i + 1).
            let cursor := add(coefficients, shl(5, mload(coefficients)))
            for { let left := mod(mload(coefficients), 12) } left { left := sub(left, 3) } {
                s0 := add(mulmod(s0, x, 0xffffffff00000001), mload(sub(cursor, 64)))
                s1 := add(mulmod(s1, x, 0xffffffff00000001), mload(sub(cursor, 32)))
                s2 := add(mulmod(s2, x, 0xffffffff00000001), mload(cursor))
                cursor := sub(cursor, 96)
            }
            if gt(cursor, coefficients) {
                let x2 := mulmod(x, x, 0xffffffff00000001)
                let x3 := mulmod(x2, x, 0xffffffff00000001)
                let x4 := mulmod(x2, x2, 0xffffffff00000001)
                for {} gt(cursor, coefficients) {} {
                    cursor := sub(cursor, 384)
                    s0 := add(
                        add(mulmod(s0, x4, 0xffffffff00000001), mul(mload(add(cursor, 320)), x3)),
                        add(mul(mload(add(cursor, 224)), x2), add(mul(mload(add(cursor, 128)), x), mload(add(cursor, 32))))
                    )
                    s1 := add(
                        add(mulmod(s1, x4, 0xffffffff00000001), mul(mload(add(cursor, 352)), x3)),
                        add(mul(mload(add(cursor, 256)), x2), add(mul(mload(add(cursor, 160)), x), mload(add(cursor, 64))))
                    )
                    s2 := add(
                        add(mulmod(s2, x4, 0xffffffff00000001), mul(mload(add(cursor, 384)), x3)),
                        add(mul(mload(add(cursor, 288)), x2), add(mul(mload(add(cursor, 192)), x), mload(add(cursor, 96))))
                    )
                }
            }
        }
    }

    function _reduced(uint256 s0, uint256 s1, uint256 s2) private pure returns (Ext) {
        return Ext.wrap(s0 % Goldilocks.P << 128 | s1 % Goldilocks.P << 64 | s2 % Goldilocks.P);
    }
}
