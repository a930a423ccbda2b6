import { RLP } from '@ethereumjs/rlp'
import { bigintToBytes, bytesToBigint, bytesToHex, concatBytes, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'

interface AccessListEntry {
  readonly address: Hex
  readonly storageKeys: readonly Hex[]
}

/** Signed EIP-7702 authorization. */
export interface Authorization {
  readonly chainId: bigint
  readonly address: Hex
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

interface CommonFields {
  readonly nonce: bigint
  readonly gas: bigint
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Uint8Array
}

/** What a sender signs. A legacy transaction without a chain id is one from before EIP-155. */
export type UnsignedTransaction = CommonFields &
  (
    | { readonly type: 0; readonly chainId: bigint | null; readonly gasPrice: bigint }
    | { readonly type: 1; readonly chainId: bigint; readonly gasPrice: bigint; readonly accessList: readonly AccessListEntry[] }
    | (DynamicFee & { readonly type: 2 })
    | (DynamicFee & { readonly type: 4; readonly authorizationList: readonly Authorization[] })
  )

interface DynamicFee {
  readonly chainId: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly accessList: readonly AccessListEntry[]
}

interface Signature {
  readonly yParity: number
  readonly r: bigint
  readonly s: bigint
}

export type SignedTransaction = UnsignedTransaction & { readonly signature: Signature }

type RlpItem = Uint8Array | readonly RlpItem[]

/** The hash that the sender signs (EIP-155, EIP-2718). */
export function signingHash(transaction: UnsignedTransaction): Hex {
  const payload = unsignedPayload(transaction)
  if (transaction.type !== 0) return keccak256Hex(typed(transaction.type, payload))
  const { chainId } = transaction
  return keccak256Hex(rlp(chainId === null ? payload : [...payload, uint(chainId), uint(0n), uint(0n)]))
}

/** EIP-2718 encoding, as it goes into a block. */
export function encodeTransaction(transaction: SignedTransaction): Uint8Array {
  const { r, s } = transaction.signature
  const payload = [...unsignedPayload(transaction), uint(legacyOrTypedV(transaction)), uint(r), uint(s)]
  return transaction.type === 0 ? rlp(payload) : typed(transaction.type, payload)
}

/** The same with zeros for a signature, as geth has transactions that nobody signed yet. */
export function encodeUnsigned(transaction: UnsignedTransaction): Uint8Array {
  const payload = [...unsignedPayload(transaction), uint(0n), uint(0n), uint(0n)]
  return transaction.type === 0 ? rlp(payload) : typed(transaction.type, payload)
}

/** `v` as JSON-RPC shows it: with the chain id (EIP-155) for legacy transactions, the parity for typed ones. */
export function legacyOrTypedV({ type, chainId, signature }: SignedTransaction): bigint {
  const yParity = BigInt(signature.yParity)
  if (type !== 0) return yParity
  return chainId === null ? yParity + 27n : yParity + 35n + chainId * 2n
}

/** Reads a transaction that was accepted before; throws on anything else. */
export function decodeTransaction(raw: Uint8Array): SignedTransaction {
  const first = raw[0]
  if (first === undefined) throw new RangeError('empty transaction')
  if (first >= 0xc0) return decodeLegacy(fieldsOf(raw, 9))
  const body = raw.subarray(1)
  switch (first) {
    case 1:
      return decodeAccessList(fieldsOf(body, 11))
    case 2:
      return decodeDynamicFee(fieldsOf(body, 12))
    case 4:
      return decodeSetCode(fieldsOf(body, 13))
    default:
      throw new RangeError(`unknown transaction type ${first}`)
  }
}

function unsignedPayload(transaction: UnsignedTransaction): RlpItem[] {
  const { nonce, gas, to, value, data } = transaction
  const call: RlpItem[] = [uint(gas), to === null ? new Uint8Array() : hexToBytes(to), uint(value), data]
  switch (transaction.type) {
    case 0:
      return [uint(nonce), uint(transaction.gasPrice), ...call]
    case 1:
      return [uint(transaction.chainId), uint(nonce), uint(transaction.gasPrice), ...call, accessListItem(transaction.accessList)]
    case 2:
    case 4: {
      const { chainId, maxPriorityFeePerGas, maxFeePerGas, accessList } = transaction
      const payload = [uint(chainId), uint(nonce), uint(maxPriorityFeePerGas), uint(maxFeePerGas), ...call, accessListItem(accessList)]
      return transaction.type === 2 ? payload : [...payload, transaction.authorizationList.map(authorizationItem)]
    }
  }
}

function accessListItem(entries: readonly AccessListEntry[]): RlpItem {
  return entries.map(({ address, storageKeys }) => [hexToBytes(address), storageKeys.map((key) => hexToBytes(key))])
}

function authorizationItem({ chainId, address, nonce, yParity, r, s }: Authorization): RlpItem {
  return [uint(chainId), hexToBytes(address), uint(nonce), uint(yParity), uint(r), uint(s)]
}

function decodeLegacy(fields: Fields): SignedTransaction {
  const v = fields.uint(6)
  const chainId = v >= 35n ? (v - 35n) / 2n : null
  const yParity = Number(chainId === null ? v - 27n : (v - 35n) % 2n)
  const call = fields.call(2)
  return {
    type: 0,
    chainId,
    nonce: fields.uint(0),
    gasPrice: fields.uint(1),
    ...call,
    signature: { yParity, r: fields.uint(7), s: fields.uint(8) },
  }
}

function decodeAccessList(fields: Fields): SignedTransaction {
  const [chainId, nonce, gasPrice] = [fields.uint(0), fields.uint(1), fields.uint(2)]
  return { type: 1, chainId, nonce, gasPrice, ...fields.call(3), accessList: fields.accessList(7), signature: fields.signature(8) }
}

function decodeDynamicFee(fields: Fields): SignedTransaction {
  return { type: 2, ...dynamicFeeFields(fields), signature: fields.signature(9) }
}

function decodeSetCode(fields: Fields): SignedTransaction {
  const authorizationList = fields.list(9).map((entry): Authorization => {
    const item = new Fields(entry)
    const [chainId, nonce, yParity] = [item.uint(0), item.uint(2), item.uint(3)]
    return { chainId, address: bytesToHex(item.bytes(1)), nonce, yParity, r: item.uint(4), s: item.uint(5) }
  })
  return { type: 4, ...dynamicFeeFields(fields), authorizationList, signature: fields.signature(10) }
}

function dynamicFeeFields(fields: Fields): DynamicFee & CommonFields {
  return {
    chainId: fields.uint(0),
    nonce: fields.uint(1),
    maxPriorityFeePerGas: fields.uint(2),
    maxFeePerGas: fields.uint(3),
    ...fields.call(4),
    accessList: fields.accessList(8),
  }
}

/** Positional access to a decoded RLP list. */
class Fields {
  readonly #items: readonly RlpItem[]

  constructor(item: RlpItem) {
    if (item instanceof Uint8Array) throw new RangeError('RLP list expected')
    this.#items = item
  }

  get length(): number {
    return this.#items.length
  }

  bytes(index: number): Uint8Array {
    const item = this.#items[index]
    if (!(item instanceof Uint8Array)) throw new RangeError('RLP string expected')
    return item
  }

  list(index: number): readonly RlpItem[] {
    const item = this.#items[index]
    if (item === undefined || item instanceof Uint8Array) throw new RangeError('RLP list expected')
    return item
  }

  uint(index: number): bigint {
    return bytesToBigint(this.bytes(index))
  }

  /** gas, to, value, data from `index` on. */
  call(index: number): { gas: bigint; to: Hex | null; value: bigint; data: Uint8Array } {
    const to = this.bytes(index + 1)
    return {
      gas: this.uint(index),
      to: to.length === 0 ? null : bytesToHex(to),
      value: this.uint(index + 2),
      data: this.bytes(index + 3),
    }
  }

  accessList(index: number): AccessListEntry[] {
    return this.list(index).map((entry) => {
      const fields = new Fields(entry)
      const keys = new Fields(fields.list(1))
      return { address: bytesToHex(fields.bytes(0)), storageKeys: Array.from({ length: keys.length }, (_, i) => bytesToHex(keys.bytes(i))) }
    })
  }

  signature(index: number): Signature {
    return { yParity: Number(this.uint(index)), r: this.uint(index + 1), s: this.uint(index + 2) }
  }
}

function fieldsOf(encoded: Uint8Array, count: number): Fields {
  const fields = new Fields(RLP.decode(encoded))
  if (fields.length !== count) throw new RangeError(`transaction has ${fields.length} fields, ${count} expected`)
  return fields
}

function uint(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  return bigintToBytes(value, Math.ceil(value.toString(16).length / 2))
}

function rlp(item: readonly RlpItem[]): Uint8Array {
  return RLP.encode(mutable(item))
}

// The library's input type has mutable arrays; it does not write to them.
function mutable(items: readonly RlpItem[]): Parameters<typeof RLP.encode>[0][] {
  return items.map((item) => (item instanceof Uint8Array ? item : mutable(item)))
}

function typed(type: number, payload: readonly RlpItem[]): Uint8Array {
  return concatBytes(Uint8Array.of(type), rlp(payload))
}
