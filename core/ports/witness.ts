/** What a stateless client needs to execute one block, beside the block, in the shape of `debug_executionWitness`. */
export interface ExecutionWitness {
  /** Trie nodes of the state before the block, also those that only the new root needs. */
  readonly state: readonly Uint8Array[]
  readonly codes: readonly Uint8Array[]
  /** What the hashed keys on the way are hashes of: addresses and slots. */
  readonly keys: readonly Uint8Array[]
  /** RLP; the parent's alone, as BLOCKHASH reads the state (EIP-2935). */
  readonly headers: readonly Uint8Array[]
}

export interface WitnessReader {
  /** Throws `StateUnavailableError` where the state before the block is not there. */
  executionWitness(blockNumber: bigint): ExecutionWitness
}
