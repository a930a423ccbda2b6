import type { EventSink, Hex } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import type { BlockTime, BlockTimeState } from '../blocks/block-time.ts'
import type { Sealer } from '../blocks/sealer.ts'
import type { WriterLock } from '../blocks/writer-lock.ts'
import type { PersistentPool } from '../mempool/persistent-pool.ts'
import type { PoolEntry } from '../mempool/sender-queue.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'
import { StaleSnapshotError } from './errors.ts'
import type { SnapshotParticipant } from './participant.ts'

interface ChainToken {
  readonly head: bigint
  readonly hash: Hex
  readonly pool: readonly PoolEntry[]
  readonly time: BlockTimeState
}

export interface ChainParticipantDeps {
  readonly database: DevnetDatabase
  readonly store: SqliteChainStore
  readonly pool: PersistentPool
  readonly time: BlockTime
  readonly sealer: Sealer
  readonly writers: WriterLock
  readonly events: EventSink
}

/** Head, pool and clock of the L2. What was sealed above a snapshot vanishes; it does not go back to the pool (as in anvil). */
export class ChainParticipant implements SnapshotParticipant {
  readonly name = 'chain'
  readonly #deps: ChainParticipantDeps
  readonly #tokens = new WeakMap<object, ChainToken>()

  constructor(deps: ChainParticipantDeps) {
    this.#deps = deps
  }

  pause(): Promise<() => void> {
    return this.#deps.writers.acquire()
  }

  async take(): Promise<object> {
    const { store, pool, time } = this.#deps
    const { hash, header } = store.head()
    const token = {}
    this.#tokens.set(token, { head: header.number, hash, pool: pool.mempool.all(), time: time.state() })
    return token
  }

  async check(token: unknown): Promise<void> {
    const { head, hash } = this.#read(token)
    if (this.#deps.store.blockByNumber(head)?.hash !== hash) throw new StaleSnapshotError(head)
  }

  revertStored(token: unknown): void {
    const { database, store, pool, time, sealer } = this.#deps
    const { head, pool: entries, time: clock } = this.#read(token)
    store.deleteAbove(head)
    pool.replaceRows(entries)
    time.store(clock)
    // Not later: a request in between would see a head whose state is gone.
    database.afterCommit(() => {
      const state = store.stateAt(head)
      pool.refill(entries, (sender) => state.account(sender).nonce)
      time.restore(clock)
      sealer.chainRewound()
    })
  }

  async revert(token: unknown): Promise<void> {
    this.#deps.events.emit('rewind', { head: this.#read(token).head })
  }

  #read(token: unknown): ChainToken {
    const known = typeof token === 'object' && token !== null ? this.#tokens.get(token) : undefined
    if (known === undefined) throw new TypeError('this snapshot was not taken by the chain')
    return known
  }
}
