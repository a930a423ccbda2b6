import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashLeaf, hashPair, leadsTo, missingNodes, type TreeOpening } from './merkle.ts'

/** Of 2^log leaves: all levels, the leaves' first. */
function treeOf(log: number): Uint8Array[][] {
  const levels = [Array.from({ length: 2 ** log }, (_, index) => hashLeaf([BigInt(index)]))]
  for (let level = 0; level < log; level++) {
    const below = levels[level] ?? []
    levels.push(
      Array.from({ length: below.length / 2 }, (_, index) => hashPair(digestAt(below, 2 * index), digestAt(below, 2 * index + 1))),
    )
  }
  return levels
}

function digestAt(level: readonly Uint8Array[], index: number): Uint8Array {
  const digest = level[index]
  if (digest === undefined) throw new RangeError(`there is no node ${index}`)
  return digest
}

function openingOf(levels: readonly Uint8Array[][], indices: readonly number[]): TreeOpening {
  const log = levels.length - 1
  const nodes = missingNodes(indices, log).map(({ level, index }) => digestAt(levels[level] ?? [], index))
  return { indices, digests: indices.map((index) => digestAt(levels[0] ?? [], index)), nodes, log }
}

/** A tree's height and some of its leaves. */
const openings = fc
  .integer({ min: 0, max: 7 })
  .chain((log) =>
    fc
      .uniqueArray(fc.integer({ min: 0, max: 2 ** log - 1 }), { minLength: 1 })
      .map((indices) => ({ log, indices: indices.sort((a, b) => a - b) })),
  )

describe('the nodes of an opening', () => {
  it('come leaf after leaf, as far as each climbs before it meets another', () => {
    expect(missingNodes([1, 2, 6], 3)).toEqual([
      { level: 0, index: 0 },
      { level: 0, index: 3 },
      { level: 0, index: 7 },
      { level: 1, index: 2 },
    ])
    expect(missingNodes([4, 5], 3)).toEqual([
      { level: 1, index: 3 },
      { level: 2, index: 0 },
    ])
    expect(missingNodes([0, 1, 2, 3], 2)).toEqual([])
  })

  it('lead to the root, which no others do', () => {
    fc.assert(
      fc.property(openings, fc.nat(), fc.nat(), ({ log, indices }, one, another) => {
        const levels = treeOf(log)
        const root = digestAt(levels[log] ?? [], 0)
        const opening = openingOf(levels, indices)
        expect(leadsTo(root, opening)).toBe(true)
        const { nodes } = opening
        expect(leadsTo(root, { ...opening, nodes: [...nodes, root] })).toBe(false)
        if (nodes.length === 0) return
        expect(leadsTo(root, { ...opening, nodes: nodes.slice(1) })).toBe(false)
        const [a, b] = [one % nodes.length, another % nodes.length]
        if (a === b) return
        const exchanged = nodes.with(a, digestAt(nodes, b)).with(b, digestAt(nodes, a))
        expect(leadsTo(root, { ...opening, nodes: exchanged })).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})
