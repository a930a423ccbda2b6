import type { Hex } from '../hex.ts'
import type { TraceOf, Tracer } from './tracing.ts'

/** The fields of a JSON-RPC transaction object, decoded. What is left out is filled in as geth does. */
export interface CallRequest {
  readonly from?: Hex
  readonly to?: Hex | null
  readonly data?: Uint8Array
  readonly value?: bigint
  readonly gas?: bigint
  readonly gasPrice?: bigint
  readonly maxFeePerGas?: bigint
  readonly maxPriorityFeePerGas?: bigint
  readonly nonce?: bigint
  readonly accessList?: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[]
  /** EIP-7702. */
  readonly authorizationList?: readonly {
    readonly chainId: bigint
    readonly address: Hex
    readonly nonce: bigint
    readonly yParity: bigint
    readonly r: bigint
    readonly s: bigint
  }[]
}

export interface AccountOverride {
  readonly nonce?: bigint
  readonly balance?: bigint
  readonly code?: Uint8Array
  /** Replaces the whole storage. */
  readonly state?: readonly { readonly slot: bigint; readonly value: bigint }[]
  /** Where the precompile of this address stands instead. */
  readonly movePrecompileTo?: Hex
  /** Replaces single slots. */
  readonly stateDiff?: readonly { readonly slot: bigint; readonly value: bigint }[]
}

export interface BlockOverrides {
  readonly number?: bigint
  readonly timestamp?: bigint
  readonly gasLimit?: bigint
  readonly coinbase?: Hex
  readonly prevRandao?: Hex
  readonly baseFeePerGas?: bigint
}

export interface SimulationContext {
  /** State after this block, in the environment of this block (`pending`: of the next one). */
  readonly blockNumber: bigint
  readonly pending?: boolean
  readonly stateOverrides?: ReadonlyMap<Hex, AccountOverride>
  readonly blockOverrides?: BlockOverrides
}

export interface CallOutcome {
  readonly returnData: Uint8Array
  /** With refunds, as in a receipt. */
  readonly gasUsed: bigint
  /** `halt`: out of gas, invalid opcode, stack error…, named by `error` in geth's words. */
  readonly status: 'success' | 'revert' | 'halt'
  readonly error?: string
}

export interface TracedTransaction<T extends Tracer> {
  readonly txHash: Hex
  readonly result: TraceOf<T>
}

/** Execution that leaves no trace: eth_call, gas estimation, debug_trace*. */
export interface Simulator {
  /** Throws `InvalidTransactionError` (geth's wording) where the request cannot be executed at all. */
  call(request: CallRequest, context: SimulationContext): Promise<CallOutcome>
  /** Smallest gas limit with which the request succeeds; throws `ExecutionRevertedError` with the return data where none does. */
  estimateGas(request: CallRequest, context: SimulationContext): Promise<bigint>
  /** Throws `TransactionNotFoundError`, here and below `TraceAbortedError` when the signal fires. */
  traceTransaction<T extends Tracer>(hash: Hex, tracer: T, signal: AbortSignal): Promise<TraceOf<T>>
  /** One trace per transaction, in order. Throws `GenesisNotTraceableError`. */
  traceBlock<T extends Tracer>(blockNumber: bigint, tracer: T, signal: AbortSignal): Promise<readonly TracedTransaction<T>[]>
  traceCall<T extends Tracer>(request: CallRequest, context: SimulationContext, tracer: T, signal: AbortSignal): Promise<TraceOf<T>>
}
