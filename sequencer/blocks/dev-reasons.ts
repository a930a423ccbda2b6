import { type DevReason, rules, type SealedBlock } from '../../core/index.ts'
import { impersonatedSenderOf, nextBaseFee } from '../../stf/index.ts'
import type { PoolEntry } from '../mempool/sender-queue.ts'
import type { PreState } from '../storage/dev-table.ts'

export interface SealedContents {
  readonly parent: SealedBlock
  readonly block: SealedBlock
  readonly included: readonly PoolEntry[]
  /** What dev methods changed before the block. */
  readonly preState: PreState | undefined
  /** How many blocks the request asked for that the block is part of. */
  readonly minedAtOnce: number
}

/** Why the guest would not accept a block; empty where it would. */
export function devReasonsOf({ parent, block, included, preState, minedAtOnce }: SealedContents): readonly DevReason[] {
  const { header, transactions, withdrawals } = block
  const reasons: Omit<DevReason, 'blockNumber'>[] = (preState?.details ?? []).map((detail) => ({ kind: 'stateEdited', detail }))
  const senders = new Set(included.flatMap(({ tx, sender }) => (impersonatedSenderOf(tx) === undefined ? [] : [sender])))
  for (const sender of senders) reasons.push({ kind: 'impersonation', detail: `transaction of ${sender} without its signature` })
  const derived = nextBaseFee(parent.header)
  if (header.baseFeePerGas !== derived) reasons.push({ kind: 'baseFee', detail: `base fee ${header.baseFeePerGas} instead of ${derived}` })
  if (header.gasLimit !== rules.blockGasLimit) {
    reasons.push({ kind: 'gasLimit', detail: `gas limit ${header.gasLimit} instead of ${rules.blockGasLimit}` })
  }
  if (minedAtOnce > rules.maxEmptyBlocksAtOnce && transactions.length === 0 && withdrawals.length === 0) {
    reasons.push({ kind: 'emptyBlocks', detail: `one of ${minedAtOnce} blocks mined at once` })
  }
  return reasons.map((reason) => ({ ...reason, blockNumber: header.number }))
}
