// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The public inputs of a batch, words 1 to 18 of docs/formats.md §1.
struct PublicInputs {
    uint256 l1ChainId;
    address rollup;
    uint256 l2ChainId;
    uint256 rulesVersion;
    uint64 batchNumber;
    bytes32 parentBlockHash;
    bytes32 stateRootBefore;
    bytes32 lastBlockHash;
    bytes32 stateRootAfter;
    uint64 firstBlockNumber;
    uint64 lastBlockNumber;
    uint64 lastTimestamp;
    bytes32 stateDiffHash;
    uint64 inboxCountBefore;
    bytes32 inboxRootBefore;
    uint64 inboxCountAfter;
    bytes32 inboxRootAfter;
    bytes32 messagesRoot;
}

library PublicInputsLib {
    /// @dev Word 0: a digest of another format version can never be taken for one of this.
    bytes32 internal constant VERSION_TAG = "zkdevnet.batch.v1";

    /// @notice The digest that a proof of the batch commits to.
    function digest(PublicInputs memory inputs) internal pure returns (bytes32) {
        // A struct of static fields is encoded in place, so this is 19 words.
        return keccak256(abi.encode(VERSION_TAG, inputs));
    }
}
