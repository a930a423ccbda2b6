import { integerToWords, inverse, wordsToInteger } from './integers.ts'
import { evenSquareRoot, splitScalar } from './secp256k1.ts'

interface HintKind {
  readonly name: string
  /** Words that the machine answers to x and m, 8 words each. */
  answer(x: bigint, m: bigint): Int32Array
}

function concatWords(...parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]))
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** By number; README.md says what a program may rely on, which is nothing that it does not check. */
const kinds: Readonly<Record<number, HintKind>> = {
  1: { name: 'inverse', answer: (x, m) => integerToWords(m === 0n ? 0n : inverse(x, m), 8) },
  2: { name: 'square_root', answer: (x, m) => integerToWords(evenSquareRoot(x, m), 8) },
  3: {
    name: 'divide',
    answer: (x, m) => (m === 0n ? new Int32Array(16) : concatWords(integerToWords(x / m, 8), integerToWords(x % m, 8))),
  },
  4: {
    name: 'split_scalar',
    answer(x) {
      const { k1, k2 } = splitScalar(x)
      const signs = (k1 < 0n ? 1 : 0) | (k2 < 0n ? 2 : 0)
      return concatWords(integerToWords(magnitude(k1), 8), integerToWords(magnitude(k2), 8), Int32Array.of(signs))
    },
  },
}

const splitScalarHint = 4

/** What the queue holds after a request; nothing for an unknown kind. */
export function answerHint(kind: number, x: Int32Array, m: Int32Array): Int32Array {
  return kinds[kind]?.answer(wordsToInteger(x), wordsToInteger(m)) ?? new Int32Array(0)
}

/** Kinds whose second operand is not read. */
export function takesModulus(kind: number): boolean {
  return kind !== splitScalarHint
}
