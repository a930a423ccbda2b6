import type { FlatFrame, Hex, MuxTraces, Prestate, PrestateDiff, Tracer } from '../../core/index.ts'
import { toQuantity } from '../encoding/quantity.ts'
import type { ReplayJson, StateDiffJson, TraceTypes } from './parity-schemas.ts'

/** The calls as Parity tells of them. */
export const parityCalls = {
  ...{ name: 'flatCallTracer', rootGas: 'execution' },
  ...{ convertParityErrors: true, includePrecompiles: false },
} as const satisfies Tracer

const stateChanges = {
  ...{ name: 'prestateTracer', diffMode: true },
  ...{ disableCode: false, disableStorage: false, includeEmpty: false },
} as const satisfies Tracer

/** What has to be traced for these answers. */
export function replayTracer({ stateDiff }: TraceTypes): Extract<Tracer, { name: 'muxTracer' }> {
  return { name: 'muxTracer', tracers: stateDiff ? [parityCalls, stateChanges] : [parityCalls] }
}

/** What `replayTracer` saw, in Parity's form. */
export function replayToJson({ flatCallTracer = [], prestateTracer }: MuxTraces, types: TraceTypes): ReplayJson {
  return {
    output: outputOf(flatCallTracer),
    // Its place is that of the whole answer.
    trace: types.trace ? flatCallTracer.map(withoutPlace) : [],
    stateDiff: types.stateDiff && prestateTracer !== undefined && isDiff(prestateTracer) ? toStateDiff(prestateTracer) : null,
    vmTrace: null,
  }
}

function outputOf([root]: readonly FlatFrame[]): Hex {
  const output = root?.result?.output ?? root?.result?.code ?? '0x'
  return `0x${output.slice(2)}`
}

/** As JSON has it: what is undefined is not there. */
export function flatFrameToJson({ action, result, ...frame }: FlatFrame): ReplayJson['trace'][number] {
  return { ...frame, action: definedFields(action), ...(result && { result: definedFields(result) }) }
}

function withoutPlace(frame: FlatFrame): ReplayJson['trace'][number] {
  const {
    blockHash: _hash,
    blockNumber: _number,
    transactionHash: _transaction,
    transactionPosition: _position,
    ...rest
  } = flatFrameToJson(frame)
  return rest
}

function definedFields(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const defined: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) defined[name] = value
  return defined
}

function isDiff(result: Prestate | PrestateDiff): result is PrestateDiff {
  return 'pre' in result && 'post' in result
}

type Change = StateDiffJson[string]['balance']

const zeroWord: Hex = `0x${'0'.repeat(64)}`

function toStateDiff({ pre, post }: PrestateDiff): StateDiffJson {
  const diff: StateDiffJson = {}
  for (const address of new Set([...addressesOf(pre), ...addressesOf(post)])) {
    const before = pre[address]
    const after = post[address]
    const change = <T extends string>(old: T | undefined, now: T | undefined, none: T): Change => {
      if (before === undefined) return { '+': now ?? none }
      if (after === undefined) return { '-': old ?? none }
      // The tracer shows changed fields only.
      return now === undefined || now === old ? '=' : { '*': { from: old ?? none, to: now } }
    }
    const nonce = (account: { nonce?: number } | undefined): Hex | undefined =>
      account?.nonce === undefined ? undefined : toQuantity(account.nonce)
    const storage: Record<string, Change> = {}
    for (const slot of new Set([...addressesOf(before?.storage ?? {}), ...addressesOf(after?.storage ?? {})])) {
      const old = before?.storage?.[slot] ?? zeroWord
      const now = after?.storage?.[slot] ?? zeroWord
      storage[slot] = before === undefined ? { '+': now } : { '*': { from: old, to: now } }
    }
    diff[address] = {
      balance: change(before?.balance, after?.balance, '0x0'),
      code: change(before?.code, after?.code, '0x'),
      nonce: change(nonce(before), nonce(after), '0x0'),
      storage,
    }
  }
  return diff
}

// Keys of a record are typed as strings; the tracer makes them hex.
function addressesOf(record: Readonly<Record<Hex, unknown>>): Hex[] {
  return Object.keys(record).map((key): Hex => `0x${key.slice(2)}`)
}
