// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Goldilocks} from "../../l1/stark/Goldilocks.sol";
import {ISegmentVerifier} from "../../l1/stark/ISegmentVerifier.sol";
import {PublicInteraction, StarkVerifier} from "../../l1/stark/StarkVerifier.sol";

/// @notice Verifies that a Fibonacci sequence leads from its first to its last number (zkvm/stark/testing/fibonacci-air.ts).
contract FibonacciVerifier is StarkVerifier {
    uint256 private constant ENDS_BUS = 1;
    uint256 private constant IS_START = 0;
    uint256 private constant IS_END = 1;

    constructor(ISegmentVerifier segmentVerifier_) StarkVerifier(segmentVerifier_) {}

    function _programValues() internal pure override returns (uint256) {
        return 0;
    }

    function _publicInteractions(uint256[] memory publicValues) internal pure override returns (PublicInteraction[] memory interactions) {
        if (publicValues.length != 2) revert StarkVerifier__PublicValues(2);
        interactions = new PublicInteraction[](2);
        interactions[0] = PublicInteraction({bus: ENDS_BUS, multiplicity: 1, tuple: _pair(IS_START, publicValues[0])});
        interactions[1] = PublicInteraction({bus: ENDS_BUS, multiplicity: Goldilocks.P - 1, tuple: _pair(IS_END, publicValues[1])});
    }

    function _pair(uint256 a, uint256 b) private pure returns (uint256[] memory tuple) {
        tuple = new uint256[](2);
        (tuple[0], tuple[1]) = (a, b);
    }
}
