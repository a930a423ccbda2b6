/** Rules of the L2 that prover and L1 hold it to. What is not here is Osaka's (architecture.md §1). */
export const rules = {
  /** Word 4 of the digest. */
  version: 1n,
  /** Pinned: each header carries it. */
  blockGasLimit: 30_000_000n,
  genesisBaseFeePerGas: 1_000_000_000n,
  maxDepositsPerBlock: 16,
  /** The block builder cuts a block, and a batch closes, before its state diff passes this, so that a commit fits one L1 transaction. */
  maxStateDiffBytes: 100_000,
  /**
   * Of a prover input's nodes, codes and blocks, as a bound: the block builder cuts a block, and a batch closes, before it passes this. The
   * guest has room for 2^28 − 16 bytes (zkvm/isa); the rest is for deposits and what a batch takes apart from its blocks.
   */
  maxInputBytes: 250_000_000,
  /** Mined by one request; more are not worth their proof. */
  maxEmptyBlocksAtOnce: 64,
  maxTransactionsPerBatch: 65_535,
} as const
