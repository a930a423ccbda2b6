import type { ChainReader } from '../../core/index.ts'
import { requireBlockNumber } from '../blocks/resolve-block.ts'
import type { RpcLimits } from '../deps.ts'
import { type LogJson, logToJson } from '../encoding/receipt-json.ts'
import { latestRef } from '../schemas/block-ref.ts'
import type { LogCriteria, LogFilter } from '../schemas/log-filter.ts'
import { InvalidParamsError, JsonRpcError, rpcErrorCode } from '../transport/errors.ts'

export interface BlockRange {
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

/**
 * Logs of a filter. Blocks after the head have none yet.
 * @throws TooManyLogsError, JsonRpcError
 */
export function queryLogs(filter: LogFilter, chain: ChainReader, limits: RpcLimits): LogJson[] {
  const range = filterRange(filter, chain)
  if (range.fromBlock > range.toBlock) throw new InvalidParamsError('invalid block range params')
  return logsInRange(filter, range, { chain, limits })
}

export function logsInRange(
  { addresses, topics }: LogCriteria,
  range: BlockRange,
  { chain, limits }: { readonly chain: ChainReader; readonly limits: RpcLimits },
): LogJson[] {
  const head = chain.head().header.number
  let { toBlock } = range
  if (toBlock > head) toBlock = head
  if (range.fromBlock > toBlock) return []
  const blocks = toBlock - range.fromBlock + 1n
  if (blocks > limits.maxLogBlockRange) {
    throw new InvalidParamsError(`block range too large: ${blocks} blocks, at most ${limits.maxLogBlockRange} are allowed`)
  }
  return chain.logs({ fromBlock: range.fromBlock, toBlock, addresses, topics, limit: limits.maxLogResults }).map(logToJson)
}

function filterRange({ blockHash, fromBlock, toBlock }: LogFilter, chain: ChainReader): BlockRange {
  if (blockHash !== undefined) {
    const block = chain.blockByHash(blockHash)
    if (block === undefined) throw new JsonRpcError(rpcErrorCode.serverError, 'unknown block')
    return { fromBlock: block.header.number, toBlock: block.header.number }
  }
  return { fromBlock: boundNumber(fromBlock, chain), toBlock: boundNumber(toBlock, chain) }
}

/** A bound may lie after the head. */
export function boundNumber(ref: LogFilter['fromBlock'], chain: ChainReader): bigint {
  return ref?.kind === 'number' ? ref.number : requireBlockNumber(ref ?? latestRef, chain)
}
