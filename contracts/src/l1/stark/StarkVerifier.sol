// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DeepCombination} from "./DeepCombination.sol";
import {Ext, ONE, ZERO, extensionAt, fromBase} from "./Extension.sol";
import {FriVerifier, KnownValues} from "./FriVerifier.sol";
import {Goldilocks} from "./Goldilocks.sol";
import {IStarkVerifier, StarkParameters} from "./IStarkVerifier.sol";
import {AirDescription, Layout, LayoutLib} from "./Layout.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {ProofParts, ProofReader} from "./ProofReader.sol";
import {Transcript, TranscriptLib} from "./Transcript.sol";

/// @notice What the verifier itself sends on a bus; received where the multiplicity is that of a negative number.
struct PublicInteraction {
    uint256 bus;
    uint256 multiplicity;
    uint256[] tuple;
}

/// @title Verifier of zkvm/stark's proofs, for one AIR
/// @notice Does what zkvm/stark/verifier.ts does, in the same order. Parameters, heights of the fixed tables and the roots of their columns
/// are those of the verifying key that it is deployed with.
abstract contract StarkVerifier is IStarkVerifier {
    using TranscriptLib for Transcript;

    bytes internal constant PROTOCOL = "zkdevnet.stark.v2";
    bytes internal constant SEGMENT_PROTOCOL = "zkdevnet.stark.segment.v2";

    /// @dev Places in the memory that constraints are evaluated in, as zkvm/stark/solidity-air.ts has them; the challenges follow.
    uint256 internal constant CONSTRAINT_CHALLENGE = 0;
    uint256 internal constant IS_FIRST = 1;
    uint256 internal constant IS_LAST = 2;
    uint256 internal constant IS_TRANSITION = 3;
    uint256 internal constant SUM_PER_ROW = 4;
    uint256 internal constant CHALLENGES = 5;
    /// @dev α, 16 powers of β, τ and δ, then the segment's own α and its index (zkvm/air/challenges.ts).
    uint256 internal constant BETA_POWERS = 16;
    uint256 internal constant CELLS = CHALLENGES + 1 + BETA_POWERS + 2 + 2;
    /// @dev Bus ids are below this.
    uint256 internal constant BUS_IDS = 256;

    uint256 private immutable logBlowup;
    uint256 private immutable queries;
    uint256 private immutable grindingBits;
    uint256 private immutable logFold;
    uint256 private immutable maxLogFinalLength;
    uint256 private immutable maxLogPack;
    uint256 private immutable minLogHeight;
    uint256 private immutable maxLogHeight;
    /// @dev A byte for each table, the first one lowest: the height of one with fixed columns, 255 for the others.
    uint256 private immutable fixedLogHeights;

    /// @notice Root of the fixed columns' tree by the log of the tallest table; 0 where the verifier has none.
    mapping(uint256 logHeight => bytes32 root) public fixedRoots;

    /// @param roots those of 2^minLogHeight, 2^(minLogHeight + 1), … rows; 0 for heights without a key
    constructor(StarkParameters memory parameters, uint256 fixedLogHeights_, bytes32[] memory roots) {
        if (
            parameters.logFold == 0 || parameters.queries == 0 || parameters.maxLogHeight + parameters.logBlowup > 32
                || parameters.minLogHeight > parameters.maxLogHeight
                || roots.length != uint256(parameters.maxLogHeight - parameters.minLogHeight) + 1
                || uint256(parameters.queries) > 1 << (parameters.minLogHeight + parameters.logBlowup)
        ) revert StarkVerifier__BadParameters();
        logBlowup = parameters.logBlowup;
        queries = parameters.queries;
        grindingBits = parameters.grindingBits;
        logFold = parameters.logFold;
        maxLogFinalLength = parameters.maxLogFinalLength;
        maxLogPack = parameters.maxLogPack;
        minLogHeight = parameters.minLogHeight;
        maxLogHeight = parameters.maxLogHeight;
        fixedLogHeights = fixedLogHeights_;
        for (uint256 i = 0; i < roots.length; ++i) fixedRoots[parameters.minLogHeight + i] = roots[i];
    }

    function _air() internal pure virtual returns (AirDescription memory);

    /// @dev Memory for the registers of `_evaluate`, in elements.
    function _registers() internal pure virtual returns (uint256);

    /// @dev The table's constraints in reverse order, each added to `sum` after it was multiplied with the challenge. `place` is as the
    /// constants above say, then cells, then registers.
    function _evaluate(uint256 table, Ext[] memory place, Ext sum) internal pure virtual returns (Ext);

    function _publicInteractions(uint256[] memory publicValues) internal pure virtual returns (PublicInteraction[] memory);

    /// @dev Everything that the steps of a verification know.
    struct Session {
        uint256 proofStart;
        AirDescription air;
        uint256[] logHeights;
        Layout shape;
        ProofParts parts;
        Transcript transcript;
        uint256 steps;
        Ext[] place;
        Ext point;
    }

    /// @dev Reverts with the error of the check that fails.
    function _verify(uint256[] memory publicValues, bytes calldata proof) internal view {
        Session memory s;
        _open(s, proof);
        for (uint256 i = 0; i < publicValues.length; ++i) {
            if (publicValues[i] >= Goldilocks.P) revert StarkVerifier__PublicValues(i);
        }
        _begin(s, publicValues);
        _checkBusBalance(s, _publicInteractions(publicValues));
        _checkConstraints(s);
        s.transcript.absorb(s.parts.values, s.parts.valuesLength);
        Ext deepChallenge = s.transcript.extension();
        Ext[] memory foldChallenges = _foldChallenges(s);
        uint256[] memory positions = _positions(s);
        _checkRows(s, positions);
        KnownValues memory known = _codeword(s, positions, deepChallenge);
        FriVerifier.verify({
            parts: s.parts,
            logDomain: s.shape.logHeight + logBlowup,
            logFold: logFold,
            logFinalLength: s.shape.logHeight - s.steps * logFold,
            challenges: foldChallenges,
            known: known,
            proofStart: s.proofStart
        });
    }

    function _open(Session memory s, bytes calldata proof) private view {
        uint256 start;
        assembly ("memory-safe") {
            start := proof.offset
        }
        s.proofStart = start;
        s.air = _air();
        s.logHeights = ProofReader.heights(proof, s.air.tables);
        uint256 logHeight = _checkHeights(s.logHeights);
        s.shape = LayoutLib.build(s.air, s.logHeights, logHeight, maxLogPack);
        if (s.shape.rowBytes[LayoutLib.FIXED] > 0 && fixedRoots[logHeight] == 0) revert StarkVerifier__Heights(0, logHeight);
        s.steps = logHeight > maxLogFinalLength ? (logHeight - maxLogFinalLength + logFold - 1) / logFold : 0;
        s.parts = ProofReader.read(proof, s.air.tables, s.shape, queries, s.steps, logHeight - s.steps * logFold);
        for (uint256 table = 0; table < s.air.tables; ++table) {
            if ((s.air.withoutBus >> table) & 1 == 1 && !(extensionAt(s.parts.sums + 24 * table) == ZERO)) {
                revert StarkVerifier__Encoding(s.parts.sums + 24 * table - start);
            }
        }
    }

    function _checkHeights(uint256[] memory logHeights) private view returns (uint256 tallest) {
        for (uint256 i = 0; i < logHeights.length; ++i) {
            if (logHeights[i] > tallest) tallest = logHeights[i];
        }
        for (uint256 i = 0; i < logHeights.length; ++i) {
            uint256 log = logHeights[i];
            uint256 fixedLog = uint8(fixedLogHeights >> (8 * i));
            if (log == 0 || log > maxLogHeight || tallest - log > maxLogPack || (fixedLog != 255 && fixedLog != log)) {
                revert StarkVerifier__Heights(i, log);
            }
        }
        if (tallest < minLogHeight) revert StarkVerifier__Heights(0, tallest);
    }

    /// @dev The transcript up to the challenges of the buses.
    function _begin(Session memory s, uint256[] memory publicValues) private view {
        s.transcript = TranscriptLib.start(PROTOCOL);
        s.transcript.absorb(_bytesOfElements(publicValues));
        s.transcript.absorbNumber(1);
        // Heights and main root follow each other in the proof.
        s.transcript.absorb(_verifyingKeyDigest(s), s.proofStart + ProofReader.HEIGHTS, s.air.tables + 32);
        s.place = new Ext[](CELLS + s.air.cells + 2 + _registers());
        s.place[CHALLENGES] = s.transcript.extension();
        Ext beta = s.transcript.extension();
        Ext power = ONE;
        for (uint256 i = 1; i <= BETA_POWERS; ++i) {
            power = power * beta;
            s.place[CHALLENGES + i] = power;
        }
        s.place[CHALLENGES + BETA_POWERS + 1] = s.transcript.extension();
        s.place[CHALLENGES + BETA_POWERS + 2] = s.transcript.extension();
        // Of the only segment, whose index is 0.
        s.place[CHALLENGES + BETA_POWERS + 3] = s.place[CHALLENGES] + fromBase(BUS_IDS);
        s.place[CHALLENGES + BETA_POWERS + 4] = ZERO;
        bytes32 state = s.transcript.state;
        s.transcript = TranscriptLib.start(SEGMENT_PROTOCOL);
        s.transcript.absorb(state);
        s.transcript.absorbNumber(0);
    }

    function _verifyingKeyDigest(Session memory s) private view returns (bytes32) {
        bytes memory tables;
        for (uint256 i = 0; i < s.air.tables; ++i) tables = abi.encodePacked(tables, uint8(fixedLogHeights >> (8 * i)));
        bytes memory parameters = abi.encodePacked(
            uint8(logBlowup),
            uint8(queries),
            uint8(grindingBits),
            uint8(logFold),
            uint8(maxLogFinalLength),
            uint8(maxLogPack),
            uint8(minLogHeight),
            uint8(maxLogHeight)
        );
        uint256 logHeight = s.shape.logHeight;
        return keccak256(abi.encodePacked(s.air.name, uint8(0), parameters, tables, uint8(logHeight), fixedRoots[logHeight]));
    }

    function _bytesOfElements(uint256[] memory elements) private pure returns (bytes memory message) {
        for (uint256 i = 0; i < elements.length; ++i) message = abi.encodePacked(message, uint64(elements[i]));
    }

    function _checkBusBalance(Session memory s, PublicInteraction[] memory interactions) private pure {
        s.transcript.absorb(s.parts.auxRoot, 32);
        s.transcript.absorb(s.parts.sums, 24 * s.air.tables);
        Ext total = ZERO;
        for (uint256 table = 0; table < s.air.tables; ++table) total = total + extensionAt(s.parts.sums + 24 * table);
        for (uint256 i = 0; i < interactions.length; ++i) {
            PublicInteraction memory interaction = interactions[i];
            Ext fingerprint = s.place[CHALLENGES] + fromBase(interaction.bus);
            for (uint256 j = 0; j < interaction.tuple.length; ++j) {
                fingerprint = fingerprint + s.place[CHALLENGES + 1 + j].scale(interaction.tuple[j]);
            }
            if (fingerprint == ZERO) revert StarkVerifier__BusBalance();
            total = total + fingerprint.inverse().scale(interaction.multiplicity);
        }
        if (!(total == ZERO)) revert StarkVerifier__BusBalance();
    }

    /// @dev The constraints at the out-of-domain point equal the zerofier times the quotient.
    function _checkConstraints(Session memory s) private view {
        s.place[CONSTRAINT_CHALLENGE] = s.transcript.extension();
        s.transcript.absorb(s.parts.quotientRoot, 32);
        s.point = s.transcript.pointOutsideBase(maxLogPack);
        _placeCells(s);
        Ext zerofier = s.point.power(s.shape.logHeight) - ONE;
        Ext sum = ZERO;
        for (uint256 table = s.air.tables; table > 0; --table) {
            _placeSelectors(s, table - 1, zerofier);
            sum = _evaluate(table - 1, s.place, sum);
        }
        Ext low = s.place[CELLS + s.air.cells];
        Ext high = s.place[CELLS + s.air.cells + 1];
        if (!(sum == (low + high * (zerofier + ONE)) * zerofier)) revert StarkVerifier__Constraints();
    }

    /// @dev Values stand in the proof by family, group, row and column; constraints find them by column and row.
    function _placeCells(Session memory s) private pure {
        uint256 offset = s.parts.values;
        for (uint256 i = 0; i < s.shape.families.length; ++i) {
            uint256[] memory cells = s.shape.families[i].cells;
            uint256 pack = 1 << s.shape.families[i].logPack;
            uint256 rows = s.shape.families[i].offsetCount;
            for (uint256 from = 0; from < cells.length; from += pack) {
                uint256 to = from + pack < cells.length ? from + pack : cells.length;
                for (uint256 row = 0; row < rows; ++row) {
                    for (uint256 column = from; column < to; ++column) {
                        s.place[CELLS + cells[column] + row] = extensionAt(offset);
                        offset += 24;
                    }
                }
            }
        }
    }

    /// @dev Lagrange selectors of the table's rows at y = point^(2^logPack), which is outside the base field.
    function _placeSelectors(Session memory s, uint256 table, Ext zerofier) private pure {
        uint256 logHeight = s.logHeights[table];
        uint256 perRow = Goldilocks.inverse(1 << logHeight);
        uint256 last = Goldilocks.inverse(Goldilocks.rootOfUnity(logHeight));
        Ext y = s.point.power(s.shape.logHeight - logHeight);
        Ext toFirst = y - ONE;
        Ext toLast = y - fromBase(last);
        Ext scaled = (toFirst * toLast).inverse() * zerofier.scale(perRow);
        s.place[IS_FIRST] = scaled * toLast;
        s.place[IS_LAST] = (scaled * toFirst).scale(last);
        s.place[IS_TRANSITION] = toLast;
        s.place[SUM_PER_ROW] = extensionAt(s.parts.sums + 24 * table).scale(perRow);
    }

    function _foldChallenges(Session memory s) private pure returns (Ext[] memory challenges) {
        challenges = new Ext[](s.steps);
        for (uint256 step = 0; step < s.steps; ++step) {
            s.transcript.absorb(s.parts.foldRoots + 32 * step, 32);
            challenges[step] = s.transcript.extension();
        }
    }

    /// @dev The work is checked before positions are drawn.
    function _positions(Session memory s) private view returns (uint256[] memory) {
        s.transcript.absorb(s.parts.finalPolynomial, 24 << (s.shape.logHeight - s.steps * logFold));
        s.transcript.absorb(s.parts.nonce, 8);
        bytes32 state = s.transcript.state;
        if (grindingBits > 0 && uint256(state) >> (256 - grindingBits) != 0) revert StarkVerifier__Grinding(state);
        return s.transcript.distinctIndices(queries, s.shape.logHeight + logBlowup);
    }

    function _checkRows(Session memory s, uint256[] memory positions) private view {
        uint256[] memory indices = new uint256[](positions.length);
        bytes32[] memory digests = new bytes32[](positions.length);
        for (uint256 stage = 0; stage < 4; ++stage) {
            uint256 rowBytes = s.shape.rowBytes[stage];
            if (rowBytes == 0) {
                if (s.parts.rowNodes[stage].count > 0) revert StarkVerifier__Openings(stage);
                continue;
            }
            for (uint256 i = 0; i < positions.length; ++i) {
                indices[i] = positions[i];
                digests[i] = MerkleOpening.hashLeaf(s.parts.rows[stage] + i * rowBytes, rowBytes);
            }
            bool isCommitted = MerkleOpening.verify({
                indices: indices,
                digests: digests,
                count: positions.length,
                log: s.shape.logHeight + logBlowup,
                nodes: s.parts.rowNodes[stage].offset,
                nodeCount: s.parts.rowNodes[stage].count,
                root: _rootOf(s, stage)
            });
            if (!isCommitted) revert StarkVerifier__Openings(stage);
        }
    }

    function _rootOf(Session memory s, uint256 stage) private view returns (bytes32 root) {
        if (stage == LayoutLib.FIXED) return fixedRoots[s.shape.logHeight];
        uint256 offset = stage == LayoutLib.MAIN ? s.parts.mainRoot : stage == LayoutLib.AUX ? s.parts.auxRoot : s.parts.quotientRoot;
        assembly ("memory-safe") {
            root := calldataload(offset)
        }
    }

    /// @dev What the low-degree test begins with: the combination of all rows, at the positions.
    function _codeword(Session memory s, uint256[] memory positions, Ext challenge) private view returns (KnownValues memory known) {
        uint256 logDomain = s.shape.logHeight + logBlowup;
        uint256 root = Goldilocks.rootOfUnity(logDomain);
        uint256 generatorInverse = Goldilocks.inverse(Goldilocks.GENERATOR);
        known.count = positions.length;
        known.positions = positions;
        known.points = new uint256[](positions.length);
        known.inverses = new uint256[](positions.length);
        for (uint256 i = 0; i < positions.length; ++i) {
            uint256 exponent = Goldilocks.reverseBits(positions[i], logDomain);
            known.points[i] = Goldilocks.mul(Goldilocks.GENERATOR, Goldilocks.power(root, exponent));
            known.inverses[i] = Goldilocks.mul(generatorInverse, Goldilocks.power(root, (1 << logDomain) - exponent));
        }
        known.values = DeepCombination.valuesAt(
            DeepCombination.prepare(s.shape, _cellsOf(s), s.point, challenge), s.parts, known.points
        );
    }

    function _cellsOf(Session memory s) private pure returns (Ext[] memory cells) {
        cells = new Ext[](s.air.cells + 2);
        for (uint256 i = 0; i < cells.length; ++i) cells[i] = s.place[CELLS + i];
    }
}
