import { z } from 'zod'
import { type BlockOverrides, type CallRequest, type Hex, InvalidTransactionError } from '../../core/index.ts'
import { Address, Data, Hash, ParamProblem, Quantity, Quantity64 } from './primitives.ts'

const AccessList = z.array(z.object({ address: Address, storageKeys: z.array(Hash) }))
const AuthorizationList = z.array(
  z.object({ chainId: Quantity, address: Address, nonce: Quantity64, yParity: Quantity64, r: Quantity, s: Quantity }),
)

/** A transaction object, all fields optional, unknown ones ignored: what eth_call and eth_sendTransaction take. */
const TransactionObject = z
  .object({
    from: Address.nullish(),
    to: Address.nullish(),
    gas: Quantity64.nullish(),
    gasPrice: Quantity.nullish(),
    maxFeePerGas: Quantity.nullish(),
    maxPriorityFeePerGas: Quantity.nullish(),
    value: Quantity.nullish(),
    nonce: Quantity64.nullish(),
    input: Data.nullish(),
    data: Data.nullish(),
    chainId: Quantity.nullish(),
    type: Quantity64.nullish(),
    accessList: AccessList.nullish(),
    authorizationList: AuthorizationList.nullish(),
    maxFeePerBlobGas: z.unknown().optional(),
    blobVersionedHashes: z.unknown().optional(),
    blobs: z.unknown().optional(),
  })
  .meta({ title: 'Transaction' })

type TransactionObject = z.output<typeof TransactionObject>

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** A decoded transaction request: the call, and what it says about its own envelope. */
export interface TransactionRequest {
  readonly call: CallRequest
  readonly chainId: bigint | undefined
  readonly type: bigint | undefined
}

function toTransactionRequest(object: TransactionObject): TransactionRequest {
  refuseBlobs(object)
  return { call: toCallRequest(object), chainId: object.chainId ?? undefined, type: object.type ?? undefined }
}

function toCallRequest(object: TransactionObject): CallRequest {
  const call: Writable<CallRequest> = {}
  const { from, to, gas, gasPrice, maxFeePerGas, maxPriorityFeePerGas, value, nonce, accessList, authorizationList } = object
  if (from != null) call.from = from
  if (to != null) call.to = to
  if (gas != null) call.gas = gas
  if (value != null) call.value = value
  if (nonce != null) call.nonce = nonce
  if (gasPrice != null) call.gasPrice = gasPrice
  if (maxFeePerGas != null) call.maxFeePerGas = maxFeePerGas
  if (maxPriorityFeePerGas != null) call.maxPriorityFeePerGas = maxPriorityFeePerGas
  if (accessList != null) call.accessList = accessList
  if (authorizationList != null) call.authorizationList = authorizationList
  const data = callData(object)
  if (data !== undefined) call.data = data
  if (gasPrice != null && (maxFeePerGas != null || maxPriorityFeePerGas != null)) {
    throw new InvalidTransactionError('both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified')
  }
  if (maxFeePerGas != null && maxPriorityFeePerGas != null && maxFeePerGas < maxPriorityFeePerGas) {
    throw new InvalidTransactionError(`maxFeePerGas (${maxFeePerGas}) < maxPriorityFeePerGas (${maxPriorityFeePerGas})`)
  }
  return call
}

function callData({ input, data }: TransactionObject): Uint8Array | undefined {
  if (input != null && data != null && Buffer.compare(input, data) !== 0) {
    throw new InvalidTransactionError('both "data" and "input" are set and not equal. Please use "input" to pass transaction call data')
  }
  return input ?? data ?? undefined
}

function refuseBlobs({ type, maxFeePerBlobGas, blobVersionedHashes, blobs }: TransactionObject): void {
  if (type === 3n || maxFeePerBlobGas != null || blobVersionedHashes != null || blobs != null) {
    throw new InvalidTransactionError('blob transactions are not supported: this chain has no blobs')
  }
}

/** A call for eth_call, eth_estimateGas and debug_traceCall. */
export const CallParam = TransactionObject.transform((object) => toTransactionRequest(object).call)

/** A transaction of a dev account, for eth_sendTransaction and eth_signTransaction. */
export const SendableParam = TransactionObject.extend({ from: Address })
  .meta({ title: 'TransactionWithSender' })
  .transform((object) => ({ from: object.from, request: toTransactionRequest(object) }))

/** A transaction of anybody, for eth_fillTransaction. */
export const FillableParam = TransactionObject.transform((object) => ({ from: object.from, request: toTransactionRequest(object) }))

const Slots = z
  .record(Hash, Hash)
  .transform((slots) => Object.entries(slots).map(([slot, value]) => ({ slot: BigInt(slot), value: BigInt(value) })))

const AccountOverride = z
  .object({
    nonce: Quantity64.nullish(),
    balance: Quantity.nullish(),
    code: Data.nullish(),
    state: Slots.nullish(),
    stateDiff: Slots.nullish(),
    movePrecompileToAddress: Address.nullish(),
  })
  .transform((override, context) => {
    if (override.state != null && override.stateDiff != null) {
      context.issues.push({ code: 'custom', message: "account has both 'state' and 'stateDiff'", input: override })
    }
    const { nonce, balance, code, state, stateDiff, movePrecompileToAddress } = override
    return {
      ...(nonce != null && { nonce }),
      ...(balance != null && { balance }),
      ...(code != null && { code }),
      ...(state != null && { state }),
      ...(stateDiff != null && { stateDiff }),
      ...(movePrecompileToAddress != null && { movePrecompileTo: movePrecompileToAddress }),
    }
  })

export const StateOverridesParam = z
  .record(Address, AccountOverride)
  .transform(
    (overrides) => new Map(Object.entries(overrides).map(([address, override]): [Hex, typeof override] => [addressKey(address), override])),
  )

/** Keys of a record are typed as strings; these went through `Address`. */
export function addressKey(key: string): Hex {
  if (!key.startsWith('0x')) throw new ParamProblem('hex string without 0x prefix')
  return `0x${key.slice(2)}`
}

/** Both the names of geth's RPC today and those of its earlier versions. */
export const blockOverrideFields = {
  number: Quantity64.nullish(),
  time: Quantity64.nullish(),
  gasLimit: Quantity64.nullish(),
  feeRecipient: Address.nullish(),
  coinbase: Address.nullish(),
  prevRandao: Hash.nullish(),
  random: Hash.nullish(),
  baseFeePerGas: Quantity.nullish(),
  baseFee: Quantity.nullish(),
}

type BlockOverrideFields = z.output<z.ZodObject<typeof blockOverrideFields>>

export function toBlockOverrides(overrides: BlockOverrideFields): BlockOverrides {
  const { number, time, gasLimit } = overrides
  const coinbase = overrides.feeRecipient ?? overrides.coinbase
  const prevRandao = overrides.prevRandao ?? overrides.random
  const baseFeePerGas = overrides.baseFeePerGas ?? overrides.baseFee
  return {
    ...(number != null && { number }),
    ...(time != null && { timestamp: time }),
    ...(gasLimit != null && { gasLimit }),
    ...(coinbase != null && { coinbase }),
    ...(prevRandao != null && { prevRandao }),
    ...(baseFeePerGas != null && { baseFeePerGas }),
  }
}

export const BlockOverridesParam = z.object(blockOverrideFields).transform(toBlockOverrides)
