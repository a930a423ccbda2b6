import { decodeEventLog, decodeFunctionResult, encodeEventTopics, encodeFunctionData } from 'viem'
import { attestedVerifierAbi, machineVerifierAbi } from '../../contracts/index.ts'
import type { Hex, StoredBatch } from '../../core/index.ts'
import type { L1Client, L1Log } from './l1-client.ts'

export interface VerificationQuery {
  readonly batches: readonly Pick<StoredBatch, 'number' | 'programId' | 'digest'>[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

/** Finds the L1 transactions that checked proofs, from the events of the verifier: whoever sent them, and when nobody here saw it. */
export interface VerificationFinder {
  /** Hashes by batch number, in their order on L1; a batch without any is left out. */
  find(query: VerificationQuery): Promise<ReadonlyMap<bigint, readonly Hex[]>>
}

export interface VerificationFinderOptions {
  readonly verifier: Hex
  /** Widest range of blocks that one request for logs covers. */
  readonly maxLogRange: bigint
}

type Range = Pick<VerificationQuery, 'fromBlock' | 'toBlock'>

class VerifierEvents {
  readonly #opts: VerificationFinderOptions
  readonly #l1: L1Client

  constructor(opts: VerificationFinderOptions, l1: L1Client) {
    this.#opts = opts
    this.#l1 = l1
  }

  async logs({ fromBlock, toBlock }: Range, topics: readonly (Hex | readonly Hex[] | null)[]): Promise<readonly L1Log[]> {
    const query = { address: this.#opts.verifier, fromBlock, toBlock, topics }
    const found: L1Log[] = []
    for await (const log of this.#l1.logsInRanges(query, this.#opts.maxLogRange)) found.push(log)
    return found
  }

  call(data: Hex): Promise<Hex> {
    return this.#l1.call({ to: this.#opts.verifier, data })
  }
}

export class AttestationFinder implements VerificationFinder {
  readonly #events: VerifierEvents

  constructor(opts: VerificationFinderOptions, l1: L1Client) {
    this.#events = new VerifierEvents(opts, l1)
  }

  async find({ batches, ...range }: VerificationQuery): Promise<ReadonlyMap<bigint, readonly Hex[]>> {
    const [attested] = encodeEventTopics({ abi: attestedVerifierAbi, eventName: 'Attested' })
    const [programs, digests] = [batches.map(({ programId }) => programId), batches.map(({ digest }) => digest)]
    const found = new Map<bigint, readonly Hex[]>()
    for (const { topics, transactionHash } of await this.#events.logs(range, [attested, programs, digests])) {
      const batch = batches.find(({ programId, digest }) => topics[1] === programId && topics[2] === digest)
      if (batch !== undefined) found.set(batch.number, [...(found.get(batch.number) ?? []), transactionHash])
    }
    return found
  }
}

export class SessionFinder implements VerificationFinder {
  readonly #events: VerifierEvents

  constructor(opts: VerificationFinderOptions, l1: L1Client) {
    this.#events = new VerifierEvents(opts, l1)
  }

  async find({ batches, ...range }: VerificationQuery): Promise<ReadonlyMap<bigint, readonly Hex[]>> {
    const found = new Map<bigint, readonly Hex[]>()
    for (const batch of batches) {
      const session = await this.#session(batch, range)
      if (session.length > 0) found.set(batch.number, session)
    }
    return found
  }

  async #session({ programId, digest }: Pick<StoredBatch, 'programId' | 'digest'>, range: Range): Promise<readonly Hex[]> {
    const args = [0, true, digest] as const
    const data = encodeFunctionData({ abi: machineVerifierAbi, functionName: 'publicDigestOf', args })
    const answer = await this.#events.call(data)
    const publicDigest = decodeFunctionResult({ abi: machineVerifierAbi, functionName: 'publicDigestOf', data: answer })
    const registered = encodeEventTopics({ abi: machineVerifierAbi, eventName: 'FactRegistered', args: { programId, publicDigest } })
    const facts = await this.#events.logs(range, registered as Hex[])
    const runs = facts.map(({ topics, data }) => {
      const event = decodeEventLog({ abi: machineVerifierAbi, eventName: 'FactRegistered', topics: topics as [Hex, ...Hex[]], data })
      return event.args.runId
    })
    if (runs.length === 0) return []
    const begun = await this.#events.logs(range, [topicOf('SegmentBegun'), runs])
    const contexts = begun.flatMap(({ topics }) => topics[2] ?? [])
    const verified = contexts.length === 0 ? [] : await this.#events.logs(range, [topicOf('QueriesVerified'), contexts])
    const inOrder = [...begun, ...verified, ...facts].sort((a, b) => Number(a.blockNumber - b.blockNumber || a.logIndex - b.logIndex))
    // The first transaction of a segment has both events.
    return [...new Set(inOrder.map(({ transactionHash }) => transactionHash))]
  }
}

function topicOf(eventName: 'SegmentBegun' | 'QueriesVerified'): Hex {
  return encodeEventTopics({ abi: machineVerifierAbi, eventName })[0]
}
