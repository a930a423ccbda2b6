import {
  type Abi,
  AbiDecodingDataSizeTooSmallError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  getContractAddress,
  type PublicClient,
} from 'viem'
import type { Eip1193Provider, Hex, ProofType } from '../core/index.ts'
import { DeployerNonceUsedError, DeploymentFailedError } from './deployment-errors.ts'
import { attestedVerifierAbi, bridgeAbi, inboxAbi, machineVerifierAbi, rollupAbi, segmentVerifierAbi } from './generated/index.ts'
import { createL1Client } from './l1-client.ts'

/** The contracts on L1. */
export interface DeploymentAddresses {
  readonly rollup: Hex
  readonly inbox: Hex
  readonly bridge: Hex
  readonly verifier: Hex
}

const stepsAfterVerifier = ['inbox', 'rollup', 'bridge', 'initialize'] as const

/** The transactions of a deployment in the order of their nonces. The STARK verifier reads the AIR from two contracts that hold it as data. */
export const deploymentSteps = {
  attested: ['verifier', ...stepsAfterVerifier],
  stark: ['air 1', 'air 2', 'segment verifier', 'verifier', ...stepsAfterVerifier],
} as const satisfies Record<ProofType, readonly string[]>

type DeploymentStep = (typeof deploymentSteps)[ProofType][number]

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
  /** What the verifier takes. Default: attestations. */
  readonly proofType?: ProofType
}

/**
 * Addresses that a deployment by `deployer` has. CREATE addresses follow from the nonce, so contracts that name each other can be given
 * each other's address before they exist.
 */
export function deploymentAddresses(place: DeployerPlace): DeploymentAddresses {
  const at = (step: DeploymentStep): Hex => addressOfStep(place, step)
  return { verifier: at('verifier'), inbox: at('inbox'), rollup: at('rollup'), bridge: at('bridge') }
}

/** Of the contract that a step makes. */
export function addressOfStep({ deployer, firstNonce = 0, proofType = 'attested' }: DeployerPlace, step: DeploymentStep): Hex {
  const steps: readonly DeploymentStep[] = deploymentSteps[proofType]
  return lowerCase(getContractAddress({ from: deployer, nonce: BigInt(firstNonce + steps.indexOf(step)) }))
}

/**
 * How far a deployment by `deployer` is in L1's latest block.
 * Throws `DeployerNonceUsedError` when its nonces went to something else, `DeploymentFailedError` when the genesis was refused.
 */
export async function findDeployment({ l1, ...place }: DeployerPlace & { readonly l1: Eip1193Provider }): Promise<FoundDeployment> {
  return inspectDeployment(createL1Client(l1), place)
}

export async function inspectDeployment(client: PublicClient, place: DeployerPlace): Promise<FoundDeployment> {
  const { deployer, firstNonce = 0, proofType = 'attested' } = place
  const steps = deploymentSteps[proofType]
  const nonce = await client.getTransactionCount({ address: deployer })
  const minedSteps = Math.min(Math.max(nonce - firstNonce, 0), steps.length)
  if (minedSteps === 0) return { status: 'none' }

  const addresses = deploymentAddresses(place)
  const links = [...(await readVerifierLinks(client, place)), ...(await readLinks(client, addresses))]
  // An account that went past the nonces of a deployment must have made one with them.
  if (links.slice(0, minedSteps).some((isOurs) => !isOurs)) throw new DeployerNonceUsedError({ deployer, firstNonce, nonce })
  if (minedSteps < steps.length) return { status: 'partial', addresses, minedSteps }

  const [genesisHash, deployBlock] = await Promise.all([
    client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'storedBatchHash', args: [0n] }),
    client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'deployBlock' }),
  ])
  if (BigInt(genesisHash) === 0n) throw new DeploymentFailedError({ step: 'initialize' })
  return { status: 'complete', addresses, deployBlock, genesisHash }
}

/** For each step up to the verifier, whether its contract stands at its address and is one of ours. */
async function readVerifierLinks(client: PublicClient, place: DeployerPlace): Promise<boolean[]> {
  const at = (step: DeploymentStep): Hex => addressOfStep(place, step)
  if (place.proofType !== 'stark') return [(await ask(client, at('verifier'), attestedVerifierAbi, 'attester')) !== undefined]
  const isData = async (step: DeploymentStep): Promise<boolean> =>
    (await client.getCode({ address: at(step) }))?.startsWith('0x00') === true
  const [first, second, queries, segmentVerifier] = await Promise.all([
    isData('air 1'),
    isData('air 2'),
    ask(client, at('segment verifier'), segmentVerifierAbi, 'queries'),
    ask(client, at('verifier'), machineVerifierAbi, 'segmentVerifier'),
  ])
  return [first, second, queries !== undefined, segmentVerifier === at('segment verifier')]
}

/** For each contract after the verifier, in the order of the steps, whether it stands at its address and names the others as ours do. */
async function readLinks(client: PublicClient, { inbox, rollup, bridge }: DeploymentAddresses): Promise<boolean[]> {
  const [inboxBridge, rollupInbox, bridgeRollup] = await Promise.all([
    ask(client, inbox, inboxAbi, 'bridge'),
    ask(client, rollup, rollupAbi, 'inbox'),
    ask(client, bridge, bridgeAbi, 'rollup'),
  ])
  return [inboxBridge === bridge, rollupInbox === inbox, bridgeRollup === rollup]
}

/** In lower case; undefined where no contract is that knows the function. */
async function ask(client: PublicClient, address: Hex, abi: Abi, functionName: string): Promise<string | undefined> {
  try {
    return String(await client.readContract({ address, abi, functionName })).toLowerCase()
  } catch (cause) {
    if (!isAnswerOfAnother(cause)) throw cause
    return undefined
  }
}

/** Whether L1 answered as it does where there is no code, or code that does not know the function; a broken connection is neither. */
export function isAnswerOfAnother(error: unknown): boolean {
  const kinds = [ContractFunctionRevertedError, ContractFunctionZeroDataError, AbiDecodingDataSizeTooSmallError]
  return error instanceof BaseError && error.walk((cause) => kinds.some((kind) => cause instanceof kind)) !== null
}

export function lowerCase(hex: string): Hex {
  return hex.toLowerCase() as Hex
}
