// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

interface ICounter {
    function number() external view returns (uint256);
    function increment() external;
}

interface Vm {
    function envAddress(string calldata name) external view returns (address);
}

/// @notice Runs on a fork of the devnet.
contract ForkTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function testGoesOnFromTheDevnet() external {
        ICounter counter = ICounter(vm.envAddress("COUNTER"));
        require(block.chainid == 313372);
        require(counter.number() == 42);
        counter.increment();
        require(counter.number() == 43);
    }
}
