import { rmSync } from 'node:fs'
import type { Clock, Eip1193Provider, FaultPoint, Hex, L1Snapshots, Logger } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { Archive } from './archive.ts'
import { ChainClock, type ChainTime } from './chain-clock.ts'
import { ChainWriter } from './chain-writer.ts'
import { CheckpointWriter } from './checkpoint.ts'
import { devAccounts, type L1Account } from './dev-accounts.ts'
import { type Engine, type EngineEvent, makeScratchDir, startEngine } from './engine.ts'
import { L1ChainIdError, L1RpcError, L1SnapshotError } from './errors.ts'
import { Feeds } from './feeds.ts'
import { storeGenesis } from './genesis.ts'
import { Journal } from './journal.ts'
import { isReading } from './methods.ts'
import { UnlockedAccounts } from './unlocked-accounts.ts'
import { WriteQueue } from './write-queue.ts'

/** EIP-1193's message of a subscription. */
interface L1Message {
  type: 'eth_subscription'
  data: EngineEvent
}

/** A snapshot of the L1; valid in this process, once. */
export interface L1Snapshot {
  readonly id: string
}

/** The devnet's own L1. */
export interface DevL1 extends Eip1193Provider, L1Snapshots {
  readonly chainId: number
  /** Calls `listener` for each subscription event of any subscriber, once it is stored; returns the way to stop that. */
  onMessage(listener: (message: L1Message) => void): () => void
  take(): Promise<L1Snapshot>
  takeUntilCheckpoint(): Promise<L1Snapshot>
  /** Throws `L1SnapshotError` for what is not, or no longer, a snapshot. */
  revert(snapshot: unknown, alongside: () => void): Promise<void>
  /** Makes the next start quick. False when it must wait: for pending transactions, as long as a snapshot may be reverted to, or as the chain went back meanwhile. */
  checkpoint(): Promise<boolean>
  /** Idempotent. Everything that was answered is stored anyway. */
  close(): Promise<void>
}

/** When a checkpoint is due, and how far one reaches. */
interface CheckpointPolicy {
  /** Journal entries since the last one. */
  maxEntries: number
  /** Time that executing them took. */
  maxExecutionMs: number
  /** Accounts and slots that it touched: replaying fetches each from the archive, about a millisecond apiece. */
  maxTouched: number
  /** A chain that jumped further by `hardhat_mine` waits: every block is stored. */
  maxBlocks: number
  /** At a graceful end a checkpoint is worth it from this many entries on. */
  entriesAtClose: number
}

export interface StartL1Options {
  chainId?: number
  /** Accounts that exist at genesis and that the L1 signs for. */
  accounts?: readonly L1Account[]
  /** Accounts that exist at genesis and sign for themselves (deployer, sequencer, prover). */
  serviceAccounts?: readonly L1Account[]
  checkpoints?: Partial<CheckpointPolicy>
  signal?: AbortSignal
}

interface L1Deps {
  /** Opened with `l1Migrations`. */
  database: DevnetDatabase
  clock: Clock
  log: Logger
  faults?: FaultPoint
  /** Called after each step of a checkpoint, for tests that kill the process there. */
  onCheckpointStep?: (step: 'prepared' | 'stored') => void
}

// Replaying 1,000 small transactions takes 0.4 s; reading the state of as many holds the writer for about 50 ms.
const defaultPolicy: CheckpointPolicy = {
  maxEntries: 1_000,
  maxExecutionMs: 1_500,
  maxTouched: 1_000,
  maxBlocks: 20_000,
  entriesAtClose: 50,
}

/**
 * Starts the L1 where the database left it, or at a new genesis.
 *
 * Throws `L1ChainIdError` and `L1ReplayError`.
 */
export async function startL1(options: StartL1Options, deps: L1Deps): Promise<DevL1> {
  const { chainId = 31337, accounts = devAccounts, serviceAccounts = [], checkpoints = {}, signal = new AbortController().signal } = options
  const { database, clock, log, faults = () => undefined, onCheckpointStep = () => undefined } = deps
  const startedAt = performance.now()
  const journal = new Journal(database)
  const archive = new Archive(database)
  const stored = journal.readMeta('chainId')
  if (stored !== undefined && Number(stored) !== chainId) throw new L1ChainIdError({ stored: Number(stored), requested: chainId })
  const scratchDir = makeScratchDir(database.dataDir)
  if (stored === undefined) {
    await storeGenesis({
      database,
      archive,
      journal,
      accounts: [...accounts, ...serviceAccounts],
      chainId,
      initialTimeMs: clock.nowMs(),
      scratchDir,
    })
  }
  const checkpoint = archive.checkpointBlock() ?? 0
  archive.dropAbove(checkpoint)
  const engine = await startEngine({ archive, checkpoint, chainId, scratchDir })
  const time = journal.readMeta('time')
  // Written by the chain writer.
  const chainClock = new ChainClock(clock, time === undefined ? undefined : (JSON.parse(time) as ChainTime))
  const writer = new ChainWriter(engine, { database, journal, clock: chainClock, faults })
  const replayed = journal.replayCost.entries
  await writer.replay(signal)
  log.debug({ checkpoint, replayed, durationMs: Math.round(performance.now() - startedAt) }, 'l1 ready')
  return new RunningL1(engine, {
    chainId,
    database,
    journal,
    archive,
    writer,
    chainClock,
    scratchDir,
    log,
    onCheckpointStep,
    unlocked: new UnlockedAccounts(accounts, chainId),
    policy: { ...defaultPolicy, ...checkpoints },
  })
}

interface RunningL1Deps {
  chainId: number
  database: DevnetDatabase
  journal: Journal
  archive: Archive
  writer: ChainWriter
  chainClock: ChainClock
  scratchDir: string
  log: Logger
  onCheckpointStep: (step: 'prepared' | 'stored') => void
  unlocked: UnlockedAccounts
  policy: CheckpointPolicy
}

class RunningL1 implements DevL1 {
  readonly chainId: number
  readonly #deps: RunningL1Deps
  readonly #queue = new WriteQueue()
  readonly #feeds = new Feeds()
  readonly #listeners = new Set<(message: L1Message) => void>()
  readonly #closing = new AbortController()
  #engine: Engine
  /** Events of a write that is not stored yet. */
  #held: EngineEvent[] | undefined
  #timer: NodeJS.Timeout | undefined
  #checkpointing: Promise<boolean> | undefined

  constructor(engine: Engine, deps: RunningL1Deps) {
    this.chainId = deps.chainId
    this.#deps = deps
    this.#engine = engine
    this.#listenTo(engine)
    this.#restartTimer()
  }

  async request({ method, params = [] }: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown> {
    this.#closing.signal.throwIfAborted()
    const { unlocked } = this.#deps
    if (unlocked.handles(method)) return unlocked.request(method, params)
    if (this.#feeds.handles(method)) return this.#stored(this.#feeds.request(this.#engine, method, params))
    if (isReading(method)) return this.#stored(this.#engine.request(method, params))
    // It would print to our terminal and halve the speed.
    if (method === 'hardhat_setLoggingEnabled') return true
    return this.#queue.run(() => this.#write(method, params))
  }

  onMessage(listener: (message: L1Message) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async take(): Promise<L1Snapshot> {
    return { id: String(await this.request({ method: 'evm_snapshot' })) }
  }

  async takeUntilCheckpoint(): Promise<L1Snapshot> {
    return { id: await this.#queue.run(() => this.#deps.writer.snapshot({ yields: true })) }
  }

  async revert(snapshot: unknown, alongside: () => void): Promise<void> {
    const id = typeof snapshot === 'object' && snapshot !== null && 'id' in snapshot ? String(snapshot.id) : String(snapshot)
    const reverted = await this.#queue.run(() => this.#holdingEvents(() => this.#deps.writer.revert(id, alongside)))
    if (!reverted) throw new L1SnapshotError({ id })
  }

  checkpoint(): Promise<boolean> {
    this.#checkpointing ??= this.#checkpoint().finally(() => {
      this.#checkpointing = undefined
    })
    return this.#checkpointing
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(new L1RpcError({ code: -32000, message: 'the L1 is closed' }))
    clearTimeout(this.#timer)
    await this.#checkpointing?.catch(() => undefined)
    await this.#queue.run(() => this.#checkpointAtClose())
    this.#listeners.clear()
    await this.#engine.close()
    rmSync(this.#deps.scratchDir, { recursive: true, force: true })
  }

  async #write(method: string, params: readonly unknown[]): Promise<unknown> {
    // It may have waited in the queue.
    this.#closing.signal.throwIfAborted()
    if (method === 'hardhat_reset') return this.#reset(params)
    const raw = method === 'eth_sendTransaction' ? await this.#sign(params) : undefined
    const { writer } = this.#deps
    try {
      return await this.#holdingEvents(() =>
        raw === undefined ? writer.write(method, params) : writer.write('eth_sendRawTransaction', [raw]),
      )
    } finally {
      if (method === 'evm_setIntervalMining') this.#restartTimer()
      this.#checkpointWhenDue()
    }
  }

  /** An answer from a chain whose every block is stored: the L2 must not build on a deposit that a restart takes back. */
  async #stored<T>(answer: Promise<T>): Promise<T> {
    const result = await answer
    this.#deps.writer.assertStored()
    return result
  }

  /** What subscribers hear of a write, they hear once it is stored. */
  async #holdingEvents<T>(write: () => Promise<T>): Promise<T> {
    this.#closing.signal.throwIfAborted()
    this.#held = []
    try {
      return await write()
    } finally {
      const events = this.#held
      this.#held = undefined
      if (this.#deps.writer.isStored) for (const event of events) this.#emit(event)
    }
  }

  #sign(params: readonly unknown[]): Promise<Hex | undefined> {
    return this.#deps.unlocked.signTransaction(params[0], (method, args) => this.#engine.request(method, args))
  }

  /** Back to the genesis. */
  async #reset(params: readonly unknown[]): Promise<boolean> {
    if (typeof params[0] === 'object' && params[0] !== null && 'forking' in params[0]) {
      throw new L1RpcError({ code: -32602, message: 'the L1 of the devnet cannot fork another chain' })
    }
    const { database, archive, journal, chainClock, writer } = this.#deps
    database.transaction(() => {
      archive.dropAbove(0)
      journal.clear()
      journal.clearSettings()
      chainClock.reset()
      journal.writeMeta('time', JSON.stringify(chainClock.time))
    })
    writer.forgetSettings()
    await this.#replaceEngine(0)
    this.#restartTimer()
    return true
  }

  async #replaceEngine(checkpoint: number): Promise<void> {
    const { archive, chainId, scratchDir, writer, log } = this.#deps
    const next = await startEngine({ archive, checkpoint, chainId, scratchDir })
    await writer.adopt(next)
    await this.#feeds.migrate(this.#engine, next)
    const previous = this.#engine
    this.#engine = next
    this.#listenTo(next)
    previous.close().catch((error: unknown) => log.warn({ err: error }, 'l1 engine not closed'))
  }

  #checkpointWhenDue(): void {
    const { journal, policy, log } = this.#deps
    const { entries, executionMs } = journal.replayCost
    const isCheap = entries < policy.maxEntries && executionMs < policy.maxExecutionMs && countTouched(this.#engine) < policy.maxTouched
    if (this.#checkpointing !== undefined || isCheap) return
    this.checkpoint().catch((error: unknown) => {
      if (!this.#closing.signal.aborted) log.warn({ err: error }, 'l1 checkpoint failed')
    })
  }

  async #checkpoint(): Promise<boolean> {
    const { log, onCheckpointStep, writer } = this.#deps
    const { signal } = this.#closing
    const rewinds = await this.#queue.run(async () => ((await this.#canCheckpoint()) ? writer.rewinds : undefined))
    if (rewinds === undefined) return false
    const startedAt = performance.now()
    const checkpoint = this.#newCheckpoint()
    await checkpoint.prepare(signal)
    onCheckpointStep('prepared')
    return this.#queue.run(async () => {
      signal.throwIfAborted()
      // Blocks that were copied may be gone: a snapshot that yields to checkpoints can be reverted to until there is one.
      if (writer.rewinds !== rewinds || !(await this.#canCheckpoint())) return false
      const heldAt = performance.now()
      const block = await checkpoint.store(signal)
      onCheckpointStep('stored')
      // From here on the chain runs as it will after a restart, so that one changes no block hash; and the memory is freed.
      await this.#replaceEngine(block)
      const now = performance.now()
      log.info({ block, durationMs: Math.round(now - startedAt), heldMs: Math.round(now - heldAt) }, 'l1 checkpoint')
      return true
    })
  }

  async #checkpointAtClose(): Promise<void> {
    const { journal, policy, log, writer } = this.#deps
    if (journal.replayCost.entries < policy.entriesAtClose) return
    // Snapshots end with the process.
    writer.forgetSnapshots()
    if (!(await this.#canCheckpoint())) return
    try {
      const checkpoint = this.#newCheckpoint()
      const { signal } = new AbortController()
      await checkpoint.prepare(signal)
      await checkpoint.store(signal)
    } catch (error) {
      log.warn({ err: error }, 'l1 checkpoint failed')
    }
  }

  #newCheckpoint(): CheckpointWriter {
    const { database, archive, journal } = this.#deps
    return new CheckpointWriter({ database, archive, journal, engine: this.#engine })
  }

  #canCheckpoint(): Promise<boolean> {
    const { writer, policy, archive } = this.#deps
    return writer.canCheckpoint({ maxBlocks: policy.maxBlocks, base: archive.checkpointBlock() ?? 0 })
  }

  #listenTo(engine: Engine): void {
    engine.onEvent((event) => {
      if (engine !== this.#engine) return
      if (this.#held === undefined) this.#emit(event)
      else this.#held.push(event)
    })
  }

  #emit(event: EngineEvent): void {
    const data = this.#feeds.translate(event)
    if (data === undefined) return
    for (const listener of this.#listeners) listener({ type: 'eth_subscription', data })
  }

  #restartTimer(): void {
    clearTimeout(this.#timer)
    const { writer, log } = this.#deps
    if (writer.intervalMs === 0 || this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.request({ method: 'evm_mine' })
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) log.error({ err: error }, 'l1 block not mined')
        })
        .finally(() => this.#restartTimer())
    }, writer.intervalMs)
  }
}

function countTouched({ touched: { accounts, slots } }: Engine): number {
  return [...slots.values()].reduce((count, ofAccount) => count + ofAccount.size, accounts.size)
}
