import type { Hex } from '../../core/index.ts'
import { emptyTrieRoot, Trie } from '../trie/trie.ts'
import { type AccountRecord, decodeSlotValue, emptyCodeHash, encodeSlotValue } from './account-rlp.ts'
import type { TouchedAccount } from './changes.ts'
import type { StateStore } from './state-store.ts'

const noValue = new Uint8Array(0)

/** EIP-161: such an account does not exist. */
export function isEmptyAccount({ nonce, balance, codeHash }: AccountRecord): boolean {
  return nonce === 0n && balance === 0n && Buffer.compare(codeHash, emptyCodeHash) === 0
}

/** What a block knows of one account: as it was before the block, and as it is. */
export class AccountEntry {
  readonly address: Hex
  readonly before: AccountRecord | null
  readonly rootBefore: Uint8Array
  current: AccountRecord | null
  /** Whether `current` was ever set. */
  written = false
  /** Whether the storage was cleared: slots that are not in `slots` are zero then. */
  wiped = false
  /** Written slots; empty bytes are zero. */
  slots = new Map<Hex, Uint8Array>()
  /** Values at the start of the transaction, of slots that it wrote. */
  originals: Map<Hex, Uint8Array> | undefined
  codeRead = false
  readonly #slotsBefore = new Map<Hex, Uint8Array>()
  #storage: Trie | undefined

  constructor(address: Hex, stored: { account: AccountRecord; storageRoot: Uint8Array } | undefined) {
    this.address = address
    this.before = stored?.account ?? null
    this.rootBefore = stored?.storageRoot ?? emptyTrieRoot
    this.current = this.before
  }

  /** Root of the storage, not counting slots written in this block. */
  get storageRoot(): Uint8Array {
    return this.wiped ? emptyTrieRoot : this.rootBefore
  }

  /** Slots that were looked at or changed. */
  get touchedSlots(): number {
    return this.#slotsBefore.size
  }

  /** As if the slot had never been looked at. */
  forgetSlot(slot: Hex): void {
    this.#slotsBefore.delete(slot)
  }

  /** Value of a slot before the block. */
  slotBefore(slot: Hex, store: StateStore): Uint8Array {
    const known = this.#slotsBefore.get(slot)
    if (known !== undefined) return known
    this.#storage ??= new Trie(store.nodes, this.rootBefore)
    const rlp = this.#storage.get(store.keyHash(slot))
    const value = rlp === undefined ? noValue : decodeSlotValue(rlp)
    this.#slotsBefore.set(slot, value)
    return value
  }

  /** Root of the storage with the slots written in this block, which stay as they are. */
  storageRootNow(store: StateStore): Uint8Array {
    if (this.slots.size === 0) return this.storageRoot
    const storage = new Trie(store.nodes, this.storageRoot)
    for (const [slot, value] of this.slots) {
      if (value.length === 0) storage.delete(store.keyHash(slot))
      else storage.put(store.keyHash(slot), encodeSlotValue(value))
    }
    return storage.commit().root
  }

  touched(): TouchedAccount {
    const slots = [...this.#slotsBefore.keys()].sort().map(BigInt)
    return { address: this.address, codeRead: this.codeRead, slots }
  }
}
