import { BatchNotFoundError, DevnetError, type Hex } from '../../core/index.ts'
import type { GlobalFlags } from '../flags.ts'
import { callNode } from '../node-client.ts'
import { type BatchJson, formatBatch, formatBatchList } from '../output/batch-view.ts'

type BatchFlags = GlobalFlags & { readonly url: string; readonly limit?: string }

class InvalidArgumentError extends DevnetError {
  override name = 'InvalidArgumentError'
  constructor(name: string, value: string) {
    super(`${name} cannot be ${JSON.stringify(value)}: it is a whole number.`, { code: 'INVALID_ARGUMENT', exitCode: 2 })
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError(name, value)
  return Number(value)
}

/** `zkdevnet batch list`. */
export async function batchList({ url, json, limit = '20' }: BatchFlags): Promise<void> {
  const batches = await callNode<BatchJson[]>(url, 'zkdevnet_listBatches', [null, wholeNumber('--limit', limit)])
  process.stdout.write(`${json === true ? JSON.stringify(batches, null, 2) : formatBatchList(batches)}\n`)
}

/** `zkdevnet batch show <number>`. */
export async function batchShow(text: string, { url, json }: BatchFlags): Promise<void> {
  const number = wholeNumber('The batch', text)
  const batch = await callNode<BatchJson | null>(url, 'zkdevnet_getBatch', [`0x${number.toString(16)}`])
  if (batch === null) {
    const latest = await callNode<Hex>(url, 'zkdevnet_batchNumber')
    throw new BatchNotFoundError({ batch: BigInt(number), latest: BigInt(latest) })
  }
  process.stdout.write(`${json === true ? JSON.stringify(batch, null, 2) : formatBatch(batch)}\n`)
}

/** `zkdevnet batch seal`. */
export async function batchSeal({ url, json }: BatchFlags): Promise<void> {
  const number = await callNode<Hex | null>(url, 'zkdevnet_sealBatch')
  if (json === true) process.stdout.write(`${JSON.stringify({ batch: number === null ? null : Number(number) })}\n`)
  else process.stdout.write(number === null ? 'nothing to seal: the open batch has no block\n' : `sealed batch ${Number(number)}\n`)
}

/** `zkdevnet batch retry <number>`. */
export async function batchRetry(text: string, { url, json }: BatchFlags): Promise<void> {
  const number = wholeNumber('The batch', text)
  await callNode<true>(url, 'zkdevnet_retryProof', [`0x${number.toString(16)}`])
  process.stdout.write(json === true ? `${JSON.stringify({ batch: number })}\n` : `the proof of batch ${number} is tried again\n`)
}
