import type { Deployment, SessionParts } from '../../../contracts/index.ts'
import { type Batch, type Eip1193Provider, EventBus, type FaultPoint, type Hex, type Proof } from '../../../core/index.ts'
import type { DevnetDatabase } from '../../../database/index.ts'
import { BatchStore } from '../../batches/batch-store.ts'
import { BatchIncompleteError } from '../errors.ts'
import { AttestationRegistrar } from '../fact-registrar.ts'
import { L1Client } from '../l1-client.ts'
import { L1Program } from '../l1-program.ts'
import { L1Sender } from '../l1-sender.ts'
import { L1StepFinder } from '../l1-step-finder.ts'
import { Reconciliation } from '../reconciliation.ts'
import { RollupContract, settlementErrors } from '../rollup-contract.ts'
import { SessionRegistrar } from '../session-registrar.ts'
import { Settlement } from '../settlement.ts'
import { AttestationFinder, SessionFinder } from '../verification-finder.ts'
import { testProgramId } from './deployed-rollup.ts'
import { testKeys } from './in-process-l1.ts'
import { inventBatch } from './invented-batches.ts'
import type { MemoryProofQueue } from './memory-proof-queue.ts'
import { silentLog } from './silent-log.ts'
import { VirtualTimers } from './virtual-timers.ts'

export interface SettlementNodeOptions {
  readonly database: DevnetDatabase
  readonly provider: Eip1193Provider
  readonly deployment: Deployment
  readonly queue: MemoryProofQueue
  readonly faults?: FaultPoint
  /** Default: attestations. */
  readonly sessionOf?: (proof: Proof) => Promise<SessionParts>
  readonly programId?: Hex
}

/** All objects of a node that settles invented batches. Made again on the same database, it is the node after a crash. */
export class SettlementNode {
  readonly store: BatchStore
  readonly sender: L1Sender
  readonly settlement: Settlement
  readonly events = new EventBus((error) => {
    throw error
  })
  readonly seen: string[] = []
  readonly #rollup: Deployment['rollup']
  readonly #programId: Hex | undefined

  constructor({ database, provider, deployment, queue, faults = () => undefined, sessionOf, programId }: SettlementNodeOptions) {
    const timers = new VirtualTimers()
    const l1 = new L1Client(provider)
    const { rollup, verifier, deployBlock } = deployment
    const contract = new RollupContract(l1, rollup)
    this.#rollup = rollup
    this.#programId = programId
    this.store = new BatchStore(database)
    this.sender = new L1Sender(
      { chainId: 31_337n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
      { l1, database, account: testKeys.sequencer, errors: settlementErrors, timers, log: silentLog },
    )
    this.settlement = new Settlement(
      { rollup, pollMs: 100, maxPauseWaitMs: 5_000 },
      {
        checked: { passed: () => true },
        ...{ store: this.store, queue, sender: this.sender, events: this.events, timers, log: silentLog, faults },
        reconciliation: new Reconciliation({
          ...{ l1, store: this.store, events: this.events, deployBlock, rollup: contract },
          program: new L1Program({ programId: programId ?? testProgramId, verifier }, { rollup: contract, log: silentLog }),
          steps: new L1StepFinder({ rollup, maxLogRange: 50n }, l1),
          verifications: new (sessionOf === undefined ? AttestationFinder : SessionFinder)({ verifier, maxLogRange: 50n }, l1),
        }),
        facts:
          sessionOf === undefined
            ? new AttestationRegistrar({ l1, sender: this.sender, verifier })
            : new SessionRegistrar({ l1, sender: this.sender, verifier, sessionOf }),
        proverInput: async (batch) => {
          const input = this.store.proverInput(batch)
          if (input === undefined) throw new BatchIncompleteError({ batch, part: 'prover input' })
          return input
        },
      },
    )
    this.events.on('batch', ({ batch }) => this.seen.push(`${batch.number} ${batch.status}`))
  }

  /** Seals invented batches. */
  seal(count: number, options: { salt?: string; diffBytes?: number } = {}): void {
    const place = { rollup: this.#rollup, ...(this.#programId && { programId: this.#programId }) }
    for (let sealed = 0; sealed < count; sealed++) this.store.add(inventBatch(this.newest(), { ...place, ...options }))
  }

  newest(): Batch {
    const batch = this.store.batch(this.store.latest() ?? 0n)
    if (batch === undefined) throw new Error('no genesis batch')
    return batch
  }

  /** Steps until none is due. */
  async settle(): Promise<void> {
    const { signal } = new AbortController()
    while (await this.settlement.advance(signal));
  }
}
