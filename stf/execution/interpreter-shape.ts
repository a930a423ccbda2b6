import type { Common } from '@ethereumjs/common'
import type { Account, Address } from '@ethereumjs/util'

/** An instruction as the library has it. */
export interface Operation {
  readonly opcodeInfo: {
    readonly code: number
    readonly isAsync: boolean
    readonly dynamicGas: boolean
    readonly isInvalid: boolean
    readonly feeBigInt: bigint
  }
  opHandler(state: RunState, common: Common): unknown
}

/** What the interpreter finds out about a code: jump destinations, pushed values, instructions by their place. It only reads it. */
export interface Analysis {
  readonly jumps: unknown
  readonly pushes: unknown
  readonly opcodesCached: readonly (Operation | undefined)[]
}

export interface RunState {
  readonly stack: { peek(count: number): bigint[]; pop(): bigint; popN(count: number): bigint[]; push(value: bigint): void }
  readonly memory: {
    /** A copy, unless it says that none is needed. */
    read(offset: number, size: number, avoidCopy?: boolean): Uint8Array
    write(offset: number, size: number, value: Uint8Array): void
  }
  readonly interpreter: {
    isStatic(): boolean
    getCallData(): Uint8Array
    log(data: Uint8Array, topicCount: number, topics: readonly Uint8Array[]): void
  }
  readonly stateManager: unknown
  programCounter: number
  validJumps: unknown
  cachedPushes: unknown
  /** Whether the two are still to be filled. */
  shouldDoJumpAnalysis: boolean
  opCode: number
  readonly code: Uint8Array
  readonly env: { readonly accessWitness?: unknown; readonly address: Address; contract: Account }
}

/** The parts of the library's interpreter that are wrapped, and what they use. One instance executes one call frame. */
export interface Interpreter {
  readonly common: Common
  readonly profilerOpts?: { readonly enabled: boolean }
  readonly _evm: { readonly DEBUG: boolean; readonly events: { listenerCount(event: 'step'): number } }
  readonly _env: { readonly accessWitness?: unknown }
  readonly _runState: RunState
  _getValidJumpDestinations(this: Interpreter, code: Uint8Array): Analysis
  /** Executes one instruction; `operation` is what the analysis knows of it. */
  runStep(this: Interpreter, operation: Operation | undefined): Promise<void>
  useGas(this: Interpreter, amount: bigint, context: unknown): void
}
