import { z } from 'zod'
import type { Tracer } from '../../core/index.ts'
import { InvalidParamsError, JsonRpcError, rpcErrorCode } from '../transport/errors.ts'
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

const tracerNames = ['callTracer', 'prestateTracer', '4byteTracer', 'flatCallTracer', 'noopTracer', 'muxTracer', 'structLogger'] as const

const flag = z.boolean().nullish()

/** Options of all tracers together; for the muxTracer a record of tracers and their options. */
const TracerConfig = z.looseObject({
  onlyTopCall: flag,
  withLog: flag,
  diffMode: flag,
  disableCode: flag,
  disableStorage: flag,
  includeEmpty: flag,
  convertParityErrors: flag,
  includePrecompiles: flag,
})

const loggerFields = {
  enableMemory: flag,
  disableMemory: flag,
  disableStack: flag,
  disableStorage: flag,
  enableReturnData: flag,
  limit: LooseNumber.nullish(),
}

const configFields = {
  tracer: z.union([z.enum(tracerNames), z.string().max(1_000_000)]).nullish(),
  tracerConfig: TracerConfig.nullish(),
  ...loggerFields,
  timeout: Timeout.nullish(),
}

export const TraceConfigParam = z.object(configFields)
export const TraceCallConfigParam = z.object({
  ...configFields,
  stateOverrides: StateOverridesParam.nullish(),
  blockOverrides: BlockOverridesParam.nullish(),
})

type TraceConfig = z.output<typeof TraceConfigParam>
type TracerConfig = z.output<typeof TracerConfig>

/**
 * The tracer that is asked for; without a name the struct logger, with geth's defaults: stack and storage, but neither memory nor return
 * data, without a limit.
 * @throws JsonRpcError for a tracer that the node does not have
 */
export function toTracer(config: TraceConfig | null | undefined): Tracer {
  const name = config?.tracer ?? ''
  return name === '' || name === 'structLogger' ? structLogger(config ?? {}) : namedTracer(name, config?.tracerConfig ?? {})
}

function structLogger(options: z.output<z.ZodObject<typeof loggerFields>>): Tracer {
  return {
    name: 'structLogger',
    // Hardhat's and older geth's name for it is the negative.
    enableMemory: options.enableMemory ?? options.disableMemory === false,
    disableStack: options.disableStack ?? false,
    disableStorage: options.disableStorage ?? false,
    enableReturnData: options.enableReturnData ?? false,
    limit: options.limit ?? 0,
  }
}

function namedTracer(name: string, options: TracerConfig): Tracer {
  switch (name) {
    case 'callTracer':
      return { name, onlyTopCall: options.onlyTopCall ?? false, withLog: options.withLog ?? false }
    case 'flatCallTracer':
      return {
        name,
        convertParityErrors: options.convertParityErrors ?? false,
        includePrecompiles: options.includePrecompiles ?? false,
        rootGas: 'transaction',
      }
    case 'prestateTracer':
      return prestateTracer(options)
    case '4byteTracer':
    case 'noopTracer':
      return { name }
    case 'muxTracer':
      return { name, tracers: Object.entries(options).flatMap(([part, config]) => muxPart(part, config)) }
    default:
      throw new TracerNotFoundError(name)
  }
}

function prestateTracer(options: TracerConfig): Tracer {
  const { diffMode, includeEmpty } = options
  if (diffMode === true && includeEmpty === true) throw new InvalidParamsError('cannot use diffMode with includeEmpty')
  return {
    name: 'prestateTracer',
    diffMode: diffMode ?? false,
    disableCode: options.disableCode ?? false,
    disableStorage: options.disableStorage ?? false,
    includeEmpty: includeEmpty ?? false,
  }
}

function muxPart(name: string, config: unknown): Tracer[] {
  if (config === undefined) return []
  if (name === 'muxTracer') throw new InvalidParamsError('the muxTracer cannot contain itself')
  const options = TracerConfig.nullish().safeParse(config)
  if (!options.success) throw new InvalidParamsError(`the options of ${name.slice(0, 100)} are no object of options`)
  return [name === 'structLogger' ? structLogger({}) : namedTracer(name, options.data ?? {})]
}

class TracerNotFoundError extends JsonRpcError {
  override name = 'TracerNotFoundError'
  constructor(tracer: string) {
    const reason = /[{(]/.test(tracer) ? 'tracers in JavaScript are not supported' : `tracer not found: ${tracer.slice(0, 100)}`
    super(rpcErrorCode.serverError, `${reason}; there are ${tracerNames.join(', ')}`)
  }
}

export function traceSignal(config: TraceConfig | null | undefined, request: RequestContext): AbortSignal {
  if (config?.timeout == null) return request.signal
  return AbortSignal.any([request.signal, AbortSignal.timeout(config.timeout)])
}
