import { encodeRlp } from '../rlp.ts'
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

/** Root of the trie from RLP(index) to item: transactions, receipts, withdrawals (Yellow Paper, 4.4.2). */
export function orderedTrieRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return emptyTrieRoot
  const trie = new Trie(new NodeCache({ maxBytes: 0 }, { node: () => undefined }))
  for (const [index, item] of items.entries()) trie.put(encodeRlp(indexBytes(index)), item)
  return trie.commit().root
}
