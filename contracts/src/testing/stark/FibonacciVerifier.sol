// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Goldilocks} from "../../l1/stark/Goldilocks.sol";
import {StarkParameters} from "../../l1/stark/IStarkVerifier.sol";
import {PublicInteraction, StarkVerifier} from "../../l1/stark/StarkVerifier.sol";
import {FibonacciAir} from "./FibonacciAir.sol";

/// @notice Verifies that a Fibonacci sequence leads from `first` to `last` (zkvm/stark/testing/fibonacci-air.ts).
contract FibonacciVerifier is FibonacciAir {
    uint256 private constant ENDS_BUS = 1;
    uint256 private constant IS_START = 0;
    uint256 private constant IS_END = 1;

    constructor(StarkParameters memory parameters, uint256 fixedLogHeights, bytes32[] memory roots)
        StarkVerifier(parameters, fixedLogHeights, roots)
    {}

    function verify(uint256 first, uint256 last, bytes calldata proof) external view {
        uint256[] memory publicValues = new uint256[](2);
        (publicValues[0], publicValues[1]) = (first, last);
        _verify(publicValues, proof);
    }

    function _publicInteractions(uint256[] memory publicValues) internal pure override returns (PublicInteraction[] memory interactions) {
        interactions = new PublicInteraction[](2);
        interactions[0] = PublicInteraction({bus: ENDS_BUS, multiplicity: 1, tuple: _pair(IS_START, publicValues[0])});
        interactions[1] = PublicInteraction({bus: ENDS_BUS, multiplicity: Goldilocks.P - 1, tuple: _pair(IS_END, publicValues[1])});
    }

    function _pair(uint256 a, uint256 b) private pure returns (uint256[] memory tuple) {
        tuple = new uint256[](2);
        (tuple[0], tuple[1]) = (a, b);
    }
}
