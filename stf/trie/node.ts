import { InvalidTrieNodeError } from './errors.ts'

/** A node's hash as a 32-character latin1 string: what maps are keyed by, half the size of hex. */
export type HashKey = string

/**
 * What a node points to: the hash of a node elsewhere, or a node held in place. In place are nodes that this batch of
 * updates made (dirty) and nodes whose RLP is shorter than a hash (embedded).
 */
export type Child = HashKey | TrieNode

interface LeafNode {
  readonly kind: 'leaf'
  /** Nibbles. */
  path: Uint8Array
  value: Uint8Array
  dirty: boolean
}

export interface ExtensionNode {
  readonly kind: 'extension'
  path: Uint8Array
  child: Child
  dirty: boolean
}

export interface BranchNode {
  readonly kind: 'branch'
  /** 16 of them. */
  readonly children: (Child | undefined)[]
  value: Uint8Array | undefined
  dirty: boolean
}

/** A clean node is shared between tries and never changes; a dirty one belongs to the trie that made it. */
export type TrieNode = LeafNode | ExtensionNode | BranchNode

const hashBytes = 32
// Outside of V8's heap: reading a hash that is in it, native code would have it moved out first, which takes 1 µs.
const oneHash = Buffer.from(new ArrayBuffer(hashBytes))

export function hashToKey(hash: Uint8Array): HashKey {
  oneHash.set(hash)
  return oneHash.toString('latin1')
}

export function keyToHash(key: HashKey): Uint8Array {
  const hash = new Uint8Array(hashBytes)
  for (let i = 0; i < hashBytes; i++) hash[i] = key.charCodeAt(i)
  return hash
}

export function bytesToNibbles(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2)
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    nibbles[2 * i] = byte >> 4
    nibbles[2 * i + 1] = byte & 15
  }
  return nibbles
}

interface Item {
  readonly isList: boolean
  readonly start: number
  readonly end: number
}

/** The RLP item at `at`, which must end at or before `limit`. */
function readItem(rlp: Uint8Array, at: number, limit: number): Item {
  const prefix = rlp[at]
  if (prefix === undefined || at >= limit) throw new InvalidTrieNodeError('it ends early')
  if (prefix < 0x80) return { isList: false, start: at, end: at + 1 }
  const isList = prefix >= 0xc0
  const short = prefix - (isList ? 0xc0 : 0x80)
  let start = at + 1
  let length = short
  if (short > 55) {
    length = 0
    for (const end = start + short - 55; start < end; start++) length = length * 256 + (rlp[start] ?? 0)
  }
  if (start + length > limit) throw new InvalidTrieNodeError('it ends early')
  return { isList, start, end: start + length }
}

function decodeChild(rlp: Uint8Array, at: number, item: Item): Child | undefined {
  if (item.isList) return decodeList(rlp, item.start, item.end)
  const length = item.end - item.start
  if (length === 0) return undefined
  if (length !== hashBytes) throw new InvalidTrieNodeError(`a reference at byte ${at} has ${length} bytes`)
  return hashToKey(rlp.subarray(item.start, item.end))
}

function decodeBranch(rlp: Uint8Array, from: number, to: number): BranchNode {
  const children: (Child | undefined)[] = []
  let at = from
  for (let i = 0; i < 16; i++) {
    const item = readItem(rlp, at, to)
    children.push(decodeChild(rlp, at, item))
    at = item.end
  }
  const last = readItem(rlp, at, to)
  if (last.isList || last.end !== to) throw new InvalidTrieNodeError('a branch does not have 17 items')
  const value = last.end > last.start ? rlp.slice(last.start, last.end) : undefined
  return { kind: 'branch', children, value, dirty: false }
}

function decodeList(rlp: Uint8Array, from: number, to: number): TrieNode {
  const first = readItem(rlp, from, to)
  const second = readItem(rlp, first.end, to)
  if (second.end < to) return decodeBranch(rlp, from, to)
  const flag = rlp[first.start] ?? 0
  if (first.isList || first.end === first.start || flag >= 0x40) throw new InvalidTrieNodeError('a path has no valid prefix')
  const nibbles = bytesToNibbles(rlp.subarray(first.start, first.end))
  const path = nibbles.slice((flag & 0x10) === 0 ? 2 : 1)
  if (flag < 0x20) {
    const child = decodeChild(rlp, first.end, second)
    if (child === undefined || path.length === 0) throw new InvalidTrieNodeError('an extension leads nowhere')
    return { kind: 'extension', path, child, dirty: false }
  }
  if (second.isList) throw new InvalidTrieNodeError('the value of a leaf is a list')
  return { kind: 'leaf', path, value: rlp.slice(second.start, second.end), dirty: false }
}

/** @throws InvalidTrieNodeError */
export function decodeNode(rlp: Uint8Array): TrieNode {
  const item = readItem(rlp, 0, rlp.length)
  if (!item.isList || item.end !== rlp.length) throw new InvalidTrieNodeError('it is not one RLP list')
  return decodeList(rlp, item.start, item.end)
}
