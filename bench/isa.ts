// Instructions per second of the machine, plain and observed, and the cost of the system functions. Prints JSON.
//   node bench/isa.ts [--rounds 2000]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type RunOptions, runProgram } from '../zkvm/index.ts'
import { machine } from './machine.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '2000' } } })
const loop = readFileSync(join(import.meta.dirname, '../zkvm/isa/testing/programs/loop.elf'))
const keccak = readFileSync(join(import.meta.dirname, '../guest/examples/elf/keccak.elf'))

function measure(options: Omit<RunOptions, 'maxCycles'>): { cycles: number; seconds: number; millionPerSecond: number } {
  const start = performance.now()
  const { cycles } = runProgram({ ...options, maxCycles: Number.MAX_SAFE_INTEGER })
  const seconds = (performance.now() - start) / 1000
  return { cycles, seconds: Number(seconds.toFixed(3)), millionPerSecond: Number((cycles / seconds / 1e6).toFixed(1)) }
}

function rounds(count: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(count).buffer)
}

const count = Number(values.rounds)
// The first run shows what a process pays that runs one batch: the engine compiles while it executes.
const cold = measure({ elf: loop, input: rounds(Math.ceil(count / 100)) })
const plain = measure({ elf: loop, input: rounds(count) })
let steps = 0
const traced = measure({
  elf: loop,
  input: rounds(Math.ceil(count / 10)),
  trace: () => {
    steps += 1
  },
})
const blocks = 20_000
const hashing = measure({ elf: keccak, input: new Uint8Array(136 * blocks) })

console.log(
  JSON.stringify(
    {
      bench: 'isa',
      machine: machine(),
      cold,
      plain,
      traced: { ...traced, steps },
      keccakMicroseconds: Number(((hashing.seconds / blocks) * 1e6).toFixed(2)),
    },
    null,
    2,
  ),
)
