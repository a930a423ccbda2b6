import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { GuestCrashedError, type GuestExecutor, GuestFaultError, type GuestRun, type GuestRunOptions, type Hex } from '../../core/index.ts'
import type { RunAnswer, RunRequest } from './run-message.ts'

export interface GuestExecutorOptions {
  readonly program: { readonly elf: Uint8Array; readonly programId: Hex }
  /** A thread without work for this long is ended: its heap and the machine's memory go back to the system. */
  readonly idleMs?: number
}

const progressMs = 1_000

/** Runs the guest in a thread of its own, which is started for the first run and used again. */
export class WorkerGuestExecutor implements GuestExecutor {
  readonly programId: Hex
  readonly #elf: Uint8Array
  readonly #idleMs: number
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ program, idleMs = 30_000 }: GuestExecutorOptions) {
    this.programId = program.programId
    this.#elf = program.elf
    this.#idleMs = idleMs
  }

  run(input: Uint8Array, options: GuestRunOptions): Promise<GuestRun> {
    const turn = this.#turn.then(() => this.#run(input, options))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Ends the thread; a run in progress rejects with `GuestCrashedError`. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  async #run(input: Uint8Array, { maxCycles, signal, onProgress }: GuestRunOptions): Promise<GuestRun> {
    signal.throwIfAborted()
    clearTimeout(this.#idle)
    const worker = this.#startWorker()
    const cancelled = new Int32Array(new SharedArrayBuffer(4))
    const cancel = (): void => {
      Atomics.store(cancelled, 0, 1)
    }
    const progress = new Float64Array(new SharedArrayBuffer(8))
    const report = onProgress && setInterval(() => onProgress(progress[0] ?? 0), progressMs)
    signal.addEventListener('abort', cancel, { once: true })
    worker.ref()
    try {
      const answer = await ask(worker, { input, maxCycles, cancelled, progress })
      if (answer.kind === 'ended') return answer.run
      if (answer.kind === 'fault') throw new GuestFaultError(answer.reason, answer)
      signal.throwIfAborted()
      throw new GuestCrashedError('it gave up a run that nobody cancelled')
    } catch (error) {
      if (error instanceof GuestCrashedError && this.#worker === worker) {
        this.#worker = undefined
        await worker.terminate()
      }
      throw error
    } finally {
      clearInterval(report)
      signal.removeEventListener('abort', cancel)
      worker.unref()
      this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref()
    }
  }

  #startWorker(): Worker {
    this.#worker ??= new Worker(new URL('./worker.ts', import.meta.url), { workerData: { elf: this.#elf }, execArgv: [] })
    return this.#worker
  }
}

/** @throws GuestCrashedError when the thread ends before it answers */
async function ask(worker: Worker, request: RunRequest): Promise<RunAnswer> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    const answered = once(worker, 'message', { signal })
    const ended = once(worker, 'exit', { signal }).then(([code]) => {
      throw new GuestCrashedError(`exit code ${code}`)
    })
    worker.postMessage(request)
    // `once` rejects on the thread's `error`: an exception that nothing caught, or its heap was full.
    const [answer] = await Promise.race([answered, ended])
    return answer
  } catch (error) {
    if (error instanceof GuestCrashedError) throw error
    throw new GuestCrashedError(error instanceof Error ? error.message : String(error), error)
  } finally {
    settled.abort()
  }
}
