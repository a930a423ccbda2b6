import { answerHint, takesModulus } from './hints.ts'
import { integerToWords, wordsToInteger } from './integers.ts'
import { addPoints, type CurveRefusal, doublePoint, keccakAbsorb, keccakF } from './kernel.ts'

/** What a system function sees of the machine. Reads come before writes; a refusal must come before both have changed anything. */
export interface SystemContext {
  /** a0 … a3 as unsigned numbers. */
  readonly arguments: readonly [number, number, number, number]
  /** A copy of `length` words; faults unless the pointer is aligned and they lie in RAM. */
  read(address: number, length: number): Int32Array
  /** Like `read`, of words that `write` then replaces: the two are one access. */
  readForUpdate(address: number, length: number): Int32Array
  /** Faults like `read`. Nothing may fault after it. */
  write(address: number, words: Int32Array): void
  /** Bytes for the host alone, or undefined where they do not lie in RAM. No access in the sense of the trace. */
  peek(address: number, length: number): Uint8Array | undefined
  /** Sets a0. */
  answer(value: number): void
  refuse(what: string): never
  halt(exitCode: number): void
  commit(output: Uint8Array): void
  log(bytes: Uint8Array): void
  /** Replaces the queue of hint words. */
  setHint(words: Int32Array): void
  /** The next hint word; 0 when there is none. */
  nextHint(): number
}

export interface SystemFunction {
  /** In a7. */
  readonly number: number
  readonly name: string
  /** How many of a0 … a3 it takes. */
  readonly arguments: number
  run(context: SystemContext): void
}

const MAX_LOG_LENGTH = 65_536
const STATE_WORDS = 50
const BLOCK_WORDS = 34

const POINT_WORDS = 16

function assertPoint(result: Int32Array | CurveRefusal, vertical: string, context: SystemContext): asserts result is Int32Array {
  if (result === 'not-reduced') context.refuse("a coordinate is not below the field's prime")
  if (result === 'vertical') context.refuse(vertical)
}

/** README.md, "System functions", in the same order. */
export const systemFunctions: readonly SystemFunction[] = [
  {
    number: 93,
    name: 'halt',
    arguments: 1,
    run: (context) => context.halt(context.arguments[0]),
  },
  {
    number: 64,
    name: 'log',
    arguments: 3,
    run(context) {
      const [, address, length] = context.arguments
      const bytes = context.peek(address, Math.min(length, MAX_LOG_LENGTH))
      if (bytes !== undefined) context.log(bytes)
    },
  },
  {
    number: 1,
    name: 'commit',
    arguments: 1,
    run(context) {
      const words = context.read(context.arguments[0], 8)
      context.commit(new Uint8Array(words.buffer, words.byteOffset, 32))
    },
  },
  {
    number: 2,
    name: 'hint_request',
    arguments: 3,
    run(context) {
      const [kind, xAddress, mAddress] = context.arguments
      const x = context.peek(xAddress, 32)
      const m = takesModulus(kind) ? context.peek(mAddress, 32) : new Uint8Array(32)
      const isThere = x !== undefined && m !== undefined && xAddress % 4 === 0 && (!takesModulus(kind) || mAddress % 4 === 0)
      context.setHint(isThere ? answerHint(kind, new Int32Array(x.buffer), new Int32Array(m.buffer)) : new Int32Array(0))
    },
  },
  {
    number: 3,
    name: 'hint_read',
    arguments: 0,
    run: (context) => context.answer(context.nextHint()),
  },
  {
    number: 16,
    name: 'keccak_f',
    arguments: 1,
    run(context) {
      const [address] = context.arguments
      context.write(address, keccakF(context.readForUpdate(address, STATE_WORDS)))
    },
  },
  {
    number: 17,
    name: 'keccak_absorb',
    arguments: 2,
    run(context) {
      const [address, blockAddress] = context.arguments
      const block = context.read(blockAddress, BLOCK_WORDS)
      context.write(address, keccakAbsorb(context.readForUpdate(address, STATE_WORDS), block))
    },
  },
  {
    number: 32,
    name: 'muladd256',
    arguments: 4,
    run(context) {
      const [out, ...operands] = context.arguments
      const [a, b, c] = operands.map((address) => wordsToInteger(context.read(address, 8))) as [bigint, bigint, bigint]
      context.write(out, integerToWords(a * b + c, 16))
    },
  },
  {
    number: 33,
    name: 'mulmod256',
    arguments: 4,
    run(context) {
      const [out, ...operands] = context.arguments
      const [a, b, m] = operands.map((address) => wordsToInteger(context.read(address, 8))) as [bigint, bigint, bigint]
      if (m === 0n) context.refuse('the modulus is 0')
      context.write(out, integerToWords((a * b) % m, 8))
    },
  },
  {
    number: 48,
    name: 'secp256k1_add',
    arguments: 2,
    run(context) {
      const [pAddress, qAddress] = context.arguments
      const q = context.read(qAddress, POINT_WORDS)
      const sum = addPoints(context.readForUpdate(pAddress, POINT_WORDS), q)
      assertPoint(sum, 'both points have the same x coordinate', context)
      context.write(pAddress, sum)
    },
  },
  {
    number: 49,
    name: 'secp256k1_double',
    arguments: 1,
    run(context) {
      const [address] = context.arguments
      const double = doublePoint(context.readForUpdate(address, POINT_WORDS))
      assertPoint(double, 'the y coordinate is 0', context)
      context.write(address, double)
    },
  },
]

export const systemFunctionByNumber: ReadonlyMap<number, SystemFunction> = new Map(
  systemFunctions.map((systemFunction) => [systemFunction.number, systemFunction]),
)
