// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @notice Behind a transparent proxy.
contract Box {
    uint256 public value;

    function initialize(uint256 start) external {
        require(value == 0, "already initialized");
        value = start;
    }
}

contract BoxV2 {
    uint256 public value;

    function increment() external {
        value += 1;
    }
}

/// @notice Decides itself who upgrades it.
contract UupsBox is OwnableUpgradeable, UUPSUpgradeable {
    uint256 public value;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    function initialize(address owner, uint256 start) external initializer {
        __Ownable_init(owner);
        value = start;
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}

/// @custom:oz-upgrades-from UupsBox
contract UupsBoxV2 is UupsBox {
    uint256 public added;

    /// @custom:oz-upgrades-validate-as-initializer
    function initializeV2() external reinitializer(2) {
        __Ownable_init(owner());
    }

    function add(uint256 amount) external {
        value += amount;
        added += 1;
    }
}

/// @notice Must not follow `Box`: its first slot is another type.
contract BoxOfAnotherLayout {
    address public owner;
    uint256 public value;
}
