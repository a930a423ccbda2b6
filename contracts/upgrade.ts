import { encodeFunctionData, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Eip1193Provider, Hex, PendingUpgrade } from '../core/index.ts'
import { currentFees, type Step, sendTransaction, type VerifierOptions, verifierSteps } from './deploy.ts'
import { OwnerTransactionFailedError } from './deployment-errors.ts'
import { addressOfStep, lowerCase } from './find-deployment.ts'
import { rollupAbi } from './generated/index.ts'
import { createL1Client } from './l1-client.ts'

/** What an upgrade of a rollup depends on, in L1's latest block. */
export interface UpgradeState {
  readonly programId: Hex
  /** Null where none is announced. */
  readonly pending: PendingUpgrade | null
  readonly lastCommitted: bigint
  readonly lastProven: bigint
  /** L1's time, in seconds. */
  readonly time: bigint
}

export interface RollupOwner {
  readonly l1: Eip1193Provider
  readonly rollup: Hex
  /** Nothing else may send from this account meanwhile. */
  readonly ownerKey: Hex
}

export async function readUpgradeState({ l1, rollup }: Pick<RollupOwner, 'l1' | 'rollup'>): Promise<UpgradeState> {
  const client = createL1Client(l1)
  const read = { address: rollup, abi: rollupAbi } as const
  const [programId, upgrade, lastCommitted, lastProven, { timestamp }] = await Promise.all([
    client.readContract({ ...read, functionName: 'programId' }),
    client.readContract({ ...read, functionName: 'pendingUpgrade' }),
    client.readContract({ ...read, functionName: 'lastCommittedBatch' }),
    client.readContract({ ...read, functionName: 'lastProvenBatch' }),
    client.getBlock(),
  ])
  const { earliest } = upgrade
  const pending = earliest === 0n ? null : { programId: upgrade.programId, verifier: lowerCase(upgrade.verifier), earliest }
  return { programId, pending, lastCommitted, lastProven, time: timestamp }
}

/** Creates a verifier's contracts and announces an upgrade to it. Throws `OwnerTransactionFailedError`. */
export async function announceUpgrade(
  owner: RollupOwner,
  { verifier, programId }: { readonly verifier: VerifierOptions; readonly programId: Hex },
): Promise<void> {
  const client = createL1Client(owner.l1)
  const deployer = lowerCase(privateKeyToAccount(owner.ownerKey).address)
  const place = { deployer, firstNonce: await client.getTransactionCount({ address: deployer }), proofType: verifier.proofType }
  for (const step of verifierSteps(verifier, place)) await send(client, owner, step, 'creation of the verifier')
  const args = [programId, addressOfStep(place, 'verifier')] as const
  const data = encodeFunctionData({ abi: rollupAbi, functionName: 'scheduleUpgrade', args })
  await send(client, owner, { to: owner.rollup, data, gas: callGas }, 'announcement of the upgrade')
}

/** Makes the upgrade whose time has come. Throws `OwnerTransactionFailedError`. */
export async function executeUpgrade(owner: RollupOwner): Promise<void> {
  const data = encodeFunctionData({ abi: rollupAbi, functionName: 'executeUpgrade' })
  await send(createL1Client(owner.l1), owner, { to: owner.rollup, data, gas: callGas }, 'upgrade')
}

/** Gives up the upgrade that waits. Throws `OwnerTransactionFailedError`. */
export async function cancelUpgrade(owner: RollupOwner): Promise<void> {
  const data = encodeFunctionData({ abi: rollupAbi, functionName: 'cancelUpgrade' })
  await send(createL1Client(owner.l1), owner, { to: owner.rollup, data, gas: callGas }, 'cancellation of the upgrade')
}

/** Takes back batches above that one, none of which is executed. Throws `OwnerTransactionFailedError`. */
export async function revertToBatch(owner: RollupOwner, newLastBatch: bigint): Promise<void> {
  const data = encodeFunctionData({ abi: rollupAbi, functionName: 'revertBatches', args: [newLastBatch] })
  await send(createL1Client(owner.l1), owner, { to: owner.rollup, data, gas: revertGas }, `return to batch ${newLastBatch}`)
}

const callGas = 300_000n
/** EIP-7825; some 5,000 are used for each batch. */
const revertGas = 16_777_216n

async function send(client: PublicClient, { ownerKey }: RollupOwner, step: Step, what: string): Promise<void> {
  const account = privateKeyToAccount(ownerKey)
  const [chainId, nonce, block] = await Promise.all([
    client.getChainId(),
    client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
    client.getBlock(),
  ])
  const signed = await account.signTransaction({ ...step, ...currentFees(block), type: 'eip1559', chainId, nonce })
  const hash = await sendTransaction(client, signed)
  const { status } = await client.waitForTransactionReceipt({ hash, checkReplacement: false })
  if (status !== 'success') throw new OwnerTransactionFailedError({ what, transactionHash: hash })
}
