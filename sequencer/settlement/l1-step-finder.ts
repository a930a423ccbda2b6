import { encodeEventTopics } from 'viem'
import { rollupAbi } from '../../contracts/index.ts'
import { bigintToBytes, bytesToHex, type Hex } from '../../core/index.ts'
import type { L1StepName, PlacedL1Step } from '../batches/batch-store.ts'
import type { L1Client, L1Log } from './l1-client.ts'

const topicOf = {
  commit: encodeEventTopics({ abi: rollupAbi, eventName: 'BatchCommitted' })[0],
  prove: encodeEventTopics({ abi: rollupAbi, eventName: 'BatchProven' })[0],
  execute: encodeEventTopics({ abi: rollupAbi, eventName: 'BatchExecuted' })[0],
} as const satisfies Record<L1StepName, Hex>

export interface StepQuery {
  readonly step: L1StepName
  readonly batches: readonly { readonly number: bigint; readonly hash: Hex }[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

export interface L1StepFinderOptions {
  readonly rollup: Hex
  /** Widest range of blocks that one request for logs covers. */
  readonly maxLogRange: bigint
}

// Some nodes limit the alternatives of a topic.
const maxNumbersPerQuery = 100

/** Finds the L1 transactions that moved batches on, from the events of the contract: the same answer whoever sent them, and after a restart. */
export class L1StepFinder {
  readonly #opts: L1StepFinderOptions
  readonly #l1: L1Client

  constructor(opts: L1StepFinderOptions, l1: L1Client) {
    this.#opts = opts
    this.#l1 = l1
  }

  /** By batch number; a batch whose event is not there is left out. Of a batch that was reverted and committed again, the newest counts. */
  async find(query: StepQuery): Promise<ReadonlyMap<bigint, PlacedL1Step>> {
    const steps = new Map<bigint, PlacedL1Step>()
    const byTransaction = new Map<Hex, Promise<PlacedL1Step | undefined>>()
    for (const log of await this.logs(query)) {
      const known = byTransaction.get(log.transactionHash) ?? this.#stepOf(log)
      byTransaction.set(log.transactionHash, known)
      const step = await known
      if (step !== undefined) steps.set(BigInt(log.topics[1] ?? 0), step)
    }
    return steps
  }

  /** The events of exactly these batches, oldest first. */
  async logs({ step, batches, fromBlock, toBlock }: StepQuery): Promise<readonly L1Log[]> {
    const found: L1Log[] = []
    for (let first = 0; first < batches.length; first += maxNumbersPerQuery) {
      const part = batches.slice(first, first + maxNumbersPerQuery)
      const numbers = part.map(({ number }) => bytesToHex(bigintToBytes(number, 32)))
      const hashes = new Set(part.map(({ hash }) => hash))
      const query = { address: this.#opts.rollup, fromBlock, toBlock, topics: [topicOf[step], numbers] }
      for await (const log of this.#l1.logsInRanges(query, this.#opts.maxLogRange)) {
        if (log.topics[2] !== undefined && hashes.has(log.topics[2])) found.push(log)
      }
    }
    return found
  }

  async #stepOf({ transactionHash, blockNumber }: L1Log): Promise<PlacedL1Step | undefined> {
    const [receipt, block] = await Promise.all([this.#l1.receipt(transactionHash), this.#l1.block(blockNumber)])
    if (receipt === null || block === null) return undefined
    return { txHash: transactionHash, l1Block: blockNumber, timestamp: block.timestamp, gasUsed: receipt.gasUsed }
  }
}
