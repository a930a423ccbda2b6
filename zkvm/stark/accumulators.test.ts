import { afterAll, describe, expect, it } from 'vitest'
import { imbalances, violations } from '../air/check.ts'
import { defineTable } from '../air/table.ts'
import { modulus } from '../field/goldilocks.ts'
import { defaultParameters, type StarkParameters } from './parameters.ts'
import { decodeProof, encodeProof } from './proof-codec.ts'
import { prove } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { quietAir, rotationAir, rotationInstance } from './testing/rotation-air.ts'
import { segmentOf, withSegment } from './testing/single-proof.ts'
import { verify } from './verifier.ts'

const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

const quick: StarkParameters = { ...defaultParameters, queries: 10, grindingBits: 4, maxLogFinalLength: 3, minLogHeight: 4 }

type Instance = ReturnType<typeof rotationInstance>

async function proofOf({ traces }: Instance) {
  const logHeights = [Math.max(...traces.map(({ logHeight }) => logHeight))]
  const key = await ProvingKey.create({ air: rotationAir, parameters: quick, fixed: [null, null], logHeights, workers })
  return { key: key.verifyingKey, proof: await prove({ key, publicValues: [], traces, workers }) }
}

function checked({ traces }: Instance) {
  const values = traces.map((trace) => ({ ...trace, fixed: new BigUint64Array() }))
  return {
    tags: rotationAir.tables.flatMap((table, index) => {
      const own = values[index]
      return own === undefined ? [] : violations(table, own).map(({ tag }) => tag)
    }),
    buses: imbalances(rotationAir, values, []).map(({ bus }) => bus),
  }
}

/** Changes cells of the table `rotation` (column, row, difference). */
function changed(logHeight: number, changes: readonly (readonly [number, number, bigint])[]): Instance {
  const instance = rotationInstance(logHeight)
  const { main } = instance.traces[0]
  for (const [column, row, difference] of changes) {
    const cell = column * 2 ** logHeight + row
    main[cell] = (main[cell] ?? 0n) + difference
  }
  return instance
}

describe('accumulators, periodic columns and far rows', () => {
  it.each([
    [4, 4],
    [5, 5],
    [7, 7],
    [4, 6],
    [5, 9],
  ])('are proven for tables of 2^%d and 2^%d rows', async (logHeight, logMirror) => {
    const instance = rotationInstance(logHeight, logMirror)
    expect(checked(instance)).toEqual({ tags: [], buses: [] })
    const { key, proof } = await proofOf(instance)
    expect(() => verify(key, [], proof)).not.toThrow()
    expect(decodeProof(encodeProof(proof), key)).toEqual(proof)
  })

  it.each([
    ['a row', [[1, 5, 1n]], { tags: ['ROT-SAME'], buses: [] }],
    [
      'equal and opposite rows of two blocks',
      [
        [1, 5, 1n],
        [1, 9, -1n],
      ],
      { tags: ['ROT-SAME', 'ROT-SAME'], buses: [] },
    ],
    [
      'rows of a block that are exchanged',
      [
        [1, 4, -1n],
        [1, 5, 1n],
      ],
      { tags: ['ROT-SAME'], buses: [] },
    ],
    [
      'values and their rotations alike',
      [
        [0, 1, 1n],
        [0, 9, -1n],
        [0, 17, 1n],
        [0, 25, -1n],
        [1, 2, 1n],
        [1, 10, -1n],
        [1, 18, 1n],
        [1, 26, -1n],
      ],
      { tags: [], buses: Array.from({ length: 4 }, () => 'block') },
    ],
    [
      'a value that does not go with the one far below',
      [[0, 0, 1n]],
      { tags: ['ROT-SAME', 'ROT-FAR', 'ROT-FAR'], buses: ['block', 'block'] },
    ],
  ] as const)('refuse %s', async (_, changes, expected) => {
    const instance = changed(5, changes)
    const found = checked(instance)
    expect(found.tags.sort()).toEqual([...expected.tags].sort())
    if (expected.tags.length === 0) expect(found.buses.slice(0, 4)).toEqual(expected.buses)
    const { key, proof } = await proofOf(instance)
    expect(() => verify(key, [], proof)).toThrow(
      expect.objectContaining({ check: expected.buses.length === 0 ? 'constraints' : 'bus-balance' }),
    )
  })

  it('are refused in a table lower than the period', async () => {
    const { key, proof } = await proofOf(rotationInstance(4))
    const refused = withSegment(proof, { ...segmentOf(proof), logHeights: [1, 4] })
    expect(() => verify(key, [], refused)).toThrow(expect.objectContaining({ check: 'heights' }))
  })

  it('are refused where they are no columns', () => {
    expect(() => defineTable('periods', (b) => void [b.periodic([0n, 1n]), b.periodic([0n, 1n, 2n, 3n])])).toThrow(RangeError)
    expect(() => defineTable('period', (b) => void b.periodic([0n, 1n, 2n]))).toThrow(RangeError)
    expect(() =>
      defineTable('nested', (b) => {
        const inner = b.accumulate('INNER', { keep: b.main('keep'), term: b.main('term') })
        b.accumulate('OUTER', { keep: b.constant(0), term: inner })
      }),
    ).toThrow(TypeError)
    expect(() =>
      defineTable('multiplicity', (b) => {
        b.send('SEND', { name: 'bus', id: 1, width: 0 }, [], b.challenge('tau'))
      }),
    ).toThrow(TypeError)
  })

  it('are refused where a table without buses claims a sum of theirs', async () => {
    const key = await ProvingKey.create({ air: quietAir, parameters: quick, fixed: [null], logHeights: [4], workers })
    const main = BigUint64Array.from({ length: 16 }, (_, row) => (row === 15 ? modulus - 105n : BigInt(row)))
    const proof = await prove({ key, publicValues: [], traces: [{ logHeight: 4, main }], workers })
    expect(() => verify(key.verifyingKey, [], proof)).not.toThrow()
    expect(() => verify(key.verifyingKey, [], withSegment(proof, { ...segmentOf(proof), sums: [[1n, 0n, 0n]] }))).toThrow(
      expect.objectContaining({ check: 'encoding' }),
    )
  })
})
