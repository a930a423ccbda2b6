import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, type Hex, keccak256 } from '../../../core/index.ts'
import { emptyTrieRoot, hashToKey, NodeCache, type StoredNode, Trie } from '../../../stf/index.ts'
import { type Account, type ChainCase, failed, type Outcome, passed } from '../cases.ts'
import { forkNumber, type Item, minimal, word } from './guest-encoding.ts'

/** The whole state as a witness. */
function witnessOf(accounts: readonly Account[]): { nodes: Uint8Array[]; codes: Uint8Array[] } {
  const nodes = new Map<string, Uint8Array>()
  const codes = new Map<Hex, Uint8Array>()
  const emptyTrie = (): Trie => new Trie(new NodeCache({ maxBytes: 0 }, { node: (hash) => nodes.get(hashToKey(hash)) }))
  const commit = (trie: Trie): Uint8Array => {
    const committed: { root: Uint8Array; nodes: readonly StoredNode[] } = trie.commit()
    for (const { key, rlp } of committed.nodes) nodes.set(key, rlp)
    return committed.root
  }
  const state = emptyTrie()
  for (const { address, nonce, balance, code, storage } of accounts) {
    const slots = storage.filter(([, value]) => value !== 0n)
    const trie = emptyTrie()
    for (const [key, value] of slots) trie.put(keccak256(word(key)), RLP.encode(minimal(value)))
    if (code.length > 0) codes.set(bytesToHex(keccak256(code)), code)
    const root = slots.length > 0 ? commit(trie) : emptyTrieRoot
    state.put(keccak256(address), RLP.encode([minimal(nonce), minimal(balance), root, keccak256(code)]))
  }
  commit(state)
  const byHash = (values: ReadonlyMap<string, Uint8Array>): Uint8Array[] =>
    [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
  return { nodes: byHash(nodes), codes: byHash(codes) }
}

interface Chain {
  readonly blocks: readonly Uint8Array[]
  /** Of the last block; those before it are valid. */
  readonly isValid: boolean
  readonly head: Hex
}

/** Hash of a block and of its parent; undefined where it is not RLP of a block. */
function hashesOf(rlp: Uint8Array): { hash: Hex; parent: Hex } | undefined {
  try {
    const [header] = RLP.decode(rlp)
    const parent = Array.isArray(header) ? header[0] : undefined
    if (header === undefined || !(parent instanceof Uint8Array)) return undefined
    return { hash: bytesToHex(keccak256(RLP.encode(header))), parent: bytesToHex(parent) }
  } catch {
    return undefined
  }
}

/** A stateless client follows one chain. So there is one to each invalid block, which ends it, and one to each last valid block. */
function chainsOf({ genesisHeader, blocks }: ChainCase): Chain[] {
  const genesis = bytesToHex(keccak256(genesisHeader))
  const known = new Map<Hex, readonly Uint8Array[]>([[genesis, []]])
  const tips = new Map<Hex, Chain>()
  const invalid: Chain[] = []
  let head = genesis
  for (const { rlp, isValid } of blocks) {
    const hashes = hashesOf(rlp)
    const parent = hashes !== undefined && known.has(hashes.parent) ? hashes.parent : head
    const chain = [...(known.get(parent) ?? []), rlp]
    if (!isValid || hashes === undefined) {
      invalid.push({ blocks: chain, isValid, head: parent })
      continue
    }
    head = hashes.hash
    known.set(head, chain)
    tips.delete(parent)
    tips.set(head, { blocks: chain, isValid: true, head })
  }
  return [...invalid, ...tips.values()]
}

/** Inputs of guest/test/chain.c. */
export function chainInputs(test: ChainCase): Item[] {
  const { nodes, codes } = witnessOf(test.accounts)
  const start = [forkNumber(test.fork), minimal(test.chainId), test.genesisHeader, nodes, codes]
  return chainsOf(test).map(({ blocks }) => [...start, blocks])
}

export function judgeChains(test: ChainCase, answers: readonly string[]): Outcome {
  const chains = chainsOf(test)
  const heads: string[] = [bytesToHex(keccak256(test.genesisHeader)), ...chains.map(({ head }) => head)]
  if (!heads.includes(test.head)) return failed(`its head ${test.head} is none of ${heads.join(', ')}`)
  const wrong = chains.flatMap(({ blocks, isValid }, i) => {
    const words = answers[i]?.trim().split(' ') ?? []
    const accepted = words.filter((text) => text === 'ok').length
    const isRight = isValid ? accepted === blocks.length : accepted === blocks.length - 1 && words.includes('failed')
    return isRight ? [] : [`block ${blocks.length} should be ${isValid ? 'valid' : 'refused'}, answered "${answers[i]}"`]
  })
  return wrong.length === 0 ? passed : failed(wrong.join('; '))
}
