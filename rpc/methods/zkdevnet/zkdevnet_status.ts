import { z } from 'zod'
import { devReasonToJson } from '../../encoding/batch-json.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { DevReasonResult } from '../../schemas/batch-results.ts'
import { AddressResult, HashResult, QuantityResult } from '../../schemas/results.ts'

const ErrorResult = z.strictObject({ code: z.string(), message: z.string(), metaMessages: z.array(z.string()).readonly() })

export const zkdevnet_status = defineMethod({
  name: 'zkdevnet_status',
  summary: 'Where the node stands: blocks, batches by status, the open batch, the pool, L1 and how settlement gets on with it.',
  params: z.tuple([]),
  result: z.strictObject({
    blocks: z.strictObject({
      latest: QuantityResult,
      safe: QuantityResult,
      finalized: QuantityResult,
      historyStart: QuantityResult,
      latestTimestamp: QuantityResult,
    }),
    batches: z
      .strictObject({ sealed: QuantityResult, committed: QuantityResult, proven: QuantityResult, executed: QuantityResult })
      .meta({ description: 'Newest batch with at least that status.' }),
    openBatch: z.strictObject({
      number: QuantityResult,
      firstBlock: QuantityResult,
      lastBlock: QuantityResult.nullable(),
      transactionCount: QuantityResult,
      stateDiffBytes: QuantityResult,
      devReasons: z.array(DevReasonResult).meta({ description: 'Why it will be a dev batch; empty where it can be proven.' }),
      estimatedCycles: QuantityResult,
    }),
    pool: z.strictObject({ pending: QuantityResult, queued: QuantityResult }),
    l1: z.strictObject({
      reachable: z.boolean(),
      blockNumber: QuantityResult.nullable(),
      upgrade: z.strictObject({ programId: HashResult, verifier: AddressResult, earliest: QuantityResult }).nullable().meta({
        description:
          'Another program or verifier that the owner of the rollup has announced, and the L1 time from which on anybody may switch to it.',
      }),
    }),
    settlement: z.strictObject({
      state: z.enum(['running', 'unreachable', 'blocked']),
      error: ErrorResult.nullable(),
      inFlight: z.strictObject({ action: z.string(), txHash: HashResult, nonce: z.number() }).nullable(),
      checking: z
        .strictObject({ batchNumber: QuantityResult, cycles: QuantityResult, durationMs: z.number() })
        .nullable()
        .meta({ description: 'The batch that the guest runs on, and how far it is; commits wait for it, sealing does not.' }),
      proving: z
        .array(
          z
            .strictObject({
              batchNumber: QuantityResult,
              agent: z.string(),
              phase: z.string(),
              cycles: QuantityResult,
              segment: QuantityResult.nullable(),
              segments: QuantityResult.nullable(),
              durationMs: z.number(),
            })
            .meta({ title: 'ProvingProgress' }),
        )
        .meta({ description: 'What prover agents are at, oldest batch first. Segments are counted from 0.' }),
    }),
    sealing: z.strictObject({ stoppedBy: ErrorResult.nullable() }),
    automine: z.boolean(),
  }),
  handle(_params, { chain, batches, pool, sealing, l1Health }) {
    const head = chain.head().header
    const open = batches.open()
    const l1 = l1Health.status()
    const { state, error, inFlight, checking, proving } = l1Health.settlement()
    const stop = l1Health.sealingStop()
    return {
      blocks: {
        latest: toQuantity(head.number),
        safe: toQuantity(chain.safe()),
        finalized: toQuantity(chain.finalized()),
        historyStart: toQuantity(chain.historyStart()),
        latestTimestamp: toQuantity(head.timestamp),
      },
      batches: {
        sealed: toQuantity(batches.latest('sealed')),
        committed: toQuantity(batches.latest('committed')),
        proven: toQuantity(batches.latest('proven')),
        executed: toQuantity(batches.latest('executed')),
      },
      openBatch: {
        number: toQuantity(open.number),
        firstBlock: toQuantity(open.firstBlockNumber),
        lastBlock: open.lastBlockNumber === null ? null : toQuantity(open.lastBlockNumber),
        transactionCount: toQuantity(open.transactionCount),
        stateDiffBytes: toQuantity(open.stateDiffBytes),
        devReasons: open.devReasons.map(devReasonToJson),
        estimatedCycles: toQuantity(open.estimatedCycles),
      },
      pool: { pending: toQuantity(pool.pending().length), queued: toQuantity(pool.queued().length) },
      l1: {
        reachable: l1.reachable,
        blockNumber: l1.blockNumber === null ? null : toQuantity(l1.blockNumber),
        upgrade: l1.upgrade && { ...l1.upgrade, earliest: toQuantity(l1.upgrade.earliest) },
      },
      settlement: {
        ...{ state, error, inFlight },
        checking: checking && {
          batchNumber: toQuantity(checking.batchNumber),
          cycles: toQuantity(checking.cycles),
          durationMs: checking.durationMs,
        },
        proving: proving.map(({ batchNumber, agent, phase, cycles, segment, segments, durationMs }) => ({
          ...{ batchNumber: toQuantity(batchNumber), agent, phase, cycles: toQuantity(cycles), durationMs },
          segment: segment === null ? null : toQuantity(segment),
          segments: segments === null ? null : toQuantity(segments),
        })),
      },
      sealing: { stoppedBy: stop === null ? null : { code: stop.code, message: stop.message, metaMessages: stop.metaMessages } },
      automine: sealing.automine(),
    }
  },
})
