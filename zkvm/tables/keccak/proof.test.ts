import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keccak256 } from '../../../core/index.ts'
import type { Trace } from '../../air/air.ts'
import { loadProgram } from '../../isa/elf.ts'
import { readProgram } from '../../isa/testing/build-programs.ts'
import { createProgramKey, type ProgramKey } from '../../prover/program-key.ts'
import { defaultParameters, type StarkParameters } from '../../stark/parameters.ts'
import { prove } from '../../stark/prover/prove.ts'
import { ProverWorkers } from '../../stark/prover/workers.ts'
import { verify } from '../../stark/verifier.ts'
import { machineTableNames } from '../machine/machine-air.ts'
import { RunPlan } from '../machine/run-plan.ts'
import { encodePublicValues, type PublicValues } from '../public-values.ts'
import { ChangedTable } from '../testing/changed-table.ts'
import { keccakTable } from './air.ts'
import { blockRows } from './lanes.ts'

const timeoutMs = 240_000
const parameters: StarkParameters = { ...defaultParameters, queries: 6, grindingBits: 2 }
/** Three blocks. */
const input = Uint8Array.from({ length: 300 }, (_, index) => 7 * index)

describe('a program that hashes', () => {
  const workers = new ProverWorkers({ threads: 2 })
  let key: ProgramKey
  let run: { readonly traces: readonly Trace[]; readonly publicValues: PublicValues }
  beforeAll(async () => {
    key = await createProgramKey({ program: loadProgram(readProgram('keccak')), parameters, logHeights: [16], workers })
    const { maxLogPack } = parameters
    const plan = new RunPlan({ program: key.program, input, maxCycles: 100_000, maxLogPack, maxSegmentLogHeight: 16 })
    run = { traces: plan.traces(0), publicValues: plan.publicValues }
  }, timeoutMs)
  afterAll(() => workers.close())

  const publicValues = () => encodePublicValues(run.publicValues)

  it(
    'is proven with its permutations',
    async () => {
      expect(run.publicValues.output).toEqual(keccak256(input))
      const proof = await prove({ key: key.provingKey, publicValues: publicValues(), traces: run.traces, workers })
      expect(() => verify(key.provingKey.verifyingKey, publicValues(), proof)).not.toThrow()
    },
    timeoutMs,
  )

  it(
    'is not proven with errors of two rounds that cancel',
    async () => {
      const index = machineTableNames.indexOf('keccak')
      const traces = run.traces.map((trace, at) => {
        if (at !== index) return trace
        const table = new ChangedTable({ table: keccakTable, values: { ...trace, fixed: new BigUint64Array() }, near: (row) => [row] })
        // Blocks after the last round: their digits are looked up by nobody, so that only the fingerprints can notice.
        const [first, second] = [24, 49].map((block) => block * blockRows) as [number, number]
        table.add('p1.0', [first + 4], 1n)
        table.add('p1.0', [second + 4], -1n)
        return { logHeight: trace.logHeight, main: table.values.main }
      })
      const proof = await prove({ key: key.provingKey, publicValues: publicValues(), traces, workers })
      expect(() => verify(key.provingKey.verifyingKey, publicValues(), proof)).toThrow(expect.objectContaining({ check: 'constraints' }))
    },
    timeoutMs,
  )
})
