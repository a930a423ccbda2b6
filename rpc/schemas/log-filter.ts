import { z } from 'zod'
import type { Hex, TopicFilter } from '../../core/index.ts'
import { BlockNumberOrTag, type BlockRef } from './block-ref.ts'
import { Address, Hash } from './primitives.ts'

const maxAlternatives = 1_000

/** Which logs, by address and topics. */
export interface LogCriteria {
  readonly addresses: readonly Hex[]
  readonly topics: TopicFilter
}

/** Which logs of which blocks. A block hash excludes a range. */
export interface LogFilter extends LogCriteria {
  readonly blockHash: Hex | undefined
  readonly fromBlock: BlockRef | undefined
  readonly toBlock: BlockRef | undefined
}

const Topic = z.union([Hash, z.array(Hash.nullable()).max(maxAlternatives)]).nullable()

const filterFields = {
  address: z.union([Address, z.array(Address).max(maxAlternatives)]).nullish(),
  topics: z.array(Topic).max(4).nullish(),
}

/** Filter of a subscription: from now on, so without blocks. */
export const LogCriteriaParam = z.object(filterFields).transform(toCriteria)

export const LogFilterParam = z
  .object({ ...filterFields, fromBlock: BlockNumberOrTag.nullish(), toBlock: BlockNumberOrTag.nullish(), blockHash: Hash.nullish() })
  .transform((filter, context): LogFilter => {
    const { fromBlock, toBlock, blockHash } = filter
    if (blockHash != null && (fromBlock != null || toBlock != null)) {
      context.issues.push({
        code: 'custom',
        message: 'cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other',
        input: filter,
      })
    }
    return { ...toCriteria(filter), blockHash: blockHash ?? undefined, fromBlock: fromBlock ?? undefined, toBlock: toBlock ?? undefined }
  })

interface CriteriaFields {
  readonly address?: Hex | readonly Hex[] | null | undefined
  readonly topics?: readonly (Hex | readonly (Hex | null)[] | null)[] | null | undefined
}

function toCriteria({ address, topics }: CriteriaFields): LogCriteria {
  const addresses = address == null ? [] : typeof address === 'string' ? [address] : address
  return { addresses, topics: (topics ?? []).map(topicAlternatives) }
}

/** An empty list, or one with a null in it, matches anything. */
function topicAlternatives(topic: Hex | readonly (Hex | null)[] | null): readonly Hex[] | null {
  if (topic === null) return null
  if (typeof topic === 'string') return [topic]
  const hashes = topic.filter((alternative) => alternative !== null)
  return hashes.length === 0 || hashes.length < topic.length ? null : hashes
}
