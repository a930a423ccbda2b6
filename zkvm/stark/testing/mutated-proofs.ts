import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import { modulus } from '../../field/goldilocks.ts'
import type { Proof } from '../proof.ts'
import { type SingleProof, segmentOf, withSegment } from './single-proof.ts'

/** Numbers from 0 to below `bound`, the same for the same seed. */
export function randomNumbers(seed: number): (bound: number) => number {
  let state = BigInt(seed) + 1n
  return (bound) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % (1n << 64n)
    return Number((state >> 33n) % BigInt(bound))
  }
}

type Random = (bound: number) => number

type ListChange = (list: unknown[], random: Random) => void

function swapTwo(list: unknown[], random: Random): void {
  if (list.length < 2) return
  const i = random(list.length)
  const j = (i + 1 + random(list.length - 1)) % list.length
  const held = list[i]
  list[i] = list[j]
  list[j] = held
}

/** What can happen to any list: shorter, longer, another order, an entry twice. */
const listChanges: readonly ListChange[] = [
  swapTwo,
  (list) => list.pop(),
  (list) => list.shift(),
  (list) => list.splice(0),
  (list, random) => list.splice(random(list.length + 1), 0, structuredClone(list[random(Math.max(1, list.length))])),
  (list) => list.push(...structuredClone(list)),
  (list) => list.reverse(),
  (list, random) => {
    if (list.length > 1) list[random(list.length)] = structuredClone(list[random(list.length)])
  },
]

/** All lists of a proof, the coordinates of elements left out. */
function listsIn(value: unknown, found: unknown[][] = []): unknown[][] {
  if (Array.isArray(value)) {
    const isElement = value.length === 3 && value.every((entry) => typeof entry === 'bigint')
    if (!isElement) found.push(value)
    for (const entry of value) listsIn(entry, found)
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const entry of Object.values(value)) listsIn(entry, found)
  }
  return found
}

function digestsIn(proof: SingleProof): Uint8Array[] {
  const nodes = [...Object.values(proof.openings), ...proof.folds].flatMap((opening) => opening.nodes)
  return [proof.mainRoot, proof.auxRoot, proof.quotientRoot, ...proof.foldRoots, ...nodes]
}

function extensionsIn(proof: SingleProof): Extension[] {
  const values = Object.values(proof.values).flatMap((stage) => stage.flat(2))
  return [...proof.sums, ...values, ...proof.quotientValues, ...proof.finalPolynomial, ...proof.folds.flatMap((fold) => fold.values)]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A change of a segment and its part of the header; `other` is another valid proof for the same key. Names are for the messages of tests. */
const proofChanges: Readonly<Record<string, (proof: Mutable<SingleProof>, other: SingleProof, random: Random) => void>> = {
  list(proof, _, random) {
    const lists = listsIn(proof)
    const list = lists[random(lists.length)]
    if (list !== undefined) listChanges[random(listChanges.length)]?.(list, random)
  },
  element(proof, _, random) {
    const elements = extensionsIn(proof)
    const element = elements[random(elements.length)] as bigint[] | undefined
    const coordinate = random(3)
    if (element !== undefined) element[coordinate] = ((element[coordinate] ?? 0n) + BigInt(1 + random(2 ** 31))) % modulus
  },
  row(proof, _, random) {
    const openings = Object.values(proof.openings).filter(({ rows }) => rows.length > 0)
    const { rows = [] } = openings[random(openings.length)] ?? {}
    const row = rows[random(rows.length)] as bigint[] | undefined
    if (row === undefined) return
    const column = random(row.length)
    row[column] = ((row[column] ?? 0n) + BigInt(1 + random(2 ** 31))) % modulus
  },
  digest(proof, _, random) {
    const digests = digestsIn(proof)
    const digest = digests[random(digests.length)]
    const at = random(32)
    if (digest !== undefined) digest[at] = (digest[at] ?? 0) ^ (1 << random(8))
  },
  'columns of a pack'(proof, _, random) {
    const groups = Object.values(proof.values).flat()
    const group = groups[random(groups.length)]
    for (const atOffset of group ?? []) swapTwo(atOffset as unknown[], random)
  },
  'this row and the next'(proof, _, random) {
    const groups = Object.values(proof.values)
      .flat()
      .filter((group) => group.length > 1)
    ;(groups[random(groups.length)] as unknown[] | undefined)?.reverse()
  },
  height(proof, _, random) {
    const logs = proof.logHeights as number[]
    const at = random(logs.length)
    logs[at] = (logs[at] ?? 0) + ([1, -1, 2, -2, 16, 200][random(6)] ?? 1)
  },
  'heights of two tables'(proof, _, random) {
    swapTwo(proof.logHeights as unknown[], random)
  },
  roots(proof, _, random) {
    const names = ['mainRoot', 'auxRoot', 'quotientRoot'] as const
    const one = names[random(3)] ?? 'mainRoot'
    const other = names[(names.indexOf(one) + 1 + random(2)) % 3] ?? 'auxRoot'
    const held = proof[one]
    proof[one] = proof[other]
    proof[other] = held
  },
  'a part of another proof'(proof, other, random) {
    const names = Object.keys(proof) as (keyof SingleProof)[]
    const name = names[random(names.length)]
    if (name !== undefined) Object.assign(proof, { [name]: structuredClone(other[name]) })
  },
  'an opening of another proof'(proof, other, random) {
    const stages = ['fixed', 'main', 'aux', 'quotient'] as const
    const stage = stages[random(4)] ?? 'main'
    proof.openings = { ...proof.openings, [stage]: structuredClone(other.openings[stage]) }
  },
  'openings of two stages'(proof) {
    proof.openings = { ...proof.openings, main: proof.openings.aux, aux: proof.openings.main }
  },
  'order of the queries'(proof, _, random) {
    const seed = random(2 ** 30)
    for (const { rows } of Object.values(proof.openings)) swapTwo(rows as unknown[], randomNumbers(seed))
  },
  nonce(proof, _, random) {
    proof.nonce = [proof.nonce + 1n, 0n, BigInt(random(2 ** 31)), 2n ** 64n - 1n, -1n][random(5)] ?? 0n
  },
  binding(proof, _, random) {
    const { binding } = proof
    const [a, b, c] = binding ?? extension.zero
    const changes: readonly (Extension | null)[] = [null, [1n, 2n, 3n], [b, a, c]]
    proof.binding = changes[random(3)] ?? null
  },
  'an element that is not canonical'(proof, _, random) {
    const elements = extensionsIn(proof)
    const element = elements[random(elements.length)] as bigint[] | undefined
    if (element !== undefined) element[0] = (element[0] ?? 0n) + modulus * BigInt(1 + random(2 ** 31))
  },
}

type RunChange = (headers: unknown[], segments: unknown[], random: Random) => void

/** Changes of which segments there are, and in which order. */
const runChanges: Readonly<Record<string, RunChange>> = {
  'segments in another order': (headers, segments, random) => {
    const seed = random(2 ** 30)
    for (const list of [headers, segments]) swapTwo(list, randomNumbers(seed))
  },
  'headers in another order': (headers, _, random) => swapTwo(headers, random),
  'segments that are not those of the header': (_, segments, random) => swapTwo(segments, random),
  'a segment left out': (headers, segments, random) => {
    const at = random(headers.length)
    for (const list of [headers, segments]) list.splice(at, 1)
  },
  'a segment twice': (headers, segments, random) => {
    const at = random(headers.length)
    for (const list of [headers, segments]) list.splice(at, 0, structuredClone(list[at]))
  },
  'a header without a segment': (_, segments) => segments.pop(),
  'a segment without a header': (headers) => headers.pop(),
  'no segments': (headers, segments) => {
    for (const list of [headers, segments]) list.splice(0)
  },
}

/** Names of all changes; those of a run change nothing where there is one segment. */
export const changeNames: readonly string[] = [...Object.keys(proofChanges), ...Object.keys(runChanges)]

/** A changed copy. */
export function mutatedProof(change: string, proof: Proof, other: Proof, random: Random): Proof {
  const ofRun = runChanges[change]
  if (ofRun !== undefined) {
    const { headers, segments } = structuredClone(proof) as { headers: unknown[]; segments: unknown[] }
    ofRun(headers, segments, random)
    return { headers, segments } as Proof
  }
  const index = random(proof.segments.length)
  const copy: Mutable<SingleProof> = structuredClone(segmentOf(proof, index))
  proofChanges[change]?.(copy, segmentOf(other, index), random)
  return withSegment(proof, copy, index)
}

/** Changes bytes of an encoded proof: bits, runs, its length, a 2-byte number made as large as it can be. */
export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length)
  switch (random(6)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.from([...bytes, ...new Uint8Array(1 + random(64))])
    case 2:
      return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random(40))])
    default: {
      const changed = bytes.slice()
      const length = [1, 1, 2, 8, 32][random(5)] ?? 1
      for (let index = at; index < Math.min(at + length, bytes.length); index++) {
        changed[index] = length === 1 ? (changed[index] ?? 0) ^ (1 << random(8)) : 0xff
      }
      return changed
    }
  }
}
