// Thread in which `WorkerGuestExecutor` runs the guest.
import { parentPort, workerData } from 'node:worker_threads'
import { loadProgram } from '../../zkvm/index.ts'
import { runGuest } from './run-guest.ts'
import type { RunRequest } from './run-message.ts'

const program = loadProgram(workerData.elf)

parentPort?.on('message', (request: RunRequest) => {
  parentPort?.postMessage(runGuest(program, request))
})
