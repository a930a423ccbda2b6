import { keccak256 } from '../../core/index.ts'

/**
 * Merkle trees of 2^log leaves over keccak256. A leaf is H(0 ‖ elements), a node H(1 ‖ left ‖ right), each number 8 bytes big-endian:
 * a leaf never passes for a node. Level 0 holds the leaves, level `log` the root.
 */

export interface NodePlace {
  readonly level: number
  readonly index: number
}

/**
 * The digests that somebody who knows the leaves at `indices` (ascending, distinct) lacks for the root, in the order in which a verifier needs
 * them that climbs leaf after leaf: each until it meets the path of the leaf before it or of the one behind it. Where it meets the latter, it
 * waits for it; where the former waits for it, both go on as one.
 */
export function missingNodes(indices: readonly number[], log: number): NodePlace[] {
  const missing: NodePlace[] = []
  const waiting: number[] = []
  indices.forEach((leaf, at) => {
    const behind = indices[at + 1]
    const next = behind === undefined ? log : meetingLevel(leaf, behind)
    let level = 0
    for (;;) {
      const last = waiting.at(-1) ?? log
      for (; level < Math.min(last, next); level++) missing.push({ level, index: (leaf >>> level) ^ 1 })
      if (last >= next) break
      waiting.pop()
      level++
    }
    waiting.push(next)
  })
  return missing
}

/** The level at which two leaves have ancestors that are siblings. */
function meetingLevel(a: number, b: number): number {
  return 31 - Math.clz32(a ^ b)
}

export interface TreeOpening {
  /** Ascending, distinct. */
  readonly indices: readonly number[]
  readonly digests: readonly Uint8Array[]
  /** Those of `missingNodes`, in its order. */
  readonly nodes: readonly Uint8Array[]
  readonly log: number
}

/** The root of a tree with these leaves. */
function rootOfOpening(opening: TreeOpening): Uint8Array {
  const root = nodesOfOpening(opening)[opening.log]?.get(0)
  if (root === undefined) throw new RangeError('an opening leads to no root')
  return root
}

/** By level and index: all digests that an opening has, and those that follow from them. */
export function nodesOfOpening({ indices, digests, nodes, log }: TreeOpening): ReadonlyMap<number, Uint8Array>[] {
  const missing = missingNodes(indices, log)
  if (missing.length !== nodes.length || indices.length !== digests.length || indices.length === 0) {
    throw new RangeError(`${nodes.length} nodes and ${digests.length} leaves where ${missing.length} and ${indices.length} belong`)
  }
  const given = missing.map(({ level, index }, at) => ({ level, index, digest: nodes[at] ?? new Uint8Array(32) }))
  const levels = [new Map(indices.map((index, at) => [index, digests[at] ?? new Uint8Array(32)]))]
  for (const [height, level] of levels.entries()) {
    if (height === log) break
    const known = [...level.keys()]
    for (const { index, digest } of given.filter((node) => node.level === height)) level.set(index, digest)
    const above = new Map<number, Uint8Array>()
    for (const index of known) {
      const parent = index >>> 1
      if (above.has(parent)) continue
      const left = level.get(2 * parent)
      const right = level.get(2 * parent + 1)
      if (left === undefined || right === undefined) throw new RangeError('an opening lacks a node')
      above.set(parent, hashPair(left, right))
    }
    levels.push(above)
  }
  return levels
}

/** Whether these leaves and nodes lead to `root`; openings of a wrong shape lead nowhere. */
export function leadsTo(root: Uint8Array | undefined, opening: TreeOpening): boolean {
  try {
    return root !== undefined && Buffer.compare(rootOfOpening(opening), root) === 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export function hashLeaf(elements: readonly bigint[]): Uint8Array {
  const message = new Uint8Array(8 + 8 * elements.length)
  const view = new DataView(message.buffer)
  elements.forEach((element, index) => {
    view.setBigUint64(8 + 8 * index, element)
  })
  return keccak256(message)
}

export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const message = new Uint8Array(72)
  message[7] = 1
  message.set(left, 8)
  message.set(right, 40)
  return keccak256(message)
}
