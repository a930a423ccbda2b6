import { constants, setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { openConnection } from '../../database/index.ts'
import { InboxStore } from '../inbox/inbox-store.ts'
import { StoredBlocks } from '../storage/stored-blocks.ts'
import { answerRequests } from '../threads/answer-requests.ts'
import type { ClosedBatch } from './batch-store.ts'
import type { BatchWorkerData } from './batch-thread.ts'
import { type BuildBatchRequest, buildBatch } from './build-batch.ts'

// Sealing and answers go first where cores are few, but the guest, which takes ten times as much, waits for what is built here.
// On Linux this is the calling thread's own priority, elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const { databasePath, identity }: BatchWorkerData = workerData
const database = openConnection(databasePath)
const chain = new StoredBlocks(database)
const inbox = new InboxStore(database)

answerRequests<BuildBatchRequest, ClosedBatch>({
  async answer(request) {
    const batch = await chain.read(() => buildBatch(request, { identity, chain, inbox }))
    // A view would take all that it is a view of along.
    const messages = batch.messages.map((message) => ({ ...message, message: new Uint8Array(message.message) }))
    return { ...batch, messages, stateDiff: whole(batch.stateDiff), proverInput: batch.proverInput && whole(batch.proverInput) }
  },
  transfer: ({ stateDiff, proverInput }) =>
    [stateDiff, proverInput].flatMap((bytes) => (bytes === null ? [] : [bytes.buffer as ArrayBuffer])),
  close: () => database.close(),
})

function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
