import { describe, expect, it } from 'vitest'
import type { Expression } from '../air/expression.ts'
import * as extension from '../field/extension.ts'
import type { KernelKind } from './kernels.ts'
import { availableKernels, createKernels } from './load.ts'
import { asExtensions } from './testing/elements.ts'
import { accumulated, everyInstruction, pool, stored } from './testing/every-instruction.ts'

const available = availableKernels()

describe.each<KernelKind>(['wasm', 'scalar', 'avx2', 'avx512'])('kernels %s', (kind) => {
  if (!available.includes(kind)) {
    it.skip(`are not for this computer, which can run ${available.join(', ')}`, () => {})
    return
  }
  const kernels = createKernels(kind)

  describe('programs', () => {
    it.each([
      [4, 0, 4],
      [64, 0, 64],
      [256, 0, 256],
      [512, 128, 256],
      [512, 448, 64],
    ])('of every instruction, in a table of %d rows from %d on, %d of them, give what their expressions are', (height, from, count) => {
      const { run, expected } = everyInstruction(height)
      const result = { words: new BigUint64Array(3 * count), stride: count }
      kernels.runProgram({ ...run(accumulated), from, count, result })
      expect(asExtensions(result.words)).toEqual(expected(accumulated, from, count))
      const { store } = stored
      const outputs = { words: new BigUint64Array(3 * store.length * (count + 1)), stride: count + 1 }
      kernels.runProgram({ ...run(stored), from, count, outputs })
      store.forEach((expression, index) => {
        const own = outputs.words.slice(3 * index * (count + 1), 3 * (index + 1) * (count + 1))
        const rows = asExtensions(own).slice(0, count)
        const weighted = { accumulate: [{ expression, weight: extension.one }] }
        expect(rows, `output ${index}`).toEqual(expected(weighted, from, count))
      })
    })

    it('divide pairs of outputs and add up what they give', () => {
      const { run, expected } = everyInstruction(128)
      const [x, y, k] = [pool.column('main', 0), pool.column('main', 1), pool.challenge(0)]
      const pairs = [
        [x, y.add(k)],
        [y, x.mul(y).add(k)],
        [pool.constant(1), k.sub(x)],
      ] as const
      const value = (expression: Expression): extension.Extension[] =>
        expected({ accumulate: [{ expression, weight: extension.one }] }, 0, 128)
      const quotients = pairs.map(([numerator, denominator]) => {
        const divisors = value(denominator)
        return value(numerator).map((n, row) => extension.mul(n, extension.inverse(divisors[row] ?? extension.zero)))
      })
      const outputs = { words: new BigUint64Array(3 * 3 * 128), stride: 128 }
      kernels.runProgram({ ...run({ store: pairs.flat() }), from: 0, count: 128, outputs, divide: true })
      const sums = quotients[0]?.map((_, row) => quotients.map((column) => column[row] ?? extension.zero).reduce(extension.add))
      expect([0, 1, 2].map((pair) => asExtensions(outputs.words.slice(3 * 128 * pair, 3 * 128 * (pair + 1))))).toEqual([
        quotients[0],
        quotients[1],
        sums,
      ])
    })
  })
})
