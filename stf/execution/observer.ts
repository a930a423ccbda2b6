import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { VM } from '@ethereumjs/vm'
import { DevnetError, type Hex } from '../../core/index.ts'
import type { StateNow } from '../state/state-now.ts'

/** A transaction or call that is about to be executed. */
export interface ObservedStart {
  /** Shows what is there at the moment it is asked; here, the state before anything was paid. */
  readonly state: StateNow
  readonly sender: Hex
  readonly to: Hex | null
  readonly coinbase: Hex
  /** Whose delegations it may set (EIP-7702). */
  readonly authorities: readonly Hex[]
  readonly precompiles: ReadonlySet<Hex>
}

/** What the execution came to, as far as the machine's events do not tell. */
export interface ObservedEnd {
  /** Gas limit of the transaction. */
  readonly gas: bigint
  /** As in the receipt. */
  readonly gasUsed: bigint
  readonly failed: boolean
  readonly returnData: Uint8Array
}

/** Sees an execution step by step. Depth 0 is the transaction itself. */
export interface ExecutionObserver {
  /** No step will be recorded any more, or none at all. Each costs a copy of the machine's memory, so nobody should be told in vain. */
  readonly ignoresSteps: boolean
  begin(start: ObservedStart): void
  step(step: InterpreterStep): void
  enter(message: Message): void
  exit(result: EVMResult): void
  /** The state is as the transaction left it, fees included. */
  end(end: ObservedEnd): void
}

/** A trace was given up on request, e.g. because it took too long. */
class TraceAbortedError extends DevnetError {
  override name = 'TraceAbortedError'
  constructor(cause: unknown) {
    super('execution timeout', { code: 'TRACE_ABORTED', cause })
  }
}

/** @throws TraceAbortedError */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TraceAbortedError(signal.reason)
}

/** Lets the observer see what the machine executes, until the function that it returns is called. With no listener there is no cost. */
export function observe(vm: VM, observer: ExecutionObserver, signal?: AbortSignal): () => void {
  const { events } = vm.evm
  if (events === undefined) throw new TypeError('The machine has no events.')
  const onStep = (step: InterpreterStep): void => {
    assertNotAborted(signal)
    observer.step(step)
    if (observer.ignoresSteps) events.off('step', onStep)
  }
  const onEnter = (message: Message): void => {
    assertNotAborted(signal)
    observer.enter(message)
  }
  const onExit = (result: EVMResult): void => observer.exit(result)
  if (!observer.ignoresSteps) events.on('step', onStep)
  events.on('beforeMessage', onEnter)
  events.on('afterMessage', onExit)
  return () => {
    events.off('step', onStep)
    events.off('beforeMessage', onEnter)
    events.off('afterMessage', onExit)
  }
}
