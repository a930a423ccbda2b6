import { keccak256 } from '../../core/index.ts'
import { encodeRlp } from '../rlp.ts'
import { encodeNode } from './encode.ts'
import { NodeCache } from './node-cache.ts'
import { emptyTrieRoot, Trie } from './trie.ts'

function indexBytes(index: number): Uint8Array {
  if (index === 0) return new Uint8Array(0)
  return index < 0x100
    ? Uint8Array.of(index)
    : index < 0x10000
      ? Uint8Array.of(index >> 8, index)
      : Uint8Array.of(index >> 16, index >> 8, index)
}

// The nibbles of RLP(0).
const firstPath = Uint8Array.of(8, 0)

/** Root of the trie from RLP(index) to item: transactions, receipts, withdrawals (Yellow Paper, 4.4.2). */
export function orderedTrieRoot(items: readonly Uint8Array[]): Uint8Array {
  const [only] = items
  if (only === undefined) return emptyTrieRoot
  // Most blocks have one transaction: a leaf, for which no trie is needed.
  if (items.length === 1) return keccak256(encodeNode({ kind: 'leaf', path: firstPath, value: only, dirty: false }))
  const trie = new Trie(new NodeCache({ maxBytes: 0 }, { node: () => undefined }))
  for (const [index, item] of items.entries()) trie.put(encodeRlp(indexBytes(index)), item)
  return trie.commit().root
}
