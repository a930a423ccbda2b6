import type { BlockSettings, EventSink, Hex, SealedBlock } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import type { StoredBlockSettings } from '../blocks/block-settings.ts'
import type { BlockTime, BlockTimeState } from '../blocks/block-time.ts'
import type { Sealer } from '../blocks/sealer.ts'
import type { WriterLock } from '../blocks/writer-lock.ts'
import type { PersistentPool } from '../mempool/persistent-pool.ts'
import type { PoolEntry } from '../mempool/sender-queue.ts'
import type { PreStateMark, SqliteChainStore } from '../storage/sqlite-chain-store.ts'
import { StaleSnapshotError } from './errors.ts'
import type { SnapshotParticipant } from './participant.ts'

interface ChainToken {
  readonly head: bigint
  readonly hash: Hex
  readonly pool: readonly PoolEntry[]
  readonly time: BlockTimeState
  readonly settings: BlockSettings
  /** Absent in the token of a rollback: then there is none. */
  readonly mark?: PreStateMark
}

export interface ChainParticipantDeps {
  readonly database: DevnetDatabase
  readonly store: SqliteChainStore
  readonly pool: PersistentPool
  readonly time: BlockTime
  readonly settings: StoredBlockSettings
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
    const { store } = this.#deps
    return this.#token(store.head(), store.preStateMark())
  }

  tokenOf(block: bigint): object {
    const target = this.#deps.store.blockByNumber(block)
    if (target === undefined) throw new StaleSnapshotError(block)
    return this.#token(target)
  }

  async check(token: unknown): Promise<void> {
    const { head, hash } = this.#read(token)
    if (this.#deps.store.blockByNumber(head)?.hash !== hash) throw new StaleSnapshotError(head)
  }

  revertStored(token: unknown): void {
    const { database, store, pool, time, settings, sealer } = this.#deps
    const { head, pool: entries, time: clock, settings: blockSettings, mark } = this.#read(token)
    store.deleteAbove(head, mark)
    pool.replaceRows(entries)
    time.store(clock)
    settings.store(blockSettings)
    // Not later: a request in between would see a head whose state is gone.
    database.afterCommit(() => {
      const state = store.stateAt(head)
      pool.refill(entries, (sender) => state.account(sender).nonce)
      time.restore(clock)
      settings.restore(blockSettings)
      sealer.stateReplaced()
    })
  }

  async revert(token: unknown): Promise<void> {
    this.#deps.events.emit('rewind', { head: this.#read(token).head })
  }

  #token({ hash, header }: SealedBlock, mark?: PreStateMark): object {
    const { pool, time, settings } = this.#deps
    const token = {}
    this.#tokens.set(token, {
      ...{ head: header.number, hash, pool: pool.mempool.all(), time: time.state(), settings: settings.current },
      ...(mark && { mark }),
    })
    return token
  }

  #read(token: unknown): ChainToken {
    const known = typeof token === 'object' && token !== null ? this.#tokens.get(token) : undefined
    if (known === undefined) throw new TypeError('this snapshot was not taken by the chain')
    return known
  }
}
