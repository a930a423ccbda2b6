// The prover agent's process: `node prover/agent/main.ts`, configured by environment variables (prover/README.md).
import { fstatSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import pino from 'pino'
import { DevnetError, type ProofBackend } from '../../core/index.ts'
import { type GuestProgram, guestProgram, WorkerGuestExecutor } from '../../guest/index.ts'
import { assertMemorySuffices } from '../backend/memory.ts'
import { type BackendConfig, readAgentConfig } from './agent-config.ts'
import { BrokerClient } from './broker-client.ts'
import { ProverAgent } from './prover-agent.ts'

const { ZKDEVNET_LOG_LEVEL: level = 'info' } = process.env
const log = pino(
  { name: 'prover-agent', level: level in pino.levels.values || level === 'silent' ? level : 'info' },
  pino.destination({ dest: 2, sync: true }),
)

try {
  await main()
} catch (error) {
  const isExpected = error instanceof DevnetError
  log.fatal(
    { error: error instanceof Error ? error.message : String(error), ...(isExpected && { help: error.metaMessages }) },
    'agent failed',
  )
  process.exitCode = isExpected ? error.exitCode : 1
}

async function main(): Promise<void> {
  const { name, brokerUrl, brokerToken, backend } = readAgentConfig(process.env)
  if (backend.proofs === 'stark') assertMemorySuffices(backend.maxMemoryGiB)
  const program = guestProgram()
  const agent = new ProverAgent(
    { name, proofType: backend.proofs, programId: backend.proofs === 'stark' ? program.stark.programId : program.programId },
    {
      client: new BrokerClient({ url: brokerUrl, token: brokerToken }),
      loadBackend: () => loadBackend(backend, program),
      log,
      sleep: async (ms, signal) => setTimeout(ms, undefined, { signal }),
      random: Math.random,
    },
  )
  exitWithParent()
  const stopSignal = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(signal))
  })
  await agent.start(new AbortController().signal)
  log.info({ broker: brokerUrl }, 'agent started')
  const signal = await stopSignal
  log.info({ signal }, 'agent stopping')
  await agent.stop()
  process.exit(0)
}

/** Parts of the program are loaded only when they are needed: an idle agent is small. */
async function loadBackend(config: BackendConfig, program: GuestProgram): Promise<ProofBackend> {
  const deps = { clock: { nowMs: Date.now }, guest: new WorkerGuestExecutor({ program }) }
  if (config.proofs === 'attested') {
    const { AttestedBackend } = await import('../backend/attested.ts')
    return new AttestedBackend(config, deps)
  }
  const [{ StarkBackend }, { StarkThread }, { kernelsInUse }] = await Promise.all([
    import('../backend/stark.ts'),
    import('../backend/stark-thread.ts'),
    import('../../zkvm/index.ts'),
  ])
  log.info({ kernels: kernelsInUse() }, 'prover loaded')
  const { elf, stark } = program
  const thread = new StarkThread({ elf, description: stark })
  return new StarkBackend({ programId: stark.programId, maxMemoryGiB: config.maxMemoryGiB }, { ...deps, thread })
}

/**
 * The node holds the other end of our stdin (or of an IPC channel), which the kernel closes however the node dies. Nobody is left to hand
 * the job back to, so leave at once. A terminal or /dev/null as stdin belongs to no node.
 */
function exitWithParent(): void {
  const leave = (): never => process.exit(0)
  if (process.connected) process.once('disconnect', leave)
  const stdin = fstatSync(0)
  if (!stdin.isFIFO() && !stdin.isSocket()) return
  process.stdin.once('end', leave).once('close', leave).once('error', leave)
  process.stdin.resume()
}
