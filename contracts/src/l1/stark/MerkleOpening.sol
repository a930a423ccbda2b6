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

    /// @notice Whether the leaves `digests` at `indices` (ascending, distinct, below 2^log) and the `nodeCount` digests at `nodes` in the
    /// calldata lead to the root, with no digest left over. The nodes are those that the leaves do not give, level by level, ascending.
    /// Overwrites both arrays.
    function verify(
        uint256[] memory indices,
        bytes32[] memory digests,
        uint256 count,
        uint256 log,
        uint256 nodes,
        uint256 nodeCount,
        bytes32 root
    ) internal pure returns (bool) {
        uint256 end = nodes + 32 * nodeCount;
        for (; log > 0; --log) (count, nodes) = _climb(indices, digests, count, nodes);
        return count == 1 && nodes == end && digests[0] == root;
    }

    /// @dev Replaces the first `count` nodes of a level by their parents. A digest beyond the end of the opening may be read, but then
    /// `nodes` passes the end.
    function _climb(uint256[] memory indices, bytes32[] memory digests, uint256 count, uint256 nodes)
        private
        pure
        returns (uint256 parents, uint256 nextNode)
    {
        // Writes no more entries than it has read. The message 1 ‖ left ‖ right lies in memory that nobody has allocated.
        assembly ("memory-safe") {
            let message := mload(0x40)
            mstore(message, shl(192, 1))
            let from := add(indices, 32)
            let end := add(from, shl(5, count))
            let to := from
            // Where the digest of an index stands, from it.
            let toDigests := sub(digests, indices)
            for {} lt(from, end) {} {
                let index := mload(from)
                let digest := mload(add(from, toDigests))
                from := add(from, 32)
                switch and(index, 1)
                case 0 {
                    mstore(add(message, 8), digest)
                    switch and(lt(from, end), eq(mload(from), add(index, 1)))
                    case 0 {
                        calldatacopy(add(message, 40), nodes, 32)
                        nodes := add(nodes, 32)
                    }
                    default {
                        mstore(add(message, 40), mload(add(from, toDigests)))
                        from := add(from, 32)
                    }
                }
                default {
                    calldatacopy(add(message, 8), nodes, 32)
                    nodes := add(nodes, 32)
                    mstore(add(message, 40), digest)
                }
                mstore(to, shr(1, index))
                mstore(add(to, toDigests), keccak256(message, 72))
                to := add(to, 32)
            }
            parents := shr(5, sub(sub(to, indices), 32))
            nextNode := nodes
        }
    }
}
