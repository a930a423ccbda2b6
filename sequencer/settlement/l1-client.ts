import { z } from 'zod'
import { type Eip1193Provider, type Hex, hexToBytes } from '../../core/index.ts'
import { L1AnswerError, L1RevertedError, L1RpcError, L1UnreachableError } from './l1-errors.ts'

// Answers come from outside of the process: nothing is believed about their shape.
const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform(BigInt)
const data = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})*$/)
  .transform((text) => text.toLowerCase() as Hex)
const hash = data.refine((text) => text.length === 66, 'not 32 bytes')
const address = data.refine((text) => text.length === 42, 'not 20 bytes')

const block = z.object({ number: quantity, hash, parentHash: hash, timestamp: quantity, baseFeePerGas: quantity.optional() })
const receipt = z.object({ transactionHash: hash, blockHash: hash, blockNumber: quantity, gasUsed: quantity, status: quantity })
const transaction = z.object({ hash, input: data, to: address.nullable(), blockNumber: quantity.nullable() })
const log = z.object({
  address,
  topics: z.array(hash).max(4),
  data,
  blockHash: hash,
  blockNumber: quantity,
  transactionHash: hash,
  logIndex: quantity,
  removed: z.boolean().optional(),
})

export type L1Block = z.infer<typeof block>
export type L1Receipt = z.infer<typeof receipt>
export type L1Transaction = z.infer<typeof transaction>
export type L1Log = z.infer<typeof log>

/** A block by number, or the newest, or the state with what the pool holds. */
export type L1BlockTag = bigint | 'latest' | 'pending'

/** Where a topic is null, anything matches. */
export interface L1LogQuery {
  readonly address: Hex
  readonly fromBlock: bigint
  readonly toBlock: bigint
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
}

export interface L1Call {
  readonly from?: Hex
  readonly to: Hex
  readonly data: Hex
}

const toQuantity = (value: bigint): Hex => `0x${value.toString(16)}`
const toTag = (tag: L1BlockTag): string => (typeof tag === 'bigint' ? toQuantity(tag) : tag)

/**
 * The few Ethereum methods that the rollup needs, decoded.
 *
 * Every method throws `L1UnreachableError` without an answer, `L1RpcError` for an error answer and `L1AnswerError` for nonsense.
 */
export class L1Client {
  readonly #provider: Eip1193Provider

  constructor(provider: Eip1193Provider) {
    this.#provider = provider
  }

  async chainId(): Promise<bigint> {
    return this.#ask('eth_chainId', [], quantity)
  }

  async blockNumber(): Promise<bigint> {
    return this.#ask('eth_blockNumber', [], quantity)
  }

  /** Null for a number that the chain has not reached. */
  async block(tag: L1BlockTag): Promise<L1Block | null> {
    return this.#ask('eth_getBlockByNumber', [toTag(tag), false], block.nullable())
  }

  async receipt(txHash: Hex): Promise<L1Receipt | null> {
    const found = await this.#ask('eth_getTransactionReceipt', [txHash], receipt.nullable())
    return found
  }

  async transaction(txHash: Hex): Promise<L1Transaction | null> {
    return this.#ask('eth_getTransactionByHash', [txHash], transaction.nullable())
  }

  async logs({ address: emitter, fromBlock, toBlock, topics }: L1LogQuery): Promise<readonly L1Log[]> {
    const filter = { address: emitter, fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock), topics }
    const found = await this.#ask('eth_getLogs', [filter], z.array(log))
    return found.filter(({ removed }) => removed !== true)
  }

  /** The same over a range of any width, in requests of at most `maxRange` blocks. */
  async *logsInRanges({ fromBlock, toBlock, ...filter }: L1LogQuery, maxRange: bigint): AsyncGenerator<L1Log> {
    for (let from = fromBlock; from <= toBlock; from += maxRange) {
      const to = from + maxRange - 1n
      yield* await this.logs({ ...filter, fromBlock: from, toBlock: to < toBlock ? to : toBlock })
    }
  }

  async code(account: Hex): Promise<Uint8Array> {
    return hexToBytes(await this.#ask('eth_getCode', [account, 'latest'], data))
  }

  /** Throws `L1RevertedError`. */
  async call(call: L1Call, tag: L1BlockTag = 'latest'): Promise<Hex> {
    return this.#ask('eth_call', [call, toTag(tag)], data)
  }

  /** Throws `L1RevertedError`. */
  async estimateGas(call: L1Call): Promise<bigint> {
    return this.#ask('eth_estimateGas', [call], quantity)
  }

  async nonce(account: Hex, tag: 'latest' | 'pending'): Promise<number> {
    return Number(await this.#ask('eth_getTransactionCount', [account, tag], quantity))
  }

  async maxPriorityFeePerGas(): Promise<bigint> {
    return this.#ask('eth_maxPriorityFeePerGas', [], quantity)
  }

  async sendRawTransaction(raw: Hex): Promise<Hex> {
    return this.#ask('eth_sendRawTransaction', [raw], hash)
  }

  async #ask<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    let answer: unknown
    try {
      answer = await this.#provider.request({ method, params })
    } catch (error) {
      throw translate(method, error)
    }
    const parsed = schema.safeParse(answer)
    if (!parsed.success) throw new L1AnswerError({ method, reason: z.prettifyError(parsed.error) })
    return parsed.data
  }
}

const rpcError = z.object({ code: z.number(), message: z.string() })
const revertData = z.union([data, z.object({ data }).transform((inner) => inner.data)])
const withRevertData = z.object({ data: revertData })

function translate(method: string, error: unknown): Error {
  const rpc = rpcError.safeParse(error)
  if (!rpc.success) return new L1UnreachableError({ method, cause: error })
  const { code, message } = rpc.data
  // geth: code 3; EDR: code 3 or -32603; both with the return data, empty where there was none.
  if (code === 3 || (/revert/i.test(message) && method !== 'eth_sendRawTransaction')) {
    const returned = withRevertData.safeParse(error)
    return new L1RevertedError({ action: method, data: returned.success ? returned.data.data : '0x' })
  }
  return new L1RpcError({ method, rpcCode: code, rpcMessage: message, cause: error })
}
