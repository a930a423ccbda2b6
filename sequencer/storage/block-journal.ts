import { bytesToHex, type Hex, type SealedBlock } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { type BlockRows, type BlockWrite, rowsByTable, rowsFromTables } from './block-rows.ts'
import { decodeRows, encodeRows } from './row-codec.ts'

// In memory three to four times that, and some 60 ms to move to the tables.
const maxBlocks = 512
const maxBytes = 16 * 2 ** 20

interface JournalBlock {
  readonly write: BlockWrite
  readonly rows: BlockRows
  readonly bytes: number
}

/**
 * The newest blocks, on disk as one row each and in memory as they were sealed. A block's own rows lie in a dozen B-trees: written with
 * every block, most of their pages would go to SQLite's log again and again. From here they go to the tables in bulk.
 */
export class BlockJournal {
  readonly #insert
  readonly #delete
  readonly #numbers
  readonly #rows
  readonly #blocks = new Map<number, JournalBlock>()
  readonly #numberOfHash = new Map<Hex, number>()
  readonly #placeOfTransaction = new Map<Hex, { readonly block: bigint; readonly index: number }>()
  readonly #codes = new Map<Hex, Uint8Array>()
  #bytes = 0

  constructor({ sqlite }: DevnetDatabase) {
    this.#insert = sqlite.prepare<[number, Uint8Array]>('INSERT INTO chain_journal VALUES (?, ?)')
    this.#delete = sqlite.prepare<[number]>('DELETE FROM chain_journal WHERE number <= ?')
    this.#numbers = sqlite.prepare<[number], number>('SELECT number FROM chain_journal ORDER BY number LIMIT ?').pluck()
    this.#rows = sqlite.prepare<[number], Uint8Array>('SELECT rows FROM chain_journal WHERE number = ?').pluck()
  }

  /** What a killed process left on disk does not count. */
  get isEmpty(): boolean {
    return this.#blocks.size === 0
  }

  get isFull(): boolean {
    return this.#blocks.size >= maxBlocks || this.#bytes >= maxBytes
  }

  /** Writes a block's row, and returns what it takes. The caller holds the transaction, and calls `add` once it is committed. */
  insert(number: bigint, rows: BlockRows): number {
    const bytes = encodeRows(rowsByTable(rows))
    this.#insert.run(Number(number), bytes)
    return bytes.length
  }

  add({ write, rows, bytes }: JournalBlock): void {
    const { header, hash, transactions } = write.block
    const number = Number(header.number)
    // The rows have the nodes.
    this.#blocks.set(number, { write: { ...write, state: { newNodes: [], newCodes: write.state.newCodes } }, rows, bytes })
    this.#numberOfHash.set(hash, number)
    for (const { hash, index } of transactions) this.#placeOfTransaction.set(hash, { block: header.number, index })
    for (const { hash, code } of write.state.newCodes) this.#codes.set(bytesToHex(hash), code)
    this.#bytes += bytes
  }

  /** The numbers of the oldest blocks on disk. */
  oldest(limit: number): number[] {
    return this.#numbers.all(limit)
  }

  /** Of a block that `oldest` named. */
  rows(number: number): BlockRows {
    return this.#blocks.get(number)?.rows ?? rowsFromTables(decodeRows(this.#rows.get(number) ?? new Uint8Array()))
  }

  /** Deletes the rows of blocks up to this one. The caller holds the transaction, and calls `forget` once it is committed. */
  delete(upTo: number): void {
    this.#delete.run(upTo)
  }

  forget(upTo: number): void {
    for (const [number, { write, bytes }] of this.#blocks) {
      if (number > upTo) return
      this.#blocks.delete(number)
      this.#numberOfHash.delete(write.block.hash)
      for (const { hash } of write.block.transactions) this.#placeOfTransaction.delete(hash)
      for (const { hash } of write.state.newCodes) this.#codes.delete(bytesToHex(hash))
      this.#bytes -= bytes
    }
  }

  get(number: bigint): BlockWrite | undefined {
    return this.#blocks.get(Number(number))?.write
  }

  blockByHash(hash: Hex): SealedBlock | undefined {
    const number = this.#numberOfHash.get(hash)
    return number === undefined ? undefined : this.#blocks.get(number)?.write.block
  }

  placeOfTransaction(hash: Hex): { readonly block: bigint; readonly index: number } | undefined {
    return this.#placeOfTransaction.get(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#codes.size === 0 ? undefined : this.#codes.get(bytesToHex(hash))
  }
}
