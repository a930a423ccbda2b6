// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Openings of several leaves of a Merkle tree (zkvm/stark/merkle.ts)
/// @notice A leaf is H(0 ‖ elements), a node H(1 ‖ left ‖ right), the numbers 8 bytes long: a leaf never passes for a node.
library MerkleOpening {
    /// @notice The hash of a leaf whose elements lie in the calldata.
    function hashLeaf(uint256 offset, uint256 length) internal pure returns (bytes32 digest) {
        // The message is only hashed, so it may lie in memory that nobody has allocated.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0)
            calldatacopy(add(free, 8), offset, length)
            digest := keccak256(free, add(8, length))
        }
    }

    /// @notice Whether the first `count` leaves `digests` at `indices` (ascending, distinct, below 2^log) and the `nodeCount` digests at
    /// `nodes` in the calldata lead to the root, with no digest left over. The nodes are those that the leaves do not give, in the order in
    /// which they are needed: leaf after leaf climbs until it meets the path of the one before or of the one behind it. Where it meets the
    /// latter, its digest waits; met by the former, both go on as one. Overwrites both arrays.
    function verify(
        uint256[] memory indices,
        bytes32[] memory digests,
        uint256 count,
        uint256 log,
        uint256 nodes,
        uint256 nodeCount,
        bytes32 root
    ) internal pure returns (bool) {
        return _climb(indices, digests, count, log, nodes) == nodes + 32 * nodeCount && digests[0] == root;
    }

    /// @dev Leaves the digest at the top in `digests`, and returns where the next node would be. A digest beyond the end of an opening may be
    /// read, but then this is beyond it, too.
    function _climb(uint256[] memory indices, bytes32[] memory digests, uint256 count, uint256 log, uint256 nodes)
        private
        pure
        returns (uint256)
    {
        // What waits is kept in the arrays, over leaves that have been read: the level of the meeting and the digest. Below the first stands
        // the level of the root instead of the array's length, which is that of the other array. Messages lie in memory that nobody has
        // allocated.
        assembly ("memory-safe") {
            // From a node so many levels up, with a sibling from the calldata at each.
            function climb(index, digest, node, levels) -> above {
                above := digest
                // Where children stand differs in one bit: they are written behind a multiple of 64.
                let left := and(add(mload(0x40), 71), not(63))
                let message := sub(left, 8)
                mstore(message, shl(192, 1))
                index := shl(5, index)
                levels := add(node, shl(5, levels))
                for {} lt(add(node, 32), levels) { node := add(node, 64) } {
                    let own := or(left, and(index, 32))
                    mstore(own, above)
                    calldatacopy(xor(own, 32), node, 32)
                    above := keccak256(message, 72)
                    own := or(left, and(shr(1, index), 32))
                    mstore(own, above)
                    calldatacopy(xor(own, 32), add(node, 32), 32)
                    above := keccak256(message, 72)
                    index := shr(2, index)
                }
                if lt(node, levels) {
                    let own := or(left, and(index, 32))
                    mstore(own, above)
                    calldatacopy(xor(own, 32), node, 32)
                    above := keccak256(message, 72)
                }
            }
            let toDigests := sub(digests, indices)
            let waiting := indices
            count := add(indices, shl(5, count))
            mstore(indices, log)
            for { let leaf := indices } lt(leaf, count) {} {
                leaf := add(leaf, 32)
                let index := mload(leaf)
                let digest := mload(add(leaf, toDigests))
                let next := log
                // Two indices are those of siblings at the level of the highest bit in which they differ.
                if lt(leaf, count) { next := sub(255, clz(xor(index, mload(add(leaf, 32))))) }
                for { let level := 0 } 1 { level := add(level, 1) } {
                    let until := mload(waiting)
                    if lt(next, until) { until := next }
                    digest := climb(shr(level, index), digest, nodes, sub(until, level))
                    nodes := add(nodes, shl(5, sub(until, level)))
                    level := until
                    if iszero(lt(mload(waiting), next)) { break }
                    let message := mload(0x40)
                    mstore(message, shl(192, 1))
                    mstore(add(message, 8), mload(add(waiting, toDigests)))
                    mstore(add(message, 40), digest)
                    digest := keccak256(message, 72)
                    waiting := sub(waiting, 32)
                }
                waiting := add(waiting, 32)
                mstore(waiting, next)
                mstore(add(waiting, toDigests), digest)
            }
            mstore(indices, mload(add(indices, toDigests)))
        }
        return nodes;
    }
}
