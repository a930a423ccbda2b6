// Proves a run of a program and verifies the proof: time and memory by phase, size by table. Prints JSON.
//   npm run bench:prove -- [--program fibonacci] [--input 4096] [--rows 18] [--segment-rows 20] [--threads 2] [--kernels auto]
// Times are process CPU (all threads) beside wall: on a machine that others use too, only the former says what the prover costs.
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultSegmentLogHeight, runProgram } from '../zkvm/index.ts'
import { loadProgram } from '../zkvm/isa/elf.ts'
import { createProgramKey } from '../zkvm/prover/program-key.ts'
import { defaultParameters } from '../zkvm/stark/parameters.ts'
import { decodeProof, encodeProof } from '../zkvm/stark/proof-codec.ts'
import { proveRun } from '../zkvm/stark/prover/prove.ts'
import { ProverWorkers } from '../zkvm/stark/prover/workers.ts'
import { verify } from '../zkvm/stark/verifier.ts'
import { machineAir } from '../zkvm/tables/machine/machine-air.ts'
import { MachineProgram } from '../zkvm/tables/machine/machine-program.ts'
import { RunPlan } from '../zkvm/tables/machine/run-plan.ts'
import { encodePublicValues } from '../zkvm/tables/public-values.ts'
import { machine } from './machine.ts'
import { PhaseClock, rounded, summed } from './phase-clock.ts'

const { values } = parseArgs({
  options: {
    /** An ELF file, or the name of an example. */
    program: { type: 'string', default: 'fibonacci' },
    /** A file, or a number that the program reads as a little-endian word. */
    input: { type: 'string' },
    /** log2 of the height to fill, in place of an input: for programs that take longer the larger the number is. */
    rows: { type: 'string', default: '18' },
    /** log2 of the rows that a segment's tables may have. */
    'segment-rows': { type: 'string', default: String(defaultSegmentLogHeight) },
    threads: { type: 'string', default: String(availableParallelism()) },
    /** avx512, avx2, scalar or wasm; the fastest by default. */
    kernels: { type: 'string' },
  },
})

const programs = join(import.meta.dirname, '../guest/examples/elf')
const elf = readFileSync(existsSync(values.program) ? values.program : join(programs, `${values.program}.elf`))
const maxCycles = 2 ** 26

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer)
}

function cyclesOf(input: Uint8Array): number {
  try {
    return runProgram({ elf, input, maxCycles }).cycles
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** The largest number for which the run has at most so many cycles. */
function largestInput(cycles: number): Uint8Array {
  let low = 0
  let high = cycles
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (cyclesOf(word(middle)) <= cycles) low = middle
    else high = middle - 1
  }
  return word(low)
}

function chosenInput(): Uint8Array {
  if (values.input === undefined) return largestInput(2 ** Number(values.rows))
  return existsSync(values.input) ? readFileSync(values.input) : word(Number(values.input))
}

const input = chosenInput()
const threads = Number(values.threads)
// For all threads, and for how memory is asked for.
if (values.kernels !== undefined) process.env.ZKDEVNET_KERNELS = values.kernels
const workers = new ProverWorkers({ threads })
const clock = new PhaseClock()
clock.begin('plan')
const program = new MachineProgram(loadProgram(elf))
const { maxLogPack } = defaultParameters
const plan = new RunPlan({ program, input, maxCycles, maxLogPack, maxSegmentLogHeight: Number(values['segment-rows']) })
const { cycles } = plan
clock.begin('key')
const { provingKey } = await createProgramKey({ program, workers, logHeights: [] })
const publicValues = encodePublicValues(plan.publicValues)
const run = { count: plan.segments.length, traces: (segment: number) => plan.traces(segment) }
const proof = await proveRun({ key: provingKey, publicValues, run, workers, onPhase: ({ phase }) => clock.begin(phase) })
clock.begin(undefined)
await workers.close()

const bytes = encodeProof(proof)
const verifyStart = performance.now()
verify(provingKey.verifyingKey, publicValues, decodeProof(bytes, provingKey.verifyingKey))
const verifyMs = Math.round(performance.now() - verifyStart)

const tables = machineAir.tables.map((table, index) => {
  const rows = proof.headers.reduce((sum, { logHeights }) => sum + 2 ** (logHeights[index] ?? 0), 0)
  // What each proof computes anew: the fixed columns belong to the key.
  return {
    table: table.name,
    rows,
    main: table.mainColumns.length,
    aux: table.auxCount,
    cells: rows * (table.mainColumns.length + 3 * table.auxCount),
  }
})
const { key: keyTime = { wall: 0, cpu: 0 }, ...others } = clock.phases
const total = summed(Object.values(others))
console.log(
  JSON.stringify(
    {
      bench: 'prove',
      machine: machine(),
      threads,
      kernels: workers.kernels,
      program: values.program,
      cycles,
      segments: proof.segments.length,
      tables,
      cellsPerCycle: Number((tables.reduce((sum, { cells }) => sum + cells, 0) / cycles).toFixed(1)),
      // Once for each program and height.
      key: rounded(keyTime),
      phases: Object.fromEntries(Object.entries(others).map(([phase, time]) => [phase, rounded(time)])),
      total: rounded(total),
      // If all of two cores had been free.
      kHz: { wall: Number((cycles / total.wall / 1e3).toFixed(2)), cpuOfTwoCores: Number(((2 * cycles) / total.cpu / 1e3).toFixed(2)) },
      peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      proofBytes: bytes.length,
      verifyMs,
    },
    null,
    2,
  ),
)
