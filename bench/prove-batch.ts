// Proves batches of the product's own state transition as the prover's agent does, and verifies the proofs: cycles, rows and cells of each
// table, segments, seconds by phase, peak memory, bytes. Prints JSON, a process for each batch, so that memory is its own. An agent proves batch
// after batch: the figures are those of the second one, `first` has the first one's, whose memory is fresh and code not compiled yet.
//   npm run bench:prove -- --batch [--only transfer-1,erc20-1] [--kernels auto,wasm] [--max-memory 8] [--threads 2] [--proofs 2]
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { keccak256Hex } from '../core/index.ts'
import { guestProgram } from '../guest/index.ts'
import { logHeightFor } from '../prover/backend/memory.ts'
import { kernelsInUse, loadProgram, ProgramProver, runProgram, verifyRun } from '../zkvm/index.ts'
import { defaultParameters } from '../zkvm/stark/parameters.ts'
import { decodeHeaders } from '../zkvm/stark/proof-codec.ts'
import { machineAir } from '../zkvm/tables/machine/machine-air.ts'
import { GuestChain } from './guest-chain.ts'
import { machine } from './machine.ts'
import { PhaseClock, rounded, summed } from './phase-clock.ts'

type Batch = (chain: GuestChain) => Uint8Array[]

/** What is in each batch: one block. */
const batches: Readonly<Record<string, Batch>> = {
  empty: () => [],
  'transfer-1': (chain) => chain.ethTransfers(1),
  'transfer-6': (chain) => chain.ethTransfers(6),
  'transfer-50': (chain) => chain.ethTransfers(50),
  'erc20-1': (chain) => chain.tokenTransfers(1),
  'erc20-4': (chain) => chain.tokenTransfers(4),
  'erc20-20': (chain) => chain.tokenTransfers(20),
  'deploy-10k': (chain) => chain.deployments(1, 10_240),
  'deploy-24k': (chain) => chain.deployments(1, 24_576),
}

const { values } = parseArgs({
  options: {
    batch: { type: 'boolean' },
    only: { type: 'string', default: Object.keys(batches).join() },
    'max-memory': { type: 'string', default: '8' },
    threads: { type: 'string', default: String(availableParallelism()) },
    /** Kernels, or several to measure one after the other: `avx2,wasm`. */
    kernels: { type: 'string', default: 'auto' },
    /** How many batches are proven one after the other. */
    proofs: { type: 'string', default: '2' },
    /** Of the process that measures one batch. */
    child: { type: 'boolean', default: false },
  },
})

/** One proof after the other in one process. */
async function measure(name: string): Promise<object> {
  const batch = batches[name]
  if (batch === undefined) throw new RangeError(`there is no batch ${name}; there are ${Object.keys(batches).join(', ')}`)
  const { elf, stark } = guestProgram()
  const chain = await GuestChain.create()
  const prover = new ProgramProver({ elf, description: stark, threads: Number(values.threads) })
  const results: Awaited<ReturnType<typeof measureProof>>[] = []
  for (let proof = 0; proof < Number(values.proofs); proof++) results.push(await measureProof(await chain.batch([batch(chain)]), prover))
  await prover.close()
  const [{ key, phases, total, kHz } = {}, last] = [results[0], results.at(-1)]
  return {
    batch: name,
    kernels: kernelsInUse(),
    ...last,
    key,
    ...(results.length > 1 && { first: { phases, total, kHz } }),
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

async function measureProof(input: Uint8Array, prover: ProgramProver) {
  const { elf, stark } = guestProgram()
  const { output, cycles, exitCode } = runProgram({ elf, input, maxCycles: 2 ** 31 })
  if (exitCode !== 0 || output === null) throw new Error(`the guest refuses the batch with ${exitCode}`)
  const maxLogHeight = logHeightFor(Number(values['max-memory']))
  const clock = new PhaseClock()
  const { proof, segments } = await prover.prove(input, { maxLogHeight, onPhase: (phase) => clock.begin(phase) })
  clock.begin('verify whole')
  verifyRun({ description: stark, publicValues: { entry: loadProgram(elf).entry, exitCode: 0, output }, proof })
  clock.begin(undefined)
  const { 'verify whole': verification = { wall: 0, cpu: 0 }, key = { wall: 0, cpu: 0 }, ...phases } = clock.phases
  const total = summed(Object.values(phases))
  const tables = machineAir.tables.map((table, index) => {
    const heights = decodeHeaders(proof, machineAir).map(({ logHeights }) => logHeights[index] ?? 0)
    const rows = heights.reduce((sum, log) => sum + 2 ** log, 0)
    return { table: table.name, logHeights: heights, rows, cells: rows * (table.mainColumns.length + 3 * table.auxCount) }
  })
  const cells = tables.reduce((sum, table) => sum + table.cells, 0)
  return {
    input: { bytes: input.length, hash: keccak256Hex(input) },
    ...{ cycles, segments, cells, cellsPerCycle: Number((cells / cycles).toFixed(1)), maxLogHeight },
    tables,
    key: rounded(key),
    phases: Object.fromEntries(Object.entries(phases).map(([phase, time]) => [phase, rounded(time)])),
    total: rounded(total),
    kHz: { wall: Number((cycles / total.wall / 1e3).toFixed(2)), cpuOfTwoCores: Number(((2 * cycles) / total.cpu / 1e3).toFixed(2)) },
    proofBytes: proof.length,
    verifyMs: Math.round(1e3 * verification.wall),
  }
}

function measureInProcess(name: string, kernels: string): unknown {
  const args = [
    import.meta.filename,
    '--child',
    '--only',
    name,
    '--max-memory',
    values['max-memory'],
    '--threads',
    values.threads,
    '--proofs',
    values.proofs,
  ]
  const { status, stdout } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
    env: { ...process.env, ZKDEVNET_KERNELS: kernels },
  })
  return status === 0 ? JSON.parse(String(stdout)) : { batch: name, kernels, failed: `exit code ${status}` }
}

const names = values.only.split(',')
const { logBlowup, queries, grindingBits } = defaultParameters
if (values.child) console.log(JSON.stringify(await measure(names[0] ?? '')))
else {
  const results = names.flatMap((name) => values.kernels.split(',').map((kernels) => measureInProcess(name, kernels)))
  const parameters = { logBlowup, queries, grindingBits }
  console.log(
    JSON.stringify({ bench: 'prove-batch', machine: machine(), threads: Number(values.threads), parameters, batches: results }, null, 2),
  )
}
