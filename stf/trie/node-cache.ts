import { MissingTrieNodeError, readStore } from './errors.ts'
import { decodeNode, type HashKey, keyToHash, type TrieNode } from './node.ts'

/** Where trie nodes come from: a database, or a witness. */
export interface NodeReader {
  /** RLP of the node with this keccak256 hash. */
  node(hash: Uint8Array): Uint8Array | undefined
}

// Estimates of what a decoded node weighs; they only have to bound.
const nodeBytes = 400
const branchBytes = nodeBytes + 16 * 64

function weightOf(node: TrieNode): number {
  if (node.kind === 'branch') return branchBytes + (node.value?.length ?? 0)
  return nodeBytes + 2 * node.path.length + (node.kind === 'leaf' ? node.value.length : 0)
}

/**
 * Decoded nodes of any number of tries over one reader, bounded in bytes. Two generations approximate least-recently-used
 * for the price of one map look-up: what is used moves to the young one, and the old one is dropped as a whole.
 */
export class NodeCache {
  readonly #reader: NodeReader
  readonly #generationBytes: number
  #young = new Map<HashKey, TrieNode>()
  #old = new Map<HashKey, TrieNode>()
  #youngBytes = 0

  constructor({ maxBytes }: { maxBytes: number }, reader: NodeReader) {
    this.#reader = reader
    this.#generationBytes = maxBytes / 2
  }

  /** @throws MissingTrieNodeError, with the path that `pathOf` gives; StateUnreadableError */
  load(key: HashKey, pathOf: () => string): TrieNode {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) {
      this.add(key, old)
      return old
    }
    const rlp = readStore(() => this.#reader.node(keyToHash(key)))
    if (rlp === undefined) throw new MissingTrieNodeError({ hash: keyToHash(key), path: pathOf() })
    const node = decodeNode(rlp)
    this.add(key, node)
    return node
  }

  /** Adds a clean node; from then on it must not change. */
  add(key: HashKey, node: TrieNode): void {
    if (this.#youngBytes > this.#generationBytes) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngBytes = 0
    }
    const { size } = this.#young
    this.#young.set(key, node)
    if (this.#young.size > size) this.#youngBytes += weightOf(node)
  }

  /** A newer state does without the node: its room is better used by one that will be read again. The reader still has it. */
  drop(key: HashKey): void {
    const young = this.#young.get(key)
    if (young === undefined) {
      this.#old.delete(key)
      return
    }
    // What is left of it among the old ones goes with them.
    this.#young.delete(key)
    this.#youngBytes -= weightOf(young)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }
}
