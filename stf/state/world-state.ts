import type { AccountFields as LibraryAccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address } from '@ethereumjs/util'
import { bigintToBytes, bytesToBigint, bytesToHex, type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import { emptyTrieRoot, type StoredNode, Trie } from '../trie/trie.ts'
import { AccountEntry, isEmptyAccount } from './account-entry.ts'
import { type AccountRecord, decodeAccount, emptyCodeHash, emptyCodeHashHex, encodeAccount, encodeSlotValue } from './account-rlp.ts'
import type { AccountChange, AccountFields, SlotChange, StateChanges, TouchedState } from './changes.ts'
import { MissingCodeError, StateUsageError } from './errors.ts'
import type { StateNow } from './state-now.ts'
import type { StateStore } from './state-store.ts'

export interface StoredCode {
  readonly hash: Uint8Array
  readonly code: Uint8Array
}

/** The result of a block for the state. Store nodes and codes before the next block reads: the caches may forget them. */
export interface StateCommit {
  readonly stateRootBefore: Hex
  readonly stateRoot: Hex
  readonly newNodes: readonly StoredNode[]
  readonly newCodes: readonly StoredCode[]
  readonly changes: StateChanges
  readonly touched: TouchedState
  /** Upper bound of the nodes and codes that a stateless client needs for what was touched. */
  readonly witnessBytes: number
}

// Upper bounds of what a change takes in a state diff (docs/formats.md §2).
const accountDiffBytes = 20 + 1 + 9 + 33 + 4
const slotDiffBytes = 1 + 33
const codeDiffBytes = 4

/**
 * Upper bound of what the way to an account or slot takes in a witness: 15 full branches, or any 64 with two children, and the neighbour
 * of a deletion. For more somebody would have to find keys whose hashes share 2^56 of work, for each way that is to be longer.
 */
const pathWitnessBytes = 8_000
const witnessPrefixBytes = 4

const empty = new Uint8Array(0)
const maxBalance = 2n ** 256n - 1n

function trimLeadingZeros(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start++
  return start === 0 ? bytes : bytes.slice(start)
}

const fieldsOf = (account: AccountRecord | null): AccountFields | null =>
  account === null ? null : { nonce: account.nonce, balance: account.balance, codeHash: bytesToHex(account.codeHash) }

const ascending = (a: { address: Hex }, b: { address: Hex }): number => (a.address < b.address ? -1 : 1)

function sameAccount(a: AccountRecord | null, b: AccountRecord | null): boolean {
  if (a === null || b === null) return a === b
  return a.nonce === b.nonce && a.balance === b.balance && Buffer.compare(a.codeHash, b.codeHash) === 0
}

/**
 * The L2's state from one root on, as the EVM sees it: an overlay with an undo log over the tries of a StateStore.
 * Remembers what a block reads and writes; `commitBlock` turns the overlay into a new root.
 */
export class WorldState implements StateManagerInterface {
  readonly #store: StateStore
  #root: Uint8Array
  #accounts: Trie
  #entries = new Map<Hex, AccountEntry>()
  #codes = new Map<Hex, Uint8Array>()
  #undo: (() => void)[] = []
  #checkpoints: number[] = []
  #diffBytes = 0
  #witnessBytes = 0
  /** Takes back what was touched, in order. A revert does not: what was read and reverted was read. */
  #touches: (() => void)[] = []
  #codesRead = new Set<Hex>()
  #originals: AccountEntry[] = []

  /** Values at the start of the transaction, for the gas of SSTORE (EIP-2200). */
  readonly originalStorageCache = {
    get: async (address: Address, key: Uint8Array): Promise<Uint8Array> => this.originalStorageNow(address, key),
    clear: (): void => {
      for (const entry of this.#originals) entry.originals = undefined
      this.#originals = []
    },
  }

  private constructor(root: Uint8Array, store: StateStore) {
    this.#store = store
    this.#root = root
    this.#accounts = new Trie(store.nodes, root)
  }

  /** The state with this root. Costs next to nothing: nothing is loaded before it is asked for. */
  static at(root: Hex, store: StateStore): WorldState {
    return new WorldState(hexToBytes(root), store)
  }

  /** What is there at the moment it is asked. */
  readonly now: StateNow = {
    account: (address) => fieldsOf(this.#entry(address).current),
    code: (address) => this.#code(this.#entry(address)),
    slot: (address, slot) => bytesToBigint(this.#slot(this.#entry(address), bytesToHex(bigintToBytes(slot, 32)))),
  }

  /** Root of the last commit. */
  get root(): Hex {
    return bytesToHex(this.#root)
  }

  get store(): StateStore {
    return this.#store
  }

  /** Upper bound of the bytes that the changes since the last commit take in a state diff. */
  get diffBytes(): number {
    return this.#diffBytes
  }

  /** Upper bound of the bytes of nodes and codes that a stateless client needs for what was touched since the last commit. */
  get witnessBytes(): number {
    return this.#witnessBytes
  }

  /** What `forgetTouched` goes back to. */
  touchedMark(): number {
    return this.#touches.length
  }

  /** As if nothing had been touched since the mark. What was changed since then has to be reverted before. */
  forgetTouched(mark: number): void {
    for (let i = this.#touches.length - 1; i >= mark; i--) this.#touches[i]?.()
    this.#touches.length = mark
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    return this.accountNow(address)
  }

  /** As `getAccount`. */
  accountNow(address: Address): Account | undefined {
    const entry = this.#entry(bytesToHex(address.bytes))
    const { current } = entry
    // A copy: the EVM changes what it gets in place.
    return current === null ? undefined : new Account(current.nonce, current.balance, entry.storageRoot, current.codeHash)
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    if (account === undefined) return this.deleteAccount(address)
    const { nonce, codeHash } = account
    // The library checks payments by messages only. As in geth, what fees, SELFDESTRUCT and deposits add goes round at 2^256.
    const balance = account.balance & maxBalance
    this.#setAccount(this.#entry(bytesToHex(address.bytes)), { nonce, balance, codeHash })
  }

  async deleteAccount(address: Address): Promise<void> {
    const entry = this.#entry(bytesToHex(address.bytes))
    if (entry.current === null && entry.slots.size === 0) return
    this.#setAccount(entry, null)
    this.#wipe(entry)
  }

  async modifyAccountFields(address: Address, fields: LibraryAccountFields): Promise<void> {
    const entry = this.#entry(bytesToHex(address.bytes))
    const { nonce, balance, codeHash } = entry.current ?? { nonce: 0n, balance: 0n, codeHash: emptyCodeHash }
    this.#setAccount(entry, {
      nonce: fields.nonce ?? nonce,
      balance: fields.balance ?? balance,
      codeHash: fields.codeHash ?? codeHash,
    })
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const codeHash = keccak256(code)
    const key = bytesToHex(codeHash)
    if (code.length > 0 && !this.#codes.has(key)) {
      const bytes = this.#diffBytes
      this.#codes.set(key, code)
      this.#diffBytes += code.length + codeDiffBytes
      this.#undo.push(() => {
        this.#codes.delete(key)
        this.#diffBytes = bytes
      })
    }
    await this.modifyAccountFields(address, { codeHash })
  }

  async getCode(address: Address): Promise<Uint8Array> {
    return this.#code(this.#entry(bytesToHex(address.bytes)))
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.storageNow(address, key)
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.putStorageNow(address, key, value)
  }

  /** As `getStorage`. */
  storageNow(address: Address, key: Uint8Array): Uint8Array {
    return this.#slot(this.#entry(bytesToHex(address.bytes)), bytesToHex(key))
  }

  /** As `originalStorageCache.get`. */
  originalStorageNow(address: Address, key: Uint8Array): Uint8Array {
    const entry = this.#entry(bytesToHex(address.bytes))
    const slot = bytesToHex(key)
    return entry.originals?.get(slot) ?? this.#slot(entry, slot)
  }

  /** As `putStorage`. */
  putStorageNow(address: Address, key: Uint8Array, value: Uint8Array): void {
    const entry = this.#entry(bytesToHex(address.bytes))
    const slot = bytesToHex(key)
    const previous = this.#slot(entry, slot)
    if (entry.originals === undefined) {
      entry.originals = new Map()
      this.#originals.push(entry)
    }
    if (!entry.originals.has(slot)) entry.originals.set(slot, previous)
    const { slots } = entry
    const bytes = this.#diffBytes
    if (slots.has(slot)) {
      this.#undo.push(() => slots.set(slot, previous))
    } else {
      this.#diffBytes += slotDiffBytes + trimLeadingZeros(key).length
      this.#undo.push(() => {
        slots.delete(slot)
        this.#diffBytes = bytes
      })
    }
    slots.set(slot, trimLeadingZeros(value))
  }

  async clearStorage(address: Address): Promise<void> {
    this.#wipe(this.#entry(bytesToHex(address.bytes)))
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length)
  }

  async commit(): Promise<void> {
    if (this.#checkpoints.pop() === undefined) throw new StateUsageError('There is no checkpoint to commit')
  }

  async revert(): Promise<void> {
    this.#revert()
  }

  get openCheckpoints(): number {
    return this.#checkpoints.length
  }

  /** Reverts until so many checkpoints are open: for what an error in the middle of an execution left behind. */
  revertTo(openCheckpoints: number): void {
    while (this.#checkpoints.length > openCheckpoints) this.#revert()
  }

  /** Root of the last commit; roots in the middle of a block do not exist on this chain. */
  async getStateRoot(): Promise<Uint8Array> {
    return this.#root
  }

  /** Goes to another root; what was not committed is gone. */
  async setStateRoot(root: Uint8Array): Promise<void> {
    this.#reset(root)
  }

  async hasStateRoot(root: Uint8Array): Promise<boolean> {
    try {
      new Trie(this.#store.nodes, root).get(new Uint8Array(32))
      return true
    } catch {
      return false
    }
  }

  clearCaches(): void {}

  /** Another state at the root of the last commit, sharing the caches. */
  shallowCopy(): WorldState {
    return new WorldState(this.#root, this.#store)
  }

  /** Drops everything since the last commit. */
  discard(): void {
    this.#reset(this.#root)
  }

  /** What was read or written since the last commit. */
  touched(): TouchedState {
    return [...this.#entries.values()].sort(ascending).map((entry) => entry.touched())
  }

  /** Makes the changes since the last commit the new committed state. */
  commitBlock(): StateCommit {
    if (this.#checkpoints.length > 0) throw new StateUsageError(`${this.#checkpoints.length} checkpoints are open`)
    const before = this.#root
    const entries = [...this.#entries.values()].sort(ascending)
    const newNodes: StoredNode[] = []
    const newCodes = new Map<Hex, StoredCode>()
    const changes: AccountChange[] = []
    for (const entry of entries) {
      const change = this.#commitAccount(entry, newNodes)
      if (change === undefined) continue
      changes.push(change)
      const codeHash = change.after?.codeHash
      const code = codeHash === undefined ? undefined : this.#codes.get(codeHash)
      if (codeHash === undefined || code === undefined || codeHash === change.before?.codeHash) continue
      newCodes.set(codeHash, { hash: hexToBytes(codeHash), code })
      this.#store.addCode(codeHash, code)
    }
    const { root, nodes } = this.#accounts.commit()
    for (const node of nodes) newNodes.push(node)
    const touched = entries.map((entry) => entry.touched())
    const witnessBytes = this.#witnessBytes
    this.#reset(root)
    return {
      stateRootBefore: bytesToHex(before),
      stateRoot: bytesToHex(root),
      newNodes,
      newCodes: [...newCodes.values()],
      changes,
      touched,
      witnessBytes,
    }
  }

  /** The root that the state has now. Nothing is committed, and nothing of it can be read by that root. */
  rootNow(): Hex {
    const accounts = new Trie(this.#store.nodes, this.#root)
    for (const entry of this.#entries.values()) {
      if (!entry.written && entry.slots.size === 0 && !entry.wiped) continue
      const key = this.#store.keyHash(entry.address)
      if (entry.current === null || isEmptyAccount(entry.current)) accounts.delete(key)
      else accounts.put(key, encodeAccount(entry.current, entry.storageRootNow(this.#store)))
    }
    return bytesToHex(accounts.commit().root)
  }

  #revert(): void {
    const mark = this.#checkpoints.pop()
    if (mark === undefined) throw new StateUsageError('There is no checkpoint to revert to')
    for (let i = this.#undo.length - 1; i >= mark; i--) this.#undo[i]?.()
    this.#undo.length = mark
  }

  #commitAccount(entry: AccountEntry, newNodes: StoredNode[]): AccountChange | undefined {
    const { before, current } = entry
    const after = current === null || isEmptyAccount(current) ? null : current
    const slots = this.#slotChanges(entry, after)
    if (slots.length === 0 && sameAccount(before, after)) return undefined
    const key = this.#store.keyHash(entry.address)
    if (after === null) {
      this.#accounts.delete(key)
    } else {
      let storageRoot = entry.storageRoot
      if (slots.length > 0) {
        const storage = new Trie(this.#store.nodes, storageRoot)
        for (const { slot, value } of slots) {
          if (value.length === 0) storage.delete(this.#store.keyHash(slot))
          else storage.put(this.#store.keyHash(slot), encodeSlotValue(value))
        }
        const committed = storage.commit()
        storageRoot = committed.root
        for (const node of committed.nodes) newNodes.push(node)
      }
      this.#accounts.put(key, encodeAccount(after, storageRoot))
    }
    return { address: entry.address, before: fieldsOf(before), after: fieldsOf(after), slots: slots.map(({ change }) => change) }
  }

  #slotChanges(entry: AccountEntry, after: AccountRecord | null): { slot: Hex; value: Uint8Array; change: SlotChange }[] {
    if (after === null) return []
    if (entry.wiped && Buffer.compare(entry.rootBefore, emptyTrieRoot) !== 0) {
      // EIP-6780 and EIP-7610 exclude it. The diff of it could not be told without the raw keys of the old slots.
      throw new StateUsageError(`The account ${entry.address} lost storage that it had before the block and lives on`)
    }
    const changes: { slot: Hex; value: Uint8Array; change: SlotChange }[] = []
    for (const [slot, value] of entry.slots) {
      const before = entry.slotBefore(slot, this.#store)
      if (Buffer.compare(before, value) === 0) continue
      changes.push({ slot, value, change: { key: BigInt(slot), before: bytesToBigint(before), after: bytesToBigint(value) } })
    }
    return changes.sort((a, b) => (a.slot < b.slot ? -1 : 1))
  }

  #entry(address: Hex): AccountEntry {
    const known = this.#entries.get(address)
    if (known !== undefined) return known
    const rlp = this.#accounts.get(this.#store.keyHash(address))
    const entry = new AccountEntry(address, rlp === undefined ? undefined : decodeAccount(rlp))
    this.#entries.set(address, entry)
    this.#touch(pathWitnessBytes, () => this.#entries.delete(address))
    return entry
  }

  #code(entry: AccountEntry): Uint8Array {
    if (entry.current === null) return empty
    const hash = bytesToHex(entry.current.codeHash)
    if (hash === emptyCodeHashHex) return empty
    // Code that the block gave to this account itself is known to whoever executes the block.
    const isOld = entry.before !== null && Buffer.compare(entry.before.codeHash, entry.current.codeHash) === 0
    const code = this.#codes.get(hash) ?? this.#store.code(hash)
    if (code === undefined) throw new MissingCodeError({ hash, address: entry.address })
    if (isOld && !entry.codeRead) this.#touchCode(entry, hash, code.length)
    return code
  }

  #touchCode(entry: AccountEntry, hash: Hex, length: number): void {
    entry.codeRead = true
    const isFirst = !this.#codesRead.has(hash)
    this.#codesRead.add(hash)
    this.#touch(isFirst ? length + witnessPrefixBytes : 0, () => {
      entry.codeRead = false
      if (isFirst) this.#codesRead.delete(hash)
    })
  }

  #touch(bytes: number, forget: () => void): void {
    this.#witnessBytes += bytes
    this.#touches.push(() => {
      this.#witnessBytes -= bytes
      forget()
    })
  }

  #slot(entry: AccountEntry, slot: Hex): Uint8Array {
    const { touchedSlots } = entry
    const before = entry.slotBefore(slot, this.#store)
    if (entry.touchedSlots > touchedSlots) this.#touch(pathWitnessBytes, () => entry.forgetSlot(slot))
    return entry.slots.get(slot) ?? (entry.wiped ? empty : before)
  }

  #setAccount(entry: AccountEntry, account: AccountRecord | null): void {
    const { current, written } = entry
    const bytes = this.#diffBytes
    if (!written) this.#diffBytes += accountDiffBytes
    entry.current = account
    entry.written = true
    this.#undo.push(() => {
      entry.current = current
      entry.written = written
      this.#diffBytes = bytes
    })
  }

  #wipe(entry: AccountEntry): void {
    const { slots, wiped } = entry
    entry.slots = new Map()
    entry.wiped = true
    this.#undo.push(() => {
      entry.slots = slots
      entry.wiped = wiped
    })
  }

  #reset(root: Uint8Array): void {
    this.#root = root
    this.#accounts = new Trie(this.#store.nodes, root)
    this.#entries = new Map()
    this.#codes = new Map()
    this.#undo = []
    this.#checkpoints = []
    this.#diffBytes = 0
    this.#witnessBytes = 0
    this.#touches = []
    this.#codesRead = new Set()
    this.#originals = []
  }
}
