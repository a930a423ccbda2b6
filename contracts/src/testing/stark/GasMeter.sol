// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Gas that calls take one after another, without what their transactions pay for calldata. Stops at the first that fails.
contract GasMeter {
    function measure(address target, bytes[] calldata calls) external returns (bool success, bytes memory result, uint256[] memory gas) {
        gas = new uint256[](calls.length);
        success = true;
        for (uint256 i = 0; i < calls.length && success; ++i) {
            bytes memory message = calls[i];
            uint256 before = gasleft();
            (success, result) = target.call(message);
            gas[i] = before - gasleft();
        }
    }
}
