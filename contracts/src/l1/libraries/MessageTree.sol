// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The tree of a batch's L2 → L1 messages (docs/formats.md §4)
library MessageTree {
    address internal constant L2_MESSENGER = 0x0000000000000000000000000000000000008008;

    /// @notice Leaf of a message, in the shape of zkSync's L2 → L1 log (88 bytes, so never a node of 64 bytes).
    function leaf(uint16 txNumberInBatch, address sender, bytes32 messageHash) internal pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(uint8(0), uint8(1), txNumberInBatch, L2_MESSENGER, bytes32(uint256(uint160(sender))), messageHash)
        );
    }

    /// @notice Root that a leaf and its siblings lead to. The bits of `index` tell left from right, so the caller must make sure that
    /// `index < 2 ** proof.length`: otherwise a leaf would have several indexes.
    function rootOf(bytes32 leafHash, uint64 index, bytes32[] calldata proof) internal pure returns (bytes32 node) {
        node = leafHash;
        for (uint256 i = 0; i < proof.length; ++i) {
            node = (index >> i) & 1 == 0 ? keccak256(abi.encodePacked(node, proof[i])) : keccak256(abi.encodePacked(proof[i], node));
        }
    }
}
