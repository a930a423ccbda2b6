// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "./IVerifier.sol";

/// @title What batches are proven with, and how the owner changes it: in the open, and not before a delay has passed
/// @notice An upgrade changes program and verifier of the batches that are committed after it, and nothing else: no batch that L1 has proven
/// or executed, no root, no message. While it waits, whoever does not agree can leave: withdrawals of executed batches are paid by the
/// Bridge, which knows neither owner nor pause. A withdrawal that is not claimed before the upgrade competes for the Bridge's ether with
/// whatever the new program lets pass.
interface IUpgradeTimelock {
    /// @notice An upgrade that waits. All fields are zero where none does.
    struct Upgrade {
        bytes32 programId;
        /// Of the code that stood at `verifier` when the upgrade was scheduled: what was announced is what will verify.
        bytes32 verifierCodeHash;
        IVerifier verifier;
        /// L1 time from which on it may be executed.
        uint64 earliest;
    }

    /// @notice Batches that are committed from here on are of this program, and this verifier is asked for their facts. Emitted by the
    /// constructor and by each upgrade, so the program of a batch is that of the last such event before its `BatchCommitted`.
    event ProgramSet(bytes32 indexed programId, IVerifier indexed verifier);
    /// @notice The upgrade may be executed from `earliest` on, by anybody.
    event UpgradeScheduled(bytes32 indexed programId, IVerifier indexed verifier, bytes32 verifierCodeHash, uint64 earliest);
    /// @notice The upgrade that waited will not take place.
    event UpgradeCancelled(bytes32 indexed programId, IVerifier indexed verifier);

    /// @notice Zero marks batches that nobody proves.
    error UpgradeTimelock__ProgramIdZero();
    error UpgradeTimelock__VerifierHasNoCode(IVerifier verifier);
    /// @notice The verifier has a fact that no proof can have: it takes everything.
    error UpgradeTimelock__VerifierProvesAnything(IVerifier verifier);
    error UpgradeTimelock__DelayTooShort(uint64 minimum, uint64 actual);
    /// @notice Another upgrade waits. It has to be cancelled first, so that none takes the place, and the waiting time, of another.
    error UpgradeTimelock__AlreadyScheduled(uint64 earliest);
    error UpgradeTimelock__NothingScheduled();
    error UpgradeTimelock__TooEarly(uint64 earliest, uint256 actual);
    error UpgradeTimelock__VerifierCodeChanged(bytes32 expected, bytes32 actual);
    /// @notice Batches are committed and not proven. The program that they were committed under is to prove them, or they are reverted.
    error UpgradeTimelock__BatchesUnproven(uint64 lastProven, uint64 lastCommitted);

    /// @notice Announces the upgrade. It may be executed when `upgradeDelay` has passed. Owner only, also while paused.
    function scheduleUpgrade(bytes32 newProgramId, IVerifier newVerifier) external;

    /// @notice Gives the upgrade up that waits. Owner only.
    function cancelUpgrade() external;

    /// @notice Makes the upgrade that waited for its delay. Anyone may call, also while paused. Not while batches are committed that are not
    /// proven: each batch is proven by the program and the verifier under which it was committed. The owner can revert such batches, and
    /// can take the role from a sequencer that goes on to commit in order to prevent the upgrade.
    function executeUpgrade() external;

    /// @notice The upgrade that waits; zero where none does.
    function pendingUpgrade() external view returns (Upgrade memory);

    /// @notice Asked whether a batch is proven.
    function verifier() external view returns (IVerifier);

    /// @notice The program whose run proves a batch. Never zero.
    function programId() external view returns (bytes32);

    /// @notice Seconds between the announcement of an upgrade and its earliest execution.
    function upgradeDelay() external view returns (uint64);
}
