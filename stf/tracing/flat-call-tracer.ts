import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { CallFrame, FlatFrame, Hex, Tracer } from '../../core/index.ts'
import type { ObservedEnd, ObservedStart } from '../execution/observer.ts'
import { CallTracer } from './call-tracer.ts'
import type { TracedPlace, TracerContext, TransactionTracer } from './tracer.ts'

type FlatCallTracerOptions = Extract<Tracer, { name: 'flatCallTracer' }>

const parityErrors: Readonly<Record<string, string>> = {
  'contract creation code storage out of gas': 'Out of gas',
  'out of gas': 'Out of gas',
  'max code size exceeded': 'Out of gas',
  'invalid jump destination': 'Bad jump destination',
  'execution reverted': 'Reverted',
  'return data out of bounds': 'Out of bounds',
  'invalid opcode': 'Bad instruction',
  'stack underflow': 'Stack underflow',
  'stack overflow': 'Out of stack',
  'write protection': 'Mutable Call In Static Context',
}

/** The calls in one list, each with its path: geth's flatCallTracer, and Parity's trace_*. */
export class FlatCallTracer implements TransactionTracer {
  readonly ignoresSteps = false
  readonly #options: FlatCallTracerOptions
  readonly #place: TracedPlace | undefined
  readonly #calls: CallTracer
  #precompiles: ReadonlySet<Hex> = new Set()

  constructor(options: FlatCallTracerOptions, { budget, place }: TracerContext) {
    this.#options = options
    this.#place = place
    this.#calls = new CallTracer({ name: 'callTracer', onlyTopCall: false, withLog: false }, budget)
  }

  begin({ precompiles }: ObservedStart): void {
    this.#precompiles = precompiles
  }

  step(step: InterpreterStep): void {
    this.#calls.step(step)
  }

  enter(message: Message): void {
    this.#calls.enter(message)
  }

  exit(result: EVMResult): void {
    this.#calls.exit(result)
  }

  end(end: ObservedEnd): void {
    if (this.#options.rootGas === 'transaction') this.#calls.end(end)
  }

  result(): readonly FlatFrame[] {
    const root = this.#calls.result()
    const list: FlatFrame[] = []
    if (root !== undefined) this.#flatten(root, [], list)
    return list
  }

  #flatten(frame: CallFrame, traceAddress: readonly number[], list: FlatFrame[]): void {
    const calls = (frame.calls ?? []).filter((call) => this.#isShown(call))
    list.push(this.#entry(frame, traceAddress, calls.length))
    for (const [index, call] of calls.entries()) this.#flatten(call, [...traceAddress, index], list)
  }

  #isShown({ type, to }: CallFrame): boolean {
    if (this.#options.includePrecompiles || to === undefined) return true
    return (type !== 'CALL' && type !== 'STATICCALL') || !this.#precompiles.has(to)
  }

  #entry(frame: CallFrame, traceAddress: readonly number[], subtraces: number): FlatFrame {
    const { error } = frame
    // A revert's output tells why; what other failures leave behind tells nothing.
    const hasResult = error === undefined || error === 'execution reverted'
    const { result, ...shape } = shapeOf(frame)
    return {
      ...shape,
      ...(this.#place && {
        blockHash: this.#place.blockHash,
        blockNumber: Number(this.#place.blockNumber),
        transactionHash: this.#place.transactionHash,
        transactionPosition: this.#place.index,
      }),
      ...(error !== undefined && { error: this.#options.convertParityErrors ? (parityErrors[error] ?? error) : error }),
      ...(hasResult && result !== undefined && { result }),
      subtraces,
      traceAddress,
    }
  }
}

function shapeOf({
  type,
  from,
  to,
  value = '0x0',
  gas,
  gasUsed,
  input,
  output = '0x',
}: CallFrame): Pick<FlatFrame, 'type' | 'action' | 'result'> {
  switch (type) {
    case 'SELFDESTRUCT':
      return { type: 'suicide', action: { address: from, balance: value, refundAddress: to } }
    case 'CREATE':
    case 'CREATE2':
      return {
        type: 'create',
        action: { creationMethod: type.toLowerCase(), from, gas, init: input, value },
        result: { address: to, code: output, gasUsed },
      }
    default:
      return { type: 'call', action: { callType: type.toLowerCase(), from, gas, input, to, value }, result: { gasUsed, output } }
  }
}
