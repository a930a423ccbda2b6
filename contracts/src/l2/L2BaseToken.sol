// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IL2BaseToken} from "./IL2BaseToken.sol";
import {IL2Messenger} from "./IL2Messenger.sol";

/// @notice See {IL2BaseToken}.
contract L2BaseToken is IL2BaseToken {
    IL2Messenger private constant MESSENGER = IL2Messenger(0x0000000000000000000000000000000000008008);
    /// @dev Selector of zkSync's `finalizeEthWithdrawal(uint256,uint256,uint16,bytes,bytes32[])`: it tells clients what the message is.
    bytes4 private constant WITHDRAWAL_SELECTOR = 0x6c0960f9;

    /// @inheritdoc IL2BaseToken
    function withdraw(address l1Receiver) external payable {
        emit Withdrawal(msg.sender, l1Receiver, msg.value);
        MESSENGER.sendToL1(abi.encodePacked(WITHDRAWAL_SELECTOR, l1Receiver, msg.value));
    }
}
