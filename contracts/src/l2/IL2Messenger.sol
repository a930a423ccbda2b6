// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Messages from L2 to L1, predeployed at 0x8008
/// @notice The events of a batch, in order, are the leaves of its tree of messages (docs/formats.md §4).
interface IL2Messenger {
    /// @notice `hash` is `keccak256(message)`.
    event L1MessageSent(address indexed sender, bytes32 indexed hash, bytes message);

    /// @notice Sends any bytes in the name of the caller. What the message means is for its reader on L1 to say.
    function sendToL1(bytes calldata message) external returns (bytes32 hash);
}
