import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Hex } from '../../../core/index.ts'
import type { Extension } from '../../../zkvm/field/extension.ts'
import * as extension from '../../../zkvm/field/extension.ts'
import * as base from '../../../zkvm/field/goldilocks.ts'
import { reverseBits } from '../../../zkvm/stark/domain.ts'
import { fieldHarnessAbi, fieldHarnessBytecode } from '../../generated/testing/stark/FieldHarness.ts'
import { createL1, type L1 } from '../l1-fixture.ts'

let l1: L1
let address: Hex

beforeAll(async () => {
  l1 = await createL1()
  address = await l1.deploy(fieldHarnessAbi, fieldHarnessBytecode)
})

const edges = [0n, 1n, 2n, base.modulus - 1n, base.modulus - 2n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_0000_0000n]
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: base.modulus - 1n }))
const triple = fc.tuple(element, element, element)
const abi = fieldHarnessAbi

const pack = ([c0, c1, c2]: Extension): bigint => (c0 << 128n) | (c1 << 64n) | c2

describe('the extension in Solidity', () => {
  it('agrees with that in TypeScript', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(triple, triple), { minLength: 20, maxLength: 40 }), async (pairs) => {
        const args = [pairs.map(([a]) => pack(a)), pairs.map(([, b]) => pack(b))] as const
        const results = await l1.client.readContract({ address, abi, functionName: 'operate', args })
        const expected = pairs.map(([a, b]) => {
          const inverse = extension.equals(a, extension.zero) ? a : extension.inverse(a)
          return [extension.add(a, b), extension.sub(a, b), extension.mul(a, b), extension.scale(a, b[2]), inverse].map(pack)
        })
        expect(results).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('inverts many at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(triple.filter((a) => !extension.equals(a, extension.zero))), async (values) => {
        const inverses = await l1.client.readContract({ address, abi, functionName: 'invertAll', args: [values.map(pack)] })
        expect(inverses).toEqual(values.map((value) => pack(extension.inverse(value))))
      }),
      { numRuns: 20 },
    )
  })

  it('evaluates polynomials', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(triple, { maxLength: 40 }), element, async (coefficients, x) => {
        const value = await l1.client.readContract({ address, abi, functionName: 'horner', args: [coefficients.map(pack), x] })
        const expected = coefficients.reduceRight((sum, c) => extension.add(extension.scale(sum, x), c), extension.zero)
        expect(value).toBe(pack(expected))
      }),
      { numRuns: 20 },
    )
  })
})

describe('the base field in Solidity', () => {
  it('has the same roots of unity', async () => {
    for (const log of [0, 1, 2, 3, 6, 11, 24, 31, 32]) {
      const root = await l1.client.readContract({ address, abi, functionName: 'rootOfUnity', args: [BigInt(log)] })
      expect(root).toBe(base.rootOfUnity(log))
    }
  })

  it('reverses bits', async () => {
    for (const [value, log] of [
      [0, 0],
      [1, 1],
      [6, 3],
      [12345, 14],
      [0xdead_bee, 31],
      [0xffff_fffe, 32],
    ] as const) {
      const reversed = await l1.client.readContract({ address, abi, functionName: 'reverseBits', args: [BigInt(value), BigInt(log)] })
      expect(reversed).toBe(BigInt(reverseBits(value, log)))
    }
  })

  it('knows canonical elements, and does not look at what follows them', async () => {
    const areCanonical = (words: readonly bigint[]): Promise<boolean> => {
      const elements = `0x${words.map((word) => word.toString(16).padStart(16, '0')).join('')}` as const
      return l1.client.readContract({ address, abi, functionName: 'areCanonical', args: [elements] })
    }
    const word = fc.oneof(
      fc.constantFrom(...edges, base.modulus, base.modulus + 1n, 2n ** 64n - 1n),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 13 }), async (words) => {
        expect(await areCanonical(words)).toBe(words.every(base.isElement))
      }),
      { numRuns: 150 },
    )
    for (let length = 1; length <= 9; length++) {
      for (let at = 0; at < length; at++) {
        expect(await areCanonical(Array.from({ length }, (_, index) => (index === at ? base.modulus : base.modulus - 1n)))).toBe(false)
      }
    }
  })
})
