import { readFileSync } from 'node:fs'
import { loadProgram } from './isa/elf.ts'
import { defaultParameters } from './stark/parameters.ts'
import { prove } from './stark/prover/prove.ts'
import { ProvingKey } from './stark/prover/proving-key.ts'
import { ProverWorkers } from './stark/prover/workers.ts'
import { verify } from './stark/verifier.ts'
import { machineAir } from './tables/machine/machine-air.ts'
import { MachineProgram } from './tables/machine/machine-program.ts'
import { traceMachine } from './tables/machine/machine-trace.ts'
import { encodePublicValues } from './tables/public-values.ts'

const elf = readFileSync(process.argv[2]!)
const workers = new ProverWorkers({ threads: 2 })
let t = performance.now()
const lap = (n: string) => {
  const x = performance.now()
  console.log(n.padEnd(20), (x - t).toFixed(0))
  t = x
}
const program = new MachineProgram(loadProgram(elf))
const { traces, publicValues, cycles } = traceMachine({
  program,
  input: new Uint8Array(readFileSync(process.argv[3] ?? '/dev/null')),
  maxCycles: 4_000_000,
  maxLogPack: 5,
})
lap('trace')
console.log('cycles', cycles, 'heights', traces.map((x) => x.logHeight).join(' '), publicValues)
const logHeight = Math.max(...traces.map((x) => x.logHeight))
const key = await ProvingKey.create({
  air: machineAir,
  parameters: defaultParameters,
  fixed: program.fixedColumns(),
  logHeights: [logHeight],
  workers,
})
lap('key')
const start = t
let phase = 'init'
const proof = await prove({
  key,
  publicValues: encodePublicValues(publicValues),
  traces,
  workers,
  onPhase: (p) => {
    lap(phase)
    phase = p
  },
})
lap(phase)
console.log(
  'total',
  ((t - start) / 1000).toFixed(2),
  's',
  (cycles / (t - start)).toFixed(2),
  'kHz',
  'rss',
  (process.memoryUsage().rss / 2 ** 20).toFixed(0),
)
verify(key.verifyingKey, encodePublicValues(publicValues), proof)
lap('verify')
await workers.close()
