import { hexToBytes, keccak256 } from '../../core/index.ts'
import { encodeNode } from './encode.ts'
import {
  type BranchNode,
  bytesToNibbles,
  type Child,
  type ExtensionNode,
  type HashKey,
  hashToKey,
  keyToHash,
  type TrieNode,
} from './node.ts'
import type { NodeCache } from './node-cache.ts'

/** A trie node as it is stored: found by its hash. The RLP is a part of a larger buffer, which is not to be handed to another thread. */
export interface StoredNode {
  readonly key: HashKey
  readonly rlp: Uint8Array
}

/** keccak256 of the RLP of nothing. */
export const emptyTrieRoot = hexToBytes('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
const emptyKey = hashToKey(emptyTrieRoot)

function commonPrefix(a: Uint8Array, b: Uint8Array, bFrom: number): number {
  const limit = Math.min(a.length, b.length - bFrom)
  let length = 0
  while (length < limit && a[length] === b[bFrom + length]) length++
  return length
}

function bytesEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return Buffer.compare(a, b) === 0
}

const leaf = (path: Uint8Array, value: Uint8Array): TrieNode => ({ kind: 'leaf', path, value, dirty: true })

const emptyBranch = (): BranchNode => ({
  kind: 'branch',
  children: new Array(16).fill(undefined),
  value: undefined,
  dirty: true,
})

/** A node that may be changed in place: itself when this trie made it, else a copy. */
function ownedBranch(node: BranchNode): BranchNode {
  if (node.dirty) return node
  return { kind: 'branch', children: node.children.slice(), value: node.value, dirty: true }
}

const extend = (path: Uint8Array, child: Child): Child => (path.length === 0 ? child : { kind: 'extension', path, child, dirty: true })

function joinPaths(prefix: Uint8Array, path: Uint8Array): Uint8Array {
  const joined = new Uint8Array(prefix.length + path.length)
  joined.set(prefix)
  joined.set(path, prefix.length)
  return joined
}

/**
 * Merkle-Patricia trie over lazily loaded nodes (Yellow Paper, appendix D). Updates gather in memory; `commit` hashes each
 * changed node once. What was committed is shared through the cache and never changes, so an instance per root is cheap.
 * All operations throw MissingTrieNodeError where a node that they need is not there; the trie is unusable after that.
 */
export class Trie {
  readonly #cache: NodeCache
  #root: Child | undefined
  /** Stored nodes that the updates replace. */
  #replaced: HashKey[] = []

  constructor(cache: NodeCache, root: Uint8Array = emptyTrieRoot) {
    this.#cache = cache
    const key = hashToKey(root)
    this.#root = key === emptyKey ? undefined : key
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const path = bytesToNibbles(key)
    let child = this.#root
    let at = 0
    while (child !== undefined) {
      const node = this.#resolve(child, path, at)
      if (node.kind === 'branch') {
        if (at === path.length) return node.value
        child = node.children[path[at++] ?? 0]
        continue
      }
      const matched = commonPrefix(node.path, path, at)
      if (matched < node.path.length) return undefined
      at += matched
      if (node.kind === 'leaf') return at === path.length ? node.value : undefined
      child = node.child
    }
    return undefined
  }

  /** Sets a value; an empty one deletes the key. */
  put(key: Uint8Array, value: Uint8Array): void {
    if (value.length === 0) this.delete(key)
    else this.#root = this.#kept(this.#root, this.#put(this.#root, bytesToNibbles(key), 0, value))
  }

  delete(key: Uint8Array): void {
    if (this.#root === undefined) return
    this.#root = this.#kept(this.#root, this.#delete(this.#root, bytesToNibbles(key), 0))
  }

  /** Root of the trie and the nodes that are new since the last commit, each once, children before parents. */
  commit(): { root: Uint8Array; nodes: StoredNode[] } {
    const nodes: StoredNode[] = []
    const root = this.#root
    for (const key of this.#replaced) this.#cache.drop(key)
    this.#replaced = []
    if (root === undefined) return { root: emptyTrieRoot, nodes }
    const key = typeof root === 'string' ? root : this.#store(root, this.#encode(root, nodes), nodes)
    this.#root = key
    return { root: keyToHash(key), nodes }
  }

  /** RLP of the nodes from the root towards `key` (EIP-1186). The trie must have no uncommitted updates. */
  prove(key: Uint8Array): Uint8Array[] {
    const path = bytesToNibbles(key)
    const proof: Uint8Array[] = []
    let child = this.#root
    let at = 0
    while (child !== undefined) {
      const node = this.#resolve(child, path, at)
      if (typeof child === 'string') proof.push(encodeNode(node))
      if (node.kind === 'branch') {
        child = at === path.length ? undefined : node.children[path[at++] ?? 0]
        continue
      }
      const matched = commonPrefix(node.path, path, at)
      at += matched
      child = node.kind === 'extension' && matched === node.path.length ? node.child : undefined
    }
    return proof
  }

  #resolve(child: Child, path: Uint8Array, at: number): TrieNode {
    if (typeof child !== 'string') return child
    return this.#cache.load(child, () => Array.from(path.subarray(0, at), (nibble) => nibble.toString(16)).join(''))
  }

  // A clean node that came out unchanged stays the reference that it was.
  #kept(before: Child | undefined, after: TrieNode | undefined): Child | undefined {
    return after === undefined || after.dirty || before === undefined ? after : before
  }

  #put(child: Child | undefined, path: Uint8Array, at: number, value: Uint8Array): TrieNode {
    if (child === undefined) return leaf(path.slice(at), value)
    const after = this.#putInto(this.#resolve(child, path, at), path, at, value)
    if (after.dirty && typeof child === 'string') this.#replaced.push(child)
    return after
  }

  #putInto(node: TrieNode, path: Uint8Array, at: number, value: Uint8Array): TrieNode {
    if (node.kind === 'branch') return this.#putInBranch(node, path, at, value)
    const matched = commonPrefix(node.path, path, at)
    if (matched < node.path.length) return this.#split(node, matched, path, at, value)
    if (node.kind === 'extension') {
      const next = this.#put(node.child, path, at + matched, value)
      if (!next.dirty) return node
      if (!node.dirty) return { kind: 'extension', path: node.path, child: next, dirty: true }
      node.child = next
      return node
    }
    if (at + matched < path.length) return this.#split(node, matched, path, at, value)
    return bytesEqual(node.value, value) ? node : leaf(node.path, value)
  }

  #putInBranch(node: BranchNode, path: Uint8Array, at: number, value: Uint8Array): TrieNode {
    if (at === path.length) {
      if (bytesEqual(node.value, value)) return node
      const owned = ownedBranch(node)
      owned.value = value
      return owned
    }
    const nibble = path[at] ?? 0
    const before = node.children[nibble]
    const after = this.#put(before, path, at + 1, value)
    if (!after.dirty) return node
    const owned = ownedBranch(node)
    owned.children[nibble] = after
    return owned
  }

  /** A branch where the path of a leaf or extension parts from the new key. */
  #split(node: Exclude<TrieNode, BranchNode>, matched: number, path: Uint8Array, at: number, value: Uint8Array): TrieNode {
    const branch = emptyBranch()
    if (matched === node.path.length) {
      branch.value = node.kind === 'leaf' ? node.value : undefined
    } else {
      const rest = node.path.slice(matched + 1)
      branch.children[node.path[matched] ?? 0] = node.kind === 'leaf' ? leaf(rest, node.value) : extend(rest, node.child)
    }
    const end = at + matched
    if (end === path.length) branch.value = value
    else branch.children[path[end] ?? 0] = leaf(path.slice(end + 1), value)
    return matched === 0 ? branch : { kind: 'extension', path: node.path.slice(0, matched), child: branch, dirty: true }
  }

  #delete(child: Child, path: Uint8Array, at: number): TrieNode | undefined {
    const node = this.#resolve(child, path, at)
    if (node.kind === 'branch') return this.#deleteFromBranch(node, path, at)
    const matched = commonPrefix(node.path, path, at)
    if (matched < node.path.length) return node
    if (node.kind === 'leaf') return at + matched === path.length ? undefined : node
    return this.#deleteBelow(node, path, at + matched)
  }

  #deleteBelow(node: ExtensionNode, path: Uint8Array, at: number): TrieNode | undefined {
    const after = this.#delete(node.child, path, at)
    if (after === undefined) return undefined
    return after.dirty ? this.#merge(node.path, after, after) : node
  }

  #deleteFromBranch(node: BranchNode, path: Uint8Array, at: number): TrieNode | undefined {
    const nibble = path[at]
    let owned: BranchNode
    if (nibble === undefined) {
      if (node.value === undefined) return node
      owned = ownedBranch(node)
      owned.value = undefined
    } else {
      const before = node.children[nibble]
      if (before === undefined) return node
      const after = this.#delete(before, path, at + 1)
      if (after !== undefined && !after.dirty) return node
      owned = ownedBranch(node)
      owned.children[nibble] = after
      if (after !== undefined) return owned
    }
    return this.#collapse(owned, path, at)
  }

  /** A branch that lost a child: with one thing left in it, it is no branch any more. */
  #collapse(branch: BranchNode, path: Uint8Array, at: number): TrieNode | undefined {
    let only = -1
    for (let i = 0; i < 16; i++) {
      if (branch.children[i] === undefined) continue
      if (only >= 0 || branch.value !== undefined) return branch
      only = i
    }
    if (only < 0) return branch.value === undefined ? undefined : leaf(new Uint8Array(0), branch.value)
    const child = branch.children[only]
    if (child === undefined) return undefined
    const way = joinPaths(path.subarray(0, at), Uint8Array.of(only))
    return this.#merge(Uint8Array.of(only), child, this.#resolve(child, way, way.length))
  }

  #merge(prefix: Uint8Array, child: Child, node: TrieNode): TrieNode {
    if (node.kind === 'leaf') return leaf(joinPaths(prefix, node.path), node.value)
    if (node.kind === 'branch') return { kind: 'extension', path: prefix, child, dirty: true }
    return { kind: 'extension', path: joinPaths(prefix, node.path), child: node.child, dirty: true }
  }

  #commitChild(child: Child, nodes: StoredNode[]): Child {
    if (typeof child === 'string' || !child.dirty) return child
    const rlp = this.#encode(child, nodes)
    return rlp.length < 32 ? child : this.#store(child, rlp, nodes)
  }

  /** RLP of a dirty node, which is clean from now on. */
  #encode(node: TrieNode, nodes: StoredNode[]): Uint8Array {
    if (node.kind === 'branch') {
      const { children } = node
      for (let i = 0; i < 16; i++) {
        const child = children[i]
        if (child !== undefined) children[i] = this.#commitChild(child, nodes)
      }
    } else if (node.kind === 'extension') {
      node.child = this.#commitChild(node.child, nodes)
    }
    node.dirty = false
    return encodeNode(node)
  }

  #store(node: TrieNode, rlp: Uint8Array, nodes: StoredNode[]): HashKey {
    const key = hashToKey(keccak256(rlp))
    nodes.push({ key, rlp })
    this.#cache.add(key, node)
    return key
  }
}
