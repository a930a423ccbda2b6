// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ext} from "./Extension.sol";
import {Goldilocks} from "./Goldilocks.sol";

/// @notice Output block i since the last message is H(state ‖ i).
struct Transcript {
    bytes32 state;
    uint256 blocks;
    /// @dev What is left of the last block, in its highest bits: `available` words of 64 bits.
    uint256 words;
    uint256 available;
}

/// @title Fiat–Shamir (zkvm/stark/transcript.ts)
library TranscriptLib {
    function start(bytes memory protocol) internal pure returns (Transcript memory t) {
        t.state = keccak256(protocol);
    }

    function absorb(Transcript memory t, bytes memory message) internal pure {
        _replace(t, keccak256(abi.encodePacked(t.state, message)));
    }

    function absorb(Transcript memory t, bytes32 message) internal pure {
        _replace(t, keccak256(abi.encodePacked(t.state, message)));
    }

    /// @notice Absorbs bytes of the calldata.
    function absorb(Transcript memory t, uint256 offset, uint256 length) internal pure {
        bytes32 state = t.state;
        // The message is only hashed, so it may lie in memory that nobody has allocated.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, state)
            calldatacopy(add(free, 32), offset, length)
            state := keccak256(free, add(32, length))
        }
        _replace(t, state);
    }

    /// @notice Absorbs a word and bytes of the calldata as one message.
    function absorb(Transcript memory t, bytes32 word, uint256 offset, uint256 length) internal pure {
        bytes32 state = t.state;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, state)
            mstore(add(free, 32), word)
            calldatacopy(add(free, 64), offset, length)
            state := keccak256(free, add(64, length))
        }
        _replace(t, state);
    }

    /// @notice Absorbs an element of the field.
    function absorbNumber(Transcript memory t, uint256 value) internal pure {
        bytes32 state = t.state;
        assembly ("memory-safe") {
            mstore(0, state)
            mstore(32, shl(192, value))
            state := keccak256(0, 40)
        }
        _replace(t, state);
    }

    function element(Transcript memory t) internal pure returns (uint256 word) {
        do {
            word = _word(t);
        } while (word >= Goldilocks.P);
    }

    function extension(Transcript memory t) internal pure returns (Ext) {
        uint256 c0 = element(t);
        uint256 c1 = element(t);
        return Ext.wrap(c0 << 128 | c1 << 64 | element(t));
    }

    /// @notice A point none of whose powers 1, 2, 4, … 2^logMaxPower is in the base field, where the evaluation domain lies.
    function pointOutsideBase(Transcript memory t, uint256 logMaxPower) internal pure returns (Ext point) {
        bool isOutside;
        while (!isOutside) {
            point = extension(t);
            isOutside = true;
            Ext square = point;
            for (uint256 log = 0; log <= logMaxPower; ++log) {
                if (square.isInBase()) isOutside = false;
                square = square * square;
            }
        }
    }

    /// @notice `count` different integers below 2^logBound, ascending.
    function distinctIndices(Transcript memory t, uint256 count, uint256 logBound) internal pure returns (uint256[] memory indices) {
        indices = new uint256[](count);
        // A counter below `count`.
        unchecked {
            for (uint256 found = 0; found < count;) {
                if (_insert(indices, found, _word(t) & ((1 << logBound) - 1))) ++found;
            }
        }
    }

    /// @dev Puts a number in its place among the first `found`, which ascend; false where it is there already. There has to be room.
    function _insert(uint256[] memory indices, uint256 found, uint256 index) private pure returns (bool isNew) {
        assembly ("memory-safe") {
            // The number belongs behind `slot`: into the words from there on, all of which are larger.
            let slot := add(indices, shl(5, found))
            for {} and(gt(slot, indices), gt(mload(slot), index)) { slot := sub(slot, 32) } {}
            isNew := or(eq(slot, indices), lt(mload(slot), index))
            if isNew {
                let next := add(slot, 32)
                mcopy(add(next, 32), next, sub(add(indices, shl(5, add(found, 1))), next))
                mstore(next, index)
            }
        }
    }

    function _replace(Transcript memory t, bytes32 state) private pure {
        t.state = state;
        t.blocks = 0;
        t.available = 0;
    }

    function _word(Transcript memory t) private pure returns (uint256 word) {
        if (t.available == 0) {
            t.words = uint256(keccak256(abi.encodePacked(t.state, uint64(t.blocks++))));
            t.available = 4;
        }
        word = t.words >> 192;
        t.words <<= 64;
        --t.available;
    }
}
