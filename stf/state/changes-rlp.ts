import { RLP } from '@ethereumjs/rlp'
import { bytesToBigint, bytesToHex, DevnetError, type Hex } from '../../core/index.ts'
import { encodeRlp, type RlpItem } from '../rlp.ts'
import type { AccountChange, AccountFields, SlotChange, StateChanges, TouchedAccount, TouchedState } from './changes.ts'

/** Stored bytes that are not what this version writes. */
class StoredChangesError extends DevnetError {
  override name = 'StoredChangesError'
  constructor(cause?: unknown) {
    super('Stored state changes are malformed.', { code: 'STORED_CHANGES_MALFORMED', exitCode: 6, cause })
  }
}

type Items = Uint8Array | Items[]

const fieldsToItems = (fields: AccountFields | null): RlpItem => (fields === null ? [] : [fields.nonce, fields.balance, fields.codeHash])

/** Compact bytes of a block's changes, for the node's own storage. */
export function encodeChanges(changes: StateChanges): Uint8Array {
  return encodeRlp(
    changes.map(({ address, before, after, slots }) => [
      address,
      fieldsToItems(before),
      fieldsToItems(after),
      slots.flatMap(({ key, before, after }) => [key, before, after]),
    ]),
  )
}

/** Compact bytes of what a block touched, for the node's own storage. */
export function encodeTouched(touched: TouchedState): Uint8Array {
  return encodeRlp(touched.map(({ address, codeRead, slots }) => [address, codeRead ? 1n : 0n, slots]))
}

function decodeList<T>(rlp: Uint8Array, decode: (item: Items) => T): T[] {
  let items: Items
  try {
    items = RLP.decode(rlp)
  } catch (error) {
    throw new StoredChangesError(error)
  }
  return list(items).map(decode)
}

function list(item: Items | undefined, length?: number): Items[] {
  if (!Array.isArray(item) || (length !== undefined && item.length !== length)) throw new StoredChangesError()
  return item
}

function bytes(item: Items | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new StoredChangesError()
  return item
}

const number = (item: Items | undefined): bigint => bytesToBigint(bytes(item))
const hex = (item: Items | undefined): Hex => bytesToHex(bytes(item))

function itemsToFields(item: Items | undefined): AccountFields | null {
  if (list(item).length === 0) return null
  const [nonce, balance, codeHash] = list(item, 3)
  return { nonce: number(nonce), balance: number(balance), codeHash: hex(codeHash) }
}

function itemsToSlots(item: Items | undefined): SlotChange[] {
  const flat = list(item)
  if (flat.length % 3 !== 0) throw new StoredChangesError()
  return Array.from({ length: flat.length / 3 }, (_, i) => ({
    key: number(flat[3 * i]),
    before: number(flat[3 * i + 1]),
    after: number(flat[3 * i + 2]),
  }))
}

/** @throws StoredChangesError */
export function decodeChanges(rlp: Uint8Array): StateChanges {
  return decodeList(rlp, (item): AccountChange => {
    const [address, before, after, slots] = list(item, 4)
    return { address: hex(address), before: itemsToFields(before), after: itemsToFields(after), slots: itemsToSlots(slots) }
  })
}

/** @throws StoredChangesError */
export function decodeTouched(rlp: Uint8Array): TouchedState {
  return decodeList(rlp, (item): TouchedAccount => {
    const [address, codeRead, slots] = list(item, 3)
    return { address: hex(address), codeRead: number(codeRead) === 1n, slots: list(slots).map(number) }
  })
}
