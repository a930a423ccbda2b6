import { Worker } from 'node:worker_threads'
import type { CaseResult, Job, Message } from './results.ts'

type Answer =
  | { readonly results: readonly CaseResult[] }
  /** The key of a case that takes too long. The worker cannot be used any more. */
  | { readonly late: string }

/** What the worker makes of the job. A case of the library that takes too long can be ended in no other way than with the worker. */
function answerOf(worker: Worker, job: Job): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const end = (): void => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
    }
    const answer = (value: Answer): void => {
      end()
      resolve(value)
    }
    const onError = (error: Error): void => {
      end()
      reject(error)
    }
    const onMessage = (message: Message): void => {
      clearTimeout(timer)
      if ('error' in message) onError(new Error(message.error))
      else if ('results' in message) answer(message)
      else {
        const { begins } = message
        if (begins !== undefined) timer = setTimeout(() => answer({ late: begins }), job.limitMs)
      }
    }
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.postMessage(job)
  })
}

const createWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url))

export interface PoolOptions {
  readonly workers: number
  readonly onProgress: (cases: number) => void
}

/** Runs the jobs in worker threads, each taking the next one; results in the order of the jobs. */
export async function runJobs(jobs: readonly Job[], { workers, onProgress }: PoolOptions): Promise<CaseResult[]> {
  const results: (readonly CaseResult[])[] = jobs.map(() => [])
  const rest = jobs.entries()
  const work = async (): Promise<void> => {
    let worker = createWorker()
    const resultsOf = async (job: Job): Promise<readonly CaseResult[]> => {
      const answer = await answerOf(worker, job)
      if ('results' in answer) return answer.results
      await worker.terminate()
      worker = createWorker()
      return resultsOf({ ...job, late: [...job.late, answer.late] })
    }
    try {
      for (const [index, job] of rest) {
        const done = await resultsOf(job)
        results[index] = done
        onProgress(done.length)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work))
  return results.flat()
}
