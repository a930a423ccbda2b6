import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProgramKey } from '../prover/program-key.ts'
import { createProgramKey } from '../prover/program-key.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters } from '../stark/parameters.ts'
import type { Proof } from '../stark/proof.ts'
import { decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { prove } from '../stark/prover/prove.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { changeNames, mutatedBytes, mutatedProof, randomNumbers } from '../stark/testing/mutated-proofs.ts'
import { verify } from '../stark/verifier.ts'
import { type MachineTableName, machineTables } from '../tables/machine/machine-air.ts'
import { appliesTo, dontCares, realFlags } from './dont-care.ts'
import { isThorough } from './effort.ts'
import { ForgedRun } from './forged-run.ts'
import { everythingInput, everythingProgram } from './programs.ts'

/** The steps of a real proof, with fewer queries and less work. */
const parameters = { ...defaultParameters, queries: 4, grindingBits: 2 }
const program = everythingProgram()
const honest = ForgedRun.of({ program, input: everythingInput, maxLogPack: parameters.maxLogPack })
const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

let key: ProgramKey
const logHeight = Math.max(...honest.values.map((values) => values.logHeight))

beforeAll(async () => {
  key = await createProgramKey({ program, workers, parameters, logHeights: [logHeight] })
}, 300_000)

function proofOf(run: ForgedRun): Promise<Proof> {
  return prove({ key: key.provingKey, publicValues: run.publicValues, traces: run.values, workers })
}

/** The check that refuses a proof of forged tables. */
async function refusal(forge: (run: ForgedRun) => unknown): Promise<string> {
  const run = honest.copy()
  forge(run)
  const proof = await proofOf(run.settle())
  try {
    verify(key.provingKey.verifyingKey, run.publicValues, proof)
    return 'none'
  } catch (error) {
    if (error instanceof InvalidProofError) return error.check
    throw error
  }
}

describe('a proof of forged tables', () => {
  const halt = honest.rowWhere('cpu', 'isHalt')
  const row = honest.rowWhere('muldiv', 'is_mul')

  it('is refused for a constraint that does not hold', async () => {
    expect(await refusal((run) => run.set('muldiv', 'isNonzero', row, 1n - run.get('muldiv', 'isNonzero', row)))).toBe('constraints')
  }, 300_000)

  it('is refused for a bus that does not balance', async () => {
    expect(
      await refusal((run) => {
        run.add('cpu', 'rs2.value', halt, 1).add('cpu', 'rd.value', halt, 1)
        run.publicValues[1] = 8n
      }),
    ).toBe('bus-balance')
  }, 300_000)

  it.runIf(isThorough)('is refused for any cell changed that matters', async () => {
    const random = randomNumbers(1)
    const tables = Object.keys(realFlags) as MachineTableName[]
    for (let count = 0; count < 60; ) {
      const table = tables[count % tables.length] ?? 'cpu'
      const columns = machineTables[table].mainColumns
      const column = columns[random(columns.length)] ?? ''
      const at = random(Math.min(honest.height(table), 32))
      if (dontCares.some((entry) => entry.table === table && appliesTo(entry, honest, column, at))) continue
      expect(['constraints', 'bus-balance'], `${table}.${column}[${at}]`).toContain(await refusal((run) => run.add(table, column, at, 1)))
      count++
    }
  })
})

describe('a proof of the machine', () => {
  it.runIf(isThorough)('is refused with anything in it changed', async () => {
    const proof = await proofOf(honest)
    const other = await proofOf(honest.copy().set('alu', 'a0', honest.height('alu') - 1, 77))
    const { verifyingKey } = key.provingKey
    verify(verifyingKey, honest.publicValues, proof)
    const encoded = encodeProof(proof)
    const changes = changeNames
    let refused = 0
    for (let seed = 0; seed < 3000; seed++) {
      const random = randomNumbers(seed)
      const change = changes[seed % (2 * changes.length)]
      const bytes = change === undefined ? mutatedBytes(encoded, random) : undefined
      const mutated = change === undefined ? undefined : mutatedProof(change, proof, other, random)
      // Some changes change nothing: two equal values trade places.
      const isSame = bytes === undefined ? mutated !== undefined && sameBytes(mutated, encoded) : Buffer.compare(bytes, encoded) === 0
      if (isSame) continue
      expect(
        () => verify(verifyingKey, honest.publicValues, mutated ?? decodeProof(bytes ?? encoded, verifyingKey)),
        `seed ${seed}`,
      ).toThrow(InvalidProofError)
      refused++
    }
    expect(refused).toBeGreaterThan(2000)
  })
})

function sameBytes(proof: Proof, encoded: Uint8Array): boolean {
  try {
    return Buffer.compare(encodeProof(proof), encoded) === 0
  } catch {
    return false
  }
}
