import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { FilterId } from '../../schemas/filter-id.ts'
import { param } from '../../schemas/primitives.ts'

export const eth_unsubscribe = defineMethod({
  name: 'eth_unsubscribe',
  summary: 'Ends a subscription of this WebSocket; false where there was none.',
  params: z.tuple([param('subscriptionId', FilterId)]),
  result: z.boolean(),
  handle: ([id], { subscriptions, request }) => subscriptions.remove(id, request.connection),
})
