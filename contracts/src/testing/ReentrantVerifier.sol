// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice A verifier that uses being asked: it calls the asker, and calls a batch proven if that worked. `IVerifier` says that it does not.
contract ReentrantVerifier {
    bytes private _call;

    function setCall(bytes calldata call_) external {
        _call = call_;
    }

    function isProven(bytes32, bytes32) external returns (bool) {
        if (_call.length == 0) return false;
        (bool succeeded,) = msg.sender.call(_call);
        return succeeded;
    }
}
