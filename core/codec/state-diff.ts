import { DevnetError } from '../errors.ts'
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
  /** RLP of the header of the batch's last block; opaque here, its hash is bound by the batch's `lastBlockHash`. */
  readonly header: Uint8Array
  /** Ascending by address. */
  readonly accounts: readonly AccountDiff[]
}

export const stateDiffVersion = 1

/** Bits of an account's flag byte. */
export const accountFlags = {
  nonce: 0x01,
  balance: 0x02,
  codeKindShift: 2,
  codeKindMask: 0x0c,
  slots: 0x10,
  absent: 0x20,
  reserved: 0xc0,
} as const

/** Kinds of code change. */
export const codeKinds = { none: 0, bytes: 1, repeated: 2, empty: 3 } as const

/** Why bytes are not a canonical state diff, or a diff has no encoding. */
export type StateDiffFault =
  | 'wrong version'
  | 'truncated'
  | 'integer too long'
  | 'integer not in shortest form'
  | 'address malformed'
  | 'addresses not ascending'
  | 'no change in account'
  | 'reserved flags'
  | 'absent account with changes'
  | 'empty account not marked absent'
  | 'code of length zero'
  | 'code already in this diff'
  | 'unknown code index'
  | 'empty slot list'
  | 'slots not ascending'
  | 'trailing bytes'

/** A state diff that is not canonical: docs/formats.md §2. */
export class StateDiffFormatError extends DevnetError {
  override name = 'StateDiffFormatError'
  /** Byte position of the item at fault. */
  readonly offset: number
  readonly fault: StateDiffFault
  constructor(fault: StateDiffFault, offset: number) {
    super(`State diff is not canonical at byte ${offset}: ${fault}.`, {
      code: 'STATE_DIFF_FORMAT',
      metaMessages: ['docs/formats.md §2 defines the only accepted encoding.'],
    })
    this.fault = fault
    this.offset = offset
  }
}
