// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Registry of facts "program `programId` produced the public digest `digest`"
/// @notice What convinces the registry (a signature, a STARK) is the implementation's business. A fact never disappears.
interface IVerifier {
    /// @notice Whether the fact is registered.
    function isProven(bytes32 programId, bytes32 digest) external view returns (bool);
}
