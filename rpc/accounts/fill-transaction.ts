import {
  type CallRequest,
  type ChainReader,
  type Hex,
  InvalidTransactionError,
  type SealingControl,
  type Simulator,
  type TransactionPool,
} from '../../core/index.ts'
import type { UnsignedTransaction } from '../encoding/transaction-codec.ts'
import { suggestedPriorityFee } from '../fees/suggest-fees.ts'
import type { TransactionRequest } from '../schemas/call-request.ts'

export interface FillDeps {
  readonly chain: ChainReader
  readonly pool: TransactionPool
  readonly sealing: SealingControl
  readonly simulator: Simulator
}

/**
 * Completes a transaction of `from` as geth does: nonce from the pool, fees for the next block, gas by estimation.
 * @throws InvalidTransactionError, ExecutionRevertedError
 */
export async function fillTransaction(from: Hex, request: TransactionRequest, deps: FillDeps): Promise<UnsignedTransaction> {
  const { call } = request
  const { chainId } = deps.chain
  if (request.chainId !== undefined && request.chainId !== chainId) {
    throw new InvalidTransactionError(`chainId does not match node's (have=${request.chainId}, want=${chainId})`)
  }
  const data = call.data ?? new Uint8Array()
  if (call.to === undefined && data.length === 0) throw new InvalidTransactionError('contract creation without any data provided')
  const envelope = chooseEnvelope(request, chainId, deps.sealing)
  const nonce = call.nonce ?? deps.pool.nextNonce(from)
  const gas = call.gas ?? (await estimate(from, request, deps))
  return { ...envelope, nonce, gas, to: call.to ?? null, value: call.value ?? 0n, data }
}

type Envelope = UnsignedTransaction extends infer T
  ? T extends unknown
    ? Omit<T, 'nonce' | 'gas' | 'to' | 'value' | 'data'>
    : never
  : never

function chooseEnvelope({ call, type }: TransactionRequest, chainId: bigint, sealing: SealingControl): Envelope {
  const accessList = call.accessList ?? []
  const chosen = type ?? defaultType(call)
  switch (chosen) {
    case 0n:
      return { type: 0, chainId, gasPrice: gasPrice(call, sealing) }
    case 1n:
      return { type: 1, chainId, gasPrice: gasPrice(call, sealing), accessList }
    case 2n:
      return { type: 2, chainId, ...dynamicFee(call, sealing), accessList }
    case 4n: {
      const { authorizationList = [] } = call
      if (authorizationList.length === 0) throw new InvalidTransactionError('EIP-7702 transaction with empty auth list')
      if (call.to === undefined) throw new InvalidTransactionError('EIP-7702 transaction cannot be used to create contract')
      return { type: 4, chainId, ...dynamicFee(call, sealing), accessList, authorizationList }
    }
    default:
      throw new InvalidTransactionError('transaction type not supported')
  }
}

function defaultType(call: CallRequest): bigint {
  if (call.authorizationList !== undefined) return 4n
  if (call.gasPrice === undefined) return 2n
  return call.accessList === undefined ? 0n : 1n
}

function gasPrice(call: CallRequest, sealing: SealingControl): bigint {
  return call.gasPrice ?? call.maxFeePerGas ?? sealing.nextBlock().baseFeePerGas + suggestedPriorityFee
}

function dynamicFee(call: CallRequest, sealing: SealingControl): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
  if (call.gasPrice !== undefined) return { maxFeePerGas: call.gasPrice, maxPriorityFeePerGas: call.gasPrice }
  const { maxFeePerGas } = call
  const tip = call.maxPriorityFeePerGas ?? suggestedPriorityFee
  if (maxFeePerGas === undefined) return { maxFeePerGas: sealing.nextBlock().baseFeePerGas * 2n + tip, maxPriorityFeePerGas: tip }
  return { maxFeePerGas, maxPriorityFeePerGas: lesser(tip, maxFeePerGas) }
}

function estimate(from: Hex, { call }: TransactionRequest, { chain, simulator }: FillDeps): Promise<bigint> {
  return simulator.estimateGas({ ...call, from }, { blockNumber: chain.head().header.number, pending: true })
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}
