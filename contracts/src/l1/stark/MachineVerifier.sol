// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "../interfaces/IVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {ISegmentVerifier} from "./ISegmentVerifier.sol";
import {PublicInteraction, StarkVerifier} from "./StarkVerifier.sol";

/// @title Verifier of runs of RISC-V programs (zkvm/tables/machine/machine-air.ts)
/// @notice Public values: the program's entry, then the exit code, whether there is an output, and its 32 bytes in eight words, the least
/// significant byte first in each. As `IVerifier`, a digest is proven once a run of the program that output it has exited with code 0.
contract MachineVerifier is StarkVerifier, IVerifier {
    uint256 private constant PUBLIC_VALUES = 11;
    uint256 private constant OUTPUT_WORDS = 8;
    uint256 private constant FIRST_WORD = PUBLIC_VALUES - OUTPUT_WORDS;
    uint256 private constant PC_BUS = 4;
    uint256 private constant PUBLIC_BUS = 10;
    uint256 private constant EXIT_CODE = 1;
    uint256 private constant OUTPUT = 2;

    constructor(ISegmentVerifier segmentVerifier_) StarkVerifier(segmentVerifier_) {}

    /// @inheritdoc IVerifier
    function isProven(bytes32 programId, bytes32 digest) external view returns (bool) {
        return isRegistered[programId][publicDigestOf(0, true, digest)];
    }

    /// @notice The digest of public values, without the entry.
    function publicDigestOf(uint32 exitCode, bool hasOutput, bytes32 output) public pure returns (bytes32) {
        bytes memory values = abi.encodePacked(uint64(exitCode), hasOutput ? uint64(1) : uint64(0));
        for (uint256 i = 0; i < OUTPUT_WORDS; ++i) {
            values = bytes.concat(values, bytes4(0), _reversed(bytes4(output << 32 * i)));
        }
        return keccak256(values);
    }

    function _reversed(bytes4 word) private pure returns (bytes4) {
        uint32 value = uint32(word);
        return bytes4(value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24);
    }

    function _programValues() internal pure override returns (uint256) {
        return 1;
    }

    function _publicInteractions(uint256[] memory values) internal pure override returns (PublicInteraction[] memory interactions) {
        if (values.length != PUBLIC_VALUES) revert StarkVerifier__PublicValues(PUBLIC_VALUES);
        bool hasOutput = values[2] == 1;
        if (!hasOutput && values[2] != 0) revert StarkVerifier__PublicValues(2);
        for (uint256 i = 0; i < PUBLIC_VALUES; ++i) {
            if (values[i] > type(uint32).max || (i >= FIRST_WORD && !hasOutput && values[i] != 0)) revert StarkVerifier__PublicValues(i);
        }
        interactions = new PublicInteraction[](hasOutput ? 2 + OUTPUT_WORDS : 2);
        // The first segment begins at the entry.
        uint256[] memory start = new uint256[](2);
        start[1] = values[0];
        interactions[0] = PublicInteraction({bus: PC_BUS, multiplicity: 1, tuple: start});
        interactions[1] = _interaction(1, EXIT_CODE, 0, values[1]);
        for (uint256 i = 2; i < interactions.length; ++i) {
            interactions[i] = _interaction(Goldilocks.P - 1, OUTPUT, i - 2, values[FIRST_WORD + i - 2]);
        }
    }

    function _interaction(uint256 multiplicity, uint256 kind, uint256 position, uint256 value)
        private
        pure
        returns (PublicInteraction memory)
    {
        uint256[] memory tuple = new uint256[](3);
        (tuple[0], tuple[1], tuple[2]) = (kind, position, value);
        return PublicInteraction({bus: PUBLIC_BUS, multiplicity: multiplicity, tuple: tuple});
    }
}
