// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IUpgradeTimelock} from "./interfaces/IUpgradeTimelock.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";

/// @notice See {IUpgradeTimelock}.
abstract contract UpgradeTimelock is IUpgradeTimelock {
    /// @notice No rollup has a shorter delay.
    uint64 public constant MIN_UPGRADE_DELAY = 1 days;

    /// @inheritdoc IUpgradeTimelock
    uint64 public immutable upgradeDelay;

    /// @inheritdoc IUpgradeTimelock
    IVerifier public verifier;
    /// @inheritdoc IUpgradeTimelock
    bytes32 public programId;
    Upgrade private _pending;

    constructor(bytes32 programId_, IVerifier verifier_, uint64 upgradeDelay_) {
        if (upgradeDelay_ < MIN_UPGRADE_DELAY) revert UpgradeTimelock__DelayTooShort(MIN_UPGRADE_DELAY, upgradeDelay_);
        _checkTarget(programId_, verifier_);
        upgradeDelay = upgradeDelay_;
        _set(programId_, verifier_);
    }

    /// @inheritdoc IUpgradeTimelock
    function scheduleUpgrade(bytes32 newProgramId, IVerifier newVerifier) external {
        _checkUpgrader();
        if (_pending.earliest != 0) revert UpgradeTimelock__AlreadyScheduled(_pending.earliest);
        _checkTarget(newProgramId, newVerifier);
        bytes32 codeHash = address(newVerifier).codehash;
        // A delay that overflows the clock is one that never ends: such a rollup cannot be upgraded.
        uint64 earliest = uint64(block.timestamp) + upgradeDelay;
        _pending = Upgrade({programId: newProgramId, verifierCodeHash: codeHash, verifier: newVerifier, earliest: earliest});
        emit UpgradeScheduled(newProgramId, newVerifier, codeHash, earliest);
    }

    /// @inheritdoc IUpgradeTimelock
    function cancelUpgrade() external {
        _checkUpgrader();
        Upgrade memory pending = _pending;
        if (pending.earliest == 0) revert UpgradeTimelock__NothingScheduled();
        delete _pending;
        emit UpgradeCancelled(pending.programId, pending.verifier);
    }

    /// @inheritdoc IUpgradeTimelock
    function executeUpgrade() external {
        Upgrade memory pending = _pending;
        if (pending.earliest == 0) revert UpgradeTimelock__NothingScheduled();
        if (block.timestamp < pending.earliest) revert UpgradeTimelock__TooEarly(pending.earliest, block.timestamp);
        bytes32 codeHash = address(pending.verifier).codehash;
        if (codeHash != pending.verifierCodeHash) revert UpgradeTimelock__VerifierCodeChanged(pending.verifierCodeHash, codeHash);
        _checkAllProven();
        delete _pending;
        _set(pending.programId, pending.verifier);
    }

    /// @inheritdoc IUpgradeTimelock
    function pendingUpgrade() external view returns (Upgrade memory) {
        return _pending;
    }

    /// @dev Reverts unless the caller may schedule and cancel upgrades.
    function _checkUpgrader() internal view virtual;

    /// @dev Reverts with `UpgradeTimelock__BatchesUnproven` while a committed batch waits for its proof.
    function _checkAllProven() internal view virtual;

    function _set(bytes32 programId_, IVerifier verifier_) private {
        programId = programId_;
        verifier = verifier_;
        emit ProgramSet(programId_, verifier_);
    }

    /// @dev Keeps mistakes out, such as the address of another contract; a verifier that lies cannot be told from here.
    function _checkTarget(bytes32 programId_, IVerifier verifier_) private view {
        if (programId_ == 0) revert UpgradeTimelock__ProgramIdZero();
        if (address(verifier_).code.length == 0) revert UpgradeTimelock__VerifierHasNoCode(verifier_);
        // Digests are hashes, and nobody knows what hashes to zero.
        if (verifier_.isProven(programId_, 0)) revert UpgradeTimelock__VerifierProvesAnything(verifier_);
    }
}
