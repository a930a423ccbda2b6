// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Keeps ether until a time, for its owner.
contract Vault {
    error Vault__NotYet(uint256 unlockTime);
    error Vault__NotOwner(address caller);

    event Withdrawal(uint256 amount, uint256 when);

    uint256 public immutable unlockTime;
    address payable public immutable owner;

    constructor(uint256 unlockTime_) payable {
        require(block.timestamp < unlockTime_, "unlock time should be in the future");
        unlockTime = unlockTime_;
        owner = payable(msg.sender);
    }

    function withdraw() external {
        if (block.timestamp < unlockTime) revert Vault__NotYet(unlockTime);
        if (msg.sender != owner) revert Vault__NotOwner(msg.sender);
        emit Withdrawal(address(this).balance, block.timestamp);
        owner.transfer(address(this).balance);
    }
}
