// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DeepCombination} from "./DeepCombination.sol";
import {Ext, ZERO, fromBase, inverseAll} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {ISegmentVerifier} from "./ISegmentVerifier.sol";
import {IStarkVerifier, Statement} from "./IStarkVerifier.sol";
import {Cursor, OpeningParts, ProofReader} from "./ProofReader.sol";
import {QueryContext, QueryContextLib} from "./QueryContext.sol";
import {QueryVerifier} from "./QueryVerifier.sol";

/// @notice What the verifier itself sends on a bus; received where the multiplicity is that of a negative number.
struct PublicInteraction {
    uint256 bus;
    uint256 multiplicity;
    uint256[] tuple;
}

/// @notice See {IStarkVerifier}.
abstract contract StarkVerifier is IStarkVerifier {
    using ProofReader for Cursor;

    /// @dev Set in the progress of every session.
    uint256 private constant BEGUN = 1 << 255;

    /// @inheritdoc IStarkVerifier
    ISegmentVerifier public immutable segmentVerifier;
    uint256 private immutable queries;
    uint256 private immutable logFold;

    /// @inheritdoc IStarkVerifier
    mapping(bytes32 programId => mapping(bytes32 publicDigest => bool)) public isRegistered;

    /// @dev Of a session: bit i is query i, verified; and BEGUN.
    mapping(bytes32 contextHash => uint256) private progress;
    /// @dev Of a run: bit k is segment k, verified.
    mapping(bytes32 runId => uint256) private verifiedSegments;
    /// @dev Of a run: all LogUp sums of its verified segments.
    mapping(bytes32 runId => Ext) private sumOf;

    constructor(ISegmentVerifier segmentVerifier_) {
        segmentVerifier = segmentVerifier_;
        queries = segmentVerifier_.queries();
        logFold = segmentVerifier_.logFold();
    }

    /// @inheritdoc IStarkVerifier
    function begin(Statement calldata statement, bytes calldata header, uint256 segment, bytes calldata proof, uint256 count)
        external
        returns (bytes32 contextHash)
    {
        if (count > queries) revert StarkVerifier__NoSuchQueries(0, count);
        _publicInteractions(_readPublicValues(statement.publicValues));
        (bytes memory encoded, uint256 length) = segmentVerifier.verifyPrefix(statement, header, segment, proof, count);
        contextHash = keccak256(encoded);
        QueryContext memory context = QueryContextLib.decode(encoded);
        emit SegmentBegun(context.runId, segment, contextHash);
        // The encoding of what follows the prefix is checked already.
        if (count > 0) _verifyQueries(context, ProofReader.begin(proof[length:]), 0, count);
        _record(context, contextHash, progress[contextHash] | BEGUN, 0, count);
    }

    /// @inheritdoc IStarkVerifier
    function resume(bytes calldata encodedContext, uint256 from, uint256 count, bytes calldata openings) external {
        bytes memory encoded = encodedContext;
        bytes32 contextHash = keccak256(encoded);
        uint256 before = progress[contextHash];
        if (before == 0) revert StarkVerifier__UnknownSession(contextHash);
        if (count == 0 || count > queries || from > queries - count) revert StarkVerifier__NoSuchQueries(from, count);
        QueryContext memory context = QueryContextLib.decode(encoded);
        Cursor memory cursor = ProofReader.begin(openings);
        OpeningParts memory parts = _readOpenings(cursor, context, count);
        ProofReader.checkCanonical(parts, count, cursor.start);
        QueryVerifier.verify(context, parts, from, count, logFold, cursor.start);
        _record(context, contextHash, before, from, count);
    }

    /// @inheritdoc IStarkVerifier
    function register(Statement calldata statement, bytes calldata header) external {
        (uint256 segments, Ext[] memory challenges) = segmentVerifier.busChallenges(statement, header);
        bytes32 runId = runIdOf(statement, header);
        uint256 missing = (type(uint256).max >> (256 - segments)) & ~verifiedSegments[runId];
        if (missing != 0) revert StarkVerifier__SegmentsMissing(missing);
        _checkBusBalance(challenges, _publicInteractions(_readPublicValues(statement.publicValues)), sumOf[runId]);
        uint256 split = 8 * _programValues();
        bytes32 programId = segmentVerifier.programIdOf(statement.key, statement.publicValues[:split]);
        bytes32 publicDigest = keccak256(statement.publicValues[split:]);
        if (isRegistered[programId][publicDigest]) return;
        isRegistered[programId][publicDigest] = true;
        emit FactRegistered(programId, publicDigest, runId);
    }

    /// @inheritdoc IStarkVerifier
    function missingQueries(bytes32 contextHash) external view returns (bool hasBegun, uint256 missing) {
        uint256 done = progress[contextHash];
        return (done != 0, ((1 << queries) - 1) & ~done);
    }

    /// @inheritdoc IStarkVerifier
    function segmentsVerified(bytes32 runId) external view returns (uint256) {
        return verifiedSegments[runId];
    }

    /// @inheritdoc IStarkVerifier
    function runIdOf(Statement calldata statement, bytes calldata header) public pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(statement.key), keccak256(statement.publicValues), keccak256(header)));
    }

    /// @dev How many of the first public values belong to the program.
    function _programValues() internal pure virtual returns (uint256);

    /// @dev Reverts with StarkVerifier__PublicValues for values that no run can have.
    function _publicInteractions(uint256[] memory publicValues) internal pure virtual returns (PublicInteraction[] memory);

    function _verifyQueries(QueryContext memory context, Cursor memory cursor, uint256 from, uint256 count) private view {
        OpeningParts memory parts = _readOpenings(cursor, context, count);
        QueryVerifier.verify(context, parts, from, count, logFold, cursor.start);
    }

    function _readOpenings(Cursor memory cursor, QueryContext memory context, uint256 count) private pure returns (OpeningParts memory) {
        return cursor.readOpenings(DeepCombination.rowBytesOf(context.families), count, context.foldChallenges.length);
    }

    function _readPublicValues(bytes calldata encoded) private pure returns (uint256[] memory values) {
        values = new uint256[](encoded.length / 8);
        if (encoded.length % 8 != 0) revert StarkVerifier__PublicValues(values.length);
        for (uint256 i = 0; i < values.length; ++i) {
            values[i] = uint64(bytes8(encoded[8 * i:8 * i + 8]));
            if (values[i] >= Goldilocks.P) revert StarkVerifier__PublicValues(i);
        }
    }

    function _checkBusBalance(Ext[] memory challenges, PublicInteraction[] memory interactions, Ext total) private pure {
        Ext[] memory fingerprints = new Ext[](interactions.length);
        for (uint256 i = 0; i < interactions.length; ++i) {
            uint256[] memory tuple = interactions[i].tuple;
            Ext fingerprint = challenges[0] + fromBase(interactions[i].bus);
            for (uint256 j = 0; j < tuple.length; ++j) fingerprint = fingerprint + challenges[1 + j].scale(tuple[j]);
            if (fingerprint == ZERO) revert StarkVerifier__BusBalance();
            fingerprints[i] = fingerprint;
        }
        Ext[] memory inverses = inverseAll(fingerprints);
        for (uint256 i = 0; i < interactions.length; ++i) total = total + inverses[i].scale(interactions[i].multiplicity);
        if (!(total == ZERO)) revert StarkVerifier__BusBalance();
    }

    /// @dev Queries may be verified again, in any cut: whoever does so changes nothing. A segment counts once.
    function _record(QueryContext memory context, bytes32 contextHash, uint256 before, uint256 from, uint256 count) private {
        uint256 done = before | ((1 << count) - 1) << from;
        progress[contextHash] = done;
        if (count > 0) emit QueriesVerified(contextHash, from, count);
        uint256 all = (1 << queries) - 1;
        if (done & all != all || verifiedSegments[context.runId] >> context.segment & 1 == 1) return;
        verifiedSegments[context.runId] |= 1 << context.segment;
        sumOf[context.runId] = sumOf[context.runId] + context.sum;
        emit SegmentVerified(context.runId, context.segment);
    }
}
