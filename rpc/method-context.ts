import type { DevAccounts } from './accounts/dev-accounts.ts'
import type { RpcDeps, RpcLimits } from './deps.ts'
import type { FilterRegistry } from './filters/filter-registry.ts'
import type { OpenRpcDocument } from './openrpc-document.ts'
import type { PromisedWork } from './promised-work.ts'
import type { SubscriptionRegistry } from './subscriptions/subscription-registry.ts'
import type { RequestContext } from './transport/request.ts'

/** What the RPC keeps besides the node. */
export interface RpcServices extends RpcDeps {
  readonly accounts: DevAccounts
  readonly filters: FilterRegistry
  readonly subscriptions: SubscriptionRegistry
  readonly promised: PromisedWork
  readonly limits: RpcLimits
  /** All methods, described. */
  readonly openRpc: () => OpenRpcDocument
  readonly methodNames: () => readonly string[]
}

/** What a method may use. */
export interface MethodContext extends RpcServices {
  readonly request: RequestContext
}
