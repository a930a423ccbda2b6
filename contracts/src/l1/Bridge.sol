// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBridge} from "./interfaces/IBridge.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IZkSyncWithdrawals} from "./interfaces/IZkSyncWithdrawals.sol";
import {MessageTree} from "./libraries/MessageTree.sol";

/// @notice See {IBridge}.
contract Bridge is IBridge, IZkSyncWithdrawals, ReentrancyGuardTransient {
    address private constant L2_BASE_TOKEN = 0x000000000000000000000000000000000000800A;
    bytes4 private constant WITHDRAWAL_SELECTOR = 0x6c0960f9;
    uint256 private constant WITHDRAWAL_LENGTH = 56;
    /// @dev A batch has fewer than 2^32 messages by far: L2's gas limits see to it.
    uint256 private constant MAX_PROOF_LENGTH = 32;

    /// @inheritdoc IBridge
    IRollup public immutable rollup;
    /// @inheritdoc IBridge
    IInbox public immutable inbox;

    mapping(uint64 batchNumber => mapping(uint64 messageIndex => bool)) private _finalized;

    constructor(IRollup rollup_, IInbox inbox_) payable {
        rollup = rollup_;
        inbox = inbox_;
        emit GenesisSupplyLocked(msg.value);
    }

    /// @notice Deposits for the sender itself.
    receive() external payable {
        // An EIP-7702 delegation does not change whose account it is; such a sender starts its own transaction.
        if (msg.sender != tx.origin) revert Bridge__SenderIsContract(msg.sender);
        _deposit(msg.sender);
    }

    /// @inheritdoc IBridge
    function depositETH(address to) external payable returns (uint64 inboxIndex) {
        if (to == address(0)) revert Bridge__ReceiverIsZero();
        return _deposit(to);
    }

    /// @inheritdoc IBridge
    function finalizeWithdrawal(
        uint64 batchNumber,
        uint64 messageIndex,
        uint16 txNumberInBatch,
        bytes calldata message,
        bytes32[] calldata proof
    ) external {
        _finalizeWithdrawal(batchNumber, messageIndex, txNumberInBatch, message, proof);
    }

    /// @inheritdoc IZkSyncWithdrawals
    function finalizeDeposit(FinalizeL1DepositParams calldata params) external {
        uint256 chainId = rollup.l2ChainId();
        if (params.chainId != chainId) revert Bridge__ChainIdMismatch(chainId, params.chainId);
        if (params.l2Sender != L2_BASE_TOKEN) revert Bridge__SenderMismatch(L2_BASE_TOKEN, params.l2Sender);
        _finalizeWithdrawal(
            SafeCast.toUint64(params.l2BatchNumber),
            SafeCast.toUint64(params.l2MessageIndex),
            params.l2TxNumberInBatch,
            params.message,
            params.merkleProof
        );
    }

    /// @inheritdoc IBridge
    function isWithdrawalFinalized(uint64 batchNumber, uint64 messageIndex) external view returns (bool) {
        return _finalized[batchNumber][messageIndex];
    }

    /// @inheritdoc IZkSyncWithdrawals
    function isWithdrawalFinalized(uint256 chainId, uint256 l2BatchNumber, uint256 l2MessageIndex) external view returns (bool) {
        if (chainId != rollup.l2ChainId()) return false;
        if (l2BatchNumber > type(uint64).max || l2MessageIndex > type(uint64).max) return false;
        // Both fit.
        return _finalized[uint64(l2BatchNumber)][uint64(l2MessageIndex)];
    }

    function _finalizeWithdrawal(
        uint64 batchNumber,
        uint64 messageIndex,
        uint16 txNumberInBatch,
        bytes calldata message,
        bytes32[] calldata proof
    ) private nonReentrant {
        if (_finalized[batchNumber][messageIndex]) revert Bridge__AlreadyFinalized(batchNumber, messageIndex);
        (address receiver, uint256 amount) = _decodeWithdrawal(message);
        _verifyMessage(batchNumber, messageIndex, txNumberInBatch, message, proof);

        _finalized[batchNumber][messageIndex] = true;
        emit WithdrawalFinalized(batchNumber, messageIndex, receiver, amount);

        (bool paid,) = receiver.call{value: amount}("");
        if (!paid) revert Bridge__PaymentFailed(receiver, amount);
    }

    function _deposit(address to) private returns (uint64 inboxIndex) {
        inboxIndex = inbox.enqueueDeposit(msg.sender, to, msg.value);
        emit DepositInitiated(inboxIndex, msg.sender, to, msg.value);
    }

    function _decodeWithdrawal(bytes calldata message) private pure returns (address receiver, uint256 amount) {
        if (message.length != WITHDRAWAL_LENGTH) revert Bridge__MessageLengthMismatch(WITHDRAWAL_LENGTH, message.length);
        if (bytes4(message[:4]) != WITHDRAWAL_SELECTOR) revert Bridge__MessageSelectorMismatch(WITHDRAWAL_SELECTOR, bytes4(message[:4]));
        receiver = address(bytes20(message[4:24]));
        amount = uint256(bytes32(message[24:56]));
    }

    /// @dev The leaf is built with the base token as sender, so a message of anybody else cannot match it.
    function _verifyMessage(
        uint64 batchNumber,
        uint64 messageIndex,
        uint16 txNumberInBatch,
        bytes calldata message,
        bytes32[] calldata proof
    ) private view {
        uint64 lastExecuted = rollup.lastExecutedBatch();
        if (batchNumber > lastExecuted) revert Bridge__BatchNotExecuted(lastExecuted, batchNumber);
        if (proof.length > MAX_PROOF_LENGTH) revert Bridge__ProofTooLong(MAX_PROOF_LENGTH, proof.length);
        uint256 size = 1 << proof.length;
        if (messageIndex >= size) revert Bridge__IndexOutOfRange(size, messageIndex);

        bytes32 expected = rollup.messagesRoot(batchNumber);
        bytes32 leaf = MessageTree.leaf(txNumberInBatch, L2_BASE_TOKEN, keccak256(message));
        bytes32 actual = MessageTree.rootOf(leaf, messageIndex, proof);
        if (actual != expected) revert Bridge__RootMismatch(expected, actual);
    }
}
