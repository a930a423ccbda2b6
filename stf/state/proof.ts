import { type AccountProof, bigintToBytes, bytesToBigint, bytesToHex, type Hex, hexToBytes } from '../../core/index.ts'
import { emptyTrieRoot, Trie } from '../trie/trie.ts'
import { decodeAccount, decodeSlotValue, emptyCodeHash } from './account-rlp.ts'
import type { StateStore } from './state-store.ts'

export interface ProofRequest {
  readonly root: Hex
  readonly address: Hex
  readonly keys: readonly bigint[]
}

/** Proof of an account and some of its slots at a state root (EIP-1186). */
export function proveAccount({ root, address, keys }: ProofRequest, store: StateStore): AccountProof {
  const accounts = new Trie(store.nodes, hexToBytes(root))
  const accountKey = store.keyHash(address)
  const rlp = accounts.get(accountKey)
  const stored = rlp === undefined ? undefined : decodeAccount(rlp)
  const storageRoot = stored?.storageRoot ?? emptyTrieRoot
  const storage = new Trie(store.nodes, storageRoot)
  return {
    address,
    nonce: stored?.account.nonce ?? 0n,
    balance: stored?.account.balance ?? 0n,
    codeHash: bytesToHex(stored?.account.codeHash ?? emptyCodeHash),
    storageRoot: bytesToHex(storageRoot),
    accountProof: accounts.prove(accountKey).map(bytesToHex),
    storageProof: keys.map((key) => {
      const slot = bytesToHex(bigintToBytes(key, 32))
      const slotKey = store.keyHash(slot)
      const value = storage.get(slotKey)
      return {
        key: slot,
        value: value === undefined ? 0n : bytesToBigint(decodeSlotValue(value)),
        proof: storage.prove(slotKey).map(bytesToHex),
      }
    }),
  }
}
