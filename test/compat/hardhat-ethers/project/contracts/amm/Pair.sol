// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

interface IPairDeployer {
    function parameters() external view returns (address token0, address token1);
}

/// @notice Constant-product pool of two tokens with a fee of 0.3 %; its own token is the share in it.
contract Pair is ERC20 {
    using SafeERC20 for IERC20;

    error Pair__InsufficientLiquidity();
    error Pair__InsufficientInput();

    event Swap(address indexed to, uint256 amount0Out, uint256 amount1Out);
    event Sync(uint256 reserve0, uint256 reserve1);

    address private constant BURNT = address(0xdead);
    uint256 private constant MINIMUM_LIQUIDITY = 1_000;

    IERC20 public immutable token0;
    IERC20 public immutable token1;
    uint112 public reserve0;
    uint112 public reserve1;

    constructor() ERC20("Pool share", "POOL") {
        (address first, address second) = IPairDeployer(msg.sender).parameters();
        token0 = IERC20(first);
        token1 = IERC20(second);
    }

    function mint(address to) external returns (uint256 liquidity) {
        (uint256 balance0, uint256 balance1) = _balances();
        uint256 amount0 = balance0 - reserve0;
        uint256 amount1 = balance1 - reserve1;
        uint256 supply = totalSupply();
        if (supply == 0) {
            liquidity = Math.sqrt(amount0 * amount1) - MINIMUM_LIQUIDITY;
            _mint(BURNT, MINIMUM_LIQUIDITY);
        } else {
            liquidity = Math.min((amount0 * supply) / reserve0, (amount1 * supply) / reserve1);
        }
        if (liquidity == 0) revert Pair__InsufficientLiquidity();
        _mint(to, liquidity);
        _sync(balance0, balance1);
    }

    function burn(address to) external returns (uint256 amount0, uint256 amount1) {
        (uint256 balance0, uint256 balance1) = _balances();
        uint256 liquidity = balanceOf(address(this));
        uint256 supply = totalSupply();
        amount0 = (liquidity * balance0) / supply;
        amount1 = (liquidity * balance1) / supply;
        if (amount0 == 0 || amount1 == 0) revert Pair__InsufficientLiquidity();
        _burn(address(this), liquidity);
        token0.safeTransfer(to, amount0);
        token1.safeTransfer(to, amount1);
        _sync(balance0 - amount0, balance1 - amount1);
    }

    function swap(uint256 amount0Out, uint256 amount1Out, address to) external {
        if (amount0Out >= reserve0 || amount1Out >= reserve1) revert Pair__InsufficientLiquidity();
        if (amount0Out > 0) token0.safeTransfer(to, amount0Out);
        if (amount1Out > 0) token1.safeTransfer(to, amount1Out);
        (uint256 balance0, uint256 balance1) = _balances();
        uint256 in0 = balance0 > reserve0 - amount0Out ? balance0 - (reserve0 - amount0Out) : 0;
        uint256 in1 = balance1 > reserve1 - amount1Out ? balance1 - (reserve1 - amount1Out) : 0;
        uint256 after0 = balance0 * 1_000 - in0 * 3;
        uint256 after1 = balance1 * 1_000 - in1 * 3;
        if (after0 * after1 < uint256(reserve0) * reserve1 * 1_000_000) revert Pair__InsufficientInput();
        emit Swap(to, amount0Out, amount1Out);
        _sync(balance0, balance1);
    }

    function _balances() private view returns (uint256, uint256) {
        return (token0.balanceOf(address(this)), token1.balanceOf(address(this)));
    }

    function _sync(uint256 balance0, uint256 balance1) private {
        reserve0 = uint112(balance0);
        reserve1 = uint112(balance1);
        emit Sync(balance0, balance1);
    }
}
