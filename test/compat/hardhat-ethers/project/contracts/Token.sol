// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract Token is ERC20 {
    constructor(string memory symbol, uint256 supply) ERC20(symbol, symbol) {
        _mint(msg.sender, supply);
    }
}
