import type { DevReason, Receipt } from '../../core/index.ts'
import type { StateCommit } from '../../stf/index.ts'
import { blockTableRows } from './block-table.ts'
import type { BlockRecord } from './chain-store.ts'
import { reasonInserts } from './dev-table.ts'
import { logInsert } from './log-table.ts'
import type { BlockRows, StateRows } from './table-writer.ts'

/** A block as it is written. */
export interface BlockWrite extends Omit<BlockRecord, 'header' | 'rlp'> {
  readonly receipts: readonly Receipt[]
  readonly state: Pick<StateCommit, 'newNodes' | 'newCodes'>
  readonly devReasons: readonly DevReason[]
}

export function blockRows({ receipts, devReasons, state: _state, ...record }: BlockWrite, state: StateRows): BlockRows {
  return {
    ...blockTableRows(record, receipts),
    logs: receipts.flatMap(({ logs }) => logs.map(logInsert)),
    reasons: reasonInserts(devReasons),
    state,
  }
}
