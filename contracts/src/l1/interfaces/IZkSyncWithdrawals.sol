// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The calls by which zkSync's clients finalize withdrawals
/// @notice Names and parameters are those of zkSync's `L1Nullifier` and shared bridge.
interface IZkSyncWithdrawals {
    struct FinalizeL1DepositParams {
        uint256 chainId;
        uint256 l2BatchNumber;
        uint256 l2MessageIndex;
        address l2Sender;
        uint16 l2TxNumberInBatch;
        bytes message;
        bytes32[] merkleProof;
    }

    error Bridge__ChainIdMismatch(uint256 expected, uint256 actual);
    /// @notice Ether is withdrawn by the base token predeploy only.
    error Bridge__SenderMismatch(address expected, address actual);

    /// @notice The same as `IBridge.finalizeWithdrawal`.
    function finalizeDeposit(FinalizeL1DepositParams calldata params) external;

    /// @notice The same as `IBridge.isWithdrawalFinalized`; false for another chain.
    function isWithdrawalFinalized(uint256 chainId, uint256 l2BatchNumber, uint256 l2MessageIndex) external view returns (bool);
}
