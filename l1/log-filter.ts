import type { RpcLog } from './rpc-shapes.ts'

/** `eth_getLogs`' condition: any of the addresses (none = all), and per position any of the topics (undefined = all). */
export interface LogFilter {
  addresses: readonly string[]
  topics: readonly (readonly string[] | undefined)[]
}

export function parseLogFilter(criteria: { address?: unknown; topics?: unknown }): LogFilter {
  const topics = Array.isArray(criteria.topics) ? criteria.topics : []
  return { addresses: lowerCased(criteria.address) ?? [], topics: topics.map(lowerCased) }
}

export function logMatches(log: RpcLog, { addresses, topics }: LogFilter): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address.toLowerCase())) return false
  return topics.every((wanted, position) => {
    const topic = log.topics[position]
    return topic !== undefined && (wanted === undefined || wanted.includes(topic.toLowerCase()))
  })
}

function lowerCased(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value.toLowerCase()]
  if (!Array.isArray(value)) return undefined
  const strings = value.filter((item) => typeof item === 'string')
  return strings.length === 0 ? undefined : strings.map((item) => item.toLowerCase())
}
