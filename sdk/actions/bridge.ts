import {
  type Account,
  type Address,
  type Chain,
  type Client,
  encodeFunctionData,
  type Hex,
  parseEventLogs,
  type TransactionReceipt,
  type Transport,
} from 'viem'
import { readContract, sendTransaction } from 'viem/actions'
import { baseTokenAbi, baseTokenAddress, bridgeAbi } from '../contracts.ts'
import { DepositNotFoundError, MessageNotFoundError, WithdrawalNotFinalError } from '../errors.ts'
import { getBatchOfTransaction, type L2Client } from './batches.ts'
import { getDevnetInfo, getMessageProofs, type MessageProof } from './messages.ts'

/** A wallet client with an account of its own. */
export type WalletWithAccount = Client<Transport, Chain | undefined, Account>

export interface DepositEtherParameters {
  /** Client of the L2, which knows where the Bridge is. */
  readonly client: L2Client
  /** Wei, a whole number of Gwei. */
  readonly amount: bigint
  /** Receiver on L2; the sender by default. */
  readonly to?: Address | undefined
}

/** Sends ether from L1 to L2. `inboxIndexOf` the receipt is what to wait for. Returns the hash of the L1 transaction. */
export async function depositEther(l1: WalletWithAccount, { client, amount, to }: DepositEtherParameters): Promise<Hex> {
  const { contracts } = await getDevnetInfo(client)
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [to ?? l1.account.address] })
  return await send(l1, { to: contracts.bridge, data, value: amount })
}

/** Inbox index of the (first) deposit that an L1 transaction made. @throws DepositNotFoundError */
export function inboxIndexOf(receipt: Pick<TransactionReceipt, 'logs' | 'transactionHash'>): bigint {
  const [deposit] = parseEventLogs({ abi: bridgeAbi, eventName: 'DepositInitiated', logs: receipt.logs })
  if (deposit === undefined) throw new DepositNotFoundError(receipt.transactionHash)
  return deposit.args.inboxIndex
}

export interface WithdrawEtherParameters {
  /** Wei. */
  readonly amount: bigint
  /** Receiver on L1; the sender by default. */
  readonly to?: Address | undefined
}

/** Sends ether from L2 to L1, where it can be claimed when its batch is executed. Returns the hash of the L2 transaction. */
export async function withdrawEther(l2: WalletWithAccount, { amount, to }: WithdrawEtherParameters): Promise<Hex> {
  const data = encodeFunctionData({ abi: baseTokenAbi, functionName: 'withdraw', args: [to ?? l2.account.address] })
  return await send(l2, { to: baseTokenAddress, data, value: amount })
}

export interface WithdrawalParameters {
  /** Client of the L2. */
  readonly client: L2Client
  /** Of the L2 transaction. */
  readonly hash: Hex
  /** Which of its messages, where it sent several; 0 by default. */
  readonly index?: number | undefined
}

/**
 * Claims a withdrawal on L1. Anybody may; the receiver that the withdrawal names is paid. Returns the hash of the L1 transaction.
 * @throws WithdrawalNotFinalError, MessageNotFoundError, TransactionNotSealedError
 */
export async function claimWithdrawal(l1: WalletWithAccount, { client, hash, index = 0 }: WithdrawalParameters): Promise<Hex> {
  const batch = await getBatchOfTransaction(client, { hash })
  if (batch?.status !== 'executed') throw new WithdrawalNotFinalError({ hash, status: batch?.status ?? 'open' })
  const { batchNumber, id, txNumberInBatch, message, proof } = await messageProof(client, { hash, index })
  const { contracts } = await getDevnetInfo(client)
  const args = [batchNumber, id, txNumberInBatch, message, proof] as const
  return await send(l1, { to: contracts.bridge, data: encodeFunctionData({ abi: bridgeAbi, functionName: 'finalizeWithdrawal', args }) })
}

/** Whether a withdrawal was claimed. @throws MessageNotFoundError, TransactionNotSealedError */
export async function isWithdrawalClaimed(l1: Client<Transport>, { client, hash, index = 0 }: WithdrawalParameters): Promise<boolean> {
  const batch = await getBatchOfTransaction(client, { hash })
  if (batch === null) return false
  const { batchNumber, id } = await messageProof(client, { hash, index })
  const { contracts } = await getDevnetInfo(client)
  const args = [batchNumber, id] as const
  return await readContract(l1, { address: contracts.bridge, abi: bridgeAbi, functionName: 'isWithdrawalFinalized', args })
}

async function messageProof(client: L2Client, { hash, index }: { readonly hash: Hex; readonly index: number }): Promise<MessageProof> {
  const proofs = (await getMessageProofs(client, { hash })) ?? []
  const proof = proofs[index]
  if (proof === undefined) throw new MessageNotFoundError({ hash, index, count: proofs.length })
  return proof
}

interface Call {
  readonly to: Address
  readonly data: Hex
  readonly value?: bigint
}

/** `chain: null`: the wallet may be on a chain that its client does not know by name. */
function send(wallet: WalletWithAccount, call: Call): Promise<Hex> {
  return sendTransaction(wallet, { ...call, account: wallet.account, chain: null })
}
