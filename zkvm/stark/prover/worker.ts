import { parentPort } from 'node:worker_threads'
import { type Task, TaskRunner } from './tasks.ts'

const runner = new TaskRunner()

parentPort?.on('message', (task: Task) => {
  try {
    runner.run(task)
    parentPort?.postMessage({})
  } catch (error) {
    parentPort?.postMessage({ error })
  }
})
