import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { CallFrame, Hex } from '../../core/index.ts'
import type { ObservedStart } from '../execution/observer.ts'
import type { TraceBudget } from './budget.ts'
import { CallTracer } from './call-tracer.ts'
import type { TransactionTracer } from './tracer.ts'

/** `0x` and the four bytes of a selector. */
const selectorLength = 10

/** How often which function was called with how much data: geth's 4byteTracer. */
export class FourByteTracer implements TransactionTracer {
  readonly ignoresSteps = false
  readonly #calls: CallTracer
  #precompiles: ReadonlySet<Hex> = new Set()

  constructor(budget: TraceBudget) {
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

  end(): void {}

  result(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>()
    const root = this.#calls.result()
    if (root !== undefined) this.#count(root, counts)
    return Object.fromEntries(counts)
  }

  #count({ type, to, input, calls = [] }: CallFrame, counts: Map<string, number>): void {
    const isFunction = !type.startsWith('CREATE') && to !== undefined && !this.#precompiles.has(to) && input.length >= selectorLength
    if (isFunction) {
      const key = `${input.slice(0, selectorLength)}-${(input.length - selectorLength) / 2}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    for (const call of calls) this.#count(call, counts)
  }
}
