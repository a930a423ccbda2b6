import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from '../../database/index.ts'
import { readRange } from './journal-file.ts'
import { decodeRows } from './row-codec.ts'
import type { MoveAnswer, MoveRequest, TableWorkerData } from './table-thread.ts'
import { rowsFromTables, TableWriter } from './table-writer.ts'

const { databasePath, journalPath }: TableWorkerData = workerData
const database = openConnection(databasePath)
const writer = new TableWriter(database)

function move({ range, index }: MoveRequest): number | undefined {
  const frames = readRange(journalPath, range)
  if (frames === undefined) return undefined
  const blocks = frames.flatMap(({ kind, payload }) => (kind === 'block' ? rowsFromTables(decodeRows(payload)) : []))
  return writer.insertBlocks({ epoch: range.epoch, blocks, index })
}

parentPort?.on('message', (request: MoveRequest | 'close') => {
  if (request === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  let answer: MoveAnswer
  try {
    answer = { head: move(request) }
  } catch (error) {
    answer = { error: error instanceof Error ? error : new Error(String(error)) }
  }
  parentPort?.postMessage(answer)
})
