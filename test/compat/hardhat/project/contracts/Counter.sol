// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

contract Counter {
    error Counter__StepIsZero();

    event Increment(address indexed by, uint256 step);

    uint256 public x;

    function inc() external {
        incBy(1);
    }

    function incBy(uint256 step) public {
        if (step == 0) revert Counter__StepIsZero();
        x += step;
        emit Increment(msg.sender, step);
    }

    function fail() external pure {
        revert("not today");
    }
}
