// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Gas that a call takes, without what its transaction pays for calldata.
contract GasMeter {
    function measure(address target, bytes calldata data) external view returns (bool success, bytes memory result, uint256 gas) {
        bytes memory message = data;
        uint256 before = gasleft();
        (success, result) = target.staticcall(message);
        gas = before - gasleft();
    }
}
