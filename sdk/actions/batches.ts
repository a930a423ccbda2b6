import { type Client, type Hex, hexToBigInt, numberToHex, type Transport } from 'viem'
import { type Batch, type BatchStatus, formatBatch, hasReached } from '../batch.ts'
import { TransactionNotSealedError } from '../errors.ts'
import type { ZkdevnetRpcSchema } from '../rpc-schema.ts'
import { type WaitOptions, waitFor } from '../wait.ts'

/** A client of an L2; any of viem's will do. */
// Its own chain, account and schema do not matter here: viem's clients of every kind have to fit.
export type L2Client = Client<Transport>

type L2Request = Client<Transport, undefined, undefined, ZkdevnetRpcSchema>['request']

/** The client's `request`, which knows nothing of our methods, with their types. */
export function requestOf(client: L2Client): L2Request {
  return client.request as L2Request
}

/** A batch by number; null where it is not sealed yet. */
export async function getBatch(client: L2Client, { number }: { readonly number: bigint }): Promise<Batch | null> {
  const json = await requestOf(client)({ method: 'zkdevnet_getBatch', params: [numberToHex(number)] })
  return json && formatBatch(json)
}

/** Number of the newest batch with at least that status (`sealed` by default). */
export async function getBatchNumber(client: L2Client, { status = 'sealed' }: { readonly status?: BatchStatus } = {}): Promise<bigint> {
  return hexToBigInt(await requestOf(client)({ method: 'zkdevnet_batchNumber', params: [status] }))
}

/**
 * The batch of a transaction; null while it is open.
 * @throws TransactionNotSealedError
 */
export async function getBatchOfTransaction(client: L2Client, { hash }: { readonly hash: Hex }): Promise<Batch | null> {
  const receipt = await requestOf(client)({ method: 'eth_getTransactionReceipt', params: [hash] })
  if (receipt === null) throw new TransactionNotSealedError(hash)
  return receipt.l1BatchNumber === null ? null : await getBatch(client, { number: hexToBigInt(receipt.l1BatchNumber) })
}

/** The batch of a block; null while it is open, or the block not there. */
export async function getBatchOfBlock(client: L2Client, { blockNumber }: { readonly blockNumber: bigint }): Promise<Batch | null> {
  const block = await requestOf(client)({ method: 'eth_getBlockByNumber', params: [numberToHex(blockNumber), false] })
  return block?.l1BatchNumber == null ? null : await getBatch(client, { number: hexToBigInt(block.l1BatchNumber) })
}

/** Closes the open batch now; null where it has no block. */
export async function sealBatch(client: L2Client): Promise<bigint | null> {
  const number = await requestOf(client)({ method: 'zkdevnet_sealBatch' })
  return number && hexToBigInt(number)
}

/** What to wait for: a batch, or the batch of a transaction or of a block. */
export type BatchSelector =
  | { readonly number: bigint; readonly hash?: undefined; readonly blockNumber?: undefined }
  | { readonly hash: Hex; readonly number?: undefined; readonly blockNumber?: undefined }
  | { readonly blockNumber: bigint; readonly number?: undefined; readonly hash?: undefined }

export type WaitForBatchParameters = BatchSelector & WaitOptions & { readonly status: BatchStatus }

/**
 * Waits until a batch is that far, and returns it.
 * @throws WaitTimeoutError, TransactionNotSealedError
 */
export async function waitForBatch(client: L2Client, { status, ...parameters }: WaitForBatchParameters): Promise<Batch> {
  const read = async (): Promise<Batch | undefined> => {
    const batch = await findBatch(client, parameters)
    return batch !== null && hasReached(batch, status) ? batch : undefined
  }
  return await waitFor(`${describe(parameters)} is ${status}`, read, parameters)
}

export type WaitForFinalizedParameters = BatchSelector & WaitOptions

/** Waits until L1 has executed the batch, and returns it. @throws as `waitForBatch` */
export async function waitForFinalized(client: L2Client, parameters: WaitForFinalizedParameters): Promise<Batch> {
  return await waitForBatch(client, { ...parameters, status: 'executed' })
}

function findBatch(client: L2Client, { number, hash, blockNumber }: BatchSelector): Promise<Batch | null> {
  if (number !== undefined) return getBatch(client, { number })
  return hash === undefined ? getBatchOfBlock(client, { blockNumber }) : getBatchOfTransaction(client, { hash })
}

function describe({ number, hash, blockNumber }: BatchSelector): string {
  if (number !== undefined) return `batch ${number}`
  return hash === undefined ? `the batch of block ${blockNumber}` : `the batch of transaction ${hash}`
}
