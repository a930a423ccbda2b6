// The thread in which proofs are made and verified: the agent's heartbeats and the node's answers do not wait for them.
import { parentPort, workerData } from 'node:worker_threads'
import { DevnetError } from '../../core/index.ts'
import { cutRun, InvalidProofError, ProgramProver, type ProgramProverContext, verifyRun } from '../../zkvm/index.ts'
import type { StarkAnswer, StarkResults, StarkTask, StarkThreadData } from './stark-messages.ts'

const { elf, ...options }: StarkThreadData = workerData
let prover: ProgramProver | undefined

function answer(message: StarkAnswer): void {
  parentPort?.postMessage(message)
}

async function perform(task: StarkTask): Promise<StarkResults[keyof StarkResults]> {
  if (task.kind === 'verify') return { isValid: isValid(task) }
  if (task.kind === 'cut') return cutRun({ ...options, ...provenRun(task), maxBytes: task.maxBytes })
  if (elf === undefined) throw new RangeError('this thread only verifies')
  prover ??= new ProgramProver({ elf, ...options })
  const context = contextOf(task)
  if (task.kind === 'prove-segment') return { bytes: await prover.proveSegment(task, context) }
  const { segments, header } = await prover.commit(task.input, context)
  if (segments > 1) return { segments, bytes: header }
  const { proof } = await prover.prove(task.input, context)
  return { segments, bytes: proof }
}

function contextOf({ maxLogHeight }: { readonly maxLogHeight: number }): ProgramProverContext {
  return {
    maxLogHeight,
    onPhase: (phase, { cycles, segment, segments }) => {
      const place = segments < 2 ? { segment: null, segments: null } : { segment, segments }
      answer({ kind: 'step', step: { phase, cycles, ...place } })
    },
  }
}

function provenRun({ proof, output }: { readonly proof: Uint8Array; readonly output: Uint8Array }) {
  return { publicValues: { entry: options.description.entry, exitCode: 0, output }, proof }
}

function isValid(task: Extract<StarkTask, { kind: 'verify' }>): boolean {
  try {
    verifyRun({ ...options, ...provenRun(task) })
    return true
  } catch (error) {
    if (error instanceof InvalidProofError) return false
    throw error
  }
}

parentPort?.on('message', async (task: StarkTask) => {
  try {
    answer({ kind: 'done', result: await perform(task) })
  } catch (error) {
    // What is not an error of ours (a lack of memory, a bug) ends the thread, and may go otherwise the next time.
    if (!(error instanceof DevnetError)) throw error
    answer({ kind: 'failed', code: error.code, message: error.message, help: error.metaMessages })
  }
})
