import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import { decodeNode, hashToKey, keyToHash } from './node.ts'
import { NodeCache, type NodeReader } from './node-cache.ts'
import { orderedTrieRoot } from './ordered-trie.ts'
import { emptyTrieRoot, type StoredNode, Trie } from './trie.ts'

class MapReader implements NodeReader {
  readonly nodes = new Map<string, Uint8Array>()
  node(hash: Uint8Array): Uint8Array | undefined {
    return this.nodes.get(hashToKey(hash))
  }
  add(nodes: readonly StoredNode[]): void {
    for (const { key, rlp } of nodes) this.nodes.set(key, rlp)
  }
}

const uncached = (reader: NodeReader): NodeCache => new NodeCache({ maxBytes: 0 }, reader)

// Few different bytes, so that paths share prefixes, split and collapse often; short values make embedded nodes.
const nibbleByte = fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xf0)
const fixedKey = fc.uint8Array({ minLength: 3, maxLength: 3 }).map((key) => key.map((byte) => [0, 1, 16, 17, 240][byte % 5] ?? 0))
const anyKey = fc.array(nibbleByte, { minLength: 1, maxLength: 4 }).map((bytes) => Uint8Array.from(bytes))
const value = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3 }), fc.uint8Array({ minLength: 30, maxLength: 70 }))
const operation = (key: fc.Arbitrary<Uint8Array>) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), key, value }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key, value: fc.constant(new Uint8Array(0)) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), key, value: fc.constant(new Uint8Array(0)) }) },
  )

describe('Trie', () => {
  it.each([
    ['fixed-length keys', fixedKey],
    ['keys that are prefixes of others', anyKey],
  ])('has the same root and values as the reference implementation after any updates: %s', async (_, key) => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation(key), { maxLength: 60 }), async (operations) => {
        const reader = new MapReader()
        let trie = new Trie(uncached(reader))
        const content = new Map<Hex, Uint8Array>()
        for (const { kind, key, value } of operations) {
          if (kind === 'commit') {
            const { root, nodes } = trie.commit()
            reader.add(nodes)
            trie = new Trie(uncached(reader), root)
            continue
          }
          if (kind === 'put') content.set(bytesToHex(key), value)
          else content.delete(bytesToHex(key))
          trie.put(key, value)
        }
        // Only what is left is put into the reference implementation: where keys are prefixes of others, its deletions go wrong now and then.
        const reference = new MerklePatriciaTrie()
        for (const [key, value] of content) await reference.put(hexToBytes(key), value)
        const { root, nodes } = trie.commit()
        reader.add(nodes)
        expect(bytesToHex(root)).toBe(bytesToHex(reference.root()))
        const reopened = new Trie(uncached(reader), root)
        for (const { key } of operations) expect(reopened.get(key)).toEqual(content.get(bytesToHex(key)))
      }),
      { numRuns: 400 },
    )
  })

  it('gives each new node once, under its keccak256 hash, and none when nothing changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fixedKey, value), { minLength: 1, maxLength: 30 }), (entries) => {
        const reader = new MapReader()
        const trie = new Trie(uncached(reader))
        for (const [key, value] of entries) trie.put(key, value)
        const first = trie.commit()
        for (const { key, rlp } of first.nodes) expect(hashToKey(keccak256(rlp))).toBe(key)
        reader.add(first.nodes)
        const again = new Trie(uncached(reader), first.root)
        for (const [key] of entries) again.put(key, again.get(key) ?? new Uint8Array(0))
        again.delete(Uint8Array.of(9, 9, 9))
        expect(again.commit()).toEqual({ root: first.root, nodes: [] })
      }),
    )
  })

  it('needs only its reader: the cache may forget everything at any time', () => {
    const reader = new MapReader()
    const cache = new NodeCache({ maxBytes: 2_000 }, reader)
    let root = emptyTrieRoot
    for (let i = 0; i < 500; i++) {
      const trie = new Trie(cache, root)
      trie.put(keccak256(Uint8Array.of(i >> 8, i & 255)), Uint8Array.of(i & 127, 1))
      const committed = trie.commit()
      reader.add(committed.nodes)
      root = committed.root
    }
    expect(cache.size).toBeLessThan(12)
    const trie = new Trie(cache, root)
    for (let i = 0; i < 500; i++) expect(trie.get(keccak256(Uint8Array.of(i >> 8, i & 255)))).toEqual(Uint8Array.of(i & 127, 1))
  })

  it('leaves earlier roots as they were', () => {
    const reader = new MapReader()
    const cache = new NodeCache({ maxBytes: 1e6 }, reader)
    const key = Uint8Array.of(1, 2, 3)
    const first = new Trie(cache)
    first.put(key, Uint8Array.of(1))
    first.put(Uint8Array.of(1, 2, 4), new Uint8Array(40).fill(7))
    const before = first.commit()
    reader.add(before.nodes)
    const second = new Trie(cache, before.root)
    second.put(key, Uint8Array.of(2))
    const after = second.commit()
    expect(new Trie(cache, before.root).get(key)).toEqual(Uint8Array.of(1))
    expect(new Trie(cache, after.root).get(key)).toEqual(Uint8Array.of(2))
  })

  it('names the hash and the path of a node that is missing', () => {
    const reader = new MapReader()
    const build = new Trie(uncached(reader))
    for (const first of [0x10, 0x11, 0x20]) build.put(Uint8Array.of(first, first), new Uint8Array(40).fill(first))
    const { root, nodes } = build.commit()
    reader.add(nodes)
    const leaf = nodes.find(({ rlp }) => Buffer.from(rlp).includes(Buffer.alloc(40, 0x11)))
    if (leaf === undefined) throw new Error('no leaf')
    reader.nodes.delete(leaf.key)
    const trie = new Trie(uncached(reader), root)
    expect(() => trie.get(Uint8Array.of(0x11, 0x11))).toThrow(
      expect.objectContaining({ code: 'MISSING_TRIE_NODE', hash: keyToHash(leaf.key), path: '11' }),
    )
    // The last neighbour's deletion collapses the branch and has to look into the node.
    expect(() => trie.delete(Uint8Array.of(0x10, 0x10))).toThrow(expect.objectContaining({ code: 'MISSING_TRIE_NODE', path: '11' }))
  })

  it('proves presence and absence with a chain of nodes from the root', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fixedKey, value), { minLength: 1, maxLength: 30 }), fixedKey, (entries, target) => {
        const full = new MapReader()
        const build = new Trie(uncached(full))
        for (const [key, value] of entries) build.put(key, value)
        const { root, nodes } = build.commit()
        full.add(nodes)
        const proof = new Trie(uncached(full), root).prove(target)
        const partial = new MapReader()
        partial.add(proof.map((rlp) => ({ key: hashToKey(keccak256(rlp)), rlp })))
        expect(new Trie(uncached(partial), root).get(target)).toEqual(new Trie(uncached(full), root).get(target))
        expect(bytesToHex(keccak256(proof[0] ?? new Uint8Array(0)))).toBe(bytesToHex(root))
      }),
    )
  })

  it('refuses bytes that are not a node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeNode(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_TRIE_NODE' })
        }
      }),
    )
    for (const broken of ['0x', '0x80', '0xc0', '0xc20000', '0xc3800000', `0xd1${'80'.repeat(16)}c0`, '0xf90211']) {
      expect(() => decodeNode(new Uint8Array(Buffer.from(broken.slice(2), 'hex')))).toThrow(
        expect.objectContaining({ code: 'INVALID_TRIE_NODE' }),
      )
    }
  })
})

describe('orderedTrieRoot', () => {
  it.each([0, 1, 2, 17, 127, 128, 129, 300])('equals the reference implementation for %i items', async (count) => {
    const items = Array.from({ length: count }, (_, i) => new Uint8Array(1 + (i % 90)).fill(1 + (i % 200)))
    const reference = new MerklePatriciaTrie()
    for (const [index, item] of items.entries()) await reference.put(RLP.encode(index), item)
    expect(bytesToHex(orderedTrieRoot(items))).toBe(bytesToHex(reference.root()))
  })
})
