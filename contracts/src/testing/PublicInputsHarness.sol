// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {PublicInputs, PublicInputsLib} from "../l1/libraries/PublicInputs.sol";

/// @notice Exposes the digest for the vectors of test/vectors/public-inputs.json.
contract PublicInputsHarness {
    function digest(PublicInputs calldata inputs) external pure returns (bytes32) {
        return PublicInputsLib.digest(inputs);
    }
}
