import type { Hex } from '../../core/index.ts'
import type { MethodContext } from '../method-context.ts'
import type { TransactionRequest } from '../schemas/call-request.ts'
import { fillTransaction } from './fill-transaction.ts'
import { sendImpersonated } from './send-impersonated.ts'

type SendContext = Pick<MethodContext, 'accounts' | 'chain' | 'dev' | 'pool' | 'sealing' | 'simulator'>

/** Fills in and submits a transaction of a dev account, or of an impersonated one. Throws JsonRpcError for any other account. */
export function sendTransaction(from: Hex, request: TransactionRequest, context: SendContext): Promise<Hex> {
  const { accounts, dev, pool } = context
  if (!accounts.has(from) && dev.isImpersonated(from)) return sendImpersonated(from, request, context)
  return accounts.exclusively(from, async () => {
    const transaction = await fillTransaction(from, request, context)
    return pool.submit(await accounts.signTransaction(from, transaction))
  })
}
