// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Errors of a verifier of zkvm/stark's proofs
/// @notice One for each `check` of zkvm/stark/errors.ts: both verifiers refuse a proof for the same reason.
interface IStarkVerifier {
    /// @notice `encoding`: the proof has a wrong version, length, count, or a number that is not below the prime.
    /// @param offset where in the proof; where the part ends that has such a number
    error StarkVerifier__Encoding(uint256 offset);

    /// @notice `heights`: this verifier knows no tables of these heights.
    error StarkVerifier__Heights(uint256 table, uint256 logHeight);

    /// @notice `public-values`: the value is not below the prime.
    error StarkVerifier__PublicValues(uint256 index);

    /// @notice `bus-balance`: what the tables and the verifier send is not what they receive.
    error StarkVerifier__BusBalance();

    /// @notice `constraints`: they do not hold at the point outside the domain.
    error StarkVerifier__Constraints();

    /// @notice `grinding`: the state after the nonce begins with too few zero bits.
    error StarkVerifier__Grinding(bytes32 state);

    /// @notice `openings`: the rows of the stage (0 fixed, 1 main, 2 aux, 3 quotient) are not those that were committed to.
    error StarkVerifier__Openings(uint256 stage);

    /// @notice `fri-commitment`: the values of a folding step are not those that were committed to.
    error StarkVerifier__FriCommitment(uint256 step);

    /// @notice `final-polynomial`: the folded value at this position is not of a polynomial of low degree.
    error StarkVerifier__FinalPolynomial(uint256 position);

    /// @notice The verifier was deployed with parameters that it cannot work with.
    error StarkVerifier__BadParameters();
}

/// @notice Constants of prover and verifier (zkvm/stark/parameters.ts).
struct StarkParameters {
    uint8 logBlowup;
    uint8 queries;
    uint8 grindingBits;
    uint8 logFold;
    uint8 maxLogFinalLength;
    uint8 maxLogPack;
    uint8 minLogHeight;
    uint8 maxLogHeight;
}
