import {
  type Abi,
  AbiDecodingDataSizeTooSmallError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  getContractAddress,
  type PublicClient,
} from 'viem'
import type { Eip1193Provider, Hex } from '../core/index.ts'
import { DeployerNonceUsedError, DeploymentFailedError } from './deployment-errors.ts'
import { attestedVerifierAbi, bridgeAbi, inboxAbi, rollupAbi } from './generated/index.ts'
import { createL1Client } from './l1-client.ts'

/** The contracts on L1. */
export interface DeploymentAddresses {
  readonly rollup: Hex
  readonly inbox: Hex
  readonly bridge: Hex
  readonly verifier: Hex
}

/** The transactions of a deployment in the order of their nonces. */
export const deploymentSteps = ['verifier', 'inbox', 'rollup', 'bridge', 'initialize'] as const

export type FoundDeployment =
  | { readonly status: 'none' }
  /** Some steps are mined, the rest is to be sent. */
  | { readonly status: 'partial'; readonly addresses: DeploymentAddresses; readonly minedSteps: number }
  | {
      readonly status: 'complete'
      readonly addresses: DeploymentAddresses
      /** L1 block before which there is no event of these contracts that matters. */
      readonly deployBlock: bigint
      /** `storedBatchHash(0)`. */
      readonly genesisHash: Hex
    }

export interface DeployerPlace {
  readonly deployer: Hex
  /** The deployer's nonce when the deployment began. Default 0: an account of its own. */
  readonly firstNonce?: number
}

/**
 * Addresses that a deployment by `deployer` has. CREATE addresses follow from the nonce, so contracts that name each other can be given
 * each other's address before they exist.
 */
export function deploymentAddresses({ deployer, firstNonce = 0 }: DeployerPlace): DeploymentAddresses {
  const at = (step: (typeof deploymentSteps)[number]): Hex =>
    lowerCase(getContractAddress({ from: deployer, nonce: BigInt(firstNonce + deploymentSteps.indexOf(step)) }))
  return { verifier: at('verifier'), inbox: at('inbox'), rollup: at('rollup'), bridge: at('bridge') }
}

/**
 * How far a deployment by `deployer` is in L1's latest block.
 * Throws `DeployerNonceUsedError` when its nonces went to something else, `DeploymentFailedError` when the genesis was refused.
 */
export async function findDeployment({ l1, ...place }: DeployerPlace & { readonly l1: Eip1193Provider }): Promise<FoundDeployment> {
  return inspectDeployment(createL1Client(l1), place)
}

export async function inspectDeployment(client: PublicClient, { deployer, firstNonce = 0 }: DeployerPlace): Promise<FoundDeployment> {
  const nonce = await client.getTransactionCount({ address: deployer })
  const minedSteps = Math.min(Math.max(nonce - firstNonce, 0), deploymentSteps.length)
  if (minedSteps === 0) return { status: 'none' }

  const addresses = deploymentAddresses({ deployer, firstNonce })
  const links = await readLinks(client, addresses)
  // An account that went past the nonces of a deployment must have made one with them.
  if (links.slice(0, minedSteps).some((isOurs) => !isOurs)) throw new DeployerNonceUsedError({ deployer, firstNonce, nonce })
  if (minedSteps < deploymentSteps.length) return { status: 'partial', addresses, minedSteps }

  const [genesisHash, deployBlock] = await Promise.all([
    client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'storedBatchHash', args: [0n] }),
    client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'deployBlock' }),
  ])
  if (BigInt(genesisHash) === 0n) throw new DeploymentFailedError({ step: 'initialize' })
  return { status: 'complete', addresses, deployBlock, genesisHash }
}

/** For each contract, in the order of the steps, whether it stands at its address and names the others as ours do. */
async function readLinks(client: PublicClient, { verifier, inbox, rollup, bridge }: DeploymentAddresses): Promise<boolean[]> {
  const names = async (address: Hex, abi: Abi, functionName: string): Promise<string | undefined> => {
    try {
      return String(await client.readContract({ address, abi, functionName })).toLowerCase()
    } catch (cause) {
      if (!isAnswerOfAnother(cause)) throw cause
      return undefined
    }
  }
  const [attester, inboxBridge, rollupInbox, bridgeRollup] = await Promise.all([
    names(verifier, attestedVerifierAbi, 'attester'),
    names(inbox, inboxAbi, 'bridge'),
    names(rollup, rollupAbi, 'inbox'),
    names(bridge, bridgeAbi, 'rollup'),
  ])
  return [attester !== undefined, inboxBridge === bridge, rollupInbox === inbox, bridgeRollup === rollup]
}

/** Whether L1 answered as it does where there is no code, or code that does not know the function; a broken connection is neither. */
export function isAnswerOfAnother(error: unknown): boolean {
  const kinds = [ContractFunctionRevertedError, ContractFunctionZeroDataError, AbiDecodingDataSizeTooSmallError]
  return error instanceof BaseError && error.walk((cause) => kinds.some((kind) => cause instanceof kind)) !== null
}

export function lowerCase(hex: string): Hex {
  return hex.toLowerCase() as Hex
}
