/** Forks that both executors have, in order. */
export const forks = ['Cancun', 'Prague', 'Osaka'] as const
export type Fork = (typeof forks)[number]

export const isFork = (name: string): name is Fork => forks.some((fork) => fork === name)

export interface Account {
  readonly address: Uint8Array
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly (readonly [key: bigint, value: bigint])[]
}

/** One transaction on one state. */
export interface StateCase {
  readonly kind: 'state'
  readonly fork: Fork
  readonly block: {
    readonly number: bigint
    readonly timestamp: bigint
    readonly gasLimit: bigint
    readonly chainId: bigint
    readonly coinbase: Uint8Array
    readonly prevRandao: Uint8Array
    readonly baseFee: bigint
    readonly excessBlobGas: bigint
  }
  readonly accounts: readonly Account[]
  readonly transaction: Uint8Array
  readonly expected: { readonly stateRoot: string; readonly logsHash: string; readonly isValid: boolean }
}

export interface ChainBlock {
  readonly rlp: Uint8Array
  readonly isValid: boolean
}

/** Blocks on a genesis, in the order in which a client gets them. */
export interface ChainCase {
  readonly kind: 'chain'
  readonly fork: Fork
  readonly chainId: bigint
  readonly genesisHeader: Uint8Array
  readonly accounts: readonly Account[]
  readonly blocks: readonly ChainBlock[]
  /** Hash of the last block that is accepted. */
  readonly head: string
}

export interface TransactionCase {
  readonly kind: 'transaction'
  readonly fork: Fork
  readonly transaction: Uint8Array
  /** Null where the transaction is not valid. */
  readonly expected: { readonly sender: string; readonly intrinsicGas: bigint } | null
}

export interface TrieCase {
  readonly kind: 'trie'
  /** In order; an empty value deletes. */
  readonly changes: readonly (readonly [key: Uint8Array, value: Uint8Array])[]
  readonly root: string
}

export interface RlpCase {
  readonly kind: 'rlp'
  readonly bytes: Uint8Array
  readonly isValid: boolean
}

export type Case = StateCase | ChainCase | TransactionCase | TrieCase | RlpCase

/** What a file of the archive holds: a case, or why it cannot be run. */
export interface ArchiveEntry {
  /** Path of the file in the archive. */
  readonly file: string
  /** Unique in the file. */
  readonly name: string
  readonly content: Case | { readonly kind: 'skipped'; readonly reason: string }
}

export type Outcome =
  | { readonly result: 'passed' }
  | { readonly result: 'failed'; readonly reason: string }
  | { readonly result: 'skipped'; readonly reason: string }

export const passed: Outcome = { result: 'passed' }
export const failed = (reason: string): Outcome => ({ result: 'failed', reason })

/** Why a case is skipped that takes longer than one may. */
export const tooLong = (limitMs: number): string => `it takes more than ${limitMs / 1000} s`
