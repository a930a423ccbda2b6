import { type DevControl, type Hex, impersonationSignature } from '../../core/index.ts'
import { encodeTransaction } from '../encoding/transaction-codec.ts'
import type { TransactionRequest } from '../schemas/call-request.ts'
import type { DevAccounts } from './dev-accounts.ts'
import { type FillDeps, fillTransaction } from './fill-transaction.ts'

/**
 * Fills in and submits a transaction of an account that nobody signs for.
 * @throws InvalidTransactionError, ExecutionRevertedError
 */
export function sendImpersonated(
  from: Hex,
  request: TransactionRequest,
  deps: FillDeps & { readonly accounts: DevAccounts; readonly dev: DevControl },
): Promise<Hex> {
  return deps.accounts.inTurn(from, async () => {
    const transaction = await fillTransaction(from, request, deps)
    return deps.dev.submitImpersonated(encodeTransaction({ ...transaction, signature: impersonationSignature(from) }))
  })
}
