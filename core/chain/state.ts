import type { Hex } from '../hex.ts'

export interface AccountState {
  readonly nonce: bigint
  readonly balance: bigint
  readonly codeHash: Hex
  readonly storageRoot: Hex
}

/** EIP-1186 proof of an account and some of its slots. */
export interface AccountProof extends AccountState {
  readonly address: Hex
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly { readonly key: Hex; readonly value: bigint; readonly proof: readonly Hex[] }[]
}
