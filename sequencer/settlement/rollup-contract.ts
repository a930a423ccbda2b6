import { type Abi, decodeFunctionData, decodeFunctionResult, encodeFunctionData } from 'viem'
import { attestedVerifierAbi, inboxAbi, machineVerifierAbi, rollupAbi } from '../../contracts/index.ts'
import { bytesToHex, type Hex, hexToBytes, isDevBatch, type PendingUpgrade, type StoredBatch } from '../../core/index.ts'
import type { L1BlockTag, L1Client } from './l1-client.ts'

/** A batch with the bytes that its commit posts. */
export interface CommittableBatch extends StoredBatch {
  readonly stateDiff: Uint8Array
}

/** How far the contract is. */
export interface RollupProgress {
  readonly lastCommitted: bigint
  readonly lastProven: bigint
  readonly lastExecuted: bigint
}

export interface RollupProgram {
  readonly programId: Hex
  readonly verifier: Hex
  readonly upgrade: PendingUpgrade | null
}

/** Errors of the contracts that settlement calls, for decoding. */
export const settlementErrors: Abi = [...rollupAbi, ...attestedVerifierAbi, ...machineVerifierAbi, ...inboxAbi].filter(
  ({ type }) => type === 'error',
)

export const rollupCalls = {
  commit: (last: StoredBatch, batches: readonly CommittableBatch[]): Hex =>
    encodeFunctionData({
      abi: rollupAbi,
      functionName: 'commitBatches',
      args: [last, batches.map((batch) => ({ ...batch, isDev: isDevBatch(batch), stateDiff: bytesToHex(batch.stateDiff) }))],
    }),
  prove: (batches: readonly StoredBatch[]): Hex => encodeFunctionData({ abi: rollupAbi, functionName: 'proveBatches', args: [batches] }),
  execute: (batches: readonly StoredBatch[]): Hex =>
    encodeFunctionData({ abi: rollupAbi, functionName: 'executeBatches', args: [batches] }),
  revert: (newLastBatch: bigint): Hex => encodeFunctionData({ abi: rollupAbi, functionName: 'revertBatches', args: [newLastBatch] }),
  attest: (programId: Hex, digests: readonly Hex[], signatures: readonly Hex[]): Hex =>
    encodeFunctionData({ abi: attestedVerifierAbi, functionName: 'attest', args: [programId, digests, signatures] }),
}

/** What a commit or the initialization posted of one batch. */
export interface PostedBatch {
  readonly number: bigint
  readonly lastBlockHash: Hex
  readonly stateRoot: Hex
  readonly firstBlockNumber: bigint
  readonly lastBlockNumber: bigint
  readonly lastTimestamp: bigint
  readonly inboxCount: bigint
  readonly messagesRoot: Hex
  readonly isDev: boolean
  readonly stateDiff: Uint8Array
}

/** The batches in the input of a transaction to the Rollup; empty for any other call, and for what is no call at all. */
export function postedBatches(input: Hex): readonly PostedBatch[] {
  try {
    const { functionName, args } = decodeFunctionData({ abi: rollupAbi, data: input })
    if (functionName === 'commitBatches') return args[1].map((batch) => ({ ...batch, stateDiff: hexToBytes(batch.stateDiff) }))
    if (functionName === 'initialize') return [{ ...args[0], isDev: false, stateDiff: hexToBytes(args[1]) }]
    return []
  } catch {
    return []
  }
}

/** Reads of the Rollup contract. */
export class RollupContract {
  readonly address: Hex
  readonly #l1: L1Client

  constructor(l1: L1Client, address: Hex) {
    this.#l1 = l1
    this.address = address
  }

  async progress(tag: L1BlockTag): Promise<RollupProgress> {
    const [lastCommitted, lastProven, lastExecuted] = await Promise.all([
      this.#number('lastCommittedBatch', tag),
      this.#number('lastProvenBatch', tag),
      this.#number('lastExecutedBatch', tag),
    ])
    return { lastCommitted, lastProven, lastExecuted }
  }

  /** Zero for a batch that is not committed. */
  async storedBatchHash(number: bigint, tag: L1BlockTag): Promise<Hex> {
    const data = encodeFunctionData({ abi: rollupAbi, functionName: 'storedBatchHash', args: [number] })
    return decodeFunctionResult({
      abi: rollupAbi,
      functionName: 'storedBatchHash',
      data: await this.#l1.call({ to: this.address, data }, tag),
    })
  }

  /** Of an executed batch; zero for any other. */
  async stateRoot(number: bigint, tag: L1BlockTag): Promise<Hex> {
    const data = encodeFunctionData({ abi: rollupAbi, functionName: 'stateRoot', args: [number] })
    return decodeFunctionResult({ abi: rollupAbi, functionName: 'stateRoot', data: await this.#l1.call({ to: this.address, data }, tag) })
  }

  async allowsDevBatches(): Promise<boolean> {
    const data = encodeFunctionData({ abi: rollupAbi, functionName: 'allowDevBatches' })
    return decodeFunctionResult({ abi: rollupAbi, functionName: 'allowDevBatches', data: await this.#l1.call({ to: this.address, data }) })
  }

  /** Seconds that an item of the Inbox may wait. */
  async inboxDeadline(): Promise<bigint> {
    const data = encodeFunctionData({ abi: rollupAbi, functionName: 'inboxDeadline' })
    return decodeFunctionResult({ abi: rollupAbi, functionName: 'inboxDeadline', data: await this.#l1.call({ to: this.address, data }) })
  }

  /** What batches are proven with, and what it shall be after an upgrade that is announced. */
  async program(tag: L1BlockTag): Promise<RollupProgram> {
    const read = (functionName: 'programId' | 'verifier' | 'pendingUpgrade'): Promise<Hex> =>
      this.#l1.call({ to: this.address, data: encodeFunctionData({ abi: rollupAbi, functionName }) }, tag)
    const [program, verifier, pending] = await Promise.all([read('programId'), read('verifier'), read('pendingUpgrade')])
    const upgrade = decodeFunctionResult({ abi: rollupAbi, functionName: 'pendingUpgrade', data: pending })
    return {
      programId: decodeFunctionResult({ abi: rollupAbi, functionName: 'programId', data: program }),
      verifier: lowerCase(decodeFunctionResult({ abi: rollupAbi, functionName: 'verifier', data: verifier })),
      upgrade:
        upgrade.earliest === 0n
          ? null
          : { programId: upgrade.programId, verifier: lowerCase(upgrade.verifier), earliest: upgrade.earliest },
    }
  }

  async #number(functionName: 'lastCommittedBatch' | 'lastProvenBatch' | 'lastExecutedBatch', tag: L1BlockTag): Promise<bigint> {
    const data = encodeFunctionData({ abi: rollupAbi, functionName })
    return decodeFunctionResult({ abi: rollupAbi, functionName, data: await this.#l1.call({ to: this.address, data }, tag) })
  }
}

function lowerCase(address: string): Hex {
  return address.toLowerCase() as Hex
}
