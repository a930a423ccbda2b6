/** Wei. There is no market for block space on a devnet; this is what anvil and Hardhat suggest too. */
export const suggestedPriorityFee = 1_000_000_000n
