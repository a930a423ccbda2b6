import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { ProofTypeResult } from '../../schemas/batch-results.ts'
import { AddressResult, HashResult, QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_nodeInfo = defineMethod({
  name: 'zkdevnet_nodeInfo',
  summary: 'Version, chain ids, URLs, L1 contracts and kind of proof of this node.',
  params: z.tuple([]),
  result: z.strictObject({
    version: z.string(),
    l1ChainId: QuantityResult,
    l2ChainId: QuantityResult,
    l1Url: z.string(),
    l2Url: z.string(),
    contracts: z.strictObject({ rollup: AddressResult, inbox: AddressResult, bridge: AddressResult, verifier: AddressResult }),
    proofType: ProofTypeResult,
    programId: HashResult,
    dataDir: z.string(),
  }),
  handle(_params, { info }) {
    const { version, l1ChainId, l2ChainId, l1Url, l2Url, contracts, proofType, programId, dataDir } = info()
    const { rollup, inbox, bridge, verifier } = contracts
    return {
      version,
      l1ChainId: toQuantity(l1ChainId),
      l2ChainId: toQuantity(l2ChainId),
      l1Url,
      l2Url,
      contracts: { rollup, inbox, bridge, verifier },
      proofType,
      programId,
      dataDir,
    }
  },
})
