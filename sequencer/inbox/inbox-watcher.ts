import { decodeDepositPayload, type Hex, type InboxItem, inboxKinds, type Logger, type Service } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import type { InboxFeed, InboxSlice } from '../blocks/inbox-feed.ts'
import type { L1Client } from '../settlement/l1-client.ts'
import type { Timers } from '../settlement/timers.ts'
import type { SnapshotParticipant } from '../snapshots/participant.ts'
import { InboxMismatchError, InboxRewrittenError } from './errors.ts'
import { InboxContract } from './inbox-contract.ts'
import { InboxStore, type StoredInboxItem } from './inbox-store.ts'

export interface InboxWatcherOptions {
  readonly inbox: Hex
  /** No event is older. */
  readonly deployBlock: bigint
  readonly pollMs: number
  /** Blocks that must stand on top of an L1 block before its items are used; 0 where the L1 does not reorganise. */
  readonly confirmations: bigint
  /** Widest range of blocks that one request for logs covers. */
  readonly maxLogRange: bigint
}

export interface InboxWatcherDeps {
  readonly l1: L1Client
  readonly database: DevnetDatabase
  /** Inbox leaves that the newest sealed block has consumed. */
  readonly consumed: () => bigint
  /** Called when there are new items. */
  readonly onItems: () => void
  readonly timers: Timers
  readonly log: Logger
}

const maxBackOffMs = 30_000

/**
 * Follows the Inbox contract: stores its items, with the root of the tree at each count, up to `confirmations` below the L1's head.
 *
 * Items that a reorganisation of the L1 changed are replaced as long as no L2 block has consumed them.
 */
export class InboxWatcher implements InboxFeed, Service {
  readonly #opts: InboxWatcherOptions
  readonly #deps: InboxWatcherDeps
  readonly #contract: InboxContract
  readonly #store: InboxStore
  readonly #stopped = new AbortController()
  #polling: Promise<void> = Promise.resolve()
  #running: Promise<void> = Promise.resolve()
  #failure: Error | undefined
  #lastReadMs: number

  constructor(opts: InboxWatcherOptions, deps: InboxWatcherDeps) {
    this.#opts = opts
    this.#deps = deps
    this.#contract = new InboxContract(deps.l1, opts.inbox)
    this.#store = new InboxStore(deps.database)
    this.#lastReadMs = deps.timers.nowMs()
  }

  next(consumedCount: bigint, max: number): InboxSlice {
    const items = this.#store.items(consumedCount, consumedCount + BigInt(max))
    const countAfter = consumedCount + BigInt(items.length)
    return {
      deposits: items.map((item) => {
        const { to, amountGwei } = decodeDepositPayload(item.payload)
        return { index: item.index, validatorIndex: 0n, address: to, amountGwei }
      }),
      countAfter,
      rootAfter: this.#store.rootAt(countAfter),
    }
  }

  rootAt(count: bigint): Hex {
    return this.#store.rootAt(count)
  }

  /** Items that are known. */
  count(): bigint {
    return this.#store.count()
  }

  item(index: bigint): StoredInboxItem | undefined {
    return this.#store.item(index)
  }

  /** From `from` on, below `to`. */
  items(from: bigint, to: bigint): readonly InboxItem[] {
    return this.#store.items(from, to)
  }

  /** Left siblings of the tree at that count (docs/formats.md §6). */
  frontierAt(count: bigint): readonly Hex[] {
    return this.#store.frontierAt(count)
  }

  /** When all of it was last read; when this was made, if never. */
  lastReadMs(): number {
    return this.#lastReadMs
  }

  /** Why the Inbox cannot be followed at the moment, if so. */
  failure(): Error | undefined {
    return this.#failure
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#running = this.#run(AbortSignal.any([signal, this.#stopped.signal]))
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  /** Reads what is new on L1. Throws what makes that impossible; what was read before is stored. */
  poll(): Promise<void> {
    const turn = this.#polling.then(async () => {
      await this.#readOn()
      this.#lastReadMs = this.#deps.timers.nowMs()
    })
    this.#polling = turn.catch(() => undefined)
    return turn
  }

  readonly snapshot: SnapshotParticipant = {
    name: 'inbox',
    pause: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const before = this.#polling
      this.#polling = before.then(() => promise)
      await before
      return resolve
    },
    take: async () => ({ count: this.#store.count(), cursor: this.#store.cursor() }) satisfies InboxToken,
    revertStored: (token) => {
      // On an external L1, which was not reverted, the items are read again.
      const { count, cursor } = token as InboxToken
      this.#store.truncate(count)
      this.#store.setCursor(cursor)
    },
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.poll()
        failures = 0
        this.#failure = undefined
      } catch (error) {
        failures++
        const failure = error instanceof Error ? error : new Error(String(error))
        if (this.#failure?.message !== failure.message) this.#deps.log.error({ err: failure }, 'Inbox cannot be followed')
        this.#failure = failure
      }
      await this.#deps.timers.sleep(
        Math.min(this.#opts.pollMs * 2 ** Math.min(failures, 16), Math.max(maxBackOffMs, this.#opts.pollMs)),
        signal,
      )
    }
  }

  async #readOn(): Promise<void> {
    const { l1 } = this.#deps
    const head = (await l1.blockNumber()) - this.#opts.confirmations
    if (head === this.#store.cursor()?.block) return
    let from = await this.#firstUnread()
    let added = false
    try {
      while (from <= head) {
        const to = from + this.#opts.maxLogRange - 1n < head ? from + this.#opts.maxLogRange - 1n : head
        const outcome = await this.#readRange({ from, to, isHead: to === head })
        if (outcome === 'reorganised') return
        added ||= outcome === 'added'
        from = to + 1n
      }
    } catch (error) {
      // Whichever answer was wrong, it may have been one for a range before.
      if (error instanceof InboxMismatchError) this.#store.setCursor(undefined)
      throw error
    } finally {
      if (added) this.#deps.onItems()
    }
  }

  /** The block after the newest one that was read and is still part of the L1. */
  async #firstUnread(): Promise<bigint> {
    const cursor = this.#store.cursor()
    if (cursor === undefined) return this.#opts.deployBlock
    const block = await this.#deps.l1.block(cursor.block)
    if (block?.hash === cursor.hash) return cursor.block + 1n
    this.#deps.log.warn({ l1Block: cursor.block }, 'L1 reorganised: reading the Inbox again')
    // Reading again costs little, and what has not changed is recognised by its root.
    return this.#opts.deployBlock
  }

  async #readRange({ from, to, isHead }: { from: bigint; to: bigint; isHead: boolean }): Promise<'added' | 'nothing new' | 'reorganised'> {
    const { l1 } = this.#deps
    const before = await l1.block(to)
    const events = await this.#contract.enqueued(from, to)
    const truth = isHead ? await this.#contract.tree(to) : undefined
    const after = await l1.block(to)
    // The same block at both ends: all answers between are of one chain.
    if (before === null || before.hash !== after?.hash) return 'reorganised'
    let added = false
    this.#store.transaction(() => {
      for (const event of events) added = this.#take(event) || added
      if (truth !== undefined) this.#assertTruth(truth)
      this.#store.setCursor({ block: to, hash: before.hash })
    })
    return added ? 'added' : 'nothing new'
  }

  /** Returns whether the item is new. */
  #take(event: StoredInboxItem): boolean {
    const known = this.#store.item(event.index)
    if (known?.root === event.root) {
      this.#store.move(event.index, event)
      return false
    }
    if (known !== undefined) this.#dropAbove(event.index)
    const count = this.#store.count()
    if (event.index !== count) throw new InboxMismatchError({ index: count, reason: `the next event is of item ${event.index}` })
    if (event.kind !== inboxKinds.deposit) throw new InboxMismatchError({ index: event.index, reason: `kind ${event.kind} is unknown` })
    decodeDepositPayload(event.payload)
    const tree = this.#store.treeAt(count)
    this.#store.append(tree, event)
    if (tree.root() !== event.root)
      throw new InboxMismatchError({ index: event.index, reason: 'the root of its event is not that of its leaf' })
    this.#deps.log.info({ index: event.index, l1Block: event.l1Block, tx: event.l1TxHash }, 'deposit found')
    return true
  }

  #assertTruth({ count, root }: { count: bigint; root: Hex }): void {
    this.#dropAbove(count)
    const known = this.#store.count()
    if (known !== count) throw new InboxMismatchError({ index: known, reason: `the contract has ${count} items, its events ${known}` })
    if (this.#store.rootAt(count) !== root) throw new InboxMismatchError({ index: count, reason: 'the root is not that of the events' })
  }

  #dropAbove(count: bigint): void {
    if (this.#store.count() <= count) return
    const consumed = this.#deps.consumed()
    if (count < consumed) throw new InboxRewrittenError({ index: count, consumed })
    this.#store.truncate(count)
  }
}

interface InboxToken {
  readonly count: bigint
  readonly cursor: ReturnType<InboxStore['cursor']>
}
