import { z } from 'zod'
import { devReasonKinds } from '../../core/index.ts'
import { HashResult, QuantityResult } from './results.ts'

export const BatchStatusResult = z.enum(['sealed', 'committed', 'proven', 'executed']).meta({ title: 'BatchStatus' })
export const ProofTypeResult = z.enum(['attested', 'stark']).meta({ title: 'ProofType' })
/** `dev`: nobody proves it. */
const BatchProofTypeResult = z.enum(['attested', 'stark', 'dev']).meta({ title: 'BatchProofType' })

export const DevReasonResult = z
  .strictObject({ kind: z.enum(devReasonKinds), blockNumber: QuantityResult, detail: z.string() })
  .meta({ title: 'DevReason' })

const L1StepResult = z.strictObject({ txHash: HashResult, timestamp: QuantityResult, gasUsed: QuantityResult }).meta({ title: 'L1Step' })

export const BatchResult = z
  .strictObject({
    number: QuantityResult,
    status: BatchStatusResult,
    proofType: BatchProofTypeResult,
    devReasons: z.array(DevReasonResult).meta({ description: 'Why it is a dev batch (proofType dev).' }),
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
    proofSegments: QuantityResult.nullable().meta({ description: 'Parts of which a STARK proof consists.' }),
    verification: z
      .array(z.strictObject({ txHash: HashResult, gasUsed: QuantityResult }).meta({ title: 'L1Verification' }))
      .meta({ description: 'L1 transactions in which the proof was checked, as far as this node saw them.' }),
  })
  .meta({ title: 'Batch' })
