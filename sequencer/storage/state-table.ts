import { keccak256 } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { type CodeReader, type HashKey, hashToKey, type NodeReader, type StateCommit } from '../../stf/index.ts'
import type { MetaTable } from './meta-table.ts'
import { plainBytes } from './plain-bytes.ts'
import type { CodeInsert, NodeIndex, NodeInsert, StateRows } from './table-writer.ts'

interface RecentNode {
  readonly id: number
  readonly rlp: Uint8Array
}

/** A key is a node's hash. */
type NodesByKey = Map<HashKey, RecentNode>

/** Nodes that have got their rows, to be told to `confirm` when these are on disk, here or in the journal. */
export interface PlacedState {
  readonly rows: StateRows
  readonly nodes: ReadonlyMap<HashKey, RecentNode>
  /** Row id for the next node. */
  readonly end: number
}

// Some 10 MB of memory, twice, and 60 ms of reading when the node starts. More would write the index less often, all of whose pages are written
// each time; the memory's bound is worth more (docs/performance.md).
const maxRecentNodes = 16_384

/** Row ids of the nodes of a block begin here, or later. */
export const firstNodeId = (block: bigint): number => Number(block) * 2 ** 24

/**
 * Trie nodes and codes of all kept states.
 *
 * Hashes are random, so a table ordered by hash writes a page per node: 317 kB of log for one token transfer. Nodes are
 * therefore appended in order of blocks, newest ones are found through a map in memory, and their places go to the index on
 * disk in bulk. The index holds 48 bits of the hash; what it finds is checked.
 */
export class StateTable implements NodeReader, CodeReader {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #meta: MetaTable
  readonly #byKey
  readonly #nodesFrom
  readonly #code
  readonly #maxId
  /** Nodes that are not indexed yet, by hash. */
  #recent: NodesByKey = new Map()
  /** Those that were indexed last: the witness of a batch reads what the blocks before it made. */
  #indexed: NodesByKey = new Map()
  #end = 0

  constructor({ sqlite }: DevnetDatabase, meta: MetaTable) {
    this.#sqlite = sqlite
    this.#meta = meta
    this.#byKey = sqlite.prepare<[number], Uint8Array>('SELECT rlp FROM chain_node_index JOIN chain_nodes USING (id) WHERE key = ?').pluck()
    this.#nodesFrom = sqlite.prepare<[number], RecentNode>('SELECT id, rlp FROM chain_nodes WHERE id >= ? ORDER BY id')
    this.#code = sqlite.prepare<[Uint8Array], Uint8Array>('SELECT code FROM chain_codes WHERE hash = ?').pluck()
    this.#maxId = sqlite.prepare<[], number | null>('SELECT max(id) FROM chain_nodes').pluck()
    this.reload()
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    const key = hashToKey(hash)
    const recent = this.#recent.get(key) ?? this.#indexed.get(key)
    if (recent !== undefined) return recent.rlp
    for (const rlp of this.#byKey.all(indexKey(key))) {
      if (Buffer.compare(keccak256(rlp), hash) === 0) return plainBytes(rlp)
    }
    return undefined
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    const code = this.#code.get(hash)
    return code && plainBytes(code)
  }

  /** Row id that no node has yet, nor any above it. */
  get end(): number {
    return this.#end
  }

  /** Rows for the state of a block, or for changes after it that belong to the next one. */
  place({ newNodes, newCodes }: Pick<StateCommit, 'newNodes' | 'newCodes'>, block: bigint): PlacedState {
    const nodes: NodesByKey = new Map()
    const rows: NodeInsert[] = []
    let id = Math.max(firstNodeId(block), this.#end)
    for (const { key, rlp } of newNodes) {
      // Once is enough, and a rewind could otherwise drop the row that the map names.
      if (this.#recent.has(key) || nodes.has(key)) continue
      rows.push([id, rlp])
      nodes.set(key, { id, rlp })
      id++
    }
    return { rows: { nodes: rows, codes: codeInserts(newCodes, block) }, nodes, end: id }
  }

  confirm({ nodes, end }: PlacedState): void {
    this.#end = end
    for (const [key, node] of nodes) this.#recent.set(key, node)
  }

  /** What the index lacks of confirmed nodes below this row id, where there are enough of them for all its pages to be written. */
  indexDue(end: number): NodeIndex | undefined {
    if (this.#recent.size <= maxRecentNodes) return undefined
    const keys = new Float64Array(this.#recent.size)
    const ids = new Float64Array(this.#recent.size)
    let count = 0
    for (const [key, { id }] of this.#recent) {
      if (id >= end) continue
      keys[count] = indexKey(key)
      ids[count++] = id
    }
    return { keys: keys.subarray(0, count), ids: ids.subarray(0, count), below: end }
  }

  /** The index has all nodes with smaller row ids. */
  indexed(below: number): void {
    if (below === 0) return
    const rest: NodesByKey = new Map()
    for (const [key, node] of this.#recent) if (node.id >= below) rest.set(key, node)
    // What is in both is found in the newer one.
    this.#indexed = this.#recent
    this.#recent = rest
  }

  /**
   * Deletes what was inserted for blocks above, but for nodes with ids below `keepBelow`.
   * The caller holds the transaction, and calls `reload` once it is committed.
   */
  deleteAbove(block: bigint, keepBelow = 0): void {
    const first = Math.max(firstNodeId(block + 1n), keepBelow)
    const removeIndex = this.#sqlite.prepare<[number, number]>('DELETE FROM chain_node_index WHERE key = ? AND id = ?')
    const indexedBelow = this.#indexedBelow()
    const page = this.#sqlite.prepare<[number, number], RecentNode>(
      'SELECT id, rlp FROM chain_nodes WHERE id >= ? AND id < ? ORDER BY id LIMIT 1000',
    )
    for (let from = first, nodes = page.all(from, indexedBelow); nodes.length > 0; nodes = page.all(from, indexedBelow)) {
      for (const { id, rlp } of nodes) {
        removeIndex.run(indexKey(hashToKey(keccak256(rlp))), id)
        from = id + 1
      }
    }
    this.#sqlite.prepare('DELETE FROM chain_nodes WHERE id >= ?').run(first)
    this.#sqlite.prepare('DELETE FROM chain_codes WHERE block > ?').run(Number(block))
    if (indexedBelow > first) this.#meta.set('nodesIndexedBelow', String(first))
  }

  /** Takes from the database what is not indexed. */
  reload(): void {
    this.#indexed = new Map()
    this.#recent = new Map()
    this.#end = 0
    this.follow()
    this.#end = (this.#maxId.get() ?? -1) + 1
  }

  /** Takes from the database what was appended by another connection, and indexed. A rewind in between takes a `reload`. */
  follow(): void {
    const below = this.#indexedBelow()
    const [oldest] = this.#recent.values()
    if (oldest !== undefined && oldest.id < below) this.indexed(below)
    for (const { id, rlp } of this.#nodesFrom.all(Math.max(this.#end, below))) {
      this.#recent.set(hashToKey(keccak256(rlp)), { id, rlp: plainBytes(rlp) })
      this.#end = id + 1
    }
  }

  #indexedBelow(): number {
    return Number(this.#meta.get('nodesIndexedBelow') ?? 0)
  }
}

export function codeInserts(codes: StateCommit['newCodes'], block: bigint): CodeInsert[] {
  return codes.map(({ hash, code }) => [hash, Number(block), code])
}

/** The first 48 bits. */
function indexKey(key: HashKey): number {
  let bits = 0
  for (let i = 0; i < 6; i++) bits = bits * 256 + key.charCodeAt(i)
  return bits
}
