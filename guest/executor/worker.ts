// Thread in which `WorkerGuestExecutor` runs the guest.
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { loadProgram } from '../../zkvm/index.ts'
import { runGuest } from './run-guest.ts'
import type { RunRequest } from './run-message.ts'

// Sealing and answers go first where cores are few. On Linux this is the calling thread's own priority, elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)

const program = loadProgram(workerData.elf)

parentPort?.on('message', (request: RunRequest) => {
  parentPort?.postMessage(runGuest(program, request))
})
