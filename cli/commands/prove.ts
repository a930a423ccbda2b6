import { DevnetError } from '../../core/index.ts'
import type { GlobalFlags } from '../flags.ts'
import { callNode } from '../node-client.ts'

class ProveUsageError extends DevnetError {
  override name = 'ProveUsageError'
  constructor(value: string) {
    super(`--retry cannot be ${JSON.stringify(value)}: it is the number of a batch.`, { code: 'PROVE_USAGE', exitCode: 2 })
  }
}

/** `zkdevnet prove --retry <batch>`. */
export async function prove({ url, json, retry }: GlobalFlags & { readonly url: string; readonly retry: string }): Promise<void> {
  if (!/^\d{1,15}$/.test(retry)) throw new ProveUsageError(retry)
  await callNode<true>(url, 'zkdevnet_retryProof', [`0x${Number(retry).toString(16)}`])
  process.stdout.write(json === true ? `${JSON.stringify({ batch: Number(retry) })}\n` : `the proof of batch ${retry} is tried again\n`)
}
