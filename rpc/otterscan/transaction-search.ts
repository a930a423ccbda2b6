import { setImmediate as nextTurn } from 'node:timers/promises'
import type { z } from 'zod'
import type { BatchReader, CallFrame, ChainReader, Hex, Receipt, SealedBlock, Simulator } from '../../core/index.ts'
import { transactionOfBlock } from '../encoding/block-json.ts'
import { receiptToJson } from '../encoding/receipt-json.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'
import type { RequestContext } from '../transport/request.ts'
import type { SearchResult } from './schemas.ts'

interface SearchDeps {
  readonly chain: ChainReader
  readonly batches: BatchReader
  readonly simulator: Simulator
  readonly request: RequestContext
}

type SearchPage = z.output<typeof SearchResult>
type Entry = { readonly transaction: SearchPage['txs'][number]; readonly receipt: SearchPage['receipts'][number] }

const blocksPerTurn = 256
const calls = { name: 'callTracer', onlyTopCall: false, withLog: false } as const

/**
 * Transactions in which an address takes part, also in calls between contracts, newest first. A page holds at least `pageSize`
 * where there are so many, and all of a block or none.
 */
export class TransactionSearch {
  readonly #address: Hex
  readonly #deps: SearchDeps

  constructor(address: Hex, deps: SearchDeps) {
    this.#address = address
    this.#deps = deps
  }

  /** Of blocks before this one; 0 is the newest page. */
  async before(blockNumber: bigint, pageSize: number): Promise<SearchPage> {
    const head = this.#deps.chain.head().header.number
    const isNewest = blockNumber === 0n
    const from = isNewest || blockNumber > head ? head : blockNumber - 1n
    const { entries, isComplete } = await this.#collect({ from, step: -1n, pageSize })
    return page(entries, { firstPage: isNewest || blockNumber > head, lastPage: isComplete })
  }

  /** Of blocks after this one; 0 is the oldest page. */
  async after(blockNumber: bigint, pageSize: number): Promise<SearchPage> {
    const { entries, isComplete } = await this.#collect({ from: blockNumber + 1n, step: 1n, pageSize })
    return page(entries.toReversed(), { firstPage: isComplete, lastPage: blockNumber === 0n })
  }

  async #collect({ from, step, pageSize }: { readonly from: bigint; readonly step: bigint; readonly pageSize: number }) {
    const { chain, request } = this.#deps
    const [first, last] = [chain.historyStart(), chain.head().header.number]
    const entries: Entry[] = []
    let scanned = 0
    let number = from < first ? first : from
    for (; number >= first && number <= last && entries.length < pageSize; number += step) {
      if (++scanned % blocksPerTurn === 0) await nextTurn()
      if (request.signal.aborted) throw new JsonRpcError(rpcErrorCode.timedOut, 'search aborted')
      const found = await this.#inBlock(number)
      entries.push(...(step < 0n ? found.toReversed() : found))
    }
    return { entries, isComplete: number < first || number > last }
  }

  async #inBlock(number: bigint): Promise<Entry[]> {
    const { chain, simulator, batches, request } = this.#deps
    const block = chain.blockByNumber(number)
    if (block === undefined || block.transactions.length === 0 || !simulator.touchedAddresses(number).has(this.#address)) return []
    const receipts = chain.receipts(number)
    const isDirect = receipts.map((receipt) => this.#isDirect(receipt))
    // Only a block whose other transactions may call the address has to be executed again.
    const traces = isDirect.every(Boolean) ? [] : await simulator.traceBlock(number, calls, request.signal)
    const position = batches.position(number)
    return receipts.flatMap((receipt, index): Entry[] => {
      const trace = traces[index]?.result
      if (isDirect[index] !== true && (trace === undefined || !involves(trace, this.#address))) return []
      const transaction = transactionOfBlock(block, position, index)
      if (transaction === null) return []
      return [{ transaction, receipt: { ...receiptToJson(receipt, position), timestamp: Number(block.header.timestamp) } }]
    })
  }

  #isDirect({ from, to, contractAddress }: Receipt): boolean {
    return [from, to, contractAddress].includes(this.#address)
  }
}

function page(entries: readonly Entry[], { firstPage, lastPage }: Pick<SearchPage, 'firstPage' | 'lastPage'>): SearchPage {
  return { txs: entries.map(({ transaction }) => transaction), receipts: entries.map(({ receipt }) => receipt), firstPage, lastPage }
}

function involves({ from, to, calls: inner = [] }: CallFrame, address: Hex): boolean {
  return from === address || to === address || inner.some((call) => involves(call, address))
}

/** The first block of which `holds` is true, where it stays true from some block on; undefined where it never is. */
export function firstBlock(chain: ChainReader, holds: (blockNumber: bigint) => boolean): SealedBlock | undefined {
  let [low, high] = [chain.historyStart(), chain.head().header.number]
  if (!holds(high)) return undefined
  while (low < high) {
    const middle = (low + high) / 2n
    if (holds(middle)) high = middle
    else low = middle + 1n
  }
  return chain.blockByNumber(low)
}
