import { z } from 'zod'
import { HashResult, QuantityResult } from './results.ts'

export const BatchStatusResult = z.enum(['sealed', 'committed', 'proven', 'executed']).meta({ title: 'BatchStatus' })
export const ProofTypeResult = z.enum(['attested', 'stark']).meta({ title: 'ProofType' })

const L1StepResult = z.strictObject({ txHash: HashResult, timestamp: QuantityResult, gasUsed: QuantityResult }).meta({ title: 'L1Step' })

export const BatchResult = z
  .strictObject({
    number: QuantityResult,
    status: BatchStatusResult,
    proofType: ProofTypeResult,
    firstBlock: QuantityResult,
    lastBlock: QuantityResult,
    lastBlockHash: HashResult,
    lastTimestamp: QuantityResult,
    stateRoot: HashResult,
    inboxCount: QuantityResult,
    inboxRoot: HashResult,
    messagesRoot: HashResult,
    stateDiffHash: HashResult,
    stateDiffBytes: QuantityResult,
    digest: HashResult,
    programId: HashResult,
    transactionCount: QuantityResult,
    messageCount: QuantityResult,
    depositCount: QuantityResult,
    cycles: QuantityResult.nullable(),
    weightedCycles: QuantityResult.nullable(),
    sealedAtMs: QuantityResult,
    commit: L1StepResult.nullable(),
    prove: L1StepResult.nullable(),
    execute: L1StepResult.nullable(),
    provingMs: QuantityResult.nullable(),
    proofBytes: QuantityResult.nullable(),
  })
  .meta({ title: 'Batch' })
