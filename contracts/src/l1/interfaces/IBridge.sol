// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInbox} from "./IInbox.sol";
import {IRollup} from "./IRollup.sol";

/// @title Ether between L1 and L2
/// @notice Holds one wei for every wei that exists on L2: the genesis supply from its deployment, and all deposits since.
/// Base fees that L2 burns stay locked here.
interface IBridge {
    /// @notice The ether of the L2 genesis, paid in by the constructor.
    event GenesisSupplyLocked(uint256 amount);
    /// @notice `inboxIndex` identifies the deposit on L2: it is the index of the withdrawal entry that credits `to`.
    event DepositInitiated(uint64 indexed inboxIndex, address indexed sender, address indexed to, uint256 amount);
    event WithdrawalFinalized(uint64 indexed batchNumber, uint64 indexed messageIndex, address indexed receiver, uint256 amount);

    /// @notice The zero address owns nothing; the ether would be lost.
    error Bridge__ReceiverIsZero();
    /// @notice A contract need not have its address on L2: it must name the receiver with `depositETH`.
    error Bridge__SenderIsContract(address sender);
    error Bridge__BatchNotExecuted(uint64 lastExecuted, uint64 batchNumber);
    error Bridge__AlreadyFinalized(uint64 batchNumber, uint64 messageIndex);
    error Bridge__MessageLengthMismatch(uint256 expected, uint256 actual);
    error Bridge__MessageSelectorMismatch(bytes4 expected, bytes4 actual);
    error Bridge__ProofTooLong(uint256 max, uint256 actual);
    error Bridge__IndexOutOfRange(uint256 size, uint64 messageIndex);
    error Bridge__RootMismatch(bytes32 expected, bytes32 actual);
    error Bridge__PaymentFailed(address receiver, uint256 amount);

    /// @notice Deposits `msg.value` for `to` on L2.
    /// @return inboxIndex position in the Inbox
    function depositETH(address to) external payable returns (uint64 inboxIndex);

    /// @notice Pays out an ether withdrawal of an executed batch. Anyone may call; the receiver of the message is paid. Each message pays
    /// once. It cannot be paused.
    /// @param batchNumber the batch of the withdrawal
    /// @param messageIndex leaf index in the batch's tree of messages
    /// @param txNumberInBatch place of the withdrawing transaction in the batch
    /// @param message `0x6c0960f9 ‖ receiver (20 bytes) ‖ amount in wei (32 bytes)`, sent by the base token predeploy
    /// @param proof siblings of the leaf, the lowest first
    function finalizeWithdrawal(
        uint64 batchNumber,
        uint64 messageIndex,
        uint16 txNumberInBatch,
        bytes calldata message,
        bytes32[] calldata proof
    ) external;

    function isWithdrawalFinalized(uint64 batchNumber, uint64 messageIndex) external view returns (bool);

    function rollup() external view returns (IRollup);

    function inbox() external view returns (IInbox);
}
