import type { DevReason, Receipt } from '../../core/index.ts'
import type { StateCommit } from '../../stf/index.ts'
import { type BlockTable, type BlockTableRows, blockTableRows } from './block-table.ts'
import type { BlockRecord } from './chain-store.ts'
import { type DevTable, type ReasonInsert, reasonInserts } from './dev-table.ts'
import { type LogInsert, type LogTable, logInsert } from './log-table.ts'
import type { RowsByTable, SqlValue } from './row-codec.ts'
import type { StateTable, StateTableRows } from './state-table.ts'

/** A block as it is written. */
export interface BlockWrite extends Omit<BlockRecord, 'header' | 'rlp'> {
  readonly receipts: readonly Receipt[]
  readonly state: Pick<StateCommit, 'newNodes' | 'newCodes'>
  readonly devReasons: readonly DevReason[]
}

/** All rows of one block. */
export interface BlockRows extends BlockTableRows {
  readonly logs: readonly LogInsert[]
  readonly reasons: readonly ReasonInsert[]
  readonly state: StateTableRows
}

export interface BlockTables {
  readonly blocks: BlockTable
  readonly logs: LogTable
  readonly state: StateTable
  readonly dev: DevTable
}

export function blockRows({ receipts, devReasons, state: _state, ...record }: BlockWrite, state: StateTableRows): BlockRows {
  return {
    ...blockTableRows(record, receipts),
    logs: receipts.flatMap(({ logs }) => logs.map(logInsert)),
    reasons: reasonInserts(devReasons),
    state,
  }
}

/** The caller holds the transaction. */
export function insertBlockRows(rows: BlockRows, { blocks, logs, state, dev }: BlockTables): void {
  blocks.insert(rows)
  for (const log of rows.logs) logs.insert(log)
  for (const reason of rows.reasons) dev.insertReason(reason)
  state.insert(rows.state)
}

/** For `rowsFromTables`: the journal's form. */
export function rowsByTable({ block, transactions, logs, reasons, state }: BlockRows): RowsByTable {
  return [[block], transactions, logs, reasons, state.nodes, state.codes]
}

/** Rows that `rowsByTable` gave, of a block that this version wrote. */
export function rowsFromTables(tables: readonly SqlValue[][][]): BlockRows {
  const [[block] = [], transactions, logs, reasons, nodes, codes] = tables
  // The columns are SQLite's to check: its tables are strict.
  return { block, transactions, logs, reasons, state: { nodes, codes } } as unknown as BlockRows
}
