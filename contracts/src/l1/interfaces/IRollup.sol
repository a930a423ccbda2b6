// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInbox} from "./IInbox.sol";

/// @title The L2 chain as L1 sees it: batches that are committed, then proven, then executed (docs/formats.md §1 and §5)
/// @notice Storage holds one hash per batch; whoever acts on a batch brings its fields and they are checked against that hash.
interface IRollup {
    /// @notice All that L1 knows of a committed batch. Batch 0, the genesis, has `digest` and `programId` zero; a dev batch has `programId`
    /// zero: no program vouches for it. Every other batch has the one that the rollup had at its commit, which is never zero.
    struct StoredBatch {
        uint64 number;
        bytes32 lastBlockHash;
        bytes32 stateRoot;
        uint64 firstBlockNumber;
        uint64 lastBlockNumber;
        uint64 lastTimestamp;
        uint64 inboxCount;
        bytes32 inboxRoot;
        bytes32 messagesRoot;
        bytes32 stateDiffHash;
        bytes32 digest;
        bytes32 programId;
    }

    /// @notice What the sequencer claims of a new batch; the rest of `StoredBatch` follows from it and from L1's own state.
    struct CommitBatch {
        uint64 number;
        bytes32 lastBlockHash;
        bytes32 stateRoot;
        uint64 firstBlockNumber;
        uint64 lastBlockNumber;
        uint64 lastTimestamp;
        uint64 inboxCount;
        bytes32 messagesRoot;
        /// Dev batch: its state was edited, so no proof of it exists. Only where `allowDevBatches`.
        bool isDev;
        bytes stateDiff;
    }

    /// @notice A batch was posted. Its state diff is in the calldata of the transaction.
    /// @param batchHash `keccak256(abi.encode(StoredBatch))`
    event BatchCommitted(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest);
    /// @notice The verifier vouches for the batch.
    event BatchProven(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest);
    /// @notice The dev batch was let through to execution. Nobody vouches for it.
    event DevBatchPassed(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest);
    /// @notice The batch is final; its messages can be used on L1.
    event BatchExecuted(uint64 indexed number, bytes32 indexed batchHash, bytes32 stateRoot, bytes32 messagesRoot);
    /// @notice Batches above `lastCommitted` are no longer part of the chain.
    event BatchesReverted(uint64 lastCommitted, uint64 lastProven, uint64 lastExecuted);

    error Rollup__AlreadyInitialized();
    /// @notice This rollup was deployed for proven batches only.
    error Rollup__DevBatchNotAllowed(uint64 number);
    /// @notice The genesis batch has a field that batch 0 cannot have, or its diff has another hash.
    /// @param expected hash of the batch with those fields put right
    error Rollup__GenesisInvalid(bytes32 expected, bytes32 actual);
    error Rollup__NoBatches();
    /// @notice Batches are committed, proven and executed one after the other.
    error Rollup__BatchNumberMismatch(uint64 expected, uint64 actual);
    /// @notice The given fields are not those of the stored batch.
    error Rollup__StoredBatchMismatch(bytes32 expected, bytes32 actual);
    error Rollup__FirstBlockMismatch(uint64 expected, uint64 actual);
    error Rollup__LastBlockBeforeFirst(uint64 first, uint64 last);
    error Rollup__TimestampNotIncreasing(uint64 previous, uint64 actual);
    error Rollup__TimestampTooFarAhead(uint256 latest, uint64 actual);
    error Rollup__InboxCountDecreased(uint64 previous, uint64 actual);
    error Rollup__InboxCountTooHigh(uint64 available, uint64 actual);
    /// @notice The commit leaves the item `index`, due at `dueTime`, and consumed fewer than `MIN_OVERDUE_PROGRESS` items.
    error Rollup__InboxHeadOverdue(uint64 index, uint256 dueTime);
    error Rollup__BatchNotCommitted(uint64 lastCommitted, uint64 actual);
    error Rollup__BatchNotProven(uint64 lastProven, uint64 actual);
    error Rollup__FactNotRegistered(bytes32 programId, bytes32 digest);
    /// @notice Only the batches from `lowest` (the last executed) to `highest` (the last committed) can become the last one.
    error Rollup__RevertOutOfRange(uint64 lowest, uint64 highest, uint64 actual);

    /// @notice Posts batch 0, once. Owner only.
    /// @param genesis number, blocks, Inbox count, messages root, digest and program id zero; Inbox root of the empty tree
    /// @param genesisDiff state diff from the empty state, `keccak256` of it is `genesis.stateDiffHash`
    function initialize(StoredBatch calldata genesis, bytes calldata genesisDiff) external;

    /// @notice Posts batches. Sequencer only.
    ///
    /// Deadline of the Inbox: the first item that the call leaves unconsumed is overdue when both L1's clock and the last batch's own
    /// `lastTimestamp` are more than `inboxDeadline` past its L1 time. A call that leaves an overdue item must have consumed at least
    /// `MIN_OVERDUE_PROGRESS` items, which is what one L2 block can take. L1's clock alone would lock out a sequencer that was down for
    /// longer than the deadline with a batch sealed but not committed: nothing that it could still do would make that batch acceptable.
    /// The rule looks at the call as a whole, so an old batch can also be committed together with a newer one that makes the progress.
    /// A sequencer that holds back the clock of L2 evades the rule in the open; it is for the escape hatch to go by L1's clock alone.
    /// @param last the last committed batch
    /// @param batches its successors
    function commitBatches(StoredBatch calldata last, CommitBatch[] calldata batches) external;

    /// @notice Marks batches as proven whose facts the verifier has, and lets dev batches pass between them. Anyone may call.
    /// @param batches successors of the last batch that is proven or passed
    function proveBatches(StoredBatch[] calldata batches) external;

    /// @notice Makes proven batches final. Anyone may call.
    /// @param batches successors of the last executed batch
    function executeBatches(StoredBatch[] calldata batches) external;

    /// @notice Drops the batches above `newLastBatch`, none of which may be executed. Sequencer or owner, also while paused.
    function revertBatches(uint64 newLastBatch) external;

    /// @notice Stops commits, proofs and executions. Owner only.
    function pause() external;

    /// @notice Ends the pause. Owner only.
    function unpause() external;

    /// @notice Digest that a proof of `batch` must have. Makes the checks of `commitBatches` except that `last` is stored and the deadline.
    function digestOf(StoredBatch calldata last, CommitBatch calldata batch) external view returns (bytes32);

    function lastCommittedBatch() external view returns (uint64);

    /// @notice Up to here all batches are proven, or dev batches that were let pass.
    function lastProvenBatch() external view returns (uint64);

    function lastExecutedBatch() external view returns (uint64);

    /// @notice `keccak256(abi.encode(StoredBatch))`; zero if batch `number` is not committed.
    function storedBatchHash(uint64 number) external view returns (bytes32);

    /// @notice Root of the messages of an executed batch; zero if it has none or is not executed.
    function messagesRoot(uint64 number) external view returns (bytes32);

    /// @notice State root after an executed batch; zero if it is not executed.
    function stateRoot(uint64 number) external view returns (bytes32);

    function inbox() external view returns (IInbox);

    /// @notice Whether batches are taken that nobody proves. Fixed for good at deployment; where it is true, the sequencer can have any
    /// state, and any withdrawal, accepted.
    function allowDevBatches() external view returns (bool);

    function l2ChainId() external view returns (uint256);

    /// @notice Seconds after which the head of the Inbox is overdue.
    function inboxDeadline() external view returns (uint64);

    /// @notice Seconds that an L2 timestamp may be ahead of L1's clock.
    function maxTimestampLead() external view returns (uint64);

    /// @notice L1 block of the deployment: no event of the rollup or of its Inbox is older.
    function deployBlock() external view returns (uint256);
}
