import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'

export const eth_accounts = defineMethod({
  name: 'eth_accounts',
  aliases: ['eth_requestAccounts'],
  summary: 'The dev accounts, whose keys the node holds.',
  params: z.tuple([]),
  result: z.array(AddressResult),
  handle: (_params, { accounts }) => [...accounts.addresses],
})
