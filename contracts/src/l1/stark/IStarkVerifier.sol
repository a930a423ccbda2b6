// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISegmentVerifier} from "./ISegmentVerifier.sol";

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

/// @notice What a proof is of.
struct Statement {
    /// @dev A byte for each table of the AIR: the log of the height of one with fixed columns, 255 for the others. Then the roots of the fixed
    /// columns' tree (32 bytes each) for a tallest table of 2^h, 2^(h + 1), … rows up to the greatest height, where h is the least height that
    /// a proof can have; 0 for heights without a key.
    bytes key;
    /// @dev Elements of 8 bytes.
    bytes publicValues;
}

/// @title Verifier of STARK proofs (zkvm/stark), in sessions of several transactions, and registry of what they prove
/// @notice A proof is a header and, for each segment of the run, a part of its own. A segment is verified in one session: `begin` checks its
/// transcript and its constraints, and `resume` the openings at consecutive runs of its query positions, in any order and cut. Once all
/// segments are verified, `register` checks that their buses balance, and keeps the fact. Anyone may call anything at any time: a session is
/// named by the hash of all that its verification depends on, so that nobody can change, block or borrow one; verifying something again
/// changes nothing. Nothing of a fact depends on the caller, the chain or the contract: that a run of a program gave an output is true
/// everywhere, and programs whose output is meant for one place have to say so in it.
///
/// An error for each `check` of zkvm/stark/errors.ts: both verifiers refuse a proof for the same reason.
interface IStarkVerifier {
    /// @notice The prefix of a segment's proof is verified.
    event SegmentBegun(bytes32 indexed runId, uint256 segment, bytes32 indexed contextHash);

    /// @notice The openings at queries number `from` to `from + count − 1` are verified.
    event QueriesVerified(bytes32 indexed contextHash, uint256 from, uint256 count);

    /// @notice All queries of a segment are verified.
    event SegmentVerified(bytes32 indexed runId, uint256 segment);

    /// @notice A run of the program has these public values.
    event FactRegistered(bytes32 indexed programId, bytes32 indexed publicDigest, bytes32 runId);

    /// @notice `encoding`: the proof has a wrong version, length, count, or a number that is not below the prime.
    /// @param offset where in the proof; where the part ends that has such a number
    error StarkVerifier__Encoding(uint256 offset);

    /// @notice `heights`: this verifier knows no tables of these heights.
    error StarkVerifier__Heights(uint256 table, uint256 logHeight);

    /// @notice `public-values`: the value is not below the prime, or no run can have it.
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

    /// @notice The statement's key has a wrong length or impossible heights.
    error StarkVerifier__Key();

    /// @notice The header has fewer segments.
    error StarkVerifier__NoSuchSegment(uint256 segment);

    /// @notice There are fewer queries, or none is asked for.
    error StarkVerifier__NoSuchQueries(uint256 from, uint256 count);

    /// @notice No session with this context has begun.
    error StarkVerifier__UnknownSession(bytes32 contextHash);

    /// @notice Segments that are not verified yet, a bit each.
    error StarkVerifier__SegmentsMissing(uint256 missing);

    /// @notice The verifier was deployed with parameters that it cannot work with.
    error StarkVerifier__BadParameters();

    /// @notice Begins the session of a segment.
    /// @param header of the proof: version, heights and main roots of all segments
    /// @param proof the segment's part of the proof up to the nonce, then the openings at the first `count` query positions
    /// @return contextHash the session's name
    function begin(Statement calldata statement, bytes calldata header, uint256 segment, bytes calldata proof, uint256 count)
        external
        returns (bytes32 contextHash);

    /// @notice Verifies the openings at queries number `from` to `from + count − 1` of a session.
    /// @param encodedContext see zkvm/stark/query-context.ts; its hash is the session's name
    /// @param openings as in `begin`
    function resume(bytes calldata encodedContext, uint256 from, uint256 count, bytes calldata openings) external;

    /// @notice Registers the fact that a run proves whose segments are all verified.
    function register(Statement calldata statement, bytes calldata header) external;

    /// @notice Whether a proof has shown that a run of the program has public values of this digest.
    function isRegistered(bytes32 programId, bytes32 publicDigest) external view returns (bool);

    /// @notice What a session lacks, a bit for each query.
    function missingQueries(bytes32 contextHash) external view returns (bool hasBegun, uint256 missing);

    /// @notice The segments of a run that are verified, a bit each.
    function segmentsVerified(bytes32 runId) external view returns (uint256);

    /// @notice Names a run: a statement and the header of its proof.
    function runIdOf(Statement calldata statement, bytes calldata header) external pure returns (bytes32);

    /// @notice What checks the first half of a session, fixed for good: the AIR and the parameters.
    function segmentVerifier() external view returns (ISegmentVerifier);
}
