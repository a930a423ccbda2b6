// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISegmentVerifier} from "../../l1/stark/ISegmentVerifier.sol";
import {Goldilocks} from "../../l1/stark/Goldilocks.sol";
import {PublicInteraction, StarkVerifier} from "../../l1/stark/StarkVerifier.sol";

/// @notice Verifies that x → x² + 1 leads from a number to another in so many segments (zkvm/stark/testing/chain-air.ts).
contract ChainVerifier is StarkVerifier {
    uint256 private constant LINK_BUS = 1;

    constructor(ISegmentVerifier segmentVerifier_) StarkVerifier(segmentVerifier_) {}

    /// @dev The first number, so that there is something that belongs to a program.
    function _programValues() internal pure override returns (uint256) {
        return 1;
    }

    function _publicInteractions(uint256[] memory publicValues) internal pure override returns (PublicInteraction[] memory interactions) {
        if (publicValues.length != 3) revert StarkVerifier__PublicValues(3);
        interactions = new PublicInteraction[](2);
        interactions[0] = PublicInteraction({bus: LINK_BUS, multiplicity: 1, tuple: _pair(0, publicValues[0])});
        interactions[1] = PublicInteraction({bus: LINK_BUS, multiplicity: Goldilocks.P - 1, tuple: _pair(publicValues[2], publicValues[1])});
    }

    function _pair(uint256 a, uint256 b) private pure returns (uint256[] memory tuple) {
        tuple = new uint256[](2);
        (tuple[0], tuple[1]) = (a, b);
    }
}
