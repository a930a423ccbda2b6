// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IPairDeployer, Pair} from "./Pair.sol";

/// @notice Deploys one pair per two tokens, at an address that follows from them (CREATE2).
contract Factory is IPairDeployer {
    error Factory__IdenticalTokens();

    event PairCreated(address indexed token0, address indexed token1, address pair);

    struct Parameters {
        address token0;
        address token1;
    }

    /// @notice What a pair's constructor reads; set only while it runs.
    Parameters public parameters;

    function createPair(address tokenA, address tokenB) external returns (address pair) {
        (address token0, address token1) = sort(tokenA, tokenB);
        parameters = Parameters(token0, token1);
        pair = address(new Pair{salt: _salt(token0, token1)}());
        delete parameters;
        emit PairCreated(token0, token1, pair);
    }

    function pairFor(address tokenA, address tokenB) external view returns (address) {
        (address token0, address token1) = sort(tokenA, tokenB);
        return Create2.computeAddress(_salt(token0, token1), keccak256(type(Pair).creationCode));
    }

    function sort(address tokenA, address tokenB) public pure returns (address token0, address token1) {
        if (tokenA == tokenB) revert Factory__IdenticalTokens();
        return tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
    }

    function _salt(address token0, address token1) private pure returns (bytes32) {
        return keccak256(abi.encode(token0, token1));
    }
}
