import { bytesToHex } from '../../core/index.ts'
import type { CodeReader } from '../state/state-store.ts'
import type { StoredCode } from '../state/world-state.ts'
import { hashToKey } from '../trie/node.ts'
import type { NodeReader } from '../trie/node-cache.ts'
import type { StoredNode } from '../trie/trie.ts'

/** What a database keeps, in memory. */
export class MemoryStore implements NodeReader, CodeReader {
  readonly nodes = new Map<string, Uint8Array>()
  readonly codes = new Map<string, Uint8Array>()

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.nodes.get(hashToKey(hash))
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.codes.get(bytesToHex(hash))
  }

  add({ newNodes, newCodes = [] }: { newNodes: readonly StoredNode[]; newCodes?: readonly StoredCode[] }): void {
    for (const { key, rlp } of newNodes) this.nodes.set(key, rlp)
    for (const { hash, code } of newCodes) this.codes.set(bytesToHex(hash), code)
  }
}
