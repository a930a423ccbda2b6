import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CaseResult, Job } from './results.ts'

type Answer = { readonly results: CaseResult[] } | { readonly error: string }

export interface PoolOptions {
  readonly workers: number
  readonly onProgress: (cases: number) => void
}

/** Runs the jobs in worker threads, each taking the next one; results in the order of the jobs. */
export async function runJobs(jobs: readonly Job[], { workers, onProgress }: PoolOptions): Promise<CaseResult[]> {
  const results: CaseResult[][] = jobs.map(() => [])
  const rest = jobs.entries()
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    try {
      for (const [index, job] of rest) {
        const answered = once(worker, 'message')
        worker.postMessage(job)
        const [answer]: Answer[] = await answered
        if (answer === undefined) continue
        if ('error' in answer) throw new Error(answer.error)
        results[index] = answer.results
        onProgress(answer.results.length)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work))
  return results.flat()
}
