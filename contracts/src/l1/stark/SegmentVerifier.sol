// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AirCode, AirDescription} from "./AirCode.sol";
import {ConstraintCheck} from "./ConstraintCheck.sol";
import {DeepCombination} from "./DeepCombination.sol";
import {Ext, ONE, ZERO, extensionAt, fromBase} from "./Extension.sol";
import {ISegmentVerifier} from "./ISegmentVerifier.sol";
import {IStarkVerifier, StarkParameters, Statement} from "./IStarkVerifier.sol";
import {Layout, LayoutLib} from "./Layout.sol";
import {Header, ProofHeader} from "./ProofHeader.sol";
import {Cursor, PrefixParts, ProofReader} from "./ProofReader.sol";
import {QueryContext, QueryContextLib} from "./QueryContext.sol";
import {Transcript, TranscriptLib} from "./Transcript.sol";

/// @notice See {ISegmentVerifier}. Does what zkvm/stark/verifier.ts does, in the same order. A contract of its own because the code of both
/// halves of a verification passes what one contract may have (EIP-170).
contract SegmentVerifier is ISegmentVerifier {
    using TranscriptLib for Transcript;
    using ProofHeader for Header;
    using ProofReader for Cursor;
    using QueryContextLib for QueryContext;

    bytes32 private constant PROGRAM_TAG = "zkdevnet.program.v1";
    bytes private constant PROTOCOL = "zkdevnet.stark.v2";
    bytes private constant SEGMENT_PROTOCOL = "zkdevnet.stark.segment.v2";
    bytes private constant BINDING_PROTOCOL = "zkdevnet.stark.binding.v2";
    /// @dev In the array of challenges: α, 16 powers of β, τ, δ; a segment adds its own α and its index (zkvm/air/challenges.ts).
    uint256 private constant BETA_POWERS = 16;
    uint256 private constant DRAWN_CHALLENGES = 1 + BETA_POWERS + 2;
    /// @dev Ids of buses are below this.
    uint256 private constant BUS_IDS = 256;

    uint256 private immutable logBlowup;
    /// @inheritdoc ISegmentVerifier
    uint256 public immutable queries;
    uint256 private immutable grindingBits;
    /// @inheritdoc ISegmentVerifier
    uint256 public immutable logFold;
    uint256 private immutable maxLogFinalLength;
    uint256 private immutable maxLogPack;
    uint256 private immutable minLogHeight;
    uint256 private immutable maxLogHeight;
    address private immutable airPart0;
    address private immutable airPart1;

    /// @inheritdoc ISegmentVerifier
    bytes32 public immutable airDigest;

    constructor(StarkParameters memory parameters, address[2] memory airParts) {
        if (
            parameters.logFold == 0 || parameters.logFold > 6 || parameters.queries == 0 || parameters.queries > 254
                || parameters.maxLogHeight + parameters.logBlowup > 32 || parameters.minLogHeight > parameters.maxLogHeight
                || uint256(parameters.queries) > 1 << (parameters.minLogHeight + parameters.logBlowup)
        ) revert IStarkVerifier.StarkVerifier__BadParameters();
        logBlowup = parameters.logBlowup;
        queries = parameters.queries;
        grindingBits = parameters.grindingBits;
        logFold = parameters.logFold;
        maxLogFinalLength = parameters.maxLogFinalLength;
        maxLogPack = parameters.maxLogPack;
        minLogHeight = parameters.minLogHeight;
        maxLogHeight = parameters.maxLogHeight;
        (airPart0, airPart1) = (airParts[0], airParts[1]);
        bytes memory code = AirCode.read(airParts);
        if (!AirCode.isWhole(AirCode.describe(code))) revert IStarkVerifier.StarkVerifier__BadParameters();
        airDigest = keccak256(code);
    }

    /// @inheritdoc ISegmentVerifier
    function verifyPrefix(Statement calldata statement, bytes calldata header, uint256 segment, bytes calldata proof, uint256 count)
        external
        view
        returns (bytes memory encodedContext, uint256 length)
    {
        Session memory s;
        s.air = _air();
        s.header = ProofHeader.read(header, s.air.tables);
        if (segment >= s.header.segments) revert IStarkVerifier.StarkVerifier__NoSuchSegment(segment);
        _open(s, statement.key, segment, proof, count);
        _startSegment(s, statement, segment);
        QueryContext memory context;
        context.runId = keccak256(abi.encode(keccak256(statement.key), keccak256(statement.publicValues), keccak256(header)));
        context.segment = segment;
        context.logDomain = s.shape.logHeight + logBlowup;
        _checkConstraints(s);
        _combine(s, context, statement.key, segment);
        _drawQueries(s, context);
        context.roots = _rootsOf(s, segment);
        return (context.encode(), s.parts.length);
    }

    /// @inheritdoc ISegmentVerifier
    function busChallenges(Statement calldata statement, bytes calldata header)
        external
        view
        returns (uint256 segments, Ext[] memory challenges)
    {
        AirDescription memory air = _air();
        Header memory read = ProofHeader.read(header, air.tables);
        _checkAllHeights(air, read, statement.key);
        (, challenges) = _beginTranscript(air, read, statement);
        return (read.segments, challenges);
    }

    /// @inheritdoc ISegmentVerifier
    function programIdOf(bytes calldata key, bytes calldata programValues) external view returns (bytes32) {
        AirDescription memory air = _air();
        _checkKey(key, air.tables);
        bytes memory words = abi.encodePacked(PROGRAM_TAG, keccak256(abi.encodePacked(air.name, uint8(0), _parameterBytes())));
        for (uint256 i = 0; i < programValues.length; i += 8) words = bytes.concat(words, bytes24(0), programValues[i:i + 8]);
        words = bytes.concat(words, bytes32(air.tables));
        for (uint256 i = 0; i < air.tables; ++i) words = bytes.concat(words, bytes32(uint256(uint8(key[i]))));
        // Heights that no proof can have take part as 0.
        uint256 impossible = _lowest(key, air.tables) - minLogHeight;
        return keccak256(bytes.concat(words, new bytes(32 * impossible), key[air.tables:]));
    }

    /// @dev Everything that the steps of a verification know.
    struct Session {
        AirDescription air;
        Header header;
        uint256[] logHeights;
        Layout shape;
        PrefixParts parts;
        uint256 steps;
        uint256 logFinalLength;
        bytes32 fixedRoot;
        Transcript transcript;
        Ext[] places;
        Ext point;
    }

    /// @dev The layout, and where all parts of the proof lie.
    function _open(Session memory s, bytes calldata key, uint256 segment, bytes calldata proof, uint256 count) private view {
        _checkAllHeights(s.air, s.header, key);
        uint256 logHeight;
        (s.logHeights, logHeight) = s.header.heights(segment);
        s.shape = LayoutLib.build(s.air, s.logHeights, logHeight, maxLogPack);
        s.fixedRoot = _fixedRoot(key, s.air.tables, logHeight);
        if (s.shape.rowBytes[LayoutLib.FIXED] > 0 && s.fixedRoot == 0) revert IStarkVerifier.StarkVerifier__Heights(0, logHeight);
        s.steps = logHeight > maxLogFinalLength ? (logHeight - maxLogFinalLength + logFold - 1) / logFold : 0;
        s.logFinalLength = logHeight - s.steps * logFold;
        Cursor memory cursor = ProofReader.begin(proof);
        s.parts = cursor.readPrefix(s.air.tables, s.air.cells + 2, s.steps, s.logFinalLength);
        if (count > 0) ProofReader.checkCanonical(cursor.readOpenings(s.shape.rowBytes, count, s.steps), count, cursor.start);
        else cursor.finish();
        for (uint256 table = 0; table < s.air.tables; ++table) {
            uint256 pointer = s.parts.sums + 24 * table;
            if (uint8(s.air.tableFlags[table]) >= 128 && !(extensionAt(pointer) == ZERO)) revert IStarkVerifier.StarkVerifier__Encoding(pointer - cursor.start);
        }
    }

    function _checkAllHeights(AirDescription memory air, Header memory header, bytes calldata key) private view {
        _checkKey(key, air.tables);
        for (uint256 segment = 0; segment < header.segments; ++segment) {
            (uint256[] memory logHeights, uint256 tallest) = header.heights(segment);
            _checkHeights(air, logHeights, tallest, key);
        }
    }

    function _checkHeights(AirDescription memory air, uint256[] memory logHeights, uint256 tallest, bytes calldata key) private view {
        for (uint256 i = 0; i < logHeights.length; ++i) {
            uint256 log = logHeights[i];
            uint256 fixedLog = uint8(key[i]);
            uint256 period = uint8(air.tableFlags[i]) & 127;
            if (
                log == 0 || log < period || log > maxLogHeight || tallest - log > maxLogPack || (fixedLog != 255 && fixedLog != log)
            ) revert IStarkVerifier.StarkVerifier__Heights(i, log);
        }
        if (tallest < minLogHeight) revert IStarkVerifier.StarkVerifier__Heights(0, tallest);
    }

    function _checkKey(bytes calldata key, uint256 tables) private view {
        if (key.length < tables || key.length != tables + 32 * (maxLogHeight + 1 - _lowest(key, tables))) revert IStarkVerifier.StarkVerifier__Key();
    }

    /// @dev The least height that a proof for the key can have.
    function _lowest(bytes calldata key, uint256 tables) private view returns (uint256 lowest) {
        lowest = minLogHeight;
        for (uint256 i = 0; i < tables; ++i) {
            uint256 log = uint8(key[i]);
            if (log == 255) continue;
            if (log > maxLogHeight) revert IStarkVerifier.StarkVerifier__Key();
            if (log > lowest) lowest = log;
        }
    }

    function _fixedRoot(bytes calldata key, uint256 tables, uint256 logHeight) private view returns (bytes32) {
        uint256 lowest = _lowest(key, tables);
        if (logHeight < lowest) return 0;
        uint256 pointer = tables + 32 * (logHeight - lowest);
        return bytes32(key[pointer:pointer + 32]);
    }

    /// @dev The transcript of all segments, up to the challenges of the buses.
    function _beginTranscript(AirDescription memory air, Header memory header, Statement calldata statement)
        private
        view
        returns (Transcript memory transcript, Ext[] memory challenges)
    {
        transcript = TranscriptLib.start(PROTOCOL);
        transcript.absorb(statement.publicValues);
        transcript.absorbNumber(header.segments);
        for (uint256 segment = 0; segment < header.segments; ++segment) {
            (, uint256 tallest) = header.heights(segment);
            (uint256 offset,) = header.commitment(segment);
            transcript.absorb(_verifyingKeyDigest(air, statement.key, tallest), offset, header.stride);
        }
        challenges = new Ext[](DRAWN_CHALLENGES);
        challenges[0] = transcript.extension();
        Ext beta = transcript.extension();
        Ext power = ONE;
        for (uint256 i = 1; i <= BETA_POWERS; ++i) {
            power = power * beta;
            challenges[i] = power;
        }
        challenges[BETA_POWERS + 1] = transcript.extension();
        challenges[BETA_POWERS + 2] = transcript.extension();
    }

    /// @dev The segment's own transcript, and the challenges as its constraints see them.
    function _startSegment(Session memory s, Statement calldata statement, uint256 segment) private view {
        (Transcript memory run, Ext[] memory challenges) = _beginTranscript(s.air, s.header, statement);
        s.places = new Ext[](s.air.places);
        uint256 first = AirCode.FIRST_CHALLENGE;
        for (uint256 i = 0; i < challenges.length; ++i) s.places[first + i] = challenges[i];
        s.places[first + DRAWN_CHALLENGES] = challenges[0] + fromBase(BUS_IDS * (segment + 1));
        s.places[first + DRAWN_CHALLENGES + 1] = fromBase(segment);
        s.transcript = TranscriptLib.start(SEGMENT_PROTOCOL);
        s.transcript.absorb(run.state);
        s.transcript.absorbNumber(segment);
    }

    function _verifyingKeyDigest(AirDescription memory air, bytes calldata key, uint256 logHeight) private view returns (bytes32) {
        return keccak256(
            abi.encodePacked(
                air.name,
                uint8(0),
                _parameterBytes(),
                key[:air.tables],
                uint8(logHeight),
                _fixedRoot(key, air.tables, logHeight)
            )
        );
    }

    function _parameterBytes() private view returns (bytes memory) {
        return abi.encodePacked(
            uint8(logBlowup),
            uint8(queries),
            uint8(grindingBits),
            uint8(logFold),
            uint8(maxLogFinalLength),
            uint8(maxLogPack),
            uint8(minLogHeight),
            uint8(maxLogHeight)
        );
    }

    function _checkConstraints(Session memory s) private view {
        s.transcript.absorb(s.parts.auxRoot, 32);
        s.transcript.absorb(s.parts.sums, 24 * s.air.tables);
        Ext constraintChallenge = s.transcript.extension();
        s.transcript.absorb(s.parts.quotientRoot, 32);
        s.point = s.transcript.pointOutsideBase(maxLogPack);
        bool holds = ConstraintCheck.holds(
            s.air, s.shape, s.logHeights, s.places, constraintChallenge, s.point, s.parts.sums, s.parts.values
        );
        if (!holds) revert IStarkVerifier.StarkVerifier__Constraints();
    }

    /// @dev What the low-degree test is made on.
    function _combine(Session memory s, QueryContext memory context, bytes calldata key, uint256 segment) private view {
        for (uint256 table = 0; table < s.air.tables; ++table) context.sum = context.sum + extensionAt(s.parts.sums + 24 * table);
        s.transcript.absorb(s.parts.values, s.parts.valuesLength);
        context.combinationChallenge = s.transcript.extension();
        bool isBound = s.header.segments > 1;
        context.groups = s.shape.groups + (isBound ? 1 : 0);
        DeepCombination.prepare(context, s.shape, s.places, s.air.firstCell, s.point);
        if (!isBound) return;
        (uint256 offset, uint256 length) = s.header.commitment(segment);
        Transcript memory transcript = TranscriptLib.start(BINDING_PROTOCOL);
        transcript.absorb(_verifyingKeyDigest(s.air, key, s.shape.logHeight), offset, length);
        context.bindingChallenge = transcript.extension();
        Ext point = transcript.pointOutsideBase(maxLogPack);
        DeepCombination.addBinding(context, point, extensionAt(s.header.bindingOffset(segment)));
    }

    function _drawQueries(Session memory s, QueryContext memory context) private view {
        context.foldRoots = new bytes32[](s.steps);
        context.foldChallenges = new Ext[](s.steps);
        for (uint256 step = 0; step < s.steps; ++step) {
            context.foldRoots[step] = _digestAt(s.parts.foldRoots + 32 * step);
            s.transcript.absorb(s.parts.foldRoots + 32 * step, 32);
            context.foldChallenges[step] = s.transcript.extension();
        }
        s.transcript.absorb(s.parts.finalPolynomial, 24 << s.logFinalLength);
        context.finalPolynomial = new Ext[](1 << s.logFinalLength);
        for (uint256 i = 0; i < context.finalPolynomial.length; ++i) {
            context.finalPolynomial[i] = extensionAt(s.parts.finalPolynomial + 24 * i);
        }
        // The work is checked before positions are drawn.
        s.transcript.absorb(s.parts.nonce, 8);
        bytes32 state = s.transcript.state;
        if (grindingBits > 0 && uint256(state) >> (256 - grindingBits) != 0) revert IStarkVerifier.StarkVerifier__Grinding(state);
        context.positions = s.transcript.distinctIndices(queries, context.logDomain);
    }

    function _rootsOf(Session memory s, uint256 segment) private pure returns (bytes32[] memory roots) {
        roots = new bytes32[](4);
        roots[LayoutLib.FIXED] = s.fixedRoot;
        roots[LayoutLib.MAIN] = s.header.mainRoot(segment);
        roots[LayoutLib.AUX] = _digestAt(s.parts.auxRoot);
        roots[LayoutLib.QUOTIENT] = _digestAt(s.parts.quotientRoot);
    }

    function _air() private view returns (AirDescription memory) {
        return AirCode.describe(AirCode.read([airPart0, airPart1]));
    }

    function _digestAt(uint256 offset) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := calldataload(offset)
        }
    }
}
