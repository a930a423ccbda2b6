import { DevAccounts } from './accounts/dev-accounts.ts'
import { defaultRpcLimits, type RpcDeps, type RpcLimits } from './deps.ts'
import { toRpcError } from './error-mapping.ts'
import { FilterRegistry } from './filters/filter-registry.ts'
import { type CallableMethod, callMethod, toCallable } from './method.ts'
import type { RpcServices } from './method-context.ts'
import { methods } from './methods/index.ts'
import { describeMethods } from './openrpc.ts'
import { PromisedWork } from './promised-work.ts'
import { SubscriptionRegistry } from './subscriptions/subscription-registry.ts'
import { MethodNotFoundError } from './transport/errors.ts'
import type { JsonRpcHandler } from './transport/request.ts'

/** The JSON-RPC of the L2 node, to be served with `startJsonRpcServer`. */
export function createNodeHandler(deps: RpcDeps, limits: Partial<RpcLimits> = {}): JsonRpcHandler {
  const table = new Map<string, CallableMethod>()
  for (const definition of methods) {
    const callable = toCallable(definition)
    for (const name of [definition.name, ...(definition.aliases ?? [])]) table.set(name, callable)
  }
  const services = createServices(deps, { ...defaultRpcLimits, ...limits }, [...table.keys()])
  return {
    async handle({ method, params }, request) {
      const callable = table.get(method)
      if (callable === undefined) throw new MethodNotFoundError(method)
      if (services.promised.pending !== undefined) await services.promised.pending
      try {
        return await callMethod(callable, params, { ...services, request })
      } catch (error) {
        throw toRpcError(error)
      }
    },
  }
}

function createServices(deps: RpcDeps, limits: RpcLimits, methodNames: readonly string[]): RpcServices {
  return {
    ...deps,
    limits,
    accounts: new DevAccounts(deps.accountKeys),
    promised: new PromisedWork(),
    filters: new FilterRegistry(limits, deps),
    subscriptions: new SubscriptionRegistry(limits, deps),
    openRpc: () => describeMethods(methods, deps.info().version),
    methodNames: () => methodNames,
  }
}
