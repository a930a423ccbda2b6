// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The exit for ether, predeployed at 0x800A
interface IL2BaseToken {
    event Withdrawal(address indexed _l2Sender, address indexed _l1Receiver, uint256 _amount);

    /// @notice Withdraws `msg.value` to `l1Receiver`, who is paid by the Bridge once the batch is executed on L1.
    /// The ether stays locked in this contract for good; what circulates on L2 is the supply less this contract's balance.
    function withdraw(address l1Receiver) external payable;
}
