import { RLP } from '@ethereumjs/rlp'
import { NodeCache } from './node-cache.ts'
import { emptyTrieRoot, Trie } from './trie.ts'

/** Root of the trie from RLP(index) to item: transactions, receipts, withdrawals (Yellow Paper, 4.4.2). */
export function orderedTrieRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return emptyTrieRoot
  const trie = new Trie(new NodeCache({ maxBytes: 0 }, { node: () => undefined }))
  for (const [index, item] of items.entries()) trie.put(RLP.encode(index), item)
  return trie.commit().root
}
