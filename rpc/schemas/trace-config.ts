import { z } from 'zod'
import type { Tracer } from '../../core/index.ts'
import type { RequestContext } from '../transport/request.ts'
import { BlockOverridesParam, StateOverridesParam } from './call-request.ts'
import { decoded, LooseNumber, ParamProblem } from './primitives.ts'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/** A duration as Go writes it, in one unit: 500ms, 10s, 2m. To milliseconds. */
const Timeout = decoded({ type: 'string', title: 'Duration', pattern: '^[0-9]{1,5}(ms|s|m)$' }, (value) => {
  const [, amount, unit = ''] = typeof value === 'string' ? (/^([0-9]{1,5})(ms|s|m)$/.exec(value) ?? []) : []
  const factor = unitMs[unit]
  if (factor === undefined) throw new ParamProblem('expected a duration like 10s or 500ms')
  return Number(amount) * factor
})

const configFields = {
  tracer: z.enum(['callTracer', 'structLogger']).nullish(),
  tracerConfig: z.object({ onlyTopCall: z.boolean().nullish(), withLog: z.boolean().nullish() }).nullish(),
  enableMemory: z.boolean().nullish(),
  disableMemory: z.boolean().nullish(),
  disableStack: z.boolean().nullish(),
  disableStorage: z.boolean().nullish(),
  enableReturnData: z.boolean().nullish(),
  limit: LooseNumber.nullish(),
  timeout: Timeout.nullish(),
}

export const TraceConfigParam = z.object(configFields)
export const TraceCallConfigParam = z.object({
  ...configFields,
  stateOverrides: StateOverridesParam.nullish(),
  blockOverrides: BlockOverridesParam.nullish(),
})

type TraceConfig = z.output<typeof TraceConfigParam>

/** Geth's defaults: struct logs with stack and storage, without memory and return data, without a limit. */
export function toTracer(config: TraceConfig | null | undefined): Tracer {
  if (config?.tracer === 'callTracer') {
    return { name: 'callTracer', onlyTopCall: config.tracerConfig?.onlyTopCall ?? false, withLog: config.tracerConfig?.withLog ?? false }
  }
  return {
    name: 'structLogger',
    // Hardhat's and older geth's name for it is the negative.
    enableMemory: config?.enableMemory ?? config?.disableMemory === false,
    disableStack: config?.disableStack ?? false,
    disableStorage: config?.disableStorage ?? false,
    enableReturnData: config?.enableReturnData ?? false,
    limit: config?.limit ?? 0,
  }
}

export function traceSignal(config: TraceConfig | null | undefined, request: RequestContext): AbortSignal {
  if (config?.timeout == null) return request.signal
  return AbortSignal.any([request.signal, AbortSignal.timeout(config.timeout)])
}
