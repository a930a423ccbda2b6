import { parentPort, workerData } from 'node:worker_threads'
import { createKernels } from '../../kernels/load.ts'
import { TaskRunner } from './tasks.ts'
import type { TaskBatch, WorkerData } from './workers.ts'

const runner = new TaskRunner(createKernels((workerData as WorkerData).kernels))

parentPort?.on('message', ({ tasks, claimed }: TaskBatch) => {
  try {
    for (let task = tasks[Atomics.add(claimed, 0, 1)]; task !== undefined; task = tasks[Atomics.add(claimed, 0, 1)]) runner.run(task)
    parentPort?.postMessage({})
  } catch (error) {
    // Nobody begins another.
    Atomics.store(claimed, 0, tasks.length)
    parentPort?.postMessage({ error })
  }
})
