import { afterAll, expect, it, vi } from 'vitest'
import * as extension from '../field/extension.ts'
import { defaultParameters } from './parameters.ts'
import { proveRun } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { chainAir, chainInstance } from './testing/chain-air.ts'
import { verify } from './verifier.ts'

const { bindingValue } = await vi.importActual<typeof import('./prover/binding.ts')>('./prover/binding.ts')
const claimed = vi.hoisted(() => ({ error: 0n }))

// A prover that says something else of its columns from the start, and is honest from there on.
vi.mock('./prover/binding.ts', () => ({
  bindingValue: async (options: Parameters<typeof bindingValue>[0]) =>
    extension.add(await bindingValue(options), extension.fromBase(claimed.error)),
}))

const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

it.each([
  [0n, 'accepted'],
  // The combination that is tested is of low degree only with what the columns combine to.
  [1n, 'fri-commitment'],
])('a proof is refused where columns do not combine to what the header says: off by %d', async (error, expected) => {
  claimed.error = error
  const parameters = { ...defaultParameters, queries: 10, grindingBits: 4, maxLogFinalLength: 3, minLogHeight: 4 }
  const { fixed, publicValues, traces } = chainInstance({ logHeights: [6, 5], logRange: 6 })
  const key = await ProvingKey.create({ air: chainAir, parameters, fixed, logHeights: [6], workers })
  const run = { count: traces.length, traces: (index: number) => traces[index] ?? [] }
  const proof = await proveRun({ key, publicValues, run, workers })
  const verification = () => verify(key.verifyingKey, publicValues, proof)
  if (expected === 'accepted') expect(verification).not.toThrow()
  else expect(verification).toThrow(expect.objectContaining({ check: expected }))
})
