import { type Batch, type EventSink, type Hex, isDevBatch, type L1Verification, storedBatchHash } from '../../core/index.ts'
import { type BatchProgress, type BatchStore, type L1StepName, l1Steps, type PlacedL1Step } from '../batches/batch-store.ts'
import { BatchMismatchError } from './errors.ts'
import type { L1Client } from './l1-client.ts'
import type { L1Program } from './l1-program.ts'
import type { L1StepFinder } from './l1-step-finder.ts'
import type { RollupContract } from './rollup-contract.ts'
import type { VerificationFinder } from './verification-finder.ts'

export interface ReconciliationDeps {
  readonly l1: L1Client
  readonly rollup: RollupContract
  readonly program: L1Program
  readonly steps: L1StepFinder
  readonly verifications: VerificationFinder
  readonly store: BatchStore
  readonly events: EventSink
  /** No event of the rollup is older. */
  readonly deployBlock: bigint
}

interface FoundStep {
  readonly batch: bigint
  readonly name: L1StepName
  readonly step: PlacedL1Step
}

const marks = { commit: 'lastCommitted', prove: 'lastProven', execute: 'lastExecuted' } as const satisfies Record<
  L1StepName,
  keyof BatchProgress
>

/** Brings what the node believes of its batches into line with the contract. The contract is right, forwards and backwards. */
export class Reconciliation {
  readonly #deps: ReconciliationDeps
  /** L1 block up to which everything is in line. */
  #seen: Hex | undefined
  #blockNumber: bigint | null = null

  constructor(deps: ReconciliationDeps) {
    this.#deps = deps
  }

  /** Head of the L1 when it was last seen. */
  get blockNumber(): bigint | null {
    return this.#blockNumber
  }

  /** Reads everything again at the next run. */
  forget(): void {
    this.#seen = undefined
  }

  /** Throws `BatchMismatchError` where the contract has a batch that is not ours, and what `L1Program.read` throws. */
  async run(): Promise<BatchProgress> {
    const { l1, rollup, program, store, events } = this.#deps
    const head = await l1.block('latest')
    if (head === null || head.hash === this.#seen) return store.progress()
    this.#blockNumber = head.number
    await program.read(head.number)
    const before = store.progress()
    const after = await rollup.progress(head.number)
    await this.#assertOurs(after.lastCommitted, head.number)
    const steps = await this.#findSteps({ before, after, toBlock: head.number })
    const verifications = await this.#findVerifications(this.#between(before.lastProven, after.lastProven), steps, head.number)
    store.transaction(() => {
      store.setProgress(after)
      for (const { batch, name, step } of steps) store.setStep(batch, name, step)
      for (const [batch, list] of verifications) store.setVerifications(batch, list)
      store.dropProverInputs(after.lastExecuted)
    })
    this.#seen = head.hash
    for (const batch of this.#changed(before, after)) events.emit('batch', { batch })
    return after
  }

  async #assertOurs(number: bigint, l1Block: bigint): Promise<void> {
    const batch = this.#deps.store.batch(number)
    const onL1 = await this.#deps.rollup.storedBatchHash(number, l1Block)
    const local = batch && storedBatchHash(batch)
    if (local !== onL1) throw new BatchMismatchError({ batch: number, onL1, local })
  }

  async #findSteps({ before, after, toBlock }: { before: BatchProgress; after: BatchProgress; toBlock: bigint }) {
    const found: FoundStep[] = []
    for (const name of l1Steps) {
      const batches = this.#between(before[marks[name]], after[marks[name]]).map((batch) => ({
        number: batch.number,
        hash: storedBatchHash(batch),
      }))
      if (batches.length === 0) continue
      // Steps come in the order of the batches, so nothing is older than the same step of the one before.
      const fromBlock = this.#deps.store.step(before[marks[name]], name)?.l1Block ?? this.#deps.deployBlock
      for (const [batch, step] of await this.#deps.steps.find({ step: name, batches, fromBlock, toBlock })) {
        found.push({ batch, name, step })
      }
    }
    return found
  }

  /** For batches that were proven since: what checked their proofs, with what was mined while nobody here looked. */
  async #findVerifications(
    proven: readonly Batch[],
    steps: readonly FoundStep[],
    toBlock: bigint,
  ): Promise<ReadonlyMap<bigint, readonly L1Verification[]>> {
    const { l1, store, verifications, deployBlock } = this.#deps
    const batches = proven.filter((batch) => !isDevBatch(batch))
    const [first] = batches
    if (first === undefined) return new Map()
    // A proof may be checked before its batch is committed, but hardly before the one ahead of it is.
    const ahead = first.number - 1n
    const commit = steps.find(({ batch, name }) => batch === ahead && name === 'commit')?.step ?? store.step(ahead, 'commit')
    const found = await verifications.find({ batches, fromBlock: commit?.l1Block ?? deployBlock, toBlock })
    const lists = new Map<bigint, readonly L1Verification[]>()
    for (const { number, verification: known } of batches) {
      const hashes = found.get(number) ?? []
      // A batch that was taken back and committed again may have been checked before.
      const list = known.filter(({ txHash }) => !hashes.includes(txHash))
      for (const txHash of hashes) {
        const gasUsed = known.find((each) => each.txHash === txHash)?.gasUsed ?? (await l1.receipt(txHash))?.gasUsed
        if (gasUsed !== undefined) list.push({ txHash, gasUsed })
      }
      lists.set(number, list)
    }
    return lists
  }

  /** Batches above `low` up to `high`. */
  #between(low: bigint, high: bigint): readonly Batch[] {
    return high <= low ? [] : this.#deps.store.batches(low + 1n, Number(high - low))
  }

  /** Batches whose status may differ, in both directions. */
  #changed(before: BatchProgress, after: BatchProgress): readonly Batch[] {
    const numbers = new Map<bigint, Batch>()
    for (const name of l1Steps) {
      const [a, b] = [before[marks[name]], after[marks[name]]]
      // One of the two is empty.
      for (const batch of [...this.#between(a, b), ...this.#between(b, a)]) numbers.set(batch.number, batch)
    }
    return [...numbers.values()].sort((a, b) => (a.number < b.number ? -1 : 1))
  }
}
