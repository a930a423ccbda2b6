import type { Log } from '../../core/index.ts'
import type { LogCriteria } from '../schemas/log-filter.ts'

export function matchesLog(log: Log, { addresses, topics }: LogCriteria): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address)) return false
  if (topics.length > log.topics.length) return false
  return topics.every((alternatives, position) => {
    const topic = log.topics[position]
    return alternatives === null || (topic !== undefined && alternatives.includes(topic))
  })
}
