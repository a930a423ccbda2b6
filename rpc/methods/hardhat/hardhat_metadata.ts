import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { HashResult } from '../../schemas/results.ts'

// Hardhat's viem plugin takes a node that answers this for one with Hardhat's test methods, whose intervals are milliseconds.
export const hardhat_metadata = defineMethod({
  name: 'hardhat_metadata',
  aliases: ['anvil_metadata'],
  summary: "What tells one devnet from another, in Hardhat's shape.",
  params: z.tuple([]),
  result: z.strictObject({
    clientVersion: z.string(),
    chainId: z.number(),
    instanceId: HashResult.meta({ description: 'Hash of the first block that the node has.' }),
    latestBlockNumber: z.number(),
    latestBlockHash: HashResult,
  }),
  handle(_params, { chain, info }) {
    const { hash, header } = chain.head()
    return {
      clientVersion: `zkdevnet/${info().version}`,
      chainId: Number(chain.chainId),
      instanceId: chain.blockByNumber(chain.historyStart())?.hash ?? hash,
      latestBlockNumber: Number(header.number),
      latestBlockHash: hash,
    }
  },
})
