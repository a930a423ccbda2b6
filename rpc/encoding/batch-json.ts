import type { z } from 'zod'
import type { Batch, DevReason, GuestCycles, L1Step } from '../../core/index.ts'
import type { BatchResult, DevReasonResult } from '../schemas/batch-results.ts'
import { toQuantity } from './quantity.ts'

/** `cycles`: what the guest took, once it ran. */
export function batchToJson(batch: Batch, cycles: GuestCycles | undefined): z.input<typeof BatchResult> {
  return {
    number: toQuantity(batch.number),
    status: batch.status,
    proofType: batch.proofType,
    devReasons: batch.devReasons.map(devReasonToJson),
    firstBlock: toQuantity(batch.firstBlockNumber),
    lastBlock: toQuantity(batch.lastBlockNumber),
    lastBlockHash: batch.lastBlockHash,
    lastTimestamp: toQuantity(batch.lastTimestamp),
    stateRoot: batch.stateRoot,
    inboxCount: toQuantity(batch.inboxCount),
    inboxRoot: batch.inboxRoot,
    messagesRoot: batch.messagesRoot,
    stateDiffHash: batch.stateDiffHash,
    stateDiffBytes: toQuantity(batch.stateDiffBytes),
    digest: batch.digest,
    programId: batch.programId,
    transactionCount: toQuantity(batch.transactionCount),
    messageCount: toQuantity(batch.messageCount),
    depositCount: toQuantity(batch.depositCount),
    cycles: cycles === undefined ? null : toQuantity(cycles.cycles),
    weightedCycles: cycles === undefined ? null : toQuantity(cycles.weightedCycles),
    sealedAtMs: toQuantity(Math.trunc(batch.sealedAtMs)),
    commit: l1StepToJson(batch.commit),
    prove: l1StepToJson(batch.prove),
    execute: l1StepToJson(batch.execute),
    provingMs: batch.provingMs === null ? null : toQuantity(Math.round(batch.provingMs)),
    proofBytes: batch.proofBytes === null ? null : toQuantity(batch.proofBytes),
    proofSegments: batch.proofSegments === null ? null : toQuantity(batch.proofSegments),
    verification: batch.verification.map(({ txHash, gasUsed }) => ({ txHash, gasUsed: toQuantity(gasUsed) })),
  }
}

export function devReasonToJson({ kind, blockNumber, detail }: DevReason): z.input<typeof DevReasonResult> {
  return { kind, blockNumber: toQuantity(blockNumber), detail }
}

function l1StepToJson(step: L1Step | null): { txHash: string; timestamp: string; gasUsed: string } | null {
  return step === null ? null : { txHash: step.txHash, timestamp: toQuantity(step.timestamp), gasUsed: toQuantity(step.gasUsed) }
}
