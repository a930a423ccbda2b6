import { type Address, type Hex, hexToBigInt, hexToNumber, numberToHex } from 'viem'
import type { DepositJson, DevnetInfo, MessageProofJson } from '../rpc-schema.ts'
import { type WaitOptions, waitFor } from '../wait.ts'
import { type L2Client, requestOf } from './batches.ts'

/** Merkle proof of an L2 to L1 message in its batch. */
export interface MessageProof {
  readonly batchNumber: bigint
  /** Index of the leaf. */
  readonly id: bigint
  readonly txNumberInBatch: number
  readonly sender: Address
  readonly message: Hex
  readonly proof: readonly Hex[]
  readonly root: Hex
}

/** An ETH deposit, by its place in the Inbox: it has no L2 transaction. */
export interface Deposit {
  readonly inboxIndex: bigint
  readonly sender: Address
  readonly to: Address
  /** Wei. */
  readonly amount: bigint
  readonly l1TxHash: Hex
  readonly credited: boolean
  readonly l2BlockNumber: bigint | null
}

/** What the node says of itself: URLs, chain ids, contracts on L1. */
export function getDevnetInfo(client: L2Client): Promise<DevnetInfo> {
  return requestOf(client)({ method: 'zkdevnet_nodeInfo' })
}

/** Proofs of the messages that a transaction sent to L1; null while its batch is open. */
export async function getMessageProofs(client: L2Client, { hash }: { readonly hash: Hex }): Promise<readonly MessageProof[] | null> {
  const proofs = await requestOf(client)({ method: 'zkdevnet_getMessageProofs', params: [hash] })
  return proofs?.map(formatProof) ?? null
}

/** Null where the node has not seen the deposit yet. */
export async function getDeposit(client: L2Client, { inboxIndex }: { readonly inboxIndex: bigint }): Promise<Deposit | null> {
  const deposit = await requestOf(client)({ method: 'zkdevnet_getDeposit', params: [numberToHex(inboxIndex)] })
  return deposit && formatDeposit(deposit)
}

/** Waits until an L2 block has credited the deposit. @throws WaitTimeoutError */
export async function waitForDeposit(
  client: L2Client,
  { inboxIndex, ...options }: WaitOptions & { readonly inboxIndex: bigint },
): Promise<Deposit> {
  const read = async (): Promise<Deposit | undefined> => {
    const deposit = await getDeposit(client, { inboxIndex })
    return deposit?.credited === true ? deposit : undefined
  }
  return await waitFor(`deposit ${inboxIndex} is credited on L2`, read, options)
}

function formatProof({ batchNumber, id, txNumberInBatch, ...rest }: MessageProofJson): MessageProof {
  return { ...rest, batchNumber: hexToBigInt(batchNumber), id: hexToBigInt(id), txNumberInBatch: hexToNumber(txNumberInBatch) }
}

function formatDeposit({ inboxIndex, amountGwei, l2BlockNumber, ...rest }: DepositJson): Deposit {
  return {
    ...rest,
    inboxIndex: hexToBigInt(inboxIndex),
    amount: hexToBigInt(amountGwei) * 1_000_000_000n,
    l2BlockNumber: l2BlockNumber === null ? null : hexToBigInt(l2BlockNumber),
  }
}
