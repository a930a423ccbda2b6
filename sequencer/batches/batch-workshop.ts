import type { DevnetDatabase } from '../../database/index.ts'
import type { ChainStore } from '../storage/chain-store.ts'
import type { RequestThread } from '../threads/request-thread.ts'
import type { ClosedBatch } from './batch-store.ts'
import { batchThread } from './batch-thread.ts'
import { type BatchInbox, type BuildBatchRequest, buildBatch, type RollupIdentity } from './build-batch.ts'

export interface BatchWorkshopDeps {
  readonly database: DevnetDatabase
  readonly identity: RollupIdentity
  readonly chain: ChainStore
  readonly inbox: BatchInbox
  /** Batches whose blocks take more than this in a prover input, by its upper bound, are built in a thread. */
  readonly maxBytesHere?: number
}

/** Some 30 blocks with a transfer. */
const defaultMaxBytesHere = 2 * 2 ** 20

/**
 * Where batches are built. Small ones here: that takes a few milliseconds, where a thread has to be started, and the blocks be in the tables.
 * All are, where the database is in memory.
 */
export class BatchWorkshop {
  readonly #deps: BatchWorkshopDeps
  readonly #thread: RequestThread<BuildBatchRequest, ClosedBatch> | undefined

  constructor(deps: BatchWorkshopDeps) {
    this.#deps = deps
    const { database, identity } = deps
    if (database.dataDir !== undefined) this.#thread = batchThread({ databasePath: database.path, identity })
  }

  async build(request: BuildBatchRequest): Promise<ClosedBatch> {
    if (this.#thread === undefined || this.#isSmall(request)) return buildBatch(request, this.#deps)
    try {
      await this.#deps.chain.moveToTables()
    } catch {
      // The journal's blocks can be read here. Whoever seals is told why they stay there.
      return buildBatch(request, this.#deps)
    }
    return this.#thread.ask(request)
  }

  /** After what is being built. */
  async close(): Promise<void> {
    await this.#thread?.close()
  }

  #isSmall({ previous, lastBlockNumber }: BuildBatchRequest): boolean {
    const { chain, maxBytesHere = defaultMaxBytesHere } = this.#deps
    let bytes = 0
    for (let block = previous.lastBlockNumber + 1n; block <= lastBlockNumber && bytes <= maxBytesHere; block++) {
      bytes += chain.inputBytes(block) ?? 0
    }
    return bytes <= maxBytesHere
  }
}
