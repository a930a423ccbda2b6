import { workerData } from 'node:worker_threads'
import { openConnection } from '../../database/index.ts'
import { answerRequests } from '../threads/answer-requests.ts'
import { blocksOf } from './block-frames.ts'
import { readRange } from './journal-file.ts'
import type { MoveAnswer, MoveRequest, TableWorkerData } from './table-thread.ts'
import { TableWriter } from './table-writer.ts'

const { databasePath, journalPath }: TableWorkerData = workerData
const database = openConnection(databasePath)
const writer = new TableWriter(database)

answerRequests<MoveRequest, MoveAnswer>({
  answer({ range, index }) {
    const frames = readRange(journalPath, range)
    if (frames === undefined) return undefined
    return writer.insertBlocks({ epoch: range.epoch, blocks: blocksOf(frames), index })
  },
  close: () => database.close(),
})
