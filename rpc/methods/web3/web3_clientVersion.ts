import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const web3_clientVersion = defineMethod({
  name: 'web3_clientVersion',
  summary: 'Name and version of the node.',
  params: z.tuple([]),
  result: z.string(),
  // Hardhat's network helpers work only with nodes whose name begins with hardhatnetwork, anvil or zksync.
  handle: (_params, { info }) => `zksync-compatible/zkdevnet/${info().version}`,
})
