import type { ChainReader, EventSource, Hex, Receipt, TransactionPool } from '../../core/index.ts'
import { toQuantity } from '../encoding/quantity.ts'
import { JsonRpcError } from '../transport/errors.ts'

/** Error codes of EIP-7966. */
const timedOut = 4
const nonceGap = 6

interface WaitDeps {
  readonly chain: ChainReader
  readonly pool: TransactionPool
  readonly events: EventSource
}

interface WaitOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * The receipt of a transaction that was just accepted, once it is sealed.
 * @throws JsonRpcError with the codes of EIP-7966: the time is up, or an earlier nonce is missing
 */
export async function waitForReceipt(hash: Hex, { chain, pool, events }: WaitDeps, { timeoutMs, signal }: WaitOptions): Promise<Receipt> {
  const sealed = chain.receipt(hash)
  if (sealed !== undefined) return sealed
  const pooled = pool.find(hash)
  const expected = pooled === undefined ? undefined : pool.nextNonce(pooled.sender)
  if (pooled !== undefined && expected !== undefined && pooled.nonce > expected) {
    throw new JsonRpcError(nonceGap, `nonce gap: transaction has ${pooled.nonce}, the next one is ${expected}`, toQuantity(expected))
  }
  const { promise, resolve, reject } = Promise.withResolvers<Receipt>()
  const giveUp = (): void => {
    reject(new JsonRpcError(timedOut, `The transaction was added to the mempool but wasn't processed in ${timeoutMs / 1_000}s.`, hash))
  }
  const timer = setTimeout(giveUp, timeoutMs)
  const unsubscribe = events.on('block', ({ receipts }) => {
    const receipt = receipts.find(({ transactionHash }) => transactionHash === hash)
    if (receipt !== undefined) resolve(receipt)
  })
  signal.addEventListener('abort', giveUp)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    unsubscribe()
    signal.removeEventListener('abort', giveUp)
  }
}
