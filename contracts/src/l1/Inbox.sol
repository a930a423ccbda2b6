// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleTree} from "@openzeppelin/contracts/utils/structs/MerkleTree.sol";
import {IInbox} from "./interfaces/IInbox.sol";

/// @notice See {IInbox}.
contract Inbox is IInbox {
    using MerkleTree for MerkleTree.Bytes32PushTree;

    uint8 private constant TREE_DEPTH = 32;
    uint8 private constant KIND_DEPOSIT = 0;
    uint256 private constant MAX_DEPOSIT_WEI = uint256(type(uint64).max) * 1 gwei;

    /// @inheritdoc IInbox
    address public immutable bridge;

    /// @inheritdoc IInbox
    uint64 public count;
    MerkleTree.Bytes32PushTree private _tree;
    mapping(uint64 itemCount => bytes32 root) private _roots;
    mapping(uint64 index => uint64 l1Time) private _times;

    /// @param bridge_ may be an address that has no code yet: Bridge and Inbox name each other
    constructor(address bridge_) {
        bridge = bridge_;
        _roots[0] = _tree.setup(TREE_DEPTH, bytes32(0), _hashNode);
    }

    /// @inheritdoc IInbox
    function enqueueDeposit(address sender, address to, uint256 amountWei) external returns (uint64 index) {
        if (msg.sender != bridge) revert Inbox__CallerNotBridge(bridge, msg.sender);
        if (amountWei == 0) revert Inbox__AmountIsZero();
        if (amountWei % 1 gwei != 0) revert Inbox__NotWholeGwei(amountWei);
        if (amountWei > MAX_DEPOSIT_WEI) revert Inbox__AmountTooLarge(MAX_DEPOSIT_WEI, amountWei);
        return _append(KIND_DEPOSIT, sender, abi.encode(to, uint64(amountWei / 1 gwei)));
    }

    /// @inheritdoc IInbox
    function rootAt(uint64 itemCount) external view returns (bytes32) {
        if (itemCount > count) revert Inbox__OutOfRange(count, itemCount);
        return _roots[itemCount];
    }

    /// @inheritdoc IInbox
    function timeOf(uint64 index) external view returns (uint64) {
        if (index >= count) revert Inbox__OutOfRange(count, index);
        return _times[index];
    }

    function _append(uint8 kind, address sender, bytes memory payload) private returns (uint64 index) {
        index = count;
        uint64 l1Time = uint64(block.timestamp);
        // The path in the tree does not prove the position, so the leaf holds it.
        bytes32 leaf = keccak256(abi.encodePacked(uint8(0), index, kind, sender, keccak256(payload), l1Time));
        (, bytes32 root) = _tree.push(leaf, _hashNode);
        _times[index] = l1Time;
        _roots[index + 1] = root;
        count = index + 1;
        emit Enqueued(index, kind, sender, payload, l1Time, root);
    }

    function _hashNode(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(1), left, right));
    }
}
