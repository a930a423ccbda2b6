import { RequestThread } from '../threads/request-thread.ts'
import type { ClosedBatch } from './batch-store.ts'
import type { BuildBatchRequest, RollupIdentity } from './build-batch.ts'

export interface BatchWorkerData {
  readonly databasePath: string
  readonly identity: RollupIdentity
}

// With the library of the EVM it is 0.7 s of CPU to start again, and some 20 MB to keep, but for what the newest trie nodes and a heap take.
const idleMs = 30_000

/** A thread with a connection of its own that builds batches of what lies in the tables. */
export function batchThread(workerData: BatchWorkerData): RequestThread<BuildBatchRequest, ClosedBatch> {
  return new RequestThread({ what: 'builds batches', script: new URL('./batch-worker.ts', import.meta.url), workerData, idleMs })
}
