import { createPublicClient, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { DevnetProcess } from './devnet-process.ts'

/** Of either layer of a devnet that proves: answers may take long while it does. */
export const patientClient = (url: string) =>
  createPublicClient({ transport: http(url, { retryCount: 0, timeout: 60_000 }), pollingInterval: 200 })

/** The node's own methods, which have no types in viem. */
export async function askNode<T>({ ready }: DevnetProcess, method: string, params: readonly unknown[] = []): Promise<T> {
  return patientClient(ready.l2Url).request({ method, params } as never) as Promise<T>
}

/** Sends one wei from the first account; returns when the node has taken it. */
export async function sendWei({ ready }: DevnetProcess, to: Hex): Promise<void> {
  const account = privateKeyToAccount(ready.accounts[0]?.privateKey ?? '0x')
  const l2 = patientClient(ready.l2Url)
  const nonce = await l2.getTransactionCount({ address: account.address, blockTag: 'pending' })
  const fees = { gas: 21_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1n }
  const raw = await account.signTransaction({ chainId: 313372, nonce, ...fees, to, value: 1n })
  await l2.request({ method: 'eth_sendRawTransaction', params: [raw] })
}
