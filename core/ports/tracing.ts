import type { Hex } from '../hex.ts'

/** A tracer of geth's with its options. */
export type Tracer =
  | {
      readonly name: 'structLogger'
      readonly enableMemory: boolean
      readonly disableStack: boolean
      readonly disableStorage: boolean
      readonly enableReturnData: boolean
      /** Instructions to list; 0 for all. */
      readonly limit: number
    }
  | { readonly name: 'callTracer'; readonly onlyTopCall: boolean; readonly withLog: boolean }
  | {
      readonly name: 'flatCallTracer'
      /** Names of errors as Parity had them. */
      readonly convertParityErrors: boolean
      readonly includePrecompiles: boolean
      /** Gas of the outermost call: the transaction's, as geth has it, or what is left of it for execution, as Parity had it. */
      readonly rootGas: 'transaction' | 'execution'
    }
  | {
      readonly name: 'prestateTracer'
      readonly diffMode: boolean
      readonly disableCode: boolean
      readonly disableStorage: boolean
      readonly includeEmpty: boolean
    }
  | { readonly name: '4byteTracer' }
  | { readonly name: 'noopTracer' }
  | { readonly name: 'muxTracer'; readonly tracers: readonly Tracer[] }

/** A node of geth's callTracer. */
export interface CallFrame {
  /** The instruction: CALL, STATICCALL, CREATE2, SELFDESTRUCT, … */
  type: string
  from: Hex
  to?: Hex
  value?: Hex
  gas: Hex
  gasUsed: Hex
  input: Hex
  output?: Hex
  error?: string
  revertReason?: string
  calls?: CallFrame[]
  logs?: CallLog[]
}

export interface CallLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  /** Number of calls that the frame had made by then. */
  readonly position: Hex
  /** Position among all logs of the transaction. */
  readonly index: Hex
}

/** An entry of geth's flatCallTracer and of Parity's trace_*. Place fields are missing for a call that is in no block. */
export interface FlatFrame {
  action: Readonly<Record<string, string | undefined>>
  blockHash?: Hex
  blockNumber?: number
  error?: string
  result?: Readonly<Record<string, string | undefined>>
  subtraces: number
  traceAddress: readonly number[]
  transactionHash?: Hex
  transactionPosition?: number
  type: 'call' | 'create' | 'suicide'
}

/** An account as geth's prestateTracer shows it. */
export interface PrestateAccount {
  balance?: Hex
  nonce?: number
  code?: Hex
  storage?: Record<Hex, Hex>
}

export type Prestate = Record<Hex, PrestateAccount>

export interface PrestateDiff {
  /** What changed, as it was; accounts that did not exist are missing. */
  readonly pre: Prestate
  /** Changed fields only; accounts that are gone are missing. */
  readonly post: Prestate
}

/** What the tracers of a muxTracer answer. */
export interface MuxTraces {
  readonly callTracer?: CallFrame
  readonly flatCallTracer?: readonly FlatFrame[]
  readonly prestateTracer?: Prestate | PrestateDiff
  readonly structLogger?: unknown
  readonly '4byteTracer'?: unknown
  readonly noopTracer?: unknown
}

/** What a tracer answers, in geth's JSON. */
export type TraceOf<T extends Tracer> = T extends { name: 'callTracer' }
  ? CallFrame
  : T extends { name: 'flatCallTracer' }
    ? readonly FlatFrame[]
    : T extends { name: 'prestateTracer'; diffMode: true }
      ? PrestateDiff
      : T extends { name: 'prestateTracer'; diffMode: false }
        ? Prestate
        : T extends { name: 'muxTracer' }
          ? MuxTraces
          : unknown
