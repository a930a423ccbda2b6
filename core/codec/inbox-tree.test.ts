import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { keccak256 } from '../keccak.ts'
import { decodeDepositPayload, encodeDepositPayload, InboxFormatError, InboxTree, inboxLeaf, inboxTreeDepth } from './inbox-tree.ts'
import { hashes, inboxItems } from './testing/arbitraries.ts'

interface Vectors {
  items: { index: string; kind: number; sender: Hex; to: Hex; amountGwei: string; payload: Hex; l1Time: string; leaf: Hex }[]
  states: { count: string; root: Hex; frontier: Hex[] }[]
  lastLeaf: { count: string; frontier: Hex[]; root: Hex; leaf: Hex; rootAfter: Hex }
}

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/inbox-tree.json', import.meta.url), 'utf8')) as Vectors
const sender: Hex = `0x${'5e'.repeat(20)}`

/** The definition, level by level over all leaves. */
function naiveRoot(leaves: readonly Hex[]): Hex {
  let level: Uint8Array[] = leaves.map(hexToBytes)
  let empty: Uint8Array = new Uint8Array(32)
  const node = (left: Uint8Array, right: Uint8Array): Uint8Array => keccak256(concatBytes(Uint8Array.of(1), left, right))
  for (let depth = 0; depth < inboxTreeDepth; depth++) {
    const below = level
    const pad = empty
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, index) => node(below[2 * index] ?? pad, below[2 * index + 1] ?? pad))
    empty = node(empty, empty)
  }
  return bytesToHex(level[0] ?? empty)
}

describe('InboxTree', () => {
  it('follows the vectors', () => {
    const tree = new InboxTree()
    for (const [count, state] of vectors.states.entries()) {
      expect({ count: tree.count, root: tree.root(), frontier: tree.frontier() }).toEqual({ ...state, count: BigInt(state.count) })
      const item = vectors.items[count]
      if (item) tree.append(item.leaf)
    }
    expect(tree.count).toBe(BigInt(vectors.items.length))
  })

  it('has the root that the definition gives', () => {
    fc.assert(
      fc.property(fc.array(hashes, { maxLength: 40 }), (leaves) => {
        const tree = new InboxTree()
        for (const leaf of leaves) tree.append(leaf)
        expect(tree.root()).toBe(naiveRoot(leaves))
      }),
      { numRuns: 30 },
    )
  })

  it('goes on from an exported frontier as if never interrupted', () => {
    fc.assert(
      fc.property(fc.array(hashes, { maxLength: 20 }), fc.array(hashes, { maxLength: 20 }), (first, second) => {
        const tree = new InboxTree()
        for (const leaf of first) tree.append(leaf)
        const resumed = new InboxTree({ count: tree.count, frontier: tree.frontier() })
        const copy = tree.clone()
        for (const leaf of second) for (const target of [tree, resumed]) target.append(leaf)
        expect(resumed.root()).toBe(tree.root())
        expect(resumed.frontier()).toEqual(tree.frontier())
        expect(copy.root()).toBe(naiveRoot(first))
      }),
      { numRuns: 30 },
    )
  })

  it('takes a last leaf and then is full', () => {
    const { count, frontier, root, leaf, rootAfter } = vectors.lastLeaf
    const tree = new InboxTree({ count: BigInt(count), frontier })
    expect(tree.root()).toBe(root)
    tree.append(leaf)
    expect(tree.root()).toBe(rootAfter)
    expect(() => tree.append(leaf)).toThrow(expect.objectContaining({ code: 'INBOX_FORMAT' }))
  })

  const hash: Hex = `0x${'ab'.repeat(32)}`
  it.each([
    ['a sibling too few', 5n, [hash]],
    ['a sibling too many', 4n, [hash, hash]],
    ['siblings of an empty tree', 0n, [hash]],
    ['a short sibling', 1n, ['0xab' as Hex]],
    ['a negative count', -1n, []],
    ['a count beyond the tree', 2n ** 32n, [hash]],
  ])('refuses %s', (_, count, frontier) => {
    expect(() => new InboxTree({ count, frontier })).toThrow(expect.objectContaining({ code: 'INBOX_FORMAT' }))
  })
})

describe('inboxLeaf', () => {
  it.each(vectors.items)('follows the vectors: item $index', ({ index, kind, sender, payload, l1Time, leaf }) => {
    expect(inboxLeaf(BigInt(index), { kind, sender, payload: hexToBytes(payload), l1Time: BigInt(l1Time) })).toBe(leaf)
  })

  it('commits to every field', () => {
    fc.assert(
      fc.property(inboxItems, fc.nat({ max: 1_000 }), (item, index) => {
        const variants = [
          inboxLeaf(BigInt(index), item),
          inboxLeaf(BigInt(index + 1), item),
          inboxLeaf(BigInt(index), { ...item, kind: item.kind ^ 1 }),
          inboxLeaf(BigInt(index), { ...item, sender: item.sender === sender ? `0x${'00'.repeat(20)}` : sender }),
          inboxLeaf(BigInt(index), { ...item, payload: concatBytes(item.payload, Uint8Array.of(0)) }),
          inboxLeaf(BigInt(index), { ...item, l1Time: item.l1Time ^ 1n }),
        ]
        expect(new Set(variants).size).toBe(variants.length)
      }),
    )
  })

  it.each([
    ['kind', 0n, { kind: 256, l1Time: 0n }],
    ['negative kind', 0n, { kind: -1, l1Time: 0n }],
    ['index', 2n ** 32n, { kind: 0, l1Time: 0n }],
    ['time', 0n, { kind: 0, l1Time: 2n ** 64n }],
  ])('refuses a %s out of range', (_, index, fields) => {
    expect(() => inboxLeaf(index, { sender, payload: new Uint8Array(), ...fields })).toThrow(
      expect.objectContaining({ code: 'INBOX_FORMAT' }),
    )
  })
})

describe('deposit payload', () => {
  it.each(vectors.items)('follows the vectors: item $index', ({ to, amountGwei, payload }) => {
    expect(bytesToHex(encodeDepositPayload({ to, amountGwei: BigInt(amountGwei) }))).toBe(payload)
    expect(decodeDepositPayload(hexToBytes(payload))).toEqual({ to, amountGwei: BigInt(amountGwei) })
  })

  const good = encodeDepositPayload({ to: sender, amountGwei: 2n ** 64n - 1n })
  it.each([
    ['63 bytes', good.slice(1)],
    ['65 bytes', concatBytes(good, Uint8Array.of(0))],
    ['no bytes', new Uint8Array()],
    ['a dirty address', good.with(11, 1)],
    ['an amount of 9 bytes', good.with(55, 1)],
  ])('refuses %s', (_, payload) => {
    expect(() => decodeDepositPayload(payload)).toThrow(InboxFormatError)
  })

  it('refuses an amount that does not fit', () => {
    expect(() => encodeDepositPayload({ to: sender, amountGwei: 2n ** 64n })).toThrow(expect.objectContaining({ code: 'INBOX_FORMAT' }))
  })
})
