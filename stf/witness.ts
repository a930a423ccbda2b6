import { bigintToBytes, bytesToHex, type Hex, hexToBytes, keccak256 } from '../core/index.ts'
import { decodeAccount, emptyCodeHashHex } from './state/account-rlp.ts'
import type { StateChanges, TouchedState } from './state/changes.ts'
import { MissingCodeError } from './state/errors.ts'
import type { CodeReader } from './state/state-store.ts'
import type { StateCommit } from './state/world-state.ts'
import { type HashKey, hashToKey } from './trie/node.ts'
import { NodeCache, type NodeReader } from './trie/node-cache.ts'
import { Trie } from './trie/trie.ts'

/** What a stateless client gets instead of a database. */
export interface Witness {
  readonly nodes: readonly Uint8Array[]
  readonly codes: readonly Uint8Array[]
}

export interface WitnessRequest {
  readonly stateRootBefore: Hex
  /** Of consecutive blocks. */
  readonly blocks: readonly { readonly touched: TouchedState; readonly changes: StateChanges }[]
  readonly store: NodeReader & CodeReader
}

/** Remembers what it was asked for. */
class RecordingReader implements NodeReader {
  readonly recorded = new Map<string, Uint8Array>()
  readonly #store: NodeReader

  constructor(store: NodeReader) {
    this.#store = store
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    const node = this.#store.node(hash)
    if (node !== undefined) this.recorded.set(bytesToHex(hash), node)
    return node
  }
}

/**
 * Collects what any client needs to execute the blocks statelessly and to compute the state root after each, whatever the
 * order in which it updates the tries within a block. No execution: the records of `WorldState` say what was touched.
 *
 * Why it is enough: every touched key's path in the state before the block is read; and the deletions are applied before
 * anything else, so a branch collapses onto a neighbour here whenever it can in some order, and the neighbour is read. An order
 * that inserts first sees no more than that: its collapses are among these, its insertions run along paths that were read.
 *
 * The tries are never hashed: what the blocks made stays in memory, so all that is asked of the store belongs to the state before
 * the first block. By hash one could not tell a node there from an equal one that a block made elsewhere.
 * @throws MissingTrieNodeError, MissingCodeError where the store is incomplete
 */
export function collectWitness({ stateRootBefore, blocks, store }: WitnessRequest): Witness {
  const reader = new RecordingReader(store)
  const tries = new BatchTries(new NodeCache({ maxBytes: cacheBytes }, reader), hexToBytes(stateRootBefore))
  const codes = new Map<Hex, Uint8Array>()
  for (const { touched, changes } of blocks) {
    for (const { address, codeRead, slots } of touched) {
      const account = tries.account(address)
      for (const slot of slots) account.storage.get(slotKey(slot))
      if (codeRead && account.oldCodeHash !== undefined) addCode(codes, store, { hash: account.oldCodeHash, address })
    }
    tries.apply(changes)
  }
  return { nodes: [...reader.recorded.values()], codes: [...codes.values()] }
}

function addCode(codes: Map<Hex, Uint8Array>, store: CodeReader, { hash, address }: { hash: Hex; address: Hex }): void {
  if (codes.has(hash) || hash === emptyCodeHashHex) return
  const code = store.code(hexToBytes(hash))
  if (code === undefined) throw new MissingCodeError({ hash, address })
  codes.set(hash, code)
}

const cacheBytes = 32 * 2 ** 20
const addressKey = (address: Hex): Uint8Array => keccak256(hexToBytes(address))
const slotKey = (slot: bigint): Uint8Array => keccak256(bigintToBytes(slot, 32))

interface TouchedTries {
  storage: Trie
  /** Of the code that the account had before the batch, as long as it has it: any other was set by the batch itself. */
  oldCodeHash: Hex | undefined
}

// Stands for whatever an account or slot holds after a change: only the shape of the tries matters.
const changedValue = Uint8Array.of(1)

/** The account trie and the storage tries of a batch. */
class BatchTries {
  readonly #cache: NodeCache
  readonly #accounts: Trie
  readonly #touched = new Map<Hex, TouchedTries>()

  constructor(cache: NodeCache, root: Uint8Array) {
    this.#cache = cache
    this.#accounts = new Trie(cache, root)
  }

  account(address: Hex): TouchedTries {
    const known = this.#touched.get(address)
    if (known !== undefined) return known
    const rlp = this.#accounts.get(addressKey(address))
    const stored = rlp === undefined ? undefined : decodeAccount(rlp)
    const account = {
      storage: new Trie(this.#cache, stored?.storageRoot),
      oldCodeHash: stored === undefined ? undefined : bytesToHex(stored.account.codeHash),
    }
    this.#touched.set(address, account)
    return account
  }

  apply(changes: StateChanges): void {
    for (const { address, after } of changes) {
      if (after !== null) continue
      this.#accounts.delete(addressKey(address))
      this.#touched.set(address, { storage: new Trie(this.#cache), oldCodeHash: undefined })
    }
    for (const change of changes) {
      if (change.after === null) continue
      const account = this.account(change.address)
      if (change.after.codeHash !== account.oldCodeHash) account.oldCodeHash = undefined
      for (const { key, after } of change.slots) if (after === 0n) account.storage.delete(slotKey(key))
      for (const { key, after } of change.slots) if (after !== 0n) account.storage.put(slotKey(key), changedValue)
      this.#accounts.put(addressKey(change.address), changedValue)
    }
  }
}

/** The nodes and codes of a witness by their hashes, which are computed here: nothing of a witness is trusted. */
export class WitnessStore implements NodeReader, CodeReader {
  readonly #nodes = new Map<HashKey, Uint8Array>()
  readonly #codes = new Map<string, Uint8Array>()

  constructor({ nodes, codes }: Witness) {
    for (const node of nodes) this.#nodes.set(hashToKey(keccak256(node)), node)
    for (const code of codes) this.#codes.set(bytesToHex(keccak256(code)), code)
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#nodes.get(hashToKey(hash))
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#codes.get(bytesToHex(hash))
  }

  /** What an executed block made, which the next one may read. */
  add({ newNodes, newCodes }: Pick<StateCommit, 'newNodes' | 'newCodes'>): void {
    for (const { key, rlp } of newNodes) this.#nodes.set(key, rlp)
    for (const { hash, code } of newCodes) this.#codes.set(bytesToHex(hash), code)
  }
}
