// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Counter} from "../src/Counter.sol";

/// @notice The part of forge-std's Vm that scripts here use.
interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
}

contract Deploy {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function run() external returns (Counter counter) {
        vm.startBroadcast();
        counter = new Counter{salt: bytes32(uint256(1))}(40);
        counter.increment();
        counter.increment();
        vm.stopBroadcast();
        require(counter.number() == 42);
    }
}
