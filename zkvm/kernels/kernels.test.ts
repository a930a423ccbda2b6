import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { reverseBits } from '../stark/domain.ts'
import { Kernels, unsigned } from './kernels.ts'

const kernels = new Kernels()
const edges = [0n, 1n, base.modulus - 1n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_0000_0000n]
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: base.modulus - 1n }))
const triple = fc.tuple(element, element, element)

function elements(count: number, seed = 1n): bigint[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = base.toElement(state * 0x9e3779b97f4a7c15n + 0x632be59bd9b4e019n)
    return state
  })
}

function evaluate(coefficients: readonly bigint[], point: extension.Extension): extension.Extension {
  return coefficients.reduceRight((sum, c) => extension.add(extension.mul(sum, point), extension.fromBase(c)), extension.zero)
}

function asExtensions(words: BigUint64Array): extension.Extension[] {
  const count = words.length / 3
  return Array.from({ length: count }, (_, i) => [words[i] ?? 0n, words[count + i] ?? 0n, words[2 * count + i] ?? 0n])
}

function arraysOf(values: readonly extension.Extension[]): bigint[] {
  return [0, 1, 2].flatMap((c) => values.map((value) => value[c] ?? 0n))
}

function bigEndian(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 8)
  const view = new DataView(bytes.buffer)
  words.forEach((word, index) => {
    view.setBigUint64(index * 8, word)
  })
  return bytes
}

describe('arithmetic', () => {
  it('multiplies and inverts in the extension as bigints do', () => {
    fc.assert(
      fc.property(fc.array(triple, { minLength: 1, maxLength: 20 }), fc.array(triple, { minLength: 20, maxLength: 20 }), (a, b) => {
        kernels.scoped(() => {
          const values = kernels.put(arraysOf(a))
          const factors = kernels.put(arraysOf(b.slice(0, a.length)))
          kernels.call.ext_multiply_all(values, factors, a.length)
          expect(asExtensions(kernels.take(values, 3 * a.length))).toEqual(a.map((x, i) => extension.mul(x, b[i] ?? extension.zero)))
        })
        const invertible = a.filter((x) => !extension.equals(x, extension.zero))
        kernels.scoped(() => {
          const values = kernels.put(arraysOf(invertible))
          kernels.call.ext_invert_all(values, invertible.length, kernels.allocate(3 * invertible.length))
          expect(asExtensions(kernels.take(values, 3 * invertible.length))).toEqual(invertible.map(extension.inverse))
        })
      }),
    )
  })
})

describe('transforms', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('evaluates 2^%d coefficients over a coset and interpolates them back', (log) => {
    const size = 2 ** log
    const root = base.rootOfUnity(log)
    const random = elements(size, BigInt(log + 1))
    const coefficients = random.map((value, i) => (i % 3 === 1 ? (edges[i % edges.length] ?? 0n) : value))
    kernels.scoped(() => {
      const twiddles = kernels.allocate(size)
      kernels.call.ntt_twiddles(twiddles, log, root, base.generator)
      const values = kernels.put(coefficients)
      kernels.call.ntt(values, log, twiddles)
      kernels.call.bit_reverse(values, log)
      const got = kernels.take(values, size)
      for (let i = 0; i < size; i += Math.max(1, size / 16)) {
        const x = base.mul(base.generator, base.power(root, BigInt(i)))
        expect(got[i]).toBe(evaluate(coefficients, extension.fromBase(x))[0])
      }
      kernels.call.ntt_twiddles(twiddles, log, root, 1n)
      kernels.call.interpolate(values, log, twiddles, base.inverse(base.generator))
      expect([...kernels.take(values, size)]).toEqual(coefficients)
      kernels.call.ntt(values, log, twiddles)
      kernels.call.bit_reverse(values, log)
      kernels.call.interpolate(values, log, twiddles, 1n)
      expect([...kernels.take(values, size)]).toEqual(coefficients)
    })
  })

  it('splits a coset into eighths', () => {
    const coefficients = elements(64)
    kernels.scoped(() => {
      const values = kernels.put(coefficients)
      const eighth = base.power(base.generator, 8n)
      kernels.call.split_coset(values, 6, kernels.put([1n, 2n, 3n, 4n, 5n, 6n, 7n].map((k) => base.power(eighth, k))))
      const parts = kernels.take(values, 64)
      for (const position of [0, 13, 29, 63]) {
        const x = base.mul(base.generator, base.power(base.rootOfUnity(6), BigInt(reverseBits(position, 6))))
        const part = [...parts.subarray((position >> 3) * 8, (position >> 3) * 8 + 8)]
        expect(evaluate(part, extension.fromBase(x))).toEqual(evaluate(coefficients, extension.fromBase(x)))
      }
    })
  })

  it('multiplies any canonical numbers as bigints do', () => {
    // Two values at 1 and -1 are a + b·d and a - b·d, whatever d the twiddle is.
    fc.assert(
      fc.property(element, element, element, (a, b, d) => {
        kernels.scoped(() => {
          const values = kernels.put([a, b])
          kernels.call.ntt(values, 1, kernels.put([d]))
          const product = base.mul(b, d)
          expect([...kernels.take(values, 2)]).toEqual([base.add(a, product), base.sub(a, product)])
        })
      }),
      { numRuns: 2000 },
    )
  })

  it.each([0, 1, 7, 8, 9, 11, 12])('reverses the bits of 2^%d positions', (log) => {
    const size = 2 ** log
    const order = Array.from({ length: size }, (_, i) => BigInt(i))
    kernels.scoped(() => {
      const values = kernels.put(order)
      kernels.call.bit_reverse(values, log)
      expect([...kernels.take(values, size)]).toEqual(order.map((i) => BigInt(reverseBits(Number(i), log))))
    })
  })

  it('spreads values', () => {
    kernels.scoped(() => {
      const out = kernels.put(Array.from({ length: 12 }, () => 9n))
      kernels.call.spread(out + 8, kernels.put([1n, 2n, 3n]), 3, 4)
      expect([...kernels.take(out, 12)]).toEqual([9n, 1n, 9n, 9n, 9n, 2n, 9n, 9n, 9n, 3n, 9n, 9n])
    })
  })
})

describe('hashing', () => {
  it.each([1, 15, 16, 17, 33, 50])('hashes rows of %d elements as keccak256 of big-endian words', (width) => {
    const columns = elements(width * 4)
    kernels.scoped(() => {
      const digests = kernels.allocate(16)
      kernels.call.hash_rows(digests, kernels.put(columns), width, 4, 4)
      for (let row = 0; row < 4; row++) {
        const words = [0n, ...Array.from({ length: width }, (_, column) => columns[column * 4 + row] ?? 0n)]
        expect(kernels.bytes(digests + 32 * row, 32)).toEqual(keccak256(bigEndian(words)))
      }
    })
  })

  it.each([1, 2, 3])('hashes %d rows, pairs and groups at once as one by one', (count) => {
    const words = elements(3 * 8 * count)
    const all = (call: (digests: number, input: number, from: number, count: number) => void): [bigint[], bigint[]] =>
      kernels.scoped(() => {
        const input = kernels.put(words)
        const [together, apart] = [kernels.allocate(4 * count), kernels.allocate(4 * count)]
        call(together, input, 0, count)
        for (let i = 0; i < count; i++) call(apart + 32 * i, input, i, 1)
        return [[...kernels.take(together, 4 * count)], [...kernels.take(apart, 4 * count)]]
      })
    const hashes = [
      all((digests, input, from, many) => kernels.call.hash_rows(digests, input + 8 * from, 20, count, many)),
      all((digests, input, from, many) => kernels.call.hash_groups(digests, input + 8 * 8 * from, 8 * count, 8, many)),
      all((digests, input, from, many) => kernels.call.hash_pairs(digests, input + 64 * from, many)),
    ]
    for (const [together, apart] of hashes) expect(together).toEqual(apart)
    expect(new Set(hashes.flatMap(([together]) => together)).size).toBe(3 * 4 * count)
  })

  it('hashes groups of the extension and pairs of digests', () => {
    const values = elements(3 * 16)
    kernels.scoped(() => {
      const digests = kernels.allocate(8)
      kernels.call.hash_groups(digests, kernels.put(values), 16, 8, 2)
      const second = Array.from({ length: 8 }, (_, i) => [values[8 + i], values[24 + i], values[40 + i]]).flat() as bigint[]
      expect(kernels.bytes(digests + 32, 32)).toEqual(keccak256(bigEndian([0n, ...second])))
      const parent = kernels.allocate(4)
      kernels.call.hash_pairs(parent, digests, 1)
      const children = kernels.bytes(digests, 64).slice()
      expect(kernels.bytes(parent, 32)).toEqual(keccak256(new Uint8Array([...bigEndian([1n]), ...children])))
    })
  })

  it('finds the smallest nonce', () => {
    kernels.scoped(() => {
      const state = kernels.put([1n, 2n, 3n, 4n])
      const bytes = kernels.bytes(state, 32).slice()
      const isGood = (nonce: bigint): boolean => (keccak256(new Uint8Array([...bytes, ...bigEndian([nonce])]))[0] ?? 255) === 0
      let expected = 0n
      while (!isGood(expected)) expected++
      expect(unsigned(kernels.call.grind(state, 8, 0n, 100_000n))).toBe(expected)
      expect(unsigned(kernels.call.grind(state, 8, 0n, expected))).toBe(expected)
    })
  })
})

describe('polynomials', () => {
  it('evaluates at points of both fields', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 140 }), triple, (coefficients, point) => {
        kernels.scoped(() => {
          const at = kernels.put(coefficients)
          const out = kernels.allocate(3)
          kernels.call.evaluate_base(out, at, coefficients.length, kernels.put(point))
          expect([...kernels.take(out, 3)]).toEqual(evaluate(coefficients, point))
          const points = [0n, 8n, 56n].map((exponent) => base.mul(point[0], base.power(base.rootOfUnity(6), exponent)))
          const values = kernels.allocate(3)
          kernels.call.evaluate_neighbours(values, at, coefficients.length, kernels.put(points), 3)
          expect([...kernels.take(values, 3)]).toEqual(points.map((x) => evaluate(coefficients, extension.fromBase(x))[0]))
        })
      }),
    )
  })

  it('divides by X^t − y and leaves the remainder out', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4), fc.array(triple, { minLength: 8, maxLength: 8 }), triple, triple, (step, polynomial, y, x) => {
        kernels.scoped(() => {
          const quotient = kernels.put(new BigUint64Array(24))
          kernels.call.add_quotient(quotient, kernels.put(arraysOf(polynomial)), 8, step, kernels.put(y), kernels.put(extension.one))
          const q = asExtensions(kernels.take(quotient, 24))
          const valueAt = (p: readonly extension.Extension[]): extension.Extension =>
            p.reduceRight((sum, c) => extension.add(extension.mul(sum, x), c), extension.zero)
          // p = q·(X^t − y) + r with deg r < t, where r's coefficient j is the value at y of the part j mod t.
          const remainder = Array.from({ length: step }, (_, j) =>
            polynomial.filter((_, i) => i % step === j).reduceRight((sum, c) => extension.add(extension.mul(sum, y), c), extension.zero),
          )
          const divisor = extension.sub(extension.power(x, BigInt(step)), y)
          expect(extension.add(extension.mul(valueAt(q), divisor), valueAt(remainder))).toEqual(valueAt(polynomial))
        })
      }),
    )
  })

  it('joins remainders modulo X^n − c and X^n + c', () => {
    const [low, high] = [elements(4, 5n), elements(4, 9n)]
    const c = 11n
    const remainder = (sign: 'plus' | 'minus'): bigint[] =>
      low.map((value, i) => (sign === 'plus' ? base.add : base.sub)(value, base.mul(c, high[i] ?? 0n)))
    kernels.scoped(() => {
      const [first, second] = [kernels.put(remainder('plus')), kernels.put(remainder('minus'))]
      kernels.call.join_remainders(first, second, 4, base.inverse(2n), base.inverse(2n * c))
      expect([...kernels.take(first, 4)]).toEqual(low)
      expect([...kernels.take(second, 4)]).toEqual(high)
    })
  })

  it('adds up terms, in all and on the way', () => {
    const terms = asExtensions(BigUint64Array.from(elements(3 * 7)))
    const step: extension.Extension = [3n, base.modulus - 1n, 5n]
    kernels.scoped(() => {
      const values = kernels.put(arraysOf(terms))
      const total = kernels.allocate(3)
      kernels.call.sum_all(total, values, 7)
      expect([...kernels.take(total, 3)]).toEqual(terms.reduce(extension.add))
      kernels.call.running_sum(values, 7, kernels.put(step))
      const before = terms.map((_, i) =>
        terms.slice(0, i).reduce((sum, term) => extension.add(sum, extension.sub(term, step)), extension.zero),
      )
      expect(asExtensions(kernels.take(values, 21))).toEqual(before)
      kernels.call.add_all(values, kernels.put(arraysOf(terms)), 21)
      expect(asExtensions(kernels.take(values, 21))).toEqual(before.map((value, i) => extension.add(value, terms[i] ?? extension.zero)))
    })
  })

  it('folds by powers of the challenge', () => {
    const coefficients = asExtensions(BigUint64Array.from(elements(3 * 16)))
    const beta: extension.Extension = [5n, 7n, 11n]
    kernels.scoped(() => {
      const out = kernels.allocate(6)
      kernels.call.fold(out, kernels.put(arraysOf(coefficients)), 16, 8, kernels.put(beta))
      const expected = [0, 8].map((start) =>
        coefficients.slice(start, start + 8).reduceRight((sum, c) => extension.add(extension.mul(sum, beta), c), extension.zero),
      )
      expect(asExtensions(kernels.take(out, 6))).toEqual(expected)
    })
  })
})
