import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { KernelChoice, KernelKind } from '../../kernels/kernels.ts'
import { chosenKernels, createKernels, resolveKernels } from '../../kernels/load.ts'
import { WordPool } from '../../kernels/word-pool.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { collectGarbage } from './collect-garbage.ts'
import { type Task, TaskRunner } from './tasks.ts'

/** What a thread begins with. */
export interface WorkerData {
  readonly kernels: KernelKind
}

/** What a thread is sent: it takes task after task by adding to what is claimed. */
export interface TaskBatch {
  readonly tasks: readonly Task[]
  readonly claimed: Int32Array<SharedArrayBuffer>
}

/** Threads that run tasks. The result never depends on how many there are: tasks write to places of their own. */
export class ProverWorkers {
  /** What all threads compute with. */
  readonly kernels: KernelKind
  readonly #threads: Worker[]
  readonly #own: TaskRunner | undefined
  /** For arrays of a proof that are given back when it is done. */
  readonly memory = new WordPool()
  #workspace = allocateWords(0)

  /**
   * With no threads, tasks run where they are given. Kernels are those that the environment chooses (ZKDEVNET_KERNELS) unless they are given.
   *
   * @throws KernelsUnavailableError
   */
  constructor({
    threads = availableParallelism(),
    kernels = chosenKernels(),
  }: { readonly threads?: number | undefined; readonly kernels?: KernelChoice | undefined } = {}) {
    this.kernels = resolveKernels(kernels)
    this.#own = threads === 0 ? new TaskRunner(createKernels(this.kernels)) : undefined
    const workerData: WorkerData = { kernels: this.kernels }
    this.#threads = Array.from({ length: threads }, () => {
      const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
      worker.unref()
      return worker
    })
  }

  /**
   * So many words to work on for a while, with anything in them. There is one workspace: whoever asks next gets the same. Fresh memory would be
   * paid for page by page, which costs as much as a transform of what is written there.
   */
  workspace(count: number): Words {
    if (this.#workspace.length < count) this.#workspace = allocateWords(count)
    return this.#workspace.subarray(0, count)
  }

  get parallelism(): number {
    return Math.max(1, this.#threads.length)
  }

  /** Runs tasks in any order; returns when all are done. Throws what a task throws, once no task runs any more. */
  async run(tasks: readonly Task[]): Promise<void> {
    if (this.#own !== undefined) {
      for (const task of tasks) this.#own.run(task)
      return
    }
    if (tasks.length === 0) return
    // One message a thread: what tasks have in common is copied once, and no thread waits for its next one.
    const batch: TaskBatch = { tasks, claimed: new Int32Array(new SharedArrayBuffer(4)) }
    const results = await Promise.allSettled(this.#threads.slice(0, tasks.length).map((thread) => runOn(thread, batch)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  /** Frees arrays that are not used any more, in all threads. */
  async collect(): Promise<void> {
    const batch = (): TaskBatch => ({ tasks: [{ task: 'collect' }], claimed: new Int32Array(new SharedArrayBuffer(4)) })
    await Promise.all(this.#threads.map((thread) => runOn(thread, batch())))
    collectGarbage()
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}

function runOn(thread: Worker, batch: TaskBatch): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      thread.off('message', onMessage)
      thread.off('error', onError)
      thread.off('exit', onExit)
      thread.unref()
      outcome()
    }
    const onMessage = ({ error }: { readonly error?: unknown }): void => settle(() => (error === undefined ? resolve() : reject(error)))
    const onError = (error: unknown): void => settle(() => reject(error))
    const onExit = (): void => settle(() => reject(new Error('a prover thread ended before its task')))
    thread.ref()
    thread.on('message', onMessage)
    thread.on('error', onError)
    thread.on('exit', onExit)
    thread.postMessage(batch)
  })
}
