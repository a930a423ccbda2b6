import { createPublicClient, custom, type PublicClient } from 'viem'
import type { Eip1193Provider } from '../core/index.ts'

/** How often a receipt is asked for; the devnet's own L1 has it before the first question. */
const pollingIntervalMs = 20

/** A viem client of L1 with no chain definition: whatever chain answers is the one. */
export function createL1Client(l1: Eip1193Provider): PublicClient {
  // A revert from the in-process network has an error code that viem takes for a broken connection, and tries three times more.
  return createPublicClient({ transport: custom(l1, { retryCount: 0 }), pollingInterval: pollingIntervalMs, cacheTime: 0 })
}
