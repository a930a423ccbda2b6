import type { Hex } from '../hex.ts'

/** What changed in one account; absolute new values. Docs: docs/formats.md §2. */
export type AccountDiff =
  | { readonly address: Hex; readonly absent: true }
  | {
      readonly address: Hex
      readonly absent?: false
      readonly nonce?: bigint
      readonly balance?: bigint
      /** New code; empty bytes where the code was removed (EIP-7702). */
      readonly code?: Uint8Array
      /** Ascending by key; a value of 0 clears the slot. */
      readonly slots?: readonly { readonly key: bigint; readonly value: bigint }[]
    }

export interface StateDiff {
  /** RLP of the header of the batch's last block. */
  readonly header: Uint8Array
  /** Ascending by address. */
  readonly accounts: readonly AccountDiff[]
}
