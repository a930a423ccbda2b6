import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { VM } from '@ethereumjs/vm'
import { DevnetError } from '../../core/index.ts'

/** What the execution came to, as far as the machine's events do not tell. */
export interface TracedOutcome {
  /** Gas limit of the transaction. */
  readonly gas: bigint
  /** As in the receipt. */
  readonly gasUsed: bigint
  readonly failed: boolean
  readonly returnData: Uint8Array
}

/** Sees an execution step by step. Depth 0 is the transaction itself. */
export interface StepObserver {
  /** No step will be recorded any more. Each step costs a copy of the machine's memory, so nobody should be told in vain. */
  readonly isFull?: boolean
  step(step: InterpreterStep): void
  enter(message: Message): void
  exit(result: EVMResult): void
  /** The trace in geth's JSON shape. */
  result(outcome: TracedOutcome): unknown
}

/** A trace was given up on request, e.g. because it took too long. */
export class TraceAbortedError extends DevnetError {
  override name = 'TraceAbortedError'
  constructor(cause: unknown) {
    super('execution timeout', { code: 'TRACE_ABORTED', cause })
  }
}

/** The trace would take more memory than one request may have. */
export class TraceTooLargeError extends DevnetError {
  override name = 'TraceTooLargeError'
  constructor({ steps }: { steps: number }) {
    super(`trace too large after ${steps} steps`, {
      code: 'TRACE_TOO_LARGE',
      metaMessages: ['Ask for the first steps with `limit`, leave out stack and memory, or use the `callTracer`.'],
    })
  }
}

/** Lets the observer see what the machine executes, until the function that it returns is called. With no listener there is no cost. */
export function observe(vm: VM, observer: StepObserver, signal?: AbortSignal): () => void {
  const { events } = vm.evm
  if (events === undefined) throw new TypeError('The machine has no events.')
  const onStep = (step: InterpreterStep): void => {
    if (signal?.aborted) throw new TraceAbortedError(signal.reason)
    observer.step(step)
    if (observer.isFull === true) events.off('step', onStep)
  }
  const onEnter = (message: Message): void => observer.enter(message)
  const onExit = (result: EVMResult): void => observer.exit(result)
  events.on('step', onStep)
  events.on('beforeMessage', onEnter)
  events.on('afterMessage', onExit)
  return () => {
    events.off('step', onStep)
    events.off('beforeMessage', onEnter)
    events.off('afterMessage', onExit)
  }
}
