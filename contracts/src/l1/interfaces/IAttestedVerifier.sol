// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "./IVerifier.sol";

/// @title A registry that believes one key
/// @notice An attestation is trust in the prover's key and not a validity proof: whoever holds the key can register a digest of anything.
/// It stands in where test suites need the flow of proofs but not their worth.
interface IAttestedVerifier is IVerifier {
    event Attested(bytes32 indexed programId, bytes32 indexed digest);

    error AttestedVerifier__AttesterIsZero();
    error AttestedVerifier__LengthMismatch(uint256 digests, uint256 signatures);
    error AttestedVerifier__SignerMismatch(address expected, address actual);

    /// @notice Registers facts that the attester has signed. Anyone may call; a fact that is known already is no error.
    /// @param digests public digests of runs of `programId`
    /// @param signatures for each digest `r ‖ s ‖ v` (65 bytes, low s) over the EIP-712 struct `Attestation(bytes32 programId,bytes32 digest)`
    function attest(bytes32 programId, bytes32[] calldata digests, bytes[] calldata signatures) external;

    /// @notice The key that is believed.
    function attester() external view returns (address);
}
