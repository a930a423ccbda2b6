import { decodeEventLog, decodeFunctionResult, encodeEventTopics, encodeFunctionData } from 'viem'
import { inboxAbi } from '../../contracts/index.ts'
import { type Hex, hexToBytes } from '../../core/index.ts'
import type { L1BlockTag, L1Client, L1Log } from '../settlement/l1-client.ts'
import { InboxMismatchError } from './errors.ts'
import type { StoredInboxItem } from './inbox-store.ts'

const [enqueuedTopic] = encodeEventTopics({ abi: inboxAbi, eventName: 'Enqueued' })

/** Reads of the Inbox contract. */
export class InboxContract {
  readonly #l1: L1Client
  readonly #address: Hex

  constructor(l1: L1Client, address: Hex) {
    this.#l1 = l1
    this.#address = address
  }

  /** The items that were enqueued in a range of L1 blocks, in order, as the events tell. */
  async enqueued(fromBlock: bigint, toBlock: bigint): Promise<readonly StoredInboxItem[]> {
    const logs = await this.#l1.logs({ address: this.#address, fromBlock, toBlock, topics: [enqueuedTopic] })
    return logs.map(decodeEnqueued).sort((a, b) => (a.index < b.index ? -1 : 1))
  }

  /** The tree as the contract has it after that block. */
  async tree(tag: L1BlockTag): Promise<{ readonly count: bigint; readonly root: Hex }> {
    const count = decodeFunctionResult({
      abi: inboxAbi,
      functionName: 'count',
      data: await this.#call(encodeFunctionData({ abi: inboxAbi, functionName: 'count' }), tag),
    })
    const root = decodeFunctionResult({
      abi: inboxAbi,
      functionName: 'rootAt',
      data: await this.#call(encodeFunctionData({ abi: inboxAbi, functionName: 'rootAt', args: [count] }), tag),
    })
    return { count, root }
  }

  #call(data: Hex, tag: L1BlockTag): Promise<Hex> {
    return this.#l1.call({ to: this.#address, data }, tag)
  }
}

function decodeEnqueued(log: L1Log): StoredInboxItem {
  const [first, ...rest] = log.topics
  if (first === undefined) throw new InboxMismatchError({ index: 0n, reason: 'an event has no topics' })
  const { args } = decodeEventLog({ abi: inboxAbi, eventName: 'Enqueued', data: log.data, topics: [first, ...rest] })
  return {
    index: args.index,
    kind: args.kind,
    sender: args.sender.toLowerCase() as Hex,
    payload: hexToBytes(args.payload),
    l1Time: args.l1Time,
    root: args.root,
    l1Block: log.blockNumber,
    l1TxHash: log.transactionHash,
  }
}
