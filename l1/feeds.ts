import type { Engine, EngineEvent } from './engine.ts'
import { L1RpcError } from './errors.ts'

interface Feed {
  method: string
  params: readonly unknown[]
  /** The engine's id. */
  engineId: string
  /** What an engine that was replaced had collected. */
  backlog: unknown[]
}

const opening: ReadonlySet<string> = new Set(['eth_subscribe', 'eth_newFilter', 'eth_newBlockFilter', 'eth_newPendingTransactionFilter'])
const using: ReadonlySet<string> = new Set(['eth_unsubscribe', 'eth_uninstallFilter', 'eth_getFilterChanges', 'eth_getFilterLogs'])

/** Subscriptions and filters under ids of our own, so that they outlive the engine that serves them. */
export class Feeds {
  readonly #feeds = new Map<string, Feed>()
  #lastId = 0n

  handles(method: string): boolean {
    return opening.has(method) || using.has(method)
  }

  async request(engine: Engine, method: string, params: readonly unknown[]): Promise<unknown> {
    if (opening.has(method)) {
      const engineId = String(await engine.request(method, params))
      this.#lastId += 1n
      const id = `0x${this.#lastId.toString(16)}`
      this.#feeds.set(id, { method, params, engineId, backlog: [] })
      return id
    }
    const id = String(params[0])
    const feed = this.#feeds.get(id)
    if (feed === undefined) return this.#unknown(method, id)
    const result = await engine.request(method, [feed.engineId])
    if (method === 'eth_unsubscribe' || method === 'eth_uninstallFilter') this.#feeds.delete(id)
    if (method === 'eth_getFilterChanges' && Array.isArray(result)) return [...feed.backlog.splice(0), ...result]
    return result
  }

  /** The event under our id, or undefined for a subscription that is none of ours. */
  translate({ subscription, result }: EngineEvent): EngineEvent | undefined {
    for (const [id, feed] of this.#feeds) {
      if (feed.method === 'eth_subscribe' && feed.engineId === subscription) return { subscription: id, result }
    }
    return undefined
  }

  /** Moves every feed to another engine at the same block. Nothing is lost or told twice, as no block is made meanwhile. */
  async migrate(from: Engine, to: Engine): Promise<void> {
    for (const [id, feed] of this.#feeds) {
      try {
        if (feed.method !== 'eth_subscribe') {
          const changes = await from.request('eth_getFilterChanges', [feed.engineId])
          if (Array.isArray(changes)) feed.backlog.push(...changes)
        }
        feed.engineId = String(await to.request(feed.method, feed.params))
        // A new log filter begins with the logs that are there already.
        if (feed.method === 'eth_newFilter') await to.request('eth_getFilterChanges', [feed.engineId])
      } catch {
        // EDR drops filters that nobody polls.
        this.#feeds.delete(id)
      }
    }
  }

  #unknown(method: string, id: string): boolean {
    if (method === 'eth_unsubscribe' || method === 'eth_uninstallFilter') return false
    throw new L1RpcError({ code: -32000, message: `filter not found: ${id}` })
  }
}
