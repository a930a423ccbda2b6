import type { Hex } from '../hex.ts'

/** EIP-1193: what viem's `custom` transport takes. Rejections carry `code`, `message` and, for reverts, `data`. */
export interface Eip1193Provider {
  request(args: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
}

/** The L1's part of a whole-devnet snapshot; absent where the L1 is not ours. */
export interface L1Snapshots {
  take(): Promise<unknown>
  /** A snapshot that the L1 drops when it saves a checkpoint; any other keeps checkpoints waiting. */
  takeUntilCheckpoint(): Promise<unknown>
  /**
   * Goes back to a snapshot. `alongside` runs in the database transaction in which the L1's journal goes back, so that the rest of the
   * devnet is reverted with it or not at all, whenever the process dies.
   */
  revert(snapshot: unknown, alongside: () => void): Promise<void>
}

/** Another program or verifier that the owner of the rollup has announced (contracts/README.md). */
export interface PendingUpgrade {
  readonly programId: Hex
  readonly verifier: Hex
  /** L1 time from which on anybody may make the switch, in seconds. */
  readonly earliest: bigint
}

/** What the node last saw of the L1. */
export interface L1Health {
  status(): {
    readonly reachable: boolean
    /** Head of the L1; null before it was seen. */
    readonly blockNumber: bigint | null
    readonly upgrade: PendingUpgrade | null
  }
}
