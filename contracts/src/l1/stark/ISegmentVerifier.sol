// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";
import {Statement} from "./IStarkVerifier.sol";

/// @title The first half of a segment's verification, for one AIR and one set of parameters
/// @notice It has no state: the same question always has the same answer. Errors are those of {IStarkVerifier}.
interface ISegmentVerifier {
    /// @notice Checks the transcript and the constraints of a segment.
    /// @param proof the segment's part of the proof up to the nonce, then the openings at the first `count` query positions, of which only the
    /// encoding is checked
    /// @return encodedContext what the openings have to be checked against (zkvm/stark/query-context.ts)
    /// @return length of the part up to the nonce, in bytes
    function verifyPrefix(Statement calldata statement, bytes calldata header, uint256 segment, bytes calldata proof, uint256 count)
        external
        view
        returns (bytes memory encodedContext, uint256 length);

    /// @notice The number of segments, and the challenges that follow the main commitments: α, the powers of β, τ and δ.
    function busChallenges(Statement calldata statement, bytes calldata header)
        external
        view
        returns (uint256 segments, Ext[] memory challenges);

    /// @notice The program that a key stands for, together with the public values that belong to it (docs/formats.md §10).
    function programIdOf(bytes calldata key, bytes calldata programValues) external view returns (bytes32);

    /// @notice Query positions of a segment.
    function queries() external view returns (uint256);

    /// @notice The log of the number of values that a folding step makes one of.
    function logFold() external view returns (uint256);

    /// @notice keccak256 of the AIR's code (zkvm/stark/air-code.ts).
    function airDigest() external view returns (bytes32);
}
