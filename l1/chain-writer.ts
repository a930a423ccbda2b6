import type { FaultPoint } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import type { ChainClock, ChainTime } from './chain-clock.ts'
import type { Engine } from './engine.ts'
import { L1JournalError, L1ReplayError, L1RpcError } from './errors.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { isForNextBlock, isSealing } from './methods.ts'

interface ChainWriterDeps {
  database: DevnetDatabase
  journal: Journal
  clock: ChainClock
  faults: FaultPoint
}

interface TakenSnapshot {
  position: number
  time: ChainTime
  shown: number
  /** Whether a checkpoint may drop it. */
  yields: boolean
}

const invalidParams = -32602

/**
 * Everything that changes the chain: execute, journal, answer. Its caller lets one request in at a time.
 */
export class ChainWriter {
  readonly #deps: ChainWriterDeps
  #engine: Engine
  #automine = true
  #intervalMs = 0
  #snapshots = new Map<string, TakenSnapshot>()
  /** Head at which something was set for the next block. */
  #setForBlockAfter: number | undefined
  #failure: L1JournalError | undefined
  #rewinds = 0

  constructor(engine: Engine, deps: ChainWriterDeps) {
    this.#engine = engine
    this.#deps = deps
  }

  get intervalMs(): number {
    return this.#intervalMs
  }

  /** How often the chain went back: what was read of it before the last time may have been undone. */
  get rewinds(): number {
    return this.#rewinds
  }

  /** Whether the disk has all that the engine shows. */
  get isStored(): boolean {
    return this.#failure === undefined
  }

  /** Throws `L1JournalError`. */
  assertStored(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  async write(method: string, params: readonly unknown[]): Promise<unknown> {
    this.assertStored()
    switch (method) {
      case 'evm_snapshot':
        return this.snapshot({ yields: false })
      case 'evm_revert':
        return this.revert(String(params[0]))
      case 'evm_increaseTime':
        return this.#increaseTime(params)
      case 'evm_setNextBlockTimestamp':
        return this.#setNextBlockTimestamp(params)
      case 'evm_setIntervalMining':
        return this.#setIntervalMining(params)
      default:
        return this.#execute(method, params)
    }
  }

  /** Brings the engine to where the journal ends. Throws `L1ReplayError`. */
  async replay(signal: AbortSignal): Promise<void> {
    await this.adopt(this.#engine)
    for (const entry of this.#deps.journal.entries()) {
      signal.throwIfAborted()
      try {
        await this.#apply(this.#engine, entry)
        if (isForNextBlock(entry.method)) this.#setForBlockAfter = await this.#blockNumber()
      } catch (cause) {
        throw new L1ReplayError({ seq: entry.seq, method: entry.method, cause })
      }
    }
    await this.#alignTime(this.#engine)
  }

  /** Goes on with an engine that stands at the last checkpoint. */
  async adopt(engine: Engine): Promise<void> {
    this.#snapshots.clear()
    this.#setForBlockAfter = undefined
    for (const setting of this.#deps.journal.settings()) await this.#apply(engine, setting)
    await this.#alignTime(engine)
    this.#engine = engine
  }

  /** After everything was forgotten, the chain included. */
  forgetSettings(): void {
    this.#rewinds += 1
    this.#automine = true
    this.#intervalMs = 0
  }

  forgetSnapshots(): void {
    this.#snapshots.clear()
  }

  /** Whether a checkpoint would find everything: nothing waits in EDR's memory, and no snapshot may lead back before it. */
  async canCheckpoint({ maxBlocks, base }: { maxBlocks: number; base: number }): Promise<boolean> {
    if ([...this.#snapshots.values()].some(({ yields }) => !yields) || this.#failure !== undefined) return false
    const head = await this.#blockNumber()
    if (head <= base || head - base > maxBlocks) return false
    if (this.#setForBlockAfter !== undefined && this.#setForBlockAfter >= head) return false
    const pending = await this.#engine.request('eth_pendingTransactions')
    return Array.isArray(pending) && pending.length === 0
  }

  async #execute(method: string, params: readonly unknown[]): Promise<unknown> {
    const timestamp = isSealing(method, params, this.#automine) ? this.#deps.clock.blockTimestamp(await this.#latestTimestamp()) : null
    const startedAt = performance.now()
    const entry: JournalEntry = { method, params, timestamp }
    const result = await this.#apply(this.#engine, entry)
    const executionMs = performance.now() - startedAt
    if (timestamp !== null) this.#deps.clock.sealed(timestamp)
    if (method === 'evm_mine' && timestamp === null) this.#deps.clock.jumpTo(Number(params[0]))
    this.#deps.faults('l1 executed')
    this.#store(() => this.#deps.journal.append(entry, executionMs))
    this.#deps.faults('l1 journal written')
    if (method === 'hardhat_mine') await this.#followMinedBlocks()
    if (isForNextBlock(method)) this.#setForBlockAfter = await this.#blockNumber()
    return result
  }

  /** What is done live, and done again at a replay. */
  async #apply(engine: Engine, { method, params, timestamp }: JournalEntry): Promise<unknown> {
    if (method === 'evm_setIntervalMining') {
      this.#intervalMs = Number(params[0])
      return true
    }
    if (timestamp !== null) await engine.request('evm_setNextBlockTimestamp', [timestamp])
    const result = await engine.request(method, params)
    if (method === 'evm_setAutomine') this.#automine = params[0] === true
    return result
  }

  /** One that yields is gone with the next checkpoint; any other keeps checkpoints waiting. */
  async snapshot({ yields }: Pick<TakenSnapshot, 'yields'>): Promise<string> {
    const id = String(await this.#engine.request('evm_snapshot'))
    const { journal, clock } = this.#deps
    this.#snapshots.set(id, { position: journal.position, time: clock.time, shown: clock.now(), yields })
    return id
  }

  /** False for what is not, or no longer, a snapshot. `alongside` shares the transaction in which the journal goes back. */
  async revert(id: string, alongside: () => void = () => undefined): Promise<boolean> {
    const snapshot = this.#snapshots.get(id)
    if (snapshot === undefined) return false
    if ((await this.#engine.request('evm_revert', [id])) !== true) return false
    this.#rewinds += 1
    for (const other of this.#snapshots.keys()) if (Number(other) >= Number(id)) this.#snapshots.delete(other)
    this.#deps.clock.restore(snapshot.time, snapshot.shown)
    this.#deps.faults('l1 executed')
    this.#store(() => {
      this.#deps.journal.truncate(snapshot.position)
      alongside()
    })
    this.#deps.faults('l1 journal written')
    return true
  }

  async #increaseTime(params: readonly unknown[]): Promise<number> {
    const seconds = Number(params[0])
    if (!Number.isSafeInteger(seconds) || seconds < 0) {
      throw new L1RpcError({ code: invalidParams, message: `time cannot be increased by ${JSON.stringify(params[0])}` })
    }
    // EDR's own clock only shows in calls on the pending block.
    await this.#engine.request('evm_increaseTime', [seconds])
    const offset = this.#deps.clock.increase(seconds)
    this.#store(() => undefined)
    return offset
  }

  async #setNextBlockTimestamp(params: readonly unknown[]): Promise<unknown> {
    const result = await this.#engine.request('evm_setNextBlockTimestamp', params)
    this.#deps.clock.setNext(Number(params[0]))
    this.#store(() => undefined)
    return result
  }

  async #setIntervalMining(params: readonly unknown[]): Promise<unknown> {
    const intervalMs = Number(params[0])
    if (Array.isArray(params[0]) || !Number.isSafeInteger(intervalMs) || intervalMs < 0) {
      throw new L1RpcError({
        code: invalidParams,
        message: `the mining interval must be a number of milliseconds, not ${JSON.stringify(params[0])}`,
      })
    }
    return this.#execute('evm_setIntervalMining', [intervalMs])
  }

  /** One transaction with the clock. When it fails, the chain in memory is ahead of the disk: the L1 stops here. */
  #store(change: () => void): void {
    const { database, journal, clock } = this.#deps
    try {
      database.transaction(() => {
        change()
        journal.writeMeta('time', JSON.stringify(clock.time))
      })
    } catch (cause) {
      this.#failure = new L1JournalError({ cause })
      throw this.#failure
    }
  }

  /** Sets EDR's own clock, which only shows in calls on the pending block: blocks get explicit times. */
  async #alignTime(engine: Engine): Promise<void> {
    const { clock } = this.#deps
    if (clock.time.next !== null) {
      await engine.request('evm_setNextBlockTimestamp', [clock.time.next])
      return
    }
    const behind = clock.now() - (await timestampOf(engine, 'pending'))
    if (behind > 0) await engine.request('evm_increaseTime', [behind])
  }

  async #followMinedBlocks(): Promise<void> {
    const latest = await this.#latestTimestamp()
    if (latest <= this.#deps.clock.now()) return
    this.#deps.clock.jumpTo(latest)
    this.#store(() => undefined)
  }

  #latestTimestamp(): Promise<number> {
    return timestampOf(this.#engine, 'latest')
  }

  async #blockNumber(): Promise<number> {
    return Number(await this.#engine.request('eth_blockNumber'))
  }
}

async function timestampOf(engine: Engine, tag: 'latest' | 'pending'): Promise<number> {
  const block = await engine.request('eth_getBlockByNumber', [tag, false])
  return typeof block === 'object' && block !== null && 'timestamp' in block ? Number(block.timestamp) : 0
}
