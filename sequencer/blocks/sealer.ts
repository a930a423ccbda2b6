import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Common } from '@ethereumjs/common'
import {
  type AcceptedTransaction,
  type EventSink,
  type FaultPoint,
  type Hex,
  InvalidTransactionError,
  type Logger,
  rules,
  type SealingControl,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import {
  createL2Common,
  decodeChanges,
  encodeChanges,
  encodeTouched,
  mergeChanges,
  nextBaseFee,
  type StateChanges,
  WorldState,
} from '../../stf/index.ts'
import { type DecodedTransaction, decodeImpersonatedTransaction, decodeTransaction } from '../mempool/decode.ts'
import type { PersistentPool } from '../mempool/persistent-pool.ts'
import type { PoolEntry } from '../mempool/sender-queue.ts'
import { assertCoversBaseFee } from '../mempool/validity.ts'
import type { PreState } from '../storage/dev-table.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'
import { type BuiltBlock, buildBlock, prevRandaoAfter } from './block-builder.ts'
import type { StoredBlockSettings } from './block-settings.ts'
import type { BlockTime } from './block-time.ts'
import { devReasonsOf, type SealedContents } from './dev-reasons.ts'
import { SealerStoppedError } from './errors.ts'
import type { InboxFeed, InboxSlice } from './inbox-feed.ts'
import { IntervalTimer } from './interval-timer.ts'
import type { SealingGate } from './sealing-gate.ts'
import type { WriterLock } from './writer-lock.ts'

export interface SealerOptions {
  /** Gets the priority fees. */
  readonly coinbase: Hex
  /** 0 = no interval sealing. */
  readonly intervalMs: number
  readonly automine: boolean
}

export interface SealerDeps {
  readonly database: DevnetDatabase
  readonly store: SqliteChainStore
  readonly pool: PersistentPool
  readonly time: BlockTime
  readonly settings: StoredBlockSettings
  /** Whether L1 takes dev batches. */
  readonly allowsDevBatches: () => boolean
  readonly feed: InboxFeed
  readonly writers: WriterLock
  readonly gate: SealingGate
  readonly events: EventSink
  readonly log: Logger
  readonly faults: FaultPoint
}

// A long `hardhat_mine` lets other requests in from time to time.
const blocksPerTurn = 16

/** The only writer of blocks. Everything that changes the chain, its pool or its clock runs under the writers' lock. */
export class Sealer implements SealingControl {
  readonly #coinbase: Hex
  readonly #deps: SealerDeps
  readonly #common: Common
  readonly #timer: IntervalTimer
  #automine: boolean
  #intervalMs: number
  #state: WorldState
  #isRunning = false

  constructor({ coinbase, intervalMs, automine }: SealerOptions, deps: SealerDeps) {
    this.#coinbase = coinbase
    this.#automine = automine
    this.#intervalMs = intervalMs
    this.#deps = deps
    this.#common = createL2Common(deps.store.chainId)
    this.#state = this.#stateOfHead()
    this.#timer = new IntervalTimer(() => this.#tick())
  }

  /** Seals what a crash left accepted and unsealed, then follows the mode. */
  async start(): Promise<void> {
    this.#isRunning = true
    await this.goOn()
    this.#timer.set(this.#intervalMs)
  }

  /** The gate may have opened: seals what waited for that. */
  async goOn(): Promise<void> {
    await this.#exclusive(async () => {
      if (this.#deps.gate.sealingStop() === null) await this.#catchUp()
    })
  }

  /** Resolves when the block in progress is stored. */
  async stop(): Promise<void> {
    this.#isRunning = false
    this.#timer.set(0)
    const { writers, store, log } = this.#deps
    await writers.run(async () => {
      // They are on disk as they are.
      await store.moveToTables().catch((error: unknown) => log.warn({ err: error }, 'blocks stay in the journal'))
      await store.close()
    })
  }

  async submit(raw: Uint8Array): Promise<Hex> {
    return this.#accept(decodeTransaction(raw, this.#deps.store.chainId))
  }

  async accept(raw: Uint8Array): Promise<AcceptedTransaction> {
    const transaction = decodeTransaction(raw, this.#deps.store.chainId)
    const { hash } = transaction
    const accepted = Promise.withResolvers<AcceptedTransaction>()
    const sealed = Promise.withResolvers<void>()
    let isAnswered = false
    const answer = (): void => {
      isAnswered = true
      accepted.resolve({ hash, sealed: sealed.promise })
    }
    this.#accept(transaction, answer)
      .then(answer, (error: unknown) => {
        if (isAnswered) this.#deps.log.error({ err: error, hash }, 'block not sealed, its transaction stays in the pool')
        else accepted.reject(error)
      })
      .finally(sealed.resolve)
    return accepted.promise
  }

  /** As `submit`, for a transaction whose signature is an impersonation. */
  async submitImpersonated(raw: Uint8Array): Promise<Hex> {
    return this.#accept(decodeImpersonatedTransaction(raw, this.#deps.store.chainId))
  }

  /** With `answer`, that is called once when the transaction is on disk and in the block to come, where it can be so before the block is. */
  async #accept(transaction: DecodedTransaction, answer?: () => void): Promise<Hex> {
    const { store, pool, events, faults } = this.#deps
    return this.#exclusive(async () => {
      this.#assertMaySeal()
      if (this.#automine) assertCoversBaseFee(transaction, this.nextBlock().baseFeePerGas)
      const state = store.stateAt(store.head().header.number)
      // Where a dev method set a nonce back, its transactions are no news.
      if (
        store.wasEdited &&
        transaction.nonce >= state.account(transaction.sender).nonce &&
        store.transaction(transaction.hash) !== undefined
      ) {
        throw new InvalidTransactionError('already known', 'ALREADY_KNOWN')
      }
      const entry = pool.admit(transaction, state)
      try {
        if (!this.#automine) pool.keep()
        events.emit('pendingTransaction', { hash: entry.hash })
        faults('mempool')
        if (this.#automine) await this.#sealUntilGone(entry, answer)
      } finally {
        pool.keep()
      }
      return entry.hash
    })
  }

  /** New deposits can be read from the feed: with automine they are sealed now, else with the next block. */
  async depositsArrived(): Promise<void> {
    if (!this.#automine) return
    await this.#exclusive(async () => {
      if (this.#deps.gate.sealingStop() === null) await this.#sealDeposits()
    })
  }

  async mine(options: { blocks?: number; intervalSeconds?: bigint; timestamp?: bigint } = {}): Promise<bigint> {
    const { blocks = 1, intervalSeconds, timestamp } = options
    const { store, time, allowsDevBatches } = this.#deps
    return this.#exclusive(async () => {
      for (let mined = 0; mined < blocks; mined++) {
        const head = store.head().header.timestamp
        if (mined === 0 && timestamp !== undefined) time.setNext(timestamp, head)
        else if (mined > 0 && intervalSeconds !== undefined && intervalSeconds > 0n) time.setNext(head + intervalSeconds, head)
        await this.#seal(allowsDevBatches() ? blocks : 1)
        if (mined % blocksPerTurn === blocksPerTurn - 1) await nextTurn()
      }
      return store.head().header.number
    })
  }

  automine(): boolean {
    return this.#automine
  }

  intervalMs(): number {
    return this.#intervalMs
  }

  async setAutomine(enabled: boolean): Promise<void> {
    await this.#exclusive(async () => {
      this.#automine = enabled
      await this.#catchUp()
    })
  }

  async setIntervalMs(intervalMs: number): Promise<void> {
    this.#timer.set(intervalMs)
    this.#intervalMs = intervalMs
  }

  async increaseTime(seconds: bigint): Promise<bigint> {
    return this.#exclusive(() => this.#deps.time.increase(seconds, this.#deps.store.head().header.timestamp))
  }

  async setNextBlockTimestamp(timestamp: bigint): Promise<void> {
    await this.#exclusive(() => this.#deps.time.setNext(timestamp, this.#deps.store.head().header.timestamp))
  }

  async setTime(timestamp: bigint): Promise<void> {
    await this.#exclusive(() => this.#deps.time.setNow(timestamp, this.#deps.store.head().header.timestamp))
  }

  nextBlock(): ReturnType<SealingControl['nextBlock']> {
    const { store, time, settings } = this.#deps
    const head = store.head()
    const { coinbase, gasLimit, nextBaseFeePerGas, nextPrevRandao, timestampInterval } = settings.current
    return {
      number: head.header.number + 1n,
      timestamp: time.after(head.header.timestamp, timestampInterval),
      baseFeePerGas: nextBaseFeePerGas ?? nextBaseFee(head.header),
      coinbase: coinbase ?? this.#coinbase,
      prevRandao: nextPrevRandao ?? prevRandaoAfter(head),
      gasLimit: gasLimit ?? rules.blockGasLimit,
    }
  }

  /** The chain was cut back, or its newest state changed: builds on that from now on. The caller holds the lock. */
  stateReplaced(): void {
    this.#state = this.#stateOfHead()
  }

  async #exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#deps.writers.run(() => {
      if (!this.#isRunning) throw new SealerStoppedError()
      return work()
    })
  }

  #assertMaySeal(): void {
    const stop = this.#deps.gate.sealingStop()
    if (stop !== null) throw stop
  }

  async #tick(): Promise<void> {
    // Whoever closed the gate has said so.
    if (this.#deps.gate.sealingStop() !== null) return
    try {
      await this.#exclusive(() => this.#seal())
    } catch (error) {
      if (!(error instanceof SealerStoppedError)) this.#deps.log.error({ err: error }, 'block not sealed')
    }
  }

  async #catchUp(): Promise<void> {
    if (!this.#automine) return
    await this.#sealDeposits()
    const { mempool } = this.#deps.pool
    while (mempool.order(this.nextBlock().baseFeePerGas).peek() !== undefined) await this.#seal()
  }

  async #sealDeposits(): Promise<void> {
    const { store, feed } = this.#deps
    for (let count = store.inboxCount(); feed.next(count, rules.maxDepositsPerBlock).countAfter > count; count = store.inboxCount()) {
      await this.#seal()
    }
  }

  /** Blocks until the transaction is sealed or has to wait for others; throws why it was dropped. */
  async #sealUntilGone(entry: PoolEntry, answer?: () => void): Promise<void> {
    const { mempool } = this.#deps.pool
    const isReady = (): boolean => mempool.find(entry.hash) !== undefined && entry.nonce < (mempool.nextNonce(entry.sender) ?? 0n)
    while (isReady()) {
      // Changes by dev methods may fill a block of their own.
      const hadPreState = this.#deps.store.preState() !== undefined
      const { included, dropped } = await this.#seal(1, answer && { entry, answer })
      const fate = dropped.find((drop) => drop.entry.hash === entry.hash)
      if (fate !== undefined) throw fate.error
      if (included.length === 0 && !hadPreState) return
    }
  }

  /** Seals one block, for whoever holds the lock. */
  async sealLocked(): Promise<void> {
    await this.#seal()
  }

  /** Seals one block of so many that were asked for. The caller holds the lock. */
  async #seal(minedAtOnce = 1, early?: EarlyAnswer): Promise<{ included: readonly PoolEntry[]; dropped: BuiltBlock['dropped'] }> {
    this.#assertMaySeal()
    const { store, pool, feed, events, log, faults } = this.#deps
    const startedMs = performance.now()
    const parent = store.head()
    const preState = store.preState()
    const next = this.nextBlock()
    const inbox = feed.next(store.inboxCount(), rules.maxDepositsPerBlock)
    const built = await this.#build({
      common: this.#common,
      state: this.#state,
      parent,
      ...next,
      preStateDiffBytes: preState?.diffBytes ?? 0,
      inbox,
      order: pool.mempool.order(next.baseFeePerGas),
      console: (entry) => log.info(entry, 'console.log'),
      ...(early && { filled: (included) => this.#answerEarly(included, early) }),
    })
    if (!this.#isStillInInbox(inbox)) {
      this.#state = this.#stateOfHead()
      log.warn({ inboxCount: inbox.countAfter }, 'L1 took deposits back: block given up')
      return this.#seal(minedAtOnce, early)
    }
    this.#store(built, { parent, preState, minedAtOnce, inboxCountAfter: inbox.countAfter })
    const { block, receipts } = built.executed
    faults('sealed')
    const { number } = block.header
    for (const { entry, error } of built.dropped) log.warn({ hash: entry.hash, reason: error.message }, 'transaction dropped')
    log.debug({ block: number, txs: block.transactions.length, durationMs: performance.now() - startedMs }, 'block sealed')
    events.emit('block', { block, receipts })
    return built
  }

  /** While the sender takes the answer, the block is sealed. */
  async #answerEarly(included: readonly PoolEntry[], { entry, answer }: EarlyAnswer): Promise<void> {
    const { store, pool, faults } = this.#deps
    if (!included.includes(entry) || !store.accept(entry.raw)) return
    pool.answered(entry)
    answer()
    // Else the answer would wait for what follows.
    await nextTurn()
    faults('answered')
  }

  async #build(options: Parameters<typeof buildBlock>[0]): Promise<BuiltBlock> {
    try {
      return await buildBlock(options)
    } catch (error) {
      this.#state = this.#stateOfHead()
      throw error
    }
  }

  /** The L1 may have been reorganised while the block was executed; what is stored from here on the Inbox's reader protects. */
  #isStillInInbox({ countAfter, rootAfter }: InboxSlice): boolean {
    try {
      return this.#deps.feed.rootAt(countAfter) === rootAfter
    } catch (error) {
      if (error instanceof RangeError) return false
      throw error
    }
  }

  #store({ executed, diffBytes, inputBytes, included, dropped }: BuiltBlock, context: SealingContext): void {
    const { store, pool, time, settings } = this.#deps
    const { preState, inboxCountAfter } = context
    const { block, receipts, commit } = executed
    const gone = new Set([...included, ...dropped.map(({ entry }) => entry), ...pool.staleAfter(commit.changes)])
    const write = {
      ...{ block, receipts, diffBytes, inputBytes, inboxCountAfter, state: commit },
      ...{ changes: encodeChanges(withPreState(preState, commit.changes)), touched: encodeTouched(commit.touched) },
      devReasons: devReasonsOf({ ...context, block, included }),
    }
    const timeBefore = time.state()
    const settingsBefore = settings.current
    try {
      const settle = (): void => {
        pool.deleteRows(gone)
        time.sealed(block.header.timestamp)
        settings.sealed()
      }
      // Mostly there is nothing: then the block need not wait for the tables.
      store.append(write, pool.hasRows(gone) || time.isNextSet || settings.isNextSet ? settle : undefined)
    } catch (error) {
      // State and clock went on, the chain did not.
      this.#state = this.#stateOfHead()
      time.restore(timeBefore)
      settings.restore(settingsBefore)
      throw error
    }
    pool.follow(commit.changes, gone)
  }

  #stateOfHead(): WorldState {
    return WorldState.at(this.#deps.store.rootAfter(this.#deps.store.head().header.number), this.#deps.store.states)
  }
}

interface EarlyAnswer {
  readonly entry: PoolEntry
  readonly answer: () => void
}

type SealingContext = Pick<SealedContents, 'parent' | 'preState' | 'minedAtOnce'> & { readonly inboxCountAfter: bigint }

/** The net change from the parent's state on. */
function withPreState(preState: PreState | undefined, changes: StateChanges): StateChanges {
  return preState === undefined ? changes : mergeChanges([decodeChanges(preState.changes), changes])
}
