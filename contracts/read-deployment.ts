import type { Eip1193Provider, Hex } from '../core/index.ts'
import { NotARollupError } from './deployment-errors.ts'
import { type DeploymentAddresses, isAnswerOfAnother, lowerCase } from './find-deployment.ts'
import { bridgeAbi, inboxAbi, rollupAbi } from './generated/index.ts'
import { createL1Client } from './l1-client.ts'

export interface KnownDeployment {
  readonly addresses: DeploymentAddresses
  readonly deployBlock: bigint
  readonly l2ChainId: bigint
  readonly upgradeDelaySeconds: bigint
}

/** The contracts around a Rollup, which name each other. Throws `NotARollupError` where the address is none of ours. */
export async function readDeployment({ l1, rollup }: { readonly l1: Eip1193Provider; readonly rollup: Hex }): Promise<KnownDeployment> {
  const client = createL1Client(l1)
  const read = { address: rollup, abi: rollupAbi } as const
  try {
    const [inbox, verifier, deployBlock, l2ChainId, upgradeDelaySeconds] = await Promise.all([
      client.readContract({ ...read, functionName: 'inbox' }),
      client.readContract({ ...read, functionName: 'verifier' }),
      client.readContract({ ...read, functionName: 'deployBlock' }),
      client.readContract({ ...read, functionName: 'l2ChainId' }),
      client.readContract({ ...read, functionName: 'upgradeDelay' }),
    ])
    const bridge = await client.readContract({ address: inbox, abi: inboxAbi, functionName: 'bridge' })
    const bridgeRollup = await client.readContract({ address: bridge, abi: bridgeAbi, functionName: 'rollup' })
    if (lowerCase(bridgeRollup) !== lowerCase(rollup)) throw new NotARollupError({ address: rollup })
    const addresses = { rollup: lowerCase(rollup), inbox: lowerCase(inbox), bridge: lowerCase(bridge), verifier: lowerCase(verifier) }
    return { addresses, deployBlock, l2ChainId, upgradeDelaySeconds }
  } catch (cause) {
    if (isAnswerOfAnother(cause)) throw new NotARollupError({ address: rollup, cause })
    throw cause
  }
}
