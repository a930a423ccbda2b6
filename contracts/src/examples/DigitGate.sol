// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "../l1/interfaces/IVerifier.sol";

/// @title Verifiable inference: pays whoever knows a picture in which a neural network reads a certain digit
/// @notice The network (guest/examples/digits.c) runs off chain. Its proof tells L1 what it read, and in which network, but not the picture.
/// An example, not audited: the prize goes to whoever claims first, so a proof should be registered and claimed in one transaction where
/// others might claim with it.
contract DigitGate {
    event Opened(uint8 digit, address indexed by);

    error DigitGate__NotProven(uint8 digit);
    error DigitGate__AlreadyOpen();
    error DigitGate__PaymentFailed();

    IVerifier public immutable verifier;
    bytes32 public immutable programId;
    /// @notice The first 31 bytes of keccak256 of the network's weights, which the program outputs behind the digit.
    bytes31 public immutable network;
    uint8 public immutable digit;

    bool public isOpen;

    constructor(IVerifier verifier_, bytes32 programId_, bytes31 network_, uint8 digit_) payable {
        verifier = verifier_;
        programId = programId_;
        network = network_;
        digit = digit_;
    }

    /// @notice Pays the prize to the caller once the verifier knows that the network has read the digit.
    function open() external {
        if (isOpen) revert DigitGate__AlreadyOpen();
        if (!verifier.isProven(programId, bytes32(abi.encodePacked(digit, network)))) revert DigitGate__NotProven(digit);
        isOpen = true;
        emit Opened(digit, msg.sender);
        (bool success,) = msg.sender.call{value: address(this).balance}("");
        if (!success) revert DigitGate__PaymentFailed();
    }
}
