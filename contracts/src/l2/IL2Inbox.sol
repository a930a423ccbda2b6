// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Inbox roots on L2, predeployed at 0x8020
/// @notice Every L2 block carries the Inbox root as its `parentBeaconBlockRoot`, and EIP-4788 keeps the last 8191 of them: seconds, when
/// blocks are fast. This contract keeps a root for good.
interface IL2Inbox {
    event Anchored(bytes32 indexed root, uint256 timestamp);

    /// @notice EIP-4788 has no root for this timestamp (any more).
    error L2Inbox__RootNotFound(uint256 timestamp);

    /// @notice Keeps the Inbox root of the L2 block with this timestamp. Anyone may call.
    function anchor(uint256 timestamp) external returns (bytes32 root);

    /// @notice Whether `root` was the Inbox root of some L2 block and has been kept.
    function anchored(bytes32 root) external view returns (bool);
}
