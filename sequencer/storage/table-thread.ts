import { RequestThread } from '../threads/request-thread.ts'
import type { JournalRange } from './journal-file.ts'
import type { NodeIndex } from './table-writer.ts'

export interface TableWorkerData {
  readonly databasePath: string
  readonly journalPath: string
}

export interface MoveRequest {
  /** Blocks of the journal. */
  readonly range: JournalRange
  readonly index: NodeIndex | undefined
}

/** The newest block's number in the tables, undefined where journal or chain are others by now. */
export type MoveAnswer = number | undefined

/** A thread with a connection of its own that inserts the journal's blocks into the tables. */
export class TableThread {
  readonly #thread: RequestThread<MoveRequest, MoveAnswer>

  constructor(workerData: TableWorkerData) {
    const script = new URL('./table-worker.ts', import.meta.url)
    this.#thread = new RequestThread({ what: 'fills the tables', script, workerData })
  }

  /** @throws what the thread could not do, or that it ended */
  move(request: MoveRequest): Promise<MoveAnswer> {
    return this.#thread.ask(request)
  }

  /** After the request in progress. */
  close(): Promise<void> {
    return this.#thread.close()
  }
}
