import type { Frame } from './journal-file.ts'
import { decodeRows, encodeRows } from './row-codec.ts'
import { type BlockRows, rowsByTable, rowsFromTables } from './table-writer.ts'

/** A block's rows as the journal's frames have them. They hold until the next call. */
export const blockPayload = (rows: BlockRows): Uint8Array => encodeRows(rowsByTable(rows))

/** @throws StoredRowsError */
export const rowsOf = (payload: Uint8Array): BlockRows => rowsFromTables(decodeRows(payload))

/** The rows of the blocks among these frames. @throws StoredRowsError */
export function blocksOf(frames: readonly Frame[]): BlockRows[] {
  return frames.flatMap(({ kind, payload }) => (kind === 'block' ? rowsOf(payload) : []))
}
