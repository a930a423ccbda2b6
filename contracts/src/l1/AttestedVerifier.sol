// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAttestedVerifier} from "./interfaces/IAttestedVerifier.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";

/// @notice See {IAttestedVerifier}.
contract AttestedVerifier is IAttestedVerifier, EIP712 {
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256("Attestation(bytes32 programId,bytes32 digest)");

    /// @inheritdoc IAttestedVerifier
    address public immutable attester;

    /// @inheritdoc IVerifier
    mapping(bytes32 programId => mapping(bytes32 digest => bool)) public isProven;

    constructor(address attester_) EIP712("zkdevnet attestation", "1") {
        if (attester_ == address(0)) revert AttestedVerifier__AttesterIsZero();
        attester = attester_;
    }

    /// @inheritdoc IAttestedVerifier
    function attest(bytes32 programId, bytes32[] calldata digests, bytes[] calldata signatures) external {
        if (digests.length != signatures.length) revert AttestedVerifier__LengthMismatch(digests.length, signatures.length);
        for (uint256 i = 0; i < digests.length; ++i) {
            _attest(programId, digests[i], signatures[i]);
        }
    }

    /// @dev The EIP-712 domain holds the L1 chain id and this contract's address: a signature is worth nothing elsewhere.
    function _attest(bytes32 programId, bytes32 digest, bytes calldata signature) private {
        bytes32 signedHash = _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPEHASH, programId, digest)));
        address signer = ECDSA.recoverCalldata(signedHash, signature);
        if (signer != attester) revert AttestedVerifier__SignerMismatch(attester, signer);
        if (isProven[programId][digest]) return;
        isProven[programId][digest] = true;
        emit Attested(programId, digest);
    }
}
