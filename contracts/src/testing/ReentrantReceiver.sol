// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Answers the next payment with a call of its own, and fails if that call fails: the receiver of a withdrawal as an attacker writes it.
contract ReentrantReceiver {
    address private _target;
    bytes private _data;

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function send(address payable target) external payable {
        _forward(target, msg.value, "");
    }

    receive() external payable {
        address target = _target;
        // Once: a second payment, the fruit of the first call, is simply taken.
        _target = address(0);
        if (target != address(0)) _forward(target, 0, _data);
    }

    function _forward(address target, uint256 value, bytes memory data) private {
        (bool succeeded, bytes memory result) = target.call{value: value}(data);
        if (!succeeded) {
            // Passes the callee's revert data on unchanged, which Solidity has no statement for.
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }
}
