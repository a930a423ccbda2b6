import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { reverseBits } from '../stark/domain.ts'
import type { KernelKind, Kernels } from './kernels.ts'
import { availableKernels, createKernels } from './load.ts'
import { arraysOf, asExtensions, element, elements, triple } from './testing/elements.ts'

function evaluate(coefficients: Iterable<bigint>, point: extension.Extension): extension.Extension {
  return [...coefficients].reduceRight((sum, c) => extension.add(extension.mul(sum, point), extension.fromBase(c)), extension.zero)
}

function bigEndian(words: Iterable<bigint>): Uint8Array {
  const all = [...words]
  const bytes = new Uint8Array(all.length * 8)
  const view = new DataView(bytes.buffer)
  all.forEach((word, index) => {
    view.setBigUint64(index * 8, word)
  })
  return bytes
}

function bytesOf(words: BigUint64Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

const available = availableKernels()
const allKinds: readonly KernelKind[] = ['wasm', 'scalar', 'avx2', 'avx512']

describe.each(allKinds)('kernels %s', (kind) => {
  if (!available.includes(kind)) {
    it.skip(`are not for this computer, which can run ${available.join(', ')}`, () => {})
    return
  }
  const kernels: Kernels = createKernels(kind)

  describe('transforms', () => {
    it.each(Array.from({ length: 14 }, (_, log) => log))('evaluate 2^%d coefficients over a coset and interpolate them back', (log) => {
      const size = 2 ** log
      const coefficients = elements(size, BigInt(log + 1))
      const values = new BigUint64Array(size)
      kernels.evaluateInOrder(values, coefficients, base.generator)
      for (let i = 0; i < size; i += Math.max(1, size / 16)) {
        const x = base.mul(base.generator, base.power(base.rootOfUnity(log), BigInt(i)))
        expect(values[i]).toBe(evaluate(coefficients, extension.fromBase(x))[0])
      }
      const reversed = coefficients.slice()
      kernels.evaluate(reversed, reversed, base.generator)
      expect(reversed).toEqual(values.map((_, i) => values[reverseBits(i, log)] ?? 0n))
      kernels.interpolate(values, values, base.generator)
      expect(values).toEqual(coefficients)
      kernels.evaluateInOrder(values, coefficients, 1n)
      const back = new BigUint64Array(size)
      kernels.interpolate(back, values, 1n)
      expect(back).toEqual(coefficients)
    })

    it('multiply any canonical numbers as bigints do', () => {
      // Of a + bX on the coset of d there are a + b·d and a − b·d.
      fc.assert(
        fc.property(fc.array(triple, { minLength: 1, maxLength: 20 }), (cases) => {
          for (const [a, b, d] of cases) {
            if (d === 0n) continue
            const values = new BigUint64Array(2)
            kernels.evaluate(values, BigUint64Array.of(a, b), d)
            const product = base.mul(b, d)
            expect([...values]).toEqual([base.add(a, product), base.sub(a, product)])
          }
        }),
      )
    })

    it.each([
      [8, 8],
      [8, 5],
      [2, 1],
      [1, 1],
    ])('evaluate polynomials packed by %d, %d of them', (step, count) => {
      const columns = Array.from({ length: count }, (_, place) => ({ coefficients: elements(16, BigInt(place + 5)), place }))
      const packed = new BigUint64Array(16 * step)
      for (const { coefficients, place } of columns)
        coefficients.forEach((value, i) => {
          packed[i * step + place] = value
        })
      const [out, expected] = [elements(16 * step), new BigUint64Array(16 * step)]
      kernels.evaluatePacked(out, columns, step, 7n)
      kernels.evaluate(expected, packed, 7n)
      expect(out).toEqual(expected)
    })

    it('join remainders modulo X^n − c and X^n + c', () => {
      const [low, high] = [elements(20, 5n), elements(20, 9n)]
      const c = 11n
      const remainder = (combine: typeof base.add): BigUint64Array => low.map((value, i) => combine(value, base.mul(c, high[i] ?? 0n)))
      const [first, second] = [remainder(base.add), remainder(base.sub)]
      kernels.joinRemainders(first, second, c)
      expect(first).toEqual(low)
      expect(second).toEqual(high)
    })
  })

  describe('hashing', () => {
    it.each([
      [1, 4],
      [15, 64],
      [16, 70],
      [17, 1],
      [33, 3],
      [50, 129],
    ])('hashes rows of %d elements, %d of them, as keccak256 of big-endian words', (width, count) => {
      const stride = count + 3
      const columns = elements(width * stride)
      const digests = new BigUint64Array(4 * count)
      kernels.hashRows(digests, columns, { width, stride, count, levels: 0 })
      for (let row = 0; row < count; row++) {
        const words = [0n, ...Array.from({ length: width }, (_, column) => columns[column * stride + row] ?? 0n)]
        expect(bytesOf(digests.subarray(4 * row, 4 * row + 4))).toEqual(keccak256(bigEndian(words)))
      }
    })

    it.each([8, 16, 64, 136])('hashes %d rows up to the level that is kept', (count) => {
      const columns = elements(20 * count)
      let expected = new BigUint64Array(4 * count)
      kernels.hashRows(expected, columns, { width: 20, stride: count, count, levels: 0 })
      for (let level = 1; level <= 3; level++) {
        const above = new BigUint64Array(expected.length / 2)
        kernels.hashPairs(above, expected)
        expected = above
        const digests = new BigUint64Array((4 * count) / 2 ** level)
        kernels.hashRows(digests, columns, { width: 20, stride: count, count, levels: level })
        expect(digests).toEqual(expected)
      }
    })

    it.each([1, 2, 5, 8, 11])('hashes %d groups of the extension and pairs of digests', (count) => {
      const stride = 8 * count + 1
      const values = elements(3 * stride)
      const digests = new BigUint64Array(4 * count)
      kernels.hashGroups(digests, values, { stride, group: 8, count })
      for (let leaf = 0; leaf < count; leaf++) {
        const own = Array.from({ length: 8 }, (_, i) => [0, 1, 2].map((c) => values[c * stride + 8 * leaf + i] ?? 0n)).flat()
        expect(bytesOf(digests.subarray(4 * leaf, 4 * leaf + 4))).toEqual(keccak256(bigEndian([0n, ...own])))
      }
      const parents = new BigUint64Array(4 * count)
      const children = elements(8 * count)
      kernels.hashPairs(parents, children)
      for (let node = 0; node < count; node++) {
        const message = new Uint8Array([...bigEndian([1n]), ...bytesOf(children.subarray(8 * node, 8 * node + 8))])
        expect(bytesOf(parents.subarray(4 * node, 4 * node + 4))).toEqual(keccak256(message))
      }
    })

    it('finds the smallest nonce', () => {
      const state = BigUint64Array.of(1n, 2n, 3n, 2n ** 64n - 1n)
      const isGood = (nonce: bigint): boolean => (keccak256(new Uint8Array([...bytesOf(state), ...bigEndian([nonce])]))[0] ?? 255) === 0
      let expected = 0n
      while (!isGood(expected)) expected++
      expect(kernels.grind(state, 8, 0n, 100_000n)).toBe(expected)
      expect(kernels.grind(state, 8, 0n, expected)).toBe(expected)
      expect(kernels.grind(state, 8, expected, expected + 1n)).toBe(expected)
    })
  })

  describe('polynomials', () => {
    it('are evaluated at points of both fields', () => {
      const lengths = fc.constantFrom(1, 2, 4, 8, 32, 64, 128, 256, 512)
      fc.assert(
        fc.property(lengths, triple, triple, element, (length, first, second, seed) => {
          const coefficients = elements(length, seed)
          const values = new BigUint64Array(6)
          kernels.evaluateAt(values, coefficients, BigUint64Array.from([...first, ...second]))
          expect([...values]).toEqual([...evaluate(coefficients, first), ...evaluate(coefficients, second)])
        }),
        { numRuns: 40 },
      )
    })

    it.each([
      [5, 4, 3],
      [6, 8, 1],
      [9, 8, 7],
      [3, 2, 4],
    ])('of 2^%d coefficients are opened at %d neighbours of %d positions', (log, near, count) => {
      const domainLog = log + 3
      const pointAt = (position: number): bigint =>
        base.mul(base.generator, base.power(base.rootOfUnity(domainLog), BigInt(reverseBits(position, domainLog))))
      // Most of them in one block, so that it is split.
      const positions = Uint32Array.from({ length: count }, (_, i) => near * (i < count - 1 ? 2 * i : 2 ** domainLog / near - 1))
      const points = BigUint64Array.from([...positions].flatMap((first) => Array.from({ length: near }, (_, i) => pointAt(first + i))))
      const eighths = BigUint64Array.from({ length: 8 }, (_, block) => base.power(pointAt(block << log), 1n << BigInt(log - 3)))
      const coefficients = elements(2 ** log)
      const values = new BigUint64Array(points.length)
      kernels.openColumn(values, coefficients, { positions, points, near, eighths })
      expect(values).toEqual(points.map((x) => evaluate(coefficients, extension.fromBase(x))[0]))
    })

    it('are scaled and added up', () => {
      for (const step of [1, 4]) {
        const stride = step * 20 + 7
        const words = elements(3 * stride)
        const terms = [0, step - 1].map((place) => ({
          coefficients: elements(20, BigInt(place + 2)),
          place,
          factor: [3n, base.modulus - 1n, 0n] as const,
        }))
        const expected = words.slice()
        for (const { coefficients, place, factor } of terms) {
          coefficients.forEach((value, i) => {
            factor.forEach((f, c) => {
              const at = c * stride + i * step + place
              expected[at] = base.add(expected[at] ?? 0n, base.mul(value, f))
            })
          })
        }
        kernels.addScaled({ words, stride }, step, terms)
        expect(words).toEqual(expected)
      }
    })

    it('are divided by X^t − y, the remainder left out', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(1, 2, 4),
          fc.array(triple, { minLength: 8, maxLength: 8 }),
          triple,
          triple,
          (step, polynomial, y, x) => {
            const quotient = new BigUint64Array(24)
            kernels.addQuotients(quotient, arraysOf(polynomial), step, [{ point: y, weight: extension.one }])
            const valueAt = (p: readonly extension.Extension[]): extension.Extension =>
              p.reduceRight((sum, c) => extension.add(extension.mul(sum, x), c), extension.zero)
            // p = q·(X^t − y) + r with deg r < t, where r's coefficient j is the value at y of the part j mod t.
            const remainder = Array.from({ length: step }, (_, j) =>
              polynomial.filter((_, i) => i % step === j).reduceRight((sum, c) => extension.add(extension.mul(sum, y), c), extension.zero),
            )
            const divisor = extension.sub(extension.power(x, BigInt(step)), y)
            expect(extension.add(extension.mul(valueAt(asExtensions(quotient)), divisor), valueAt(remainder))).toEqual(valueAt(polynomial))
          },
        ),
      )
    })

    it('are folded by powers of the challenge', () => {
      const coefficients = asExtensions(elements(3 * 16))
      const beta: extension.Extension = [5n, 7n, 11n]
      const out = new BigUint64Array(6)
      kernels.fold(out, arraysOf(coefficients), 8, beta)
      const expected = [0, 8].map((start) =>
        coefficients.slice(start, start + 8).reduceRight((sum, c) => extension.add(extension.mul(sum, beta), c), extension.zero),
      )
      expect(asExtensions(out)).toEqual(expected)
    })
  })

  describe('rows', () => {
    it('adds up terms, in all and on the way', () => {
      const terms = asExtensions(elements(3 * 7))
      const step: extension.Extension = [3n, base.modulus - 1n, 5n]
      const total = new BigUint64Array(3)
      kernels.sum(total, arraysOf(terms))
      expect([...total]).toEqual(terms.reduce(extension.add))
      const values = arraysOf(terms)
      kernels.runningSum(values, step)
      const before = terms.map((_, i) =>
        terms.slice(0, i).reduce((sum, term) => extension.add(sum, extension.sub(term, step)), extension.zero),
      )
      expect(asExtensions(values)).toEqual(before)
    })

    it.each([1, 2, 5])('has the selectors of 2^%d rows', (log) => {
      const count = 2 ** log
      const shift = base.generator
      const out = new BigUint64Array(3 * count)
      kernels.selectors(out, shift)
      const last = base.inverse(base.rootOfUnity(log))
      const zerofier = base.sub(base.power(shift, BigInt(count)), 1n)
      for (let i = 0; i < count; i++) {
        const y = base.mul(shift, base.power(base.rootOfUnity(log), BigInt(i)))
        const lagrange = (at: bigint): bigint => base.mul(base.mul(zerofier, at), base.inverse(base.mul(BigInt(count), base.sub(y, at))))
        expect([out[i], out[count + i], out[2 * count + i]]).toEqual([lagrange(1n), lagrange(last), base.sub(y, last)])
      }
    })

    it.each([1, 4, 32])('adds a table of %d rows over and over', (period) => {
      const [words, values] = [elements(3 * 40), elements(3 * 33, 3n)]
      const expected = words.slice()
      for (let c = 0; c < 3; c++) {
        for (let i = 0; i < 32; i++) {
          const at = 40 * c + i
          expected[at] = base.add(expected[at] ?? 0n, base.mul(values[33 * c + (i % period)] ?? 0n, 9n))
        }
      }
      kernels.addPeriodic({ words, stride: 40 }, 32, { words: values, stride: 33 }, period, 9n)
      expect(words).toEqual(expected)
    })
  })
})
