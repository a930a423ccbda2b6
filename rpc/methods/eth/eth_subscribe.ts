import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LogCriteriaParam } from '../../schemas/log-filter.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'
import type { Topic } from '../../subscriptions/subscription-registry.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

export const eth_subscribe = defineMethod({
  name: 'eth_subscribe',
  summary: 'Notifies this WebSocket of newHeads, logs (with a filter), or newPendingTransactions (hashes; with true, whole transactions).',
  params: z.tuple([
    param('topic', z.enum(['newHeads', 'logs', 'newPendingTransactions'])),
    param('options', z.union([z.boolean(), LogCriteriaParam]).nullish()),
  ]),
  result: DataResult,
  handle: ([kind, options], { subscriptions, request }) => subscriptions.add(toTopic(kind, options), request),
})

function toTopic(kind: Topic['kind'], options: boolean | z.output<typeof LogCriteriaParam> | null | undefined): Topic {
  switch (kind) {
    case 'newHeads':
      return { kind }
    case 'newPendingTransactions':
      return { kind, detail: options === true ? 'full' : 'hashes' }
    case 'logs':
      if (typeof options === 'boolean') throw new InvalidParamsError('invalid argument 1: expected a filter object')
      return { kind, criteria: options ?? { addresses: [], topics: [] } }
  }
}
