import { randomBytes } from 'node:crypto'
import { bytesToHex, type ChainReader, type EventSource, type Hex, type NodeEvents, type TransactionPool } from '../../core/index.ts'
import type { RpcLimits } from '../deps.ts'
import { headerToJson } from '../encoding/block-json.ts'
import { logToJson } from '../encoding/receipt-json.ts'
import { pooledPlace, transactionToJson } from '../encoding/transaction-json.ts'
import { matchesLog } from '../logs/match-log.ts'
import type { LogCriteria } from '../schemas/log-filter.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'
import type { JsonRpcConnection, RequestContext } from '../transport/request.ts'

/** What a client can subscribe to. */
export type Topic =
  | { readonly kind: 'newHeads' }
  | { readonly kind: 'logs'; readonly criteria: LogCriteria }
  | { readonly kind: 'newPendingTransactions'; readonly detail: 'hashes' | 'full' }

interface Subscription {
  readonly connection: JsonRpcConnection
  readonly topic: Topic
}

/** Subscriptions of WebSocket clients (eth_subscribe). They end with their connection. */
export class SubscriptionRegistry {
  readonly #limits: RpcLimits
  readonly #chain: ChainReader
  readonly #pool: TransactionPool
  readonly #subscriptions = new Map<Hex, Subscription>()
  readonly #idsByConnection = new Map<JsonRpcConnection, Set<Hex>>()

  constructor(limits: RpcLimits, deps: { readonly chain: ChainReader; readonly events: EventSource; readonly pool: TransactionPool }) {
    this.#limits = limits
    this.#chain = deps.chain
    this.#pool = deps.pool
    deps.events.on('block', (event) => this.#onBlock(event))
    deps.events.on('pendingTransaction', ({ hash }) => this.#onPendingTransaction(hash))
  }

  /** Notifications begin once the response with the id has been sent. */
  add(topic: Topic, request: RequestContext): Hex {
    const { connection } = request
    if (!connection.canNotify) throw new JsonRpcError(rpcErrorCode.methodNotFound, 'notifications not supported')
    const ids = this.#idsOf(connection)
    if (ids.size >= this.#limits.maxSubscriptionsPerConnection) {
      throw new JsonRpcError(
        rpcErrorCode.serverError,
        `too many subscriptions: at most ${this.#limits.maxSubscriptionsPerConnection} per connection`,
      )
    }
    const id = bytesToHex(randomBytes(16))
    ids.add(id)
    request.afterSend(() => {
      if (ids.has(id)) this.#subscriptions.set(id, { connection, topic })
    })
    return id
  }

  /** False for an id that is not this connection's. */
  remove(id: Hex, connection: JsonRpcConnection): boolean {
    if (this.#idsByConnection.get(connection)?.delete(id) !== true) return false
    this.#subscriptions.delete(id)
    return true
  }

  #idsOf(connection: JsonRpcConnection): Set<Hex> {
    const known = this.#idsByConnection.get(connection)
    if (known !== undefined) return known
    const ids = new Set<Hex>()
    if (connection.signal.aborted) return ids
    this.#idsByConnection.set(connection, ids)
    connection.signal.addEventListener(
      'abort',
      () => {
        for (const id of ids) this.#subscriptions.delete(id)
        ids.clear()
        this.#idsByConnection.delete(connection)
      },
      { once: true },
    )
    return ids
  }

  #onBlock({ block, receipts }: NodeEvents['block']): void {
    for (const [id, { connection, topic }] of this.#subscriptions) {
      if (topic.kind === 'newHeads') notify(connection, id, { ...headerToJson(block.header), hash: block.hash })
      if (topic.kind !== 'logs') continue
      for (const receipt of receipts) {
        for (const log of receipt.logs) {
          if (matchesLog(log, topic.criteria)) notify(connection, id, logToJson(log))
        }
      }
    }
  }

  #onPendingTransaction(hash: Hex): void {
    for (const [id, { connection, topic }] of this.#subscriptions) {
      if (topic.kind !== 'newPendingTransactions') continue
      // With automine it may be sealed already.
      const transaction = topic.detail === 'full' ? (this.#pool.find(hash) ?? this.#chain.transaction(hash)) : undefined
      notify(connection, id, transaction === undefined ? hash : transactionToJson(transaction, pooledPlace))
    }
  }
}

function notify(connection: JsonRpcConnection, subscription: Hex, result: unknown): void {
  connection.notify('eth_subscription', { subscription, result })
}
