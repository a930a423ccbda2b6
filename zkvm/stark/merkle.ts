import { keccak256 } from '../../core/index.ts'

/**
 * Merkle trees of 2^log leaves over keccak256. A leaf is H(0 ‖ elements), a node H(1 ‖ left ‖ right), each number 8 bytes big-endian:
 * a leaf never passes for a node. Level 0 holds the leaves, level `log` the root.
 */

export interface NodePlace {
  readonly level: number
  readonly index: number
}

/** The digests that somebody who knows the leaves at `indices` (ascending, distinct) lacks for the root; level by level, ascending. */
export function missingNodes(indices: readonly number[], log: number): NodePlace[] {
  const missing: NodePlace[] = []
  let known = indices
  for (let level = 0; level < log; level++) {
    const parents: number[] = []
    for (let at = 0; at < known.length; at++) {
      const index = known[at] ?? 0
      if (known[at + 1] === (index ^ 1)) at++
      else missing.push({ level, index: index ^ 1 })
      parents.push(index >>> 1)
    }
    known = parents
  }
  return missing
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
  let next = 0
  const levels = [new Map(indices.map((index, at) => [index, digests[at] ?? new Uint8Array(32)]))]
  for (const [height, level] of levels.entries()) {
    if (height === log) break
    const known = [...level.keys()]
    for (; missing[next]?.level === height; next++) level.set(missing[next]?.index ?? 0, nodes[next] ?? new Uint8Array(32))
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
