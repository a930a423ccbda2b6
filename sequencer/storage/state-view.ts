import { RLP } from '@ethereumjs/rlp'
import {
  type AccountProof,
  type AccountState,
  bigintToBytes,
  bytesToBigint,
  bytesToHex,
  type Hex,
  hexToBytes,
  keccak256Hex,
  type StateView,
} from '../../core/index.ts'
import { emptyTrieRoot, proveAccount, type StateStore, Trie } from '../../stf/index.ts'

const emptyCodeHash = keccak256Hex(new Uint8Array())
const absent: AccountState = { nonce: 0n, balance: 0n, codeHash: emptyCodeHash, storageRoot: bytesToHex(emptyTrieRoot) }

/** Reads of the state with one root. */
export class TrieStateView implements StateView {
  readonly #root: Hex
  readonly #store: StateStore
  readonly #accounts: Trie
  /** Who asks for an account asks for it again: nonce, balance, code, slots. */
  #last: { readonly address: Hex; readonly account: AccountState } | undefined

  constructor(root: Hex, store: StateStore) {
    this.#root = root
    this.#store = store
    this.#accounts = new Trie(store.nodes, hexToBytes(root))
  }

  account(address: Hex): AccountState {
    if (this.#last?.address !== address) this.#last = { address, account: this.#read(address) }
    return this.#last.account
  }

  #read(address: Hex): AccountState {
    const rlp = this.#accounts.get(this.#store.keyHash(address))
    if (rlp === undefined) return absent
    const items = RLP.decode(rlp)
    const field = (index: number): Uint8Array => {
      const item = items[index]
      if (!(item instanceof Uint8Array)) throw new TypeError(`the leaf of account ${address} is malformed`)
      return item
    }
    return {
      nonce: bytesToBigint(field(0)),
      balance: bytesToBigint(field(1)),
      storageRoot: bytesToHex(field(2)),
      codeHash: bytesToHex(field(3)),
    }
  }

  code(address: Hex): Uint8Array {
    const { codeHash } = this.account(address)
    if (codeHash === emptyCodeHash) return new Uint8Array()
    const code = this.#store.code(codeHash)
    if (code === undefined) throw new TypeError(`the code ${codeHash} of ${address} is not stored`)
    return code
  }

  storage(address: Hex, slot: bigint): bigint {
    const storage = new Trie(this.#store.nodes, hexToBytes(this.account(address).storageRoot))
    const value = storage.get(this.#store.keyHash(bytesToHex(bigintToBytes(slot, 32))))
    if (value === undefined) return 0n
    const decoded = RLP.decode(value)
    if (!(decoded instanceof Uint8Array)) throw new TypeError(`slot ${slot} of ${address} is malformed`)
    return bytesToBigint(decoded)
  }

  proof(address: Hex, slots: readonly bigint[]): AccountProof {
    return proveAccount({ root: this.#root, address, keys: slots }, this.#store)
  }
}
