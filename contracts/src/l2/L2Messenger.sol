// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IL2Messenger} from "./IL2Messenger.sol";

/// @notice See {IL2Messenger}.
contract L2Messenger is IL2Messenger {
    /// @inheritdoc IL2Messenger
    function sendToL1(bytes calldata message) external returns (bytes32 hash) {
        hash = keccak256(message);
        emit L1MessageSent(msg.sender, hash, message);
    }
}
