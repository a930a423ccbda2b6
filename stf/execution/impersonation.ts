import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { type Address, createAddressFromString } from '@ethereumjs/util'
import type { VM } from '@ethereumjs/vm'
import { bytesToBigint, concatBytes, InvalidTransactionError, impersonatedSender, keccak256 } from '../../core/index.ts'
import { encodeRlp } from '../rlp.ts'
import type { WorldState } from '../state/world-state.ts'

const senders = new WeakMap<TypedTransaction, Address>()

/** The account in whose name a transaction of `decodeImpersonated` is sent; undefined for a signed one. */
export function impersonatedSenderOf(transaction: TypedTransaction): Address | undefined {
  return senders.get(transaction)
}

/**
 * Decodes a transaction that carries an impersonation in the place of its signature; undefined for any other bytes. For what this node
 * accepted itself only: a block with such a transaction is valid for nobody else.
 * @throws InvalidTransactionError where the rest of it is malformed
 */
export function decodeImpersonated(raw: Uint8Array, common: Common): TypedTransaction | undefined {
  const parts = split(raw)
  const sender = parts && impersonatedSender(parts)
  if (parts === undefined || sender === undefined) return undefined
  // The library refuses the high s that marks the impersonation. It gets another one, which is never looked at.
  const stand = concatBytes(parts.prefix, encodeRlp([...parts.items.slice(0, -1), Uint8Array.of(1)]))
  let transaction: TypedTransaction
  try {
    transaction = createTxFromRLP(stand, { common, freeze: false })
    if (Buffer.compare(transaction.serialize(), stand) !== 0) throw new TypeError('its encoding is not canonical')
  } catch (error) {
    throw new InvalidTransactionError(error instanceof Error ? error.message : String(error), 'TRANSACTION_MALFORMED')
  }
  const address = createAddressFromString(sender)
  const hash = keccak256(raw)
  transaction.getSenderAddress = () => address
  transaction.serialize = () => raw
  transaction.hash = () => hash
  senders.set(transaction, address)
  return transaction
}

type Items = Uint8Array | Items[]

function split(raw: Uint8Array): { prefix: Uint8Array; items: Items[]; r: bigint; s: bigint } | undefined {
  const prefix = (raw[0] ?? 0) >= 0xc0 ? new Uint8Array() : raw.subarray(0, 1)
  let items: Items
  try {
    items = RLP.decode(raw.subarray(prefix.length))
  } catch {
    return undefined
  }
  if (!Array.isArray(items)) return undefined
  const [r, s] = items.slice(-2)
  if (!(r instanceof Uint8Array) || !(s instanceof Uint8Array)) return undefined
  return { prefix, items, r: bytesToBigint(r), s: bytesToBigint(s) }
}

const delegation = Uint8Array.of(0xef, 0x01, 0x00)

/**
 * The machine as it looks to the library's `runTx` where the sender is a contract: `runTx` asks for the sender's code only to refuse that
 * (EIP-3607), unless it is a delegation. What is executed comes from the machine's own state, from which nothing is hidden.
 */
export function withoutSenderCheck(vm: VM, state: WorldState, sender: Address): VM {
  const stateManager = new Proxy(state, {
    get(target, name) {
      if (name === 'getCode') return async (address: Address) => (address.equals(sender) ? delegation : target.getCode(address))
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return Object.create(vm, { stateManager: { value: stateManager } })
}
