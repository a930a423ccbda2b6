import type { Log, SealedBlock, Withdrawal } from '../chain/block.ts'
import type { AccountState } from '../chain/state.ts'
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

export interface AccessListResult {
  readonly accessList: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[]
  /** Of the call with that access list. */
  readonly gasUsed: bigint
  /** Why the call failed, in geth's words. */
  readonly error?: string
}

/** A block of eth_simulateV1: what is overridden before it, and what is called in it. */
export interface SimulatedBlockRequest {
  readonly stateOverrides?: ReadonlyMap<Hex, AccountOverride>
  readonly blockOverrides?: BlockOverrides & {
    readonly parentBeaconBlockRoot?: Hex
    readonly withdrawals?: readonly Withdrawal[]
  }
  readonly calls: readonly CallRequest[]
}

export interface BlocksSimulation {
  readonly blocks: readonly SimulatedBlockRequest[]
  /** Shows transfers of ETH as logs of ERC-20 transfers. */
  readonly traceTransfers: boolean
  /** Holds calls to nonce and base fee, as transactions are. */
  readonly validation: boolean
}

export interface SimulatedBlock {
  /** Complete but for signatures, with hash and roots. */
  readonly block: SealedBlock
  readonly calls: readonly SimulatedCall[]
}

export interface SimulatedCall extends CallOutcome {
  readonly logs: readonly Log[]
  /** Before refunds. */
  readonly maxUsedGas: bigint
}

export interface SimulationContext {
  /** State after this block, in the environment of this block (`pending`: of the next one). */
  readonly blockNumber: bigint
  readonly pending?: boolean
  readonly stateOverrides?: ReadonlyMap<Hex, AccountOverride>
  readonly blockOverrides?: BlockOverrides
  /** Gets what the call logs by Hardhat's or Foundry's `console`; an estimate, which executes a call several times, logs it once. */
  readonly console?: (text: string) => void
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

/** A state in the middle of a block. Null for an account that does not exist. */
export interface UnsealedState {
  account(address: Hex): Pick<AccountState, 'nonce' | 'balance' | 'codeHash'> | null
  code(address: Hex): Uint8Array
  storage(address: Hex, slot: bigint): bigint
}

/** Execution that leaves no trace: eth_call, gas estimation, debug_trace*. */
export interface Simulator {
  /** Throws `InvalidTransactionError` (geth's wording) where the request cannot be executed at all. */
  call(request: CallRequest, context: SimulationContext): Promise<CallOutcome>
  /** Smallest gas limit with which the request succeeds; throws `ExecutionRevertedError` with the return data where none does. */
  estimateGas(request: CallRequest, context: SimulationContext): Promise<bigint>
  /** The block that would be sealed now. */
  pendingBlock(): Promise<SealedBlock>
  /** What `read` finds in the state that this block would leave behind. */
  readPending<T>(read: (state: UnsealedState) => T): Promise<T>
  /** The accounts and slots that a call touches beyond those that are warm anyway (EIP-2930). */
  accessList(request: CallRequest, context: SimulationContext, signal?: AbortSignal): Promise<AccessListResult>
  /** Blocks on top of each other and of the context's block. Throws `InvalidTransactionError` with a code for each rule of eth_simulateV1. */
  simulateBlocks(
    request: BlocksSimulation,
    context: Pick<SimulationContext, 'blockNumber' | 'pending'>,
    signal: AbortSignal,
  ): Promise<readonly SimulatedBlock[]>
  /** Throws `TransactionNotFoundError`, here and below `TraceAbortedError` when the signal fires. */
  traceTransaction<T extends Tracer>(hash: Hex, tracer: T, signal: AbortSignal): Promise<TraceOf<T>>
  /** One trace per transaction, in order. Throws `GenesisNotTraceableError`. */
  traceBlock<T extends Tracer>(blockNumber: bigint, tracer: T, signal: AbortSignal): Promise<readonly TracedTransaction<T>[]>
  /** The accounts that executing a sealed block looked at or changed. */
  touchedAddresses(blockNumber: bigint): ReadonlySet<Hex>
  traceCall<T extends Tracer>(request: CallRequest, context: SimulationContext, tracer: T, signal: AbortSignal): Promise<TraceOf<T>>
}
