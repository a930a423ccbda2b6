import { randomBytes } from 'node:crypto'
import { bytesToHex, type ChainReader, type Clock, type EventSource, type Hex } from '../../core/index.ts'
import type { RpcLimits } from '../deps.ts'
import type { LogJson } from '../encoding/receipt-json.ts'
import { boundNumber, logsInRange, queryLogs } from '../logs/query-logs.ts'
import type { LogFilter } from '../schemas/log-filter.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'

/** Of one poll of a block filter, and kept for a filter of pending transactions. */
const maxChanges = 10_000

interface FilterBase {
  lastUsedMs: number
}

/** `polledTo` is the last block that the client has been told of. Nothing else is kept, however long it does not ask. */
type Filter = FilterBase &
  (
    | { readonly kind: 'blocks'; polledTo: bigint }
    | { readonly kind: 'logs'; readonly filter: LogFilter; polledTo: bigint }
    | { readonly kind: 'pendingTransactions'; hashes: Hex[] }
  )

/** Filters that clients poll (eth_newFilter and its kin). */
export class FilterRegistry {
  readonly #limits: RpcLimits
  readonly #chain: ChainReader
  readonly #clock: Clock
  readonly #filters = new Map<Hex, Filter>()

  constructor(limits: RpcLimits, deps: { readonly chain: ChainReader; readonly events: EventSource; readonly clock: Clock }) {
    this.#limits = limits
    this.#chain = deps.chain
    this.#clock = deps.clock
    deps.events.on('pendingTransaction', ({ hash }) => this.#collect(hash))
    deps.events.on('rewind', ({ head }) => this.#rewind(head))
  }

  addBlockFilter(): Hex {
    return this.#add({ kind: 'blocks', polledTo: this.#headNumber(), lastUsedMs: this.#clock.nowMs() })
  }

  addLogFilter(filter: LogFilter): Hex {
    return this.#add({ kind: 'logs', filter, polledTo: this.#headNumber(), lastUsedMs: this.#clock.nowMs() })
  }

  addPendingTransactionFilter(): Hex {
    return this.#add({ kind: 'pendingTransactions', hashes: [], lastUsedMs: this.#clock.nowMs() })
  }

  remove(id: Hex): boolean {
    this.#dropIdle()
    return this.#filters.delete(id)
  }

  /** What happened since the last poll. */
  changes(id: Hex): readonly (Hex | LogJson)[] {
    const filter = this.#use(id)
    switch (filter.kind) {
      case 'blocks':
        return this.#newBlocks(filter)
      case 'logs':
        return this.#newLogs(filter)
      case 'pendingTransactions': {
        const { hashes } = filter
        filter.hashes = []
        return hashes
      }
    }
  }

  /** All logs that match a log filter. */
  logs(id: Hex): LogJson[] {
    const filter = this.#use(id)
    if (filter.kind !== 'logs') throw filterNotFound()
    return queryLogs(filter.filter, this.#chain, this.#limits)
  }

  #newBlocks(filter: { polledTo: bigint }): Hex[] {
    const hashes: Hex[] = []
    for (const head = this.#headNumber(); filter.polledTo < head && hashes.length < maxChanges; ) {
      filter.polledTo += 1n
      const block = this.#chain.blockByNumber(filter.polledTo)
      if (block !== undefined) hashes.push(block.hash)
    }
    return hashes
  }

  #newLogs(entry: { readonly filter: LogFilter; polledTo: bigint }): LogJson[] {
    const { filter } = entry
    const from = entry.polledTo + 1n
    const head = this.#headNumber()
    const first = filter.fromBlock?.kind === 'number' && filter.fromBlock.number > from ? filter.fromBlock.number : from
    const last = filter.toBlock?.kind === 'number' ? boundNumber(filter.toBlock, this.#chain) : head
    const logs = logsInRange(filter, { fromBlock: first, toBlock: last }, { chain: this.#chain, limits: this.#limits })
    entry.polledTo = head
    return logs
  }

  #add(filter: Filter): Hex {
    this.#dropIdle()
    if (this.#filters.size >= this.#limits.maxFilters) {
      throw new JsonRpcError(
        rpcErrorCode.serverError,
        `too many filters: at most ${this.#limits.maxFilters}, uninstall some with eth_uninstallFilter`,
      )
    }
    const id = bytesToHex(randomBytes(16))
    this.#filters.set(id, filter)
    return id
  }

  #use(id: Hex): Filter {
    this.#dropIdle()
    const filter = this.#filters.get(id)
    if (filter === undefined) throw filterNotFound()
    filter.lastUsedMs = this.#clock.nowMs()
    return filter
  }

  #dropIdle(): void {
    const oldest = this.#clock.nowMs() - this.#limits.filterIdleMs
    for (const [id, filter] of this.#filters) {
      if (filter.lastUsedMs < oldest) this.#filters.delete(id)
    }
  }

  #collect(hash: Hex): void {
    for (const filter of this.#filters.values()) {
      if (filter.kind !== 'pendingTransactions') continue
      filter.hashes.push(hash)
      if (filter.hashes.length > 2 * maxChanges) filter.hashes = filter.hashes.slice(-maxChanges)
    }
  }

  #rewind(head: bigint): void {
    for (const filter of this.#filters.values()) {
      if (filter.kind !== 'pendingTransactions' && filter.polledTo > head) filter.polledTo = head
    }
  }

  #headNumber(): bigint {
    return this.#chain.head().header.number
  }
}

function filterNotFound(): JsonRpcError {
  return new JsonRpcError(rpcErrorCode.serverError, 'filter not found')
}
