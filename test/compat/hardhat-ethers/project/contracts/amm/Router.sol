// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Factory} from "./Factory.sol";
import {Pair} from "./Pair.sol";

/// @notice What users call: moves their tokens to pairs and back.
contract Router {
    using SafeERC20 for IERC20;

    error Router__Expired(uint256 deadline);
    error Router__InsufficientOutput(uint256 minimum, uint256 actual);

    Factory public immutable factory;

    constructor(Factory factory_) {
        factory = factory_;
    }

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Router__Expired(deadline);
        _;
    }

    function addLiquidity(address tokenA, address tokenB, uint256 amountA, uint256 amountB, uint256 deadline)
        external
        before(deadline)
        returns (uint256)
    {
        Pair pair = _pair(tokenA, tokenB);
        if (address(pair).code.length == 0) factory.createPair(tokenA, tokenB);
        IERC20(tokenA).safeTransferFrom(msg.sender, address(pair), amountA);
        IERC20(tokenB).safeTransferFrom(msg.sender, address(pair), amountB);
        return pair.mint(msg.sender);
    }

    function removeLiquidity(address tokenA, address tokenB, uint256 liquidity, uint256 deadline) external before(deadline) {
        Pair pair = _pair(tokenA, tokenB);
        IERC20(address(pair)).safeTransferFrom(msg.sender, address(pair), liquidity);
        pair.burn(msg.sender);
    }

    function swap(uint256 amountIn, uint256 minimumOut, address tokenIn, address tokenOut, uint256 deadline) external before(deadline) {
        uint256 amountOut = quote(amountIn, tokenIn, tokenOut);
        if (amountOut < minimumOut) revert Router__InsufficientOutput(minimumOut, amountOut);
        Pair pair = _pair(tokenIn, tokenOut);
        IERC20(tokenIn).safeTransferFrom(msg.sender, address(pair), amountIn);
        bool zeroForOne = address(pair.token0()) == tokenIn;
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, msg.sender);
    }

    /// @notice What `amountIn` buys now, fee included.
    function quote(uint256 amountIn, address tokenIn, address tokenOut) public view returns (uint256) {
        Pair pair = _pair(tokenIn, tokenOut);
        (uint256 reserveIn, uint256 reserveOut) =
            address(pair.token0()) == tokenIn ? (pair.reserve0(), pair.reserve1()) : (pair.reserve1(), pair.reserve0());
        uint256 withFee = amountIn * 997;
        return (withFee * reserveOut) / (uint256(reserveIn) * 1_000 + withFee);
    }

    function _pair(address tokenA, address tokenB) private view returns (Pair) {
        return Pair(factory.pairFor(tokenA, tokenB));
    }
}
