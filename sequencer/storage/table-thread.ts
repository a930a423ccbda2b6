import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
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

/** The newest block's number in the tables, undefined where journal or chain are others by now; or what failed. */
export type MoveAnswer = { readonly head: number | undefined } | { readonly error: Error }

/** A thread with a connection of its own that inserts the journal's blocks into the tables. It starts when it is first asked. */
export class TableThread {
  readonly #data: TableWorkerData
  #worker: Worker | undefined

  constructor(data: TableWorkerData) {
    this.#data = data
  }

  /**
   * One request at a time. Resolves with the newest block's number in the tables, or undefined where journal or chain are others by now.
   * @throws what the thread could not do, or that it ended; the next call starts another one
   */
  async move(request: MoveRequest): Promise<number | undefined> {
    this.#worker ??= new Worker(new URL('./table-worker.ts', import.meta.url), { workerData: this.#data, execArgv: [] })
    const worker = this.#worker
    // It holds the process only while somebody waits for it.
    worker.ref()
    const ended = new AbortController()
    try {
      const gone = once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`the thread that fills the tables ended with exit code ${code}`)
      })
      worker.postMessage(request)
      const [answer] = (await Promise.race([once(worker, 'message', { signal: ended.signal }), gone])) as [MoveAnswer]
      if ('error' in answer) throw answer.error
      return answer.head
    } catch (error) {
      // Whether it still works on the request is not known.
      this.#worker = undefined
      await worker.terminate()
      throw error
    } finally {
      ended.abort()
      worker.unref()
    }
  }

  /** After the request in progress. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    if (worker === undefined) return
    const ended = once(worker, 'exit')
    worker.ref()
    worker.postMessage('close')
    await ended
  }
}
