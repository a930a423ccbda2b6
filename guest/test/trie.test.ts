import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, keccak256 } from '../../core/index.ts'
import { emptyTrieRoot, hashToKey, NodeCache, type StoredNode, Trie } from '../../stf/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

interface Case {
  readonly root?: Uint8Array
  readonly nodes?: readonly Uint8Array[]
  /** A key to get, or a key and a value to put (to delete, where it is empty). */
  readonly steps: readonly (readonly [Uint8Array] | readonly [Uint8Array, Uint8Array])[]
}

const empty = new Uint8Array(0)

function sorted(nodes: readonly Uint8Array[]): Uint8Array[] {
  const byHash = new Map(nodes.map((node) => [bytesToHex(keccak256(node)), node]))
  return [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node)
}

const runCases = (cases: readonly Case[]): string[] =>
  runDriver(
    'trie',
    RLP.encode(cases.map(({ root = empty, nodes = [], steps }) => [root, sorted(nodes), steps.map((step) => [...step])])),
  ).map((line) => line.trimEnd())

class MapReader {
  readonly nodes = new Map<string, Uint8Array>()
  readonly read = new Map<string, Uint8Array>()
  node(hash: Uint8Array): Uint8Array | undefined {
    const node = this.nodes.get(hashToKey(hash))
    if (node !== undefined) this.read.set(bytesToHex(hash), node)
    return node
  }
  add(nodes: readonly StoredNode[]): void {
    for (const { key, rlp } of nodes) this.nodes.set(key, rlp)
  }
}

const cacheless = (reader: MapReader): NodeCache => new NodeCache({ maxBytes: 0 }, reader)

function trieOf(reader: MapReader, entries: Iterable<readonly [Uint8Array, Uint8Array]>): Uint8Array {
  const trie = new Trie(cacheless(reader))
  for (const [key, value] of entries) trie.put(key, value)
  const { root, nodes } = trie.commit()
  reader.add(nodes)
  return root
}

// Few different bytes, so that paths share prefixes, split and collapse often; short values make embedded nodes.
const nibbles = fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xf0)
const key = fc.array(nibbles, { minLength: 0, maxLength: 4 }).map((bytes) => Uint8Array.from(bytes))
const fixedKey = fc.array(nibbles, { minLength: 3, maxLength: 3 }).map((bytes) => Uint8Array.from(bytes))
const value = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3 }), fc.uint8Array({ minLength: 30, maxLength: 70 }))
const change = (keys: fc.Arbitrary<Uint8Array>) =>
  fc.tuple(keys, fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: fc.constant(empty) }))

describe.skipIf(!hasCompiler())('the trie of the guest', () => {
  it.each([
    ['keys of one length', fixedKey],
    ['keys that are prefixes of others', key],
  ])('finds, changes and hashes as the TypeScript trie does, from what that one had to read: %s', (_, keys) => {
    const cases: Case[] = []
    const expected: string[] = []
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, value), { maxLength: 30 }), fc.array(change(keys), { maxLength: 20 }), (before, changes) => {
        const reader = new MapReader()
        const root = trieOf(reader, before)
        const trie = new Trie(cacheless(reader), root)
        for (const [k, v] of changes) v.length === 0 ? trie.delete(k) : trie.put(k, v)
        const gets = [...before.map(([k]) => k), ...changes.map(([k]) => k)]
        const found = gets.map((k) => bytesToHex(trie.get(k) ?? empty))
        expected.push([...found, bytesToHex(trie.commit().root)].join(' '))
        cases.push({ root, nodes: [...reader.read.values()], steps: [...changes, ...gets.map((k) => [k] as const)] })
      }),
      { numRuns: 400 },
    )
    expect(runCases(cases)).toEqual(expected)
  })

  it('fails, rather than take a key for absent, whichever node of a path is missing', () => {
    const reader = new MapReader()
    const entries = Array.from({ length: 200 }, (_, i) => [keccak256(Uint8Array.of(i)), new Uint8Array(40).fill(i + 1)] as const)
    const root = trieOf(reader, entries)
    const [target] = entries[7] ?? [empty]
    new Trie(cacheless(reader), root).get(target)
    const path = [...reader.read.values()]
    expect(path.length).toBeGreaterThan(2)
    const cases = path.flatMap((missing) => {
      const nodes = path.filter((node) => node !== missing)
      return [[target] as const, [target, Uint8Array.of(1)] as const, [target, empty] as const].map((step) => ({
        root,
        nodes,
        steps: [step],
      }))
    })
    for (const line of runCases(cases)) expect(line).toBe(`failed ${guestStatus.nodeMissing}`)
  })

  it('needs the neighbour onto which a branch collapses', () => {
    const reader = new MapReader()
    const a = Uint8Array.of(0x10, 0x00)
    const b = Uint8Array.of(0x20, 0x00)
    const root = trieOf(reader, [
      [a, new Uint8Array(40).fill(1)],
      [b, new Uint8Array(40).fill(2)],
    ])
    new Trie(cacheless(reader), root).get(a)
    const incomplete = { root, nodes: [...reader.read.values()], steps: [[a, empty]] } as const
    new Trie(cacheless(reader), root).get(b)
    const complete = { root, nodes: [...reader.read.values()], steps: [[a, empty]] } as const
    expect(runCases([incomplete, complete])).toEqual([
      `failed ${guestStatus.nodeMissing}`,
      bytesToHex(trieOf(new MapReader(), [[b, new Uint8Array(40).fill(2)]])),
    ])
  })

  it('refuses whatever is no node', () => {
    const bad: readonly [string, Uint8Array][] = [
      ['a string', RLP.encode(new Uint8Array(40))],
      ['one item', RLP.encode([new Uint8Array(40)])],
      ['three items', RLP.encode([Uint8Array.of(0x20), Uint8Array.of(1), new Uint8Array(40)])],
      ['sixteen items', RLP.encode(Array.from({ length: 16 }, () => new Uint8Array(32)))],
      ['eighteen items', RLP.encode(Array.from({ length: 18 }, () => new Uint8Array(32)))],
      ['a leaf without value', RLP.encode([new Uint8Array(33).fill(0x20, 0, 1), empty])],
      ['a path without flags', RLP.encode([empty, new Uint8Array(40)])],
      ['unknown flags', RLP.encode([Uint8Array.of(0x40), new Uint8Array(40)])],
      ['padding that is not zero', RLP.encode([Uint8Array.of(0x21), new Uint8Array(40)])],
      ['a path that is too long', RLP.encode([new Uint8Array(34).fill(0x20, 0, 1), new Uint8Array(40)])],
      ['a path of 65 nibbles', RLP.encode([new Uint8Array(33).fill(0x30, 0, 1), new Uint8Array(40)])],
      ['an extension without path', RLP.encode([Uint8Array.of(0), new Uint8Array(32).fill(7)])],
      ['an extension to nothing', RLP.encode([new Uint8Array(33).fill(0x00, 0, 1), empty])],
      ['a child that is no hash', RLP.encode(Array.from({ length: 17 }, () => new Uint8Array(31).fill(9)))],
      ['an embedded node that is too long', RLP.encode([Uint8Array.of(0x11), [Uint8Array.of(0x20), new Uint8Array(40)]])],
      ['bytes after the node', Uint8Array.of(...RLP.encode([Uint8Array.of(0x20), new Uint8Array(40)]), 0)],
      ['a length that is too long', Uint8Array.of(0xf8, 0xff, ...new Uint8Array(40))],
    ]
    const key32 = new Uint8Array(32)
    const cases = bad.map(([, node]) => ({ root: keccak256(node), nodes: [node], steps: [[key32]] as const }))
    for (const [i, line] of runCases(cases).entries()) expect(line, bad[i]?.[0]).toMatch(/^failed (12|21)$/)
  })

  it('goes no deeper than a key is long, however deep nodes are nested', () => {
    const reader = new MapReader()
    const deep = Array.from({ length: 33 }, (_, length) => [new Uint8Array(length), Uint8Array.of(length + 1)] as const)
    const root = trieOf(reader, deep)
    expect(runCases([{ root, nodes: [...reader.nodes.values()], steps: deep.map(([k]) => [k, empty] as const) }])).toEqual([
      bytesToHex(emptyTrieRoot),
    ])
  })

  it('refuses nodes that do not ascend by hash', () => {
    const nodes = sorted([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)])
    for (const list of [nodes.toReversed(), [...nodes, ...nodes.slice(-1)]]) {
      expect(runDriver('trie', RLP.encode([[empty, list, []]]))).toEqual([`failed ${guestStatus.order}`])
    }
  })
})

if (!hasCompiler()) console.info(`tests of the guest's trie: all skipped: ${compilerNeeded}`)
