// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {UpgradeTimelock} from "./UpgradeTimelock.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {PublicInputs, PublicInputsLib} from "./libraries/PublicInputs.sol";

/// @notice See {IRollup}.
contract Rollup is IRollup, UpgradeTimelock, AccessControl, Pausable {
    /// @notice What a rollup begins with. All but owner, sequencer, verifier and program are fixed for good.
    struct Config {
        address owner;
        address sequencer;
        IInbox inbox;
        IVerifier verifier;
        bytes32 programId;
        uint256 l2ChainId;
        uint64 inboxDeadline;
        uint64 maxTimestampLead;
        uint64 upgradeDelay;
        bool allowDevBatches;
    }

    bytes32 public constant SEQUENCER_ROLE = keccak256("SEQUENCER_ROLE");
    /// @notice Rules of the L2 that batches are proven against: Osaka as docs/formats.md defines it.
    uint256 public constant RULES_VERSION = 1;
    /// @notice Items that a commit has to consume at least while it leaves an overdue one: as many deposits as one L2 block takes.
    uint64 public constant MIN_OVERDUE_PROGRESS = 16;

    /// @inheritdoc IRollup
    IInbox public immutable inbox;
    /// @inheritdoc IRollup
    bool public immutable allowDevBatches;
    /// @inheritdoc IRollup
    uint256 public immutable l2ChainId;
    /// @inheritdoc IRollup
    uint64 public immutable inboxDeadline;
    /// @inheritdoc IRollup
    uint64 public immutable maxTimestampLead;
    /// @inheritdoc IRollup
    uint256 public immutable deployBlock;

    /// @inheritdoc IRollup
    uint64 public lastCommittedBatch;
    /// @inheritdoc IRollup
    uint64 public lastProvenBatch;
    /// @inheritdoc IRollup
    uint64 public lastExecutedBatch;
    /// @inheritdoc IRollup
    mapping(uint64 number => bytes32) public storedBatchHash;
    /// @inheritdoc IRollup
    mapping(uint64 number => bytes32) public messagesRoot;
    /// @inheritdoc IRollup
    mapping(uint64 number => bytes32) public stateRoot;

    constructor(Config memory config) UpgradeTimelock(config.programId, config.verifier, config.upgradeDelay) {
        inbox = config.inbox;
        l2ChainId = config.l2ChainId;
        inboxDeadline = config.inboxDeadline;
        maxTimestampLead = config.maxTimestampLead;
        allowDevBatches = config.allowDevBatches;
        deployBlock = block.number;
        _grantRole(DEFAULT_ADMIN_ROLE, config.owner);
        _grantRole(SEQUENCER_ROLE, config.sequencer);
    }

    /// @inheritdoc IRollup
    function initialize(StoredBatch calldata genesis, bytes calldata genesisDiff) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (storedBatchHash[0] != 0) revert Rollup__AlreadyInitialized();
        StoredBatch memory expected;
        expected.lastBlockHash = genesis.lastBlockHash;
        expected.stateRoot = genesis.stateRoot;
        expected.lastTimestamp = genesis.lastTimestamp;
        expected.inboxRoot = inbox.rootAt(0);
        expected.stateDiffHash = keccak256(genesisDiff);
        bytes32 expectedHash = _hashBatch(expected);
        bytes32 batchHash = _hashBatch(genesis);
        if (batchHash != expectedHash) revert Rollup__GenesisInvalid(expectedHash, batchHash);

        storedBatchHash[0] = batchHash;
        stateRoot[0] = genesis.stateRoot;
        emit BatchCommitted(0, batchHash, genesis.digest);
    }

    /// @inheritdoc IRollup
    function commitBatches(StoredBatch calldata last, CommitBatch[] calldata batches) external onlyRole(SEQUENCER_ROLE) whenNotPaused {
        if (batches.length == 0) revert Rollup__NoBatches();
        _checkStored(lastCommittedBatch, last);

        StoredBatch memory newLast = last;
        for (uint256 i = 0; i < batches.length; ++i) {
            newLast = _successor(newLast, batches[i]);
            bytes32 batchHash = _hashBatch(newLast);
            storedBatchHash[newLast.number] = batchHash;
            emit BatchCommitted(newLast.number, batchHash, newLast.digest);
        }
        lastCommittedBatch = newLast.number;
        _checkInboxDeadline(newLast, newLast.inboxCount - last.inboxCount);
    }

    /// @inheritdoc IRollup
    function proveBatches(StoredBatch[] calldata batches) external whenNotPaused {
        if (batches.length == 0) revert Rollup__NoBatches();
        uint64 lastCommitted = lastCommittedBatch;
        uint64 number = lastProvenBatch;
        IVerifier currentVerifier = verifier;
        for (uint256 i = 0; i < batches.length; ++i) {
            number += 1;
            StoredBatch calldata batch = batches[i];
            if (number > lastCommitted) revert Rollup__BatchNotCommitted(lastCommitted, number);
            bytes32 batchHash = _checkStored(number, batch);
            // Checked against the stored hash, and batch 0 is never here: only a dev batch has no program.
            if (batch.programId == 0) {
                emit DevBatchPassed(number, batchHash, batch.digest);
                continue;
            }
            if (!currentVerifier.isProven(batch.programId, batch.digest)) revert Rollup__FactNotRegistered(batch.programId, batch.digest);
            emit BatchProven(number, batchHash, batch.digest);
        }
        lastProvenBatch = number;
    }

    /// @inheritdoc IRollup
    function executeBatches(StoredBatch[] calldata batches) external whenNotPaused {
        if (batches.length == 0) revert Rollup__NoBatches();
        uint64 lastProven = lastProvenBatch;
        uint64 number = lastExecutedBatch;
        for (uint256 i = 0; i < batches.length; ++i) {
            number += 1;
            StoredBatch calldata batch = batches[i];
            if (number > lastProven) revert Rollup__BatchNotProven(lastProven, number);
            bytes32 batchHash = _checkStored(number, batch);
            stateRoot[number] = batch.stateRoot;
            messagesRoot[number] = batch.messagesRoot;
            emit BatchExecuted(number, batchHash, batch.stateRoot, batch.messagesRoot);
        }
        lastExecutedBatch = number;
    }

    /// @inheritdoc IRollup
    function revertBatches(uint64 newLastBatch) external {
        if (!hasRole(SEQUENCER_ROLE, msg.sender)) _checkRole(DEFAULT_ADMIN_ROLE);
        uint64 lastCommitted = lastCommittedBatch;
        uint64 lastExecuted = lastExecutedBatch;
        if (newLastBatch < lastExecuted || newLastBatch > lastCommitted) {
            revert Rollup__RevertOutOfRange(lastExecuted, lastCommitted, newLastBatch);
        }
        for (uint64 number = newLastBatch + 1; number <= lastCommitted; ++number) {
            delete storedBatchHash[number];
        }
        uint64 lastProven = lastProvenBatch < newLastBatch ? lastProvenBatch : newLastBatch;
        lastCommittedBatch = newLastBatch;
        lastProvenBatch = lastProven;
        emit BatchesReverted(newLastBatch, lastProven, lastExecuted);
    }

    /// @inheritdoc IRollup
    function pause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _pause();
    }

    /// @inheritdoc IRollup
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /// @inheritdoc IRollup
    function digestOf(StoredBatch calldata last, CommitBatch calldata batch) external view returns (bytes32) {
        return _successor(last, batch).digest;
    }

    function _checkUpgrader() internal view override {
        _checkRole(DEFAULT_ADMIN_ROLE);
    }

    function _checkAllProven() internal view override {
        if (lastProvenBatch != lastCommittedBatch) revert UpgradeTimelock__BatchesUnproven(lastProvenBatch, lastCommittedBatch);
    }

    /// @dev The batch that follows `last` if `batch` is acceptable as such.
    function _successor(StoredBatch memory last, CommitBatch calldata batch) private view returns (StoredBatch memory next) {
        if (batch.isDev && !allowDevBatches) revert Rollup__DevBatchNotAllowed(batch.number);
        if (batch.number != last.number + 1) revert Rollup__BatchNumberMismatch(last.number + 1, batch.number);
        if (batch.firstBlockNumber != last.lastBlockNumber + 1) {
            revert Rollup__FirstBlockMismatch(last.lastBlockNumber + 1, batch.firstBlockNumber);
        }
        if (batch.lastBlockNumber < batch.firstBlockNumber) {
            revert Rollup__LastBlockBeforeFirst(batch.firstBlockNumber, batch.lastBlockNumber);
        }
        if (batch.lastTimestamp <= last.lastTimestamp) revert Rollup__TimestampNotIncreasing(last.lastTimestamp, batch.lastTimestamp);
        uint256 latest = block.timestamp + maxTimestampLead;
        if (batch.lastTimestamp > latest) revert Rollup__TimestampTooFarAhead(latest, batch.lastTimestamp);
        if (batch.inboxCount < last.inboxCount) revert Rollup__InboxCountDecreased(last.inboxCount, batch.inboxCount);
        uint64 available = inbox.count();
        if (batch.inboxCount > available) revert Rollup__InboxCountTooHigh(available, batch.inboxCount);

        next.number = batch.number;
        next.lastBlockHash = batch.lastBlockHash;
        next.stateRoot = batch.stateRoot;
        next.firstBlockNumber = batch.firstBlockNumber;
        next.lastBlockNumber = batch.lastBlockNumber;
        next.lastTimestamp = batch.lastTimestamp;
        next.inboxCount = batch.inboxCount;
        next.inboxRoot = inbox.rootAt(batch.inboxCount);
        next.messagesRoot = batch.messagesRoot;
        next.stateDiffHash = keccak256(batch.stateDiff);
        next.programId = batch.isDev ? bytes32(0) : programId;
        next.digest = _digest(last, next);
    }

    function _digest(StoredBatch memory last, StoredBatch memory next) private view returns (bytes32) {
        return PublicInputsLib.digest(
            PublicInputs({
                l1ChainId: block.chainid,
                rollup: address(this),
                l2ChainId: l2ChainId,
                rulesVersion: RULES_VERSION,
                batchNumber: next.number,
                parentBlockHash: last.lastBlockHash,
                stateRootBefore: last.stateRoot,
                lastBlockHash: next.lastBlockHash,
                stateRootAfter: next.stateRoot,
                firstBlockNumber: next.firstBlockNumber,
                lastBlockNumber: next.lastBlockNumber,
                lastTimestamp: next.lastTimestamp,
                stateDiffHash: next.stateDiffHash,
                inboxCountBefore: last.inboxCount,
                inboxRootBefore: last.inboxRoot,
                inboxCountAfter: next.inboxCount,
                inboxRootAfter: next.inboxRoot,
                messagesRoot: next.messagesRoot
            })
        );
    }

    /// @dev The rule is explained at `IRollup.commitBatches`.
    function _checkInboxDeadline(StoredBatch memory newLast, uint64 consumed) private view {
        uint64 head = newLast.inboxCount;
        if (consumed >= MIN_OVERDUE_PROGRESS || head == inbox.count()) return;
        uint256 dueTime = uint256(inbox.timeOf(head)) + inboxDeadline;
        if (Math.min(block.timestamp, newLast.lastTimestamp) > dueTime) revert Rollup__InboxHeadOverdue(head, dueTime);
    }

    function _checkStored(uint64 number, StoredBatch memory batch) private view returns (bytes32 batchHash) {
        if (batch.number != number) revert Rollup__BatchNumberMismatch(number, batch.number);
        batchHash = _hashBatch(batch);
        if (batchHash != storedBatchHash[number]) revert Rollup__StoredBatchMismatch(storedBatchHash[number], batchHash);
    }

    function _hashBatch(StoredBatch memory batch) private pure returns (bytes32) {
        return keccak256(abi.encode(batch));
    }
}
