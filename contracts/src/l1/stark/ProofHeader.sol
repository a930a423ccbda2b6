// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStarkVerifier} from "./IStarkVerifier.sol";
import {ProofReader} from "./ProofReader.sol";

/// @notice The header of a proof: version (1 byte), number of segments (2), and for each segment the log of each table's height (1 each), the
/// main root (32) and, unless it is the only one, its binding (24).
struct Header {
    uint256 segments;
    uint256 tables;
    /// @dev Where the first segment's part begins in the calldata, and how long each is.
    uint256 offset;
    uint256 stride;
}

/// @title Headers (zkvm/stark/proof-codec.ts)
library ProofHeader {
    uint256 private constant VERSION = 3;
    uint256 private constant PREAMBLE = 3;
    uint256 private constant MAX_SEGMENTS = 256;
    uint256 private constant ROOT_BYTES = 32;
    uint256 private constant BINDING_BYTES = 24;

    /// @notice The header is as long as it must be, and its bindings are canonical.
    function read(bytes calldata encoded, uint256 tables) internal pure returns (Header memory header) {
        if (encoded.length < PREAMBLE || uint8(encoded[0]) != VERSION) revert IStarkVerifier.StarkVerifier__Encoding(0);
        header.segments = uint16(bytes2(encoded[1:3]));
        if (header.segments == 0 || header.segments > MAX_SEGMENTS) revert IStarkVerifier.StarkVerifier__Encoding(1);
        header.tables = tables;
        header.stride = tables + ROOT_BYTES + (header.segments == 1 ? 0 : BINDING_BYTES);
        if (encoded.length != PREAMBLE + header.segments * header.stride) revert IStarkVerifier.StarkVerifier__Encoding(encoded.length);
        uint256 start;
        assembly ("memory-safe") {
            start := encoded.offset
        }
        header.offset = start + PREAMBLE;
        if (header.segments == 1) return header;
        for (uint256 segment = 0; segment < header.segments; ++segment) {
            uint256 end = header.offset + (segment + 1) * header.stride;
            if (!ProofReader.areCanonical(end - BINDING_BYTES, BINDING_BYTES / 8)) revert IStarkVerifier.StarkVerifier__Encoding(end - start);
        }
    }

    /// @notice The log heights of a segment's tables, and the tallest one.
    function heights(Header memory header, uint256 segment) internal pure returns (uint256[] memory logHeights, uint256 tallest) {
        uint256 word = uint256(_wordAt(header.offset + segment * header.stride));
        logHeights = new uint256[](header.tables);
        for (uint256 i = 0; i < logHeights.length; ++i) {
            uint256 log = uint8(word >> (248 - 8 * i));
            logHeights[i] = log;
            if (log > tallest) tallest = log;
        }
    }

    function mainRoot(Header memory header, uint256 segment) internal pure returns (bytes32) {
        return _wordAt(header.offset + segment * header.stride + header.tables);
    }

    /// @notice What the segment's main columns combine to at a point of its own. Only where there are several segments.
    function bindingOffset(Header memory header, uint256 segment) internal pure returns (uint256) {
        return header.offset + segment * header.stride + header.tables + ROOT_BYTES;
    }

    /// @notice Where heights and root of a segment lie, and how long they are; the binding follows.
    function commitment(Header memory header, uint256 segment) internal pure returns (uint256 offset, uint256 length) {
        return (header.offset + segment * header.stride, header.tables + ROOT_BYTES);
    }

    function _wordAt(uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(offset)
        }
    }
}
