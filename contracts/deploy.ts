import { setTimeout } from 'node:timers/promises'
import { type Block, type ContractConstructorArgs, encodeDeployData, encodeFunctionData, type PublicClient } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { bytesToHex, type Eip1193Provider, type Hex, hexToBytes, keccak256Hex, type StoredBatch, storedBatchHash } from '../core/index.ts'
import { machineAirCode } from './airs/machine-air-code.ts'
import {
  DeployerNonceUsedError,
  DeployerUnderfundedError,
  DeploymentFailedError,
  DeploymentMismatchError,
  GenesisTooLargeError,
} from './deployment-errors.ts'
import {
  addressOfStep,
  type DeployerPlace,
  type DeploymentAddresses,
  deploymentAddresses,
  deploymentSteps,
  type FoundDeployment,
  inspectDeployment,
  lowerCase,
} from './find-deployment.ts'
import {
  attestedVerifierAbi,
  attestedVerifierBytecode,
  bridgeAbi,
  bridgeBytecode,
  inboxAbi,
  inboxBytecode,
  machineVerifierAbi,
  machineVerifierBytecode,
  rollupAbi,
  rollupBytecode,
  segmentVerifierAbi,
  segmentVerifierBytecode,
} from './generated/index.ts'
import { createL1Client } from './l1-client.ts'
import { dataCreationCodes } from './stark-deployment.ts'

/** What convinces L1 of a batch. */
export type VerifierOptions =
  /** Signatures of this account. */
  | { readonly proofType: 'attested'; readonly attester: Hex }
  /** STARK proofs with these parameters (zkvm/stark/parameters.ts). */
  | { readonly proofType: 'stark'; readonly parameters: StarkParameters }

type StarkParameters = ContractConstructorArgs<typeof segmentVerifierAbi>[0]

export interface DeployRollupOptions {
  readonly l1: Eip1193Provider
  /** Becomes the owner of the rollup. Nothing else may send from this account meanwhile. */
  readonly deployerKey: Hex
  readonly sequencer: Hex
  readonly verifier: VerifierOptions
  readonly l2ChainId: bigint
  readonly programId: Hex
  /** Batch 0. */
  readonly genesis: StoredBatch
  readonly genesisDiff: Uint8Array
  /** All the ether of the L2 genesis: the deployer pays it into the Bridge. */
  readonly genesisSupplyWei: bigint
  /** Default: a day. */
  readonly inboxDeadlineSeconds?: number
  /** Between the announcement of another program or verifier and the switch to it. Default: a week; the contract takes no less than a day. */
  readonly upgradeDelaySeconds?: number
  /** Whether L1 takes batches that nobody proves (docs/adr/0007-dev-batches.md). Default: no. */
  readonly allowDevBatches?: boolean
  /** The deployer's nonce when the deployment began, if that was not 0. A caller that wants to resume after a crash keeps it. */
  readonly firstNonce?: number
  readonly signal?: AbortSignal
}

export interface Deployment extends DeploymentAddresses {
  /** L1 block before which there is no event of these contracts that matters. */
  readonly deployBlock: bigint
  /** Gas of the transactions that this call sent: 0 where it found the deployment complete. */
  readonly gasUsed: bigint
}

const defaultInboxDeadlineSeconds = 86_400
const defaultUpgradeDelaySeconds = 7 * 86_400
/** On the devnet L2's clock can be set at will, so L1 does not hold it against its own. */
const uncheckedTimestampLead = 2n ** 64n - 1n

/** EIP-7825. */
const maxTransactionGas = 16_777_216n
// A contract of the greatest length (EIP-170) takes 5.5 million.
const creationGas = 6_500_000n
const initializeBaseGas = 500_000n
/** EIP-7623's floor for a byte that is not zero. */
const gasPerDiffByte = 40n

/**
 * Deploys the contracts and posts the genesis: five transactions, or eight with the STARK verifier, sent at once. A call after a crash sends what is missing; when nothing
 * is, it only checks that the contracts on L1 were deployed with these options.
 * Throws `DeployerUnderfundedError`, `DeployerNonceUsedError`, `DeploymentFailedError`, `DeploymentMismatchError`, `GenesisTooLargeError`.
 */
export async function deployRollup(opts: DeployRollupOptions): Promise<Deployment> {
  const client = createL1Client(opts.l1)
  const account = privateKeyToAccount(opts.deployerKey)
  const { proofType } = opts.verifier
  const place = { deployer: lowerCase(account.address), firstNonce: opts.firstNonce ?? 0, proofType }
  const before = await inspectDeployment(client, place)
  const gasUsed = before.status === 'complete' ? 0n : await sendSteps({ client, account, opts, place })
  const found = before.status === 'complete' ? before : await inspectDeployment(client, place)
  if (found.status !== 'complete') throw new DeploymentFailedError({ step: 'initialize' })
  await assertDeployedWith({ client, found, opts })
  return { ...found.addresses, deployBlock: found.deployBlock, gasUsed }
}

export interface Step {
  readonly data: Hex
  readonly gas: bigint
  readonly to?: Hex
  readonly value?: bigint
}

/** The transactions in the order of `deploymentSteps`. */
function buildSteps(opts: DeployRollupOptions, place: Required<DeployerPlace>): Step[] {
  const { deployer } = place
  const { verifier, inbox, rollup, bridge } = deploymentAddresses(place)
  const config = {
    owner: deployer,
    sequencer: opts.sequencer,
    inbox,
    verifier,
    programId: opts.programId,
    l2ChainId: opts.l2ChainId,
    inboxDeadline: BigInt(opts.inboxDeadlineSeconds ?? defaultInboxDeadlineSeconds),
    maxTimestampLead: uncheckedTimestampLead,
    upgradeDelay: BigInt(opts.upgradeDelaySeconds ?? defaultUpgradeDelaySeconds),
    allowDevBatches: opts.allowDevBatches ?? false,
  }
  const initializeGas = initializeBaseGas + gasPerDiffByte * BigInt(opts.genesisDiff.length)
  if (initializeGas > maxTransactionGas) {
    throw new GenesisTooLargeError({ bytes: opts.genesisDiff.length, gas: initializeGas, maxGas: maxTransactionGas })
  }
  return [
    ...verifierSteps(opts.verifier, place),
    { data: encodeDeployData({ abi: inboxAbi, bytecode: inboxBytecode, args: [bridge] }), gas: creationGas },
    { data: encodeDeployData({ abi: rollupAbi, bytecode: rollupBytecode, args: [config] }), gas: creationGas },
    {
      data: encodeDeployData({ abi: bridgeAbi, bytecode: bridgeBytecode, args: [rollup, inbox] }),
      gas: creationGas,
      value: opts.genesisSupplyWei,
    },
    {
      to: rollup,
      data: encodeFunctionData({ abi: rollupAbi, functionName: 'initialize', args: [opts.genesis, bytesToHex(opts.genesisDiff)] }),
      gas: initializeGas,
    },
  ]
}

/** The creations of a verifier's contracts by a deployer whose next nonce is `place.firstNonce`; the last one is the verifier. */
export function verifierSteps(verifier: VerifierOptions, place: DeployerPlace): Step[] {
  const creations =
    verifier.proofType === 'attested'
      ? [encodeDeployData({ abi: attestedVerifierAbi, bytecode: attestedVerifierBytecode, args: [verifier.attester] })]
      : starkVerifierCreations(verifier.parameters, place)
  return creations.map((data) => ({ data, gas: creationGas }))
}

function starkVerifierCreations(parameters: StarkParameters, place: DeployerPlace): Hex[] {
  const [first, second, ...rest] = dataCreationCodes(hexToBytes(machineAirCode))
  if (first === undefined || rest.length > 0) throw new RangeError('the AIR does not fit into two contracts')
  const airParts = [addressOfStep(place, 'air 1'), addressOfStep(place, 'air 2')] as const
  return [
    first,
    // An AIR that fits into one contract leaves the other one without data.
    second ?? dataCreationCodes(new Uint8Array())[0] ?? '0x',
    encodeDeployData({ abi: segmentVerifierAbi, bytecode: segmentVerifierBytecode, args: [parameters, airParts] }),
    encodeDeployData({ abi: machineVerifierAbi, bytecode: machineVerifierBytecode, args: [addressOfStep(place, 'segment verifier')] }),
  ]
}

interface SendContext {
  readonly client: PublicClient
  readonly account: PrivateKeyAccount
  readonly opts: DeployRollupOptions
  readonly place: Required<DeployerPlace>
}

/** Sends every step that neither is mined nor waits to be, and waits until all are mined. Returns the gas of those it sent. */
async function sendSteps({ client, account, opts, place }: SendContext): Promise<bigint> {
  const { deployer, firstNonce, proofType } = place
  const names = deploymentSteps[proofType]
  const [chainId, nonce, balance, block] = await Promise.all([
    client.getChainId(),
    client.getTransactionCount({ address: deployer, blockTag: 'pending' }),
    client.getBalance({ address: deployer }),
    client.getBlock(),
  ])
  if (nonce < firstNonce) throw new DeployerNonceUsedError({ deployer, firstNonce, nonce })
  const fees = currentFees(block)
  const steps = buildSteps(opts, place).map((step, index) => ({ ...step, index }))
  const missing = steps.slice(nonce - firstNonce)
  const needed = missing.reduce((sum, { gas, value = 0n }) => sum + gas * fees.maxFeePerGas + value, 0n)
  if (balance < needed) throw new DeployerUnderfundedError({ deployer, balance, needed })

  const sent: { hash: Hex; step: string }[] = []
  for (const { index, ...step } of missing) {
    const serializedTransaction = await account.signTransaction({
      ...step,
      ...fees,
      type: 'eip1559',
      chainId,
      nonce: firstNonce + index,
    })
    sent.push({ hash: await sendTransaction(client, serializedTransaction), step: names[index] ?? '' })
  }

  const { signal } = opts
  let gasUsed = 0n
  for (const { hash, step } of sent) {
    const receipt = await client.waitForTransactionReceipt({ hash, checkReplacement: false, ...(signal && { signal }) })
    if (receipt.status !== 'success') throw new DeploymentFailedError({ step, transactionHash: hash })
    gasUsed += receipt.gasUsed
  }
  // What an earlier call sent may still wait for a block. Where this one sent something, that was mined after it.
  while ((await client.getTransactionCount({ address: deployer })) < firstNonce + names.length) {
    await setTimeout(client.pollingInterval, undefined, signal && { signal })
  }
  return gasUsed
}

/** Fees with which a transaction is mined for some blocks to come. */
export function currentFees({ baseFeePerGas }: Pick<Block, 'baseFeePerGas'>): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
  const maxPriorityFeePerGas = 1_000_000_000n
  return { maxPriorityFeePerGas, maxFeePerGas: 4n * (baseFeePerGas ?? 0n) + maxPriorityFeePerGas }
}

/** Sends a transaction. Hardhat's network mines one that reverts and answers with an error nevertheless; its receipt tells the rest. */
export async function sendTransaction(client: PublicClient, serializedTransaction: Hex): Promise<Hex> {
  const hash = keccak256Hex(hexToBytes(serializedTransaction))
  try {
    await client.sendRawTransaction({ serializedTransaction })
  } catch (cause) {
    const receipt = await client.getTransactionReceipt({ hash }).catch(() => undefined)
    if (receipt === undefined) throw cause
  }
  return hash
}

interface Complete {
  readonly client: PublicClient
  readonly found: Extract<FoundDeployment, { status: 'complete' }>
  readonly opts: DeployRollupOptions
}

async function assertDeployedWith({ client, found: { addresses, genesisHash }, opts }: Complete): Promise<void> {
  const { rollup, verifier } = addresses
  const [l2ChainId, programId, allowDevBatches, sequencerRole] = await Promise.all([
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'l2ChainId' }),
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'programId' }),
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'allowDevBatches' }),
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'SEQUENCER_ROLE' }),
  ])
  const isSequencer = await client.readContract({
    address: rollup,
    abi: rollupAbi,
    functionName: 'hasRole',
    args: [sequencerRole, opts.sequencer],
  })
  const fields: readonly (readonly [field: string, expected: string, actual: string])[] = [
    ['L2 chain id', String(opts.l2ChainId), String(l2ChainId)],
    ['program id', opts.programId, programId],
    ['permission for dev batches', String(opts.allowDevBatches ?? false), String(allowDevBatches)],
    ...(opts.verifier.proofType === 'attested'
      ? [
          [
            'attester',
            opts.verifier.attester,
            await client.readContract({ address: verifier, abi: attestedVerifierAbi, functionName: 'attester' }),
          ] as const,
        ]
      : []),
    ['sequencer', opts.sequencer, isSequencer ? opts.sequencer : 'some other account'],
    ['genesis', storedBatchHash(opts.genesis), genesisHash],
  ]
  for (const [field, expected, actual] of fields) {
    if (lowerCase(expected) !== lowerCase(actual)) throw new DeploymentMismatchError({ rollup, field, expected, actual })
  }
}
