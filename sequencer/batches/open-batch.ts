import { type DevReason, rules } from '../../core/index.ts'

/** When a batch closes, apart from a command. */
export interface BatchLimits {
  readonly maxTransactions: number
  readonly maxBlocks: number
  /** Upper bound of the bytes of its state diff. */
  readonly maxStateDiffBytes: number
  /** Weighted cycles that the guest is expected to take for it. */
  readonly maxCycles: number
  /** Bounds what the guest takes for it at most, in memory and in cycles, whatever its transactions do. */
  readonly maxGas: bigint
  /** Upper bound of its prover input, apart from what it takes besides its blocks. */
  readonly maxInputBytes: number
  /** Since its first block with a transaction or deposit. */
  readonly maxAgeMs: number
  /** Since its first block, where all are empty: an idle chain with a block time would otherwise fill L1 with empty batches. */
  readonly maxEmptyAgeMs: number
  /**
   * While so many batches wait for their proofs, the open one grows up to the other limits in place of closing by age: a transaction costs less
   * to prove in a larger batch, and nothing is proven sooner for being closed.
   */
  readonly maxUnproven: number
}

/**
 * A batch per second at most when there is little to do, or a batch per 250 transactions: 1,000 automined transactions in a row
 * make 4, and a lone one is executed on L1 within two to three seconds.
 */
export const defaultBatchLimits: BatchLimits = {
  maxTransactions: 250,
  maxBlocks: 250,
  maxStateDiffBytes: rules.maxStateDiffBytes,
  maxCycles: 1_000_000_000,
  // A block has to fit in any case, so the guest is laid out for one, and no batch is worse than the worst block (docs/guest.md).
  maxGas: rules.blockGasLimit,
  maxInputBytes: rules.maxInputBytes,
  maxAgeMs: 1_000,
  maxEmptyAgeMs: 60_000,
  maxUnproven: Number.POSITIVE_INFINITY,
}

/** Where a proof takes longer than a batch is old when it closes: one is being proven, and one is ready when that is done. */
export const limitsForSlowProofs = { maxUnproven: 2 } as const

/** The part of a block that counts for the limits. */
export interface BlockLoad {
  readonly number: bigint
  readonly transactions: number
  readonly deposits: number
  readonly diffBytes: number
  /** Estimate, weighted. */
  readonly cycles: number
  readonly gas: bigint
  readonly inputBytes: number
  readonly devReasons: readonly DevReason[]
}

// Version, RLP of the last header, number of accounts.
const fixedDiffBytes = 800

/** Blocks that have gathered since the last closed batch. */
export class BlockGathering {
  readonly #limits: BatchLimits
  readonly firstBlockNumber: bigint
  #lastBlockNumber: bigint | null = null
  #transactions = 0
  #blocks = 0
  #diffBytes = fixedDiffBytes
  #cycles = 0
  #gas = 0n
  #inputBytes = 0
  #deadlineMs: number | undefined
  #isEmpty = true
  #devReasons: readonly DevReason[] = []

  constructor(firstBlockNumber: bigint, limits: BatchLimits) {
    this.firstBlockNumber = firstBlockNumber
    this.#limits = limits
  }

  get lastBlockNumber(): bigint | null {
    return this.#lastBlockNumber
  }

  get transactionCount(): number {
    return this.#transactions
  }

  /** Upper bound: what later blocks undo still counts. */
  get stateDiffBytes(): number {
    return this.#blocks === 0 ? 0 : this.#diffBytes
  }

  /** Of its blocks; what the batch costs apart from them does not count. */
  get estimatedCycles(): number {
    return this.#cycles
  }

  /** Why it is a dev batch; empty where it is none. */
  get devReasons(): readonly DevReason[] {
    return this.#devReasons
  }

  /** When it closes by age; undefined while it has no block. */
  get deadlineMs(): number | undefined {
    return this.#deadlineMs
  }

  /** Whether the block still fits. The first one always does: the block builder keeps it below the limits of L1 and of the guest. */
  fits({ transactions, diffBytes, cycles, gas, inputBytes, devReasons }: BlockLoad): boolean {
    if (this.#blocks === 0) return true
    // What can be proven is not thrown in with what cannot.
    if (devReasons.length > 0 && this.#devReasons.length === 0) return false
    return (
      this.#blocks < this.#limits.maxBlocks &&
      this.#transactions + transactions <= this.#limits.maxTransactions &&
      this.#diffBytes + diffBytes <= this.#limits.maxStateDiffBytes &&
      this.#cycles + cycles <= this.#limits.maxCycles &&
      this.#gas + gas <= this.#limits.maxGas &&
      this.#inputBytes + inputBytes <= this.#limits.maxInputBytes
    )
  }

  add({ number, transactions, deposits, diffBytes, cycles, gas, inputBytes, devReasons }: BlockLoad, nowMs: number): void {
    this.#lastBlockNumber = number
    this.#blocks++
    this.#transactions += transactions
    this.#diffBytes += diffBytes
    this.#cycles += cycles
    this.#gas += gas
    this.#inputBytes += inputBytes
    this.#devReasons = [...this.#devReasons, ...devReasons]
    const isEmpty = transactions === 0 && deposits === 0
    const byThisBlock = nowMs + (isEmpty ? this.#limits.maxEmptyAgeMs : this.#limits.maxAgeMs)
    if (this.#deadlineMs === undefined || (this.#isEmpty && !isEmpty)) {
      this.#deadlineMs = Math.min(this.#deadlineMs ?? byThisBlock, byThisBlock)
    }
    this.#isEmpty &&= isEmpty
  }

  get isFull(): boolean {
    return this.#blocks >= this.#limits.maxBlocks || this.#transactions >= this.#limits.maxTransactions
  }
}
