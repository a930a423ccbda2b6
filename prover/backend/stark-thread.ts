import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ProvingStep } from '../../core/index.ts'
import { ProverCrashedError, StarkTaskError } from './errors.ts'
import type { StarkAnswer, StarkResults, StarkTask, StarkThreadData } from './stark-messages.ts'

export interface StarkThreadOptions extends StarkThreadData {
  /** Without work for this long, the thread is ended and its memory goes back to the system. */
  readonly idleMs?: number
}

export interface StarkTaskContext {
  /** Ends the thread at once, and all threads that it has. */
  readonly signal?: AbortSignal
  readonly onStep?: (step: ProvingStep) => void
}

/** Proofs in a thread that is started for the first task. One task at a time. */
export class StarkThread {
  readonly #data: StarkThreadData
  readonly #idleMs: number
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ idleMs = 120_000, ...data }: StarkThreadOptions) {
    this.#data = data
    this.#idleMs = idleMs
  }

  /** @throws StarkTaskError, ProverCrashedError, and the signal's reason */
  run<T extends StarkTask>(task: T, context: StarkTaskContext = {}): Promise<StarkResults[T['kind']]> {
    const turn = this.#turn.then(() => this.#run(task, context))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  async #run<T extends StarkTask>(task: T, { signal, onStep }: StarkTaskContext): Promise<StarkResults[T['kind']]> {
    signal?.throwIfAborted()
    clearTimeout(this.#idle)
    this.#worker ??= new Worker(new URL('./stark-worker.ts', import.meta.url), { workerData: this.#data, execArgv: [] })
    const worker = this.#worker
    const end = (): void => void this.close()
    signal?.addEventListener('abort', end, { once: true })
    worker.ref()
    try {
      // The thread answers a task of a kind with that kind's result.
      return (await ask(worker, task, onStep)) as StarkResults[T['kind']]
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof ProverCrashedError && this.#worker === worker) await this.close()
      throw error
    } finally {
      signal?.removeEventListener('abort', end)
      worker.unref()
      this.#idle = setTimeout(end, this.#idleMs).unref()
    }
  }
}

async function ask(worker: Worker, task: StarkTask, onStep: StarkTaskContext['onStep']): Promise<StarkResults[keyof StarkResults]> {
  const settled = new AbortController()
  const { promise: answered, resolve } = Promise.withResolvers<Exclude<StarkAnswer, { kind: 'step' }>>()
  const onMessage = (message: StarkAnswer): void => {
    if (message.kind === 'step') onStep?.(message.step)
    else resolve(message)
  }
  worker.on('message', onMessage)
  try {
    const { signal } = settled
    const ended = once(worker, 'exit', { signal }).then(([code]) => {
      throw new ProverCrashedError({ reason: `exit code ${code}` })
    })
    worker.postMessage(task)
    const answer = await Promise.race([answered, ended])
    if (answer.kind === 'failed') throw new StarkTaskError(answer)
    return answer.result
  } catch (error) {
    // `once` rejects on the thread's `error`: an exception that nothing caught, or its heap was full.
    if (error instanceof StarkTaskError || error instanceof ProverCrashedError) throw error
    throw new ProverCrashedError({ reason: error instanceof Error ? error.message : String(error), cause: error })
  } finally {
    worker.off('message', onMessage)
    settled.abort()
  }
}
