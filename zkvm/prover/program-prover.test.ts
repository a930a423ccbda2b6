import { afterAll, beforeAll, expect, it } from 'vitest'
import { readExample } from '../../guest/examples/programs.ts'
import { loadProgram } from '../isa/elf.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { describeProgram } from './program-id.ts'
import { createProgramKey } from './program-key.ts'
import { ProgramProver } from './program-prover.ts'

/** Fewer queries and less work than a proof that anybody should believe; the same steps. */
const parameters = { ...defaultParameters, logBlowup: 1, queries: 6, grindingBits: 2 }
const elf = readExample('fibonacci')
const inputOf = (steps: number): Uint8Array => Uint8Array.of(steps & 0xff, steps >>> 8, 0, 0)

let provers: ProgramProver[]
beforeAll(async () => {
  const workers = new ProverWorkers({ threads: 0 })
  const { provingKey } = await createProgramKey({ program: loadProgram(elf), parameters, workers, logHeights: [16] })
  const description = describeProgram(loadProgram(elf).entry, provingKey.verifyingKey)
  provers = [0, 0, 0].map((threads) => new ProgramProver({ elf, description, parameters, threads }))
}, 60_000)

afterAll(async () => {
  for (const prover of provers) await prover.close()
})

/** So that the shorter runs have lower tables than the longer ones, in whose memory they are proven. */
const [short, long] = [inputOf(12), inputOf(700)]
const context = { maxLogHeight: 16 }

it('gives the same bytes whatever it proved before, in memory that was used before', async () => {
  const [used, fresh, freshToo] = provers
  if (used === undefined || fresh === undefined || freshToo === undefined) throw new Error('three provers are needed')
  const [proofOfShort, proofOfLong] = [await fresh.prove(short, context), await freshToo.prove(long, context)]
  for (const [input, expected] of [
    [long, proofOfLong],
    [short, proofOfShort],
    [long, proofOfLong],
  ] as const) {
    const { proof } = await used.prove(input, context)
    expect(Buffer.from(proof).equals(expected.proof)).toBe(true)
  }
}, 120_000)

it('proves a segment again of a run whose memory was given back', async () => {
  const [prover] = provers
  if (prover === undefined) throw new Error('a prover is needed')
  const { header } = await prover.commit(short, context)
  const once = await prover.proveSegment({ input: short, header, segment: 0 }, context)
  expect(await prover.proveSegment({ input: short, header, segment: 0 }, context)).toEqual(once)
}, 60_000)
