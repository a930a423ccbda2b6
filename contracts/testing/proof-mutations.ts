import { keccak256 } from '../../core/index.ts'
import type { FoldOpening, Proof, RowOpening } from '../../zkvm/stark/proof.ts'
import { encodeProof } from '../../zkvm/stark/proof-codec.ts'
import { type SingleProof, segmentOf, withSegment } from '../../zkvm/stark/testing/single-proof.ts'

/** Numbers that a seed determines. */
export class SeededRandom {
  #state: Uint8Array

  constructor(seed: string) {
    this.#state = keccak256(new TextEncoder().encode(seed))
  }

  /** Below `bound`, which is at most 2^32. */
  below(bound: number): number {
    this.#state = keccak256(this.#state)
    return new DataView(this.#state.buffer, this.#state.byteOffset).getUint32(0) % bound
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new RangeError('there is nothing to pick from')
    return picked
  }
}

export interface Mutation {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Something that is not the proof: bytes changed anywhere, or parts changed so that lengths and counts still fit. */
export function mutate(proof: Proof, random: SeededRandom): Mutation {
  const valid = encodeProof(proof)
  for (;;) {
    const isStructured = random.below(2) === 0
    const [name, change] = isStructured ? random.pick(structured) : ['', undefined]
    const mutation =
      change === undefined ? mutateBytes(valid, random) : { name, bytes: encodeProof(withSegment(proof, change(segmentOf(proof), random))) }
    if (Buffer.compare(mutation.bytes, valid) !== 0) return mutation
  }
}

function mutateBytes(valid: Uint8Array, random: SeededRandom): Mutation {
  // What precedes the openings is a small part of a proof, and most checks are about it.
  const end = random.below(2) === 0 ? valid.length : Math.min(valid.length, 1200)
  const from = random.below(end)
  const length = 1 + random.below(40)
  const changed = valid.slice()
  const cut = (at: number, drop: number, insert: Uint8Array): Uint8Array =>
    Uint8Array.from([...valid.subarray(0, at), ...insert, ...valid.subarray(at + drop)])
  const kinds: Record<string, () => Uint8Array> = {
    'a bit': () => {
      changed[from] = (changed[from] ?? 0) ^ (1 << random.below(8))
      return changed
    },
    bytes: () => cut(from, length, random.bytes(Math.min(length, valid.length - from))),
    'bytes of ones': () => cut(from, length, new Uint8Array(Math.min(length, valid.length - from)).fill(0xff)),
    'bytes of zeros': () => cut(from, length, new Uint8Array(Math.min(length, valid.length - from))),
    'bytes cut out': () => cut(from, length, new Uint8Array()),
    'bytes put in': () => cut(from, 0, random.bytes(length)),
    'bytes from elsewhere': () =>
      cut(from, length, valid.slice(random.below(valid.length)).subarray(0, Math.min(length, valid.length - from))),
    'the end cut off': () => valid.slice(0, from),
    'bytes at the end': () => cut(valid.length, 0, random.bytes(length)),
  }
  const [name, change] = random.pick(Object.entries(kinds))
  return { name: `${name} at ${from}`, bytes: change() }
}

type Change = (proof: SingleProof, random: SeededRandom) => SingleProof

const stages = ['fixed', 'main', 'aux', 'quotient'] as const

const structured: readonly (readonly [string, Change])[] = [
  ['a height', (proof, random) => ({ ...proof, logHeights: replaceOne(proof.logHeights, random, () => random.below(26)) })],
  ['heights exchanged', (proof) => ({ ...proof, logHeights: proof.logHeights.toReversed() })],
  ['the main root', (proof, random) => ({ ...proof, mainRoot: random.bytes(32) })],
  ['the aux root', (proof, random) => ({ ...proof, auxRoot: random.bytes(32) })],
  ['the quotient root', (proof, random) => ({ ...proof, quotientRoot: random.bytes(32) })],
  ['roots exchanged', (proof) => ({ ...proof, mainRoot: proof.auxRoot, auxRoot: proof.mainRoot })],
  ['a sum', (proof, random) => ({ ...proof, sums: replaceOne(proof.sums, random, ([a, b, c]) => [a ^ 1n, b, c]) })],
  [
    'sums that still balance',
    (proof) => {
      const [first, second] = proof.sums
      return first === undefined || second === undefined ? proof : { ...proof, sums: [second, first] }
    },
  ],
  [
    'a quotient value',
    (proof, random) => ({ ...proof, quotientValues: replaceOne(proof.quotientValues, random, ([a, b, c]) => [c, a, b]) }),
  ],
  ['the nonce', (proof, random) => ({ ...proof, nonce: BigInt(random.below(2 ** 32)) })],
  ['a root of a fold', (proof, random) => ({ ...proof, foldRoots: replaceOne(proof.foldRoots, random, () => random.bytes(32)) })],
  [
    'a coefficient',
    (proof, random) => ({ ...proof, finalPolynomial: replaceOne(proof.finalPolynomial, random, ([a, b, c]) => [b, a ^ 2n, c]) }),
  ],
  ...stages.flatMap((stage): [string, Change][] => [
    [
      `a row of ${stage}`,
      onRows(stage, ({ rows, nodes }, random) => ({
        nodes,
        rows: replaceOne(rows, random, (row) => replaceOne(row, random, (element) => element ^ 1n)),
      })),
    ],
    [`rows of ${stage} exchanged`, onRows(stage, ({ rows, nodes }) => ({ nodes, rows: rows.toReversed() }))],
    [
      `a node of ${stage}`,
      onRows(stage, ({ rows, nodes }, random) => ({ rows, nodes: replaceOne(nodes, random, () => random.bytes(32)) })),
    ],
    [`a node of ${stage} too many`, onRows(stage, ({ rows, nodes }, random) => ({ rows, nodes: [...nodes, random.bytes(32)] }))],
    [`a node of ${stage} too few`, onRows(stage, ({ rows, nodes }) => ({ rows, nodes: nodes.slice(1) }))],
    [`no nodes of ${stage}`, onRows(stage, ({ rows }) => ({ rows, nodes: [] }))],
  ]),
  [
    'a value of a fold',
    onFold(({ values, nodes }, random) => ({ nodes, values: replaceOne(values, random, ([a, b, c]) => [a, b, c ^ 1n]) })),
  ],
  ['a value of a fold too many', onFold(({ values, nodes }) => ({ nodes, values: [...values, [1n, 0n, 0n]] }))],
  ['a value of a fold too few', onFold(({ values, nodes }) => ({ nodes, values: values.slice(1) }))],
  ['no values of a fold', onFold(({ nodes }) => ({ nodes, values: [] }))],
  ['a node of a fold', onFold(({ values, nodes }, random) => ({ values, nodes: replaceOne(nodes, random, () => random.bytes(32)) }))],
  ['a node of a fold too many', onFold(({ values, nodes }, random) => ({ values, nodes: [...nodes, random.bytes(32)] }))],
  ['a node of a fold too few', onFold(({ values, nodes }) => ({ values, nodes: nodes.slice(1) }))],
]

function onRows(stage: (typeof stages)[number], change: (opening: RowOpening, random: SeededRandom) => RowOpening): Change {
  return (proof, random) => ({ ...proof, openings: { ...proof.openings, [stage]: change(proof.openings[stage], random) } })
}

function onFold(change: (opening: FoldOpening, random: SeededRandom) => FoldOpening): Change {
  return (proof, random) => ({ ...proof, folds: replaceOne(proof.folds, random, (fold) => change(fold, random)) })
}

function replaceOne<T>(list: readonly T[], random: SeededRandom, replacement: (value: T) => T): T[] {
  const at = random.below(Math.max(1, list.length))
  return list.map((value, index) => (index === at ? replacement(value) : value))
}
