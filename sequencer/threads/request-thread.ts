import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { DevnetError } from '../../core/index.ts'

export interface RequestThreadOptions {
  /** For its errors, as in "the thread that …". */
  readonly what: string
  /** A module that calls `answerRequests`. */
  readonly script: URL
  readonly workerData: unknown
  /** Without work for this long it is ended, and its heap goes back to the system; default: never. */
  readonly idleMs?: number
}

/** An error as it crosses from one thread to another, where only its class would be lost. */
export type ThreadError = Pick<DevnetError, 'message' | 'code' | 'metaMessages' | 'exitCode'> | Error

/** What the thread says to a request. */
export type ThreadReply<Answer> = { readonly answer: Answer } | { readonly error: ThreadError }

/** A thread of its own for what takes long. It starts when it is first asked, and holds the process only while somebody waits for it. */
export class RequestThread<Request, Answer> {
  readonly #opts: RequestThreadOptions
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(opts: RequestThreadOptions) {
    this.#opts = opts
  }

  /**
   * Requests are answered one after another.
   * @throws what the thread could not do, or that it ended; the next request starts another one
   */
  ask(request: Request): Promise<Answer> {
    return this.#inTurn(() => this.#ask(request))
  }

  /** Ends the thread after the requests that were made; another request would start it again. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#end())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #ask(request: Request): Promise<Answer> {
    clearTimeout(this.#idle)
    this.#worker ??= this.#start()
    const worker = this.#worker
    worker.ref()
    const settled = new AbortController()
    const { signal } = settled
    try {
      const gone = once(worker, 'exit', { signal }).then(([code]) => {
        throw new Error(`the thread that ${this.#opts.what} ended with exit code ${code}`)
      })
      worker.postMessage(request)
      // `once` rejects on the thread's `error`: an exception that nothing caught, or its heap was full.
      const [reply] = (await Promise.race([once(worker, 'message', { signal }), gone])) as [ThreadReply<Answer>]
      if ('error' in reply) throw toError(reply.error)
      return reply.answer
    } catch (error) {
      // Whether it still works on the request, or what it left half done, is not known.
      this.#worker = undefined
      await worker.terminate()
      throw error
    } finally {
      settled.abort()
      worker.unref()
      const { idleMs } = this.#opts
      if (idleMs !== undefined) this.#idle = setTimeout(() => void this.close(), idleMs).unref()
    }
  }

  #start(): Worker {
    const { script, workerData } = this.#opts
    const worker = new Worker(script, { workerData, execArgv: [] })
    // It may also end while nobody waits for it: then nobody has to be told, and the next request gets another one.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    return worker
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    if (worker === undefined) return
    // Not `once`: it may break down now, which is an end as well.
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage('close')
    await ended
  }
}

function toError(error: ThreadError): Error {
  return error instanceof Error ? error : new DevnetError(error.message, error)
}
