// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The queue from L1 to L2: an append-only keccak Merkle tree (docs/formats.md §3)
/// @notice Items are consumed on L2 strictly in order. The root of every length stays readable, so a batch can name the length that it
/// consumed up to.
interface IInbox {
    /// @notice An item was appended. The event carries all that the leaf commits to.
    /// @param index position in the tree, from 0
    /// @param kind 0 = deposit
    /// @param sender who asked for it on L1
    /// @param payload for a deposit `abi.encode(address to, uint64 amountGwei)`
    /// @param l1Time timestamp of the L1 block
    /// @param root root of the tree with this item, i.e. at count `index + 1`
    event Enqueued(uint64 indexed index, uint8 indexed kind, address indexed sender, bytes payload, uint64 l1Time, bytes32 root);

    /// @notice Only the Bridge, which holds the ether, may enqueue deposits.
    error Inbox__CallerNotBridge(address expected, address actual);
    /// @notice L2 credits whole Gwei (EIP-4895).
    error Inbox__NotWholeGwei(uint256 amountWei);
    /// @notice A deposit of nothing.
    error Inbox__AmountIsZero();
    /// @notice The amount in Gwei does not fit the 64 bits of an EIP-4895 withdrawal.
    error Inbox__AmountTooLarge(uint256 maxWei, uint256 amountWei);
    /// @notice The tree does not have that many items yet.
    error Inbox__OutOfRange(uint64 count, uint64 requested);

    /// @notice Appends an ETH deposit. Bridge only; the ether stays in the Bridge.
    /// @param sender the user who called the Bridge
    /// @param to receiver on L2
    /// @param amountWei a multiple of 1 Gwei, from 1 Gwei to 2^64 - 1 Gwei
    /// @return index position of the item
    function enqueueDeposit(address sender, address to, uint256 amountWei) external returns (uint64 index);

    /// @notice The only caller of `enqueueDeposit`.
    function bridge() external view returns (address);

    /// @notice Number of items.
    function count() external view returns (uint64);

    /// @notice Root of the tree when it had `itemCount` items. Reverts if it never had.
    function rootAt(uint64 itemCount) external view returns (bytes32);

    /// @notice L1 time at which item `index` was appended. Reverts if there is no such item.
    function timeOf(uint64 index) external view returns (uint64);
}
