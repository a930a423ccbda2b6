import { bytesToHex, concatBytes, type Hex, hexToBytes, type InboxItem, InboxTree, inboxLeaf } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'

/** An item with its place on L1. */
export interface StoredInboxItem extends InboxItem {
  readonly index: bigint
  /** Root of the tree that ends with it. */
  readonly root: Hex
  readonly l1Block: bigint
  readonly l1TxHash: Hex
}

/** Up to where the L1 was read. */
export interface InboxCursor {
  readonly block: bigint
  readonly hash: Hex
}

interface ItemRow {
  item_index: number
  kind: number
  sender: string
  payload: Uint8Array
  l1_time: number
  root: string
  frontier: Uint8Array
  l1_block: number
  l1_tx: string
}

const emptyRoot = new InboxTree().root()
const hashBytes = 32

/** Where the tree ends. */
interface InboxTip {
  readonly count: bigint
  readonly root: Hex
}

/** The Inbox as far as it was read, in SQLite. */
export class InboxStore {
  readonly #database: DevnetDatabase
  readonly #statements: ReturnType<typeof prepare>
  /** Asked for several times per block; a statement of its own takes a read transaction each time. */
  #tip: InboxTip | undefined

  constructor(database: DevnetDatabase) {
    this.#database = database
    this.#statements = prepare(database)
  }

  count(): bigint {
    return this.#readTip().count
  }

  cursor(): InboxCursor | undefined {
    const row = this.#statements.cursor.get()
    return row && { block: BigInt(row.block), hash: row.hash as Hex }
  }

  /** Undefined: nothing was read yet. */
  setCursor(cursor: InboxCursor | undefined): void {
    if (cursor === undefined) this.#statements.clearCursor.run()
    else this.#statements.setCursor.run(Number(cursor.block), cursor.hash)
  }

  item(index: bigint): StoredInboxItem | undefined {
    const row = this.#statements.item.get(Number(index))
    return row && rowToItem(row)
  }

  /** From `from` on, below `to`. */
  items(from: bigint, to: bigint): readonly StoredInboxItem[] {
    if (from >= this.count()) return []
    return this.#statements.items.all(Number(from), Number(to)).map(rowToItem)
  }

  /** Throws RangeError for a count that is not there. */
  rootAt(count: bigint): Hex {
    const tip = this.#readTip()
    return count === tip.count ? tip.root : this.#storedRoot(count)
  }

  /** The tree at a count; throws RangeError for one that is not there. */
  treeAt(count: bigint): InboxTree {
    if (count === 0n) return new InboxTree()
    const { frontier } = this.#last(count)
    const hashes = Array.from({ length: frontier.length / hashBytes }, (_, at) =>
      bytesToHex(frontier.subarray(at * hashBytes, (at + 1) * hashBytes)),
    )
    return new InboxTree({ count, frontier: hashes })
  }

  /** Left siblings of the tree at that count (docs/formats.md §6). */
  frontierAt(count: bigint): readonly Hex[] {
    return this.treeAt(count).frontier()
  }

  /** Appends to the tree and to the table; `tree` is the one at the item's index. */
  append(tree: InboxTree, item: Omit<StoredInboxItem, 'root'>): void {
    this.#tip = undefined
    tree.append(inboxLeaf(item.index, item))
    this.#statements.append.run(
      Number(item.index),
      item.kind,
      item.sender,
      item.payload,
      Number(item.l1Time),
      tree.root(),
      concatBytes(...tree.frontier().map(hexToBytes)),
      Number(item.l1Block),
      item.l1TxHash,
    )
  }

  /** The item is the same, but stands in another L1 block now. */
  move(index: bigint, { l1Block, l1TxHash }: { l1Block: bigint; l1TxHash: Hex }): void {
    this.#statements.move.run(Number(l1Block), l1TxHash, Number(index))
  }

  /** Drops the items from `count` on. */
  truncate(count: bigint): void {
    this.#tip = undefined
    this.#statements.truncate.run(Number(count))
  }

  transaction(work: () => void): void {
    this.#database.transaction(work)
  }

  #readTip(): InboxTip {
    if (this.#tip !== undefined) return this.#tip
    const count = BigInt(this.#statements.count.get()?.count ?? 0)
    const tip = { count, root: this.#storedRoot(count) }
    // What an open transaction did may be undone.
    if (!this.#database.sqlite.inTransaction) this.#tip = tip
    return tip
  }

  #storedRoot(count: bigint): Hex {
    return count === 0n ? emptyRoot : (this.#last(count).root as Hex)
  }

  #last(count: bigint): ItemRow {
    const row = this.#statements.item.get(Number(count - 1n))
    if (row === undefined) throw new RangeError(`the Inbox has no ${count} items`)
    return row
  }
}

function prepare({ sqlite }: DevnetDatabase) {
  return {
    count: sqlite.prepare<[], { count: number }>('SELECT coalesce(max(item_index) + 1, 0) AS count FROM inbox_items'),
    cursor: sqlite.prepare<[], { block: number; hash: string }>('SELECT block, hash FROM inbox_cursor'),
    setCursor: sqlite.prepare('INSERT OR REPLACE INTO inbox_cursor (id, block, hash) VALUES (1, ?, ?)'),
    clearCursor: sqlite.prepare('DELETE FROM inbox_cursor'),
    item: sqlite.prepare<[number], ItemRow>('SELECT * FROM inbox_items WHERE item_index = ?'),
    items: sqlite.prepare<[number, number], ItemRow>(
      'SELECT * FROM inbox_items WHERE item_index >= ? AND item_index < ? ORDER BY item_index',
    ),
    append: sqlite.prepare(
      `INSERT INTO inbox_items (item_index, kind, sender, payload, l1_time, root, frontier, l1_block, l1_tx)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    move: sqlite.prepare('UPDATE inbox_items SET l1_block = ?, l1_tx = ? WHERE item_index = ?'),
    truncate: sqlite.prepare('DELETE FROM inbox_items WHERE item_index >= ?'),
  }
}

function rowToItem(row: ItemRow): StoredInboxItem {
  return {
    index: BigInt(row.item_index),
    kind: row.kind,
    sender: row.sender as Hex,
    payload: row.payload,
    l1Time: BigInt(row.l1_time),
    root: row.root as Hex,
    l1Block: BigInt(row.l1_block),
    l1TxHash: row.l1_tx as Hex,
  }
}
