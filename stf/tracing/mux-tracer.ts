import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { ObservedEnd, ObservedStart } from '../execution/observer.ts'
import type { TransactionTracer } from './tracer.ts'

/** Several tracers in one execution: geth's muxTracer. Without any it is the noopTracer. */
export class MuxTracer implements TransactionTracer {
  readonly #tracers: ReadonlyMap<string, TransactionTracer>

  constructor(tracers: ReadonlyMap<string, TransactionTracer>) {
    this.#tracers = tracers
  }

  get ignoresSteps(): boolean {
    for (const tracer of this.#tracers.values()) if (!tracer.ignoresSteps) return false
    return true
  }

  begin(start: ObservedStart): void {
    for (const tracer of this.#tracers.values()) tracer.begin(start)
  }

  step(step: InterpreterStep): void {
    for (const tracer of this.#tracers.values()) if (!tracer.ignoresSteps) tracer.step(step)
  }

  enter(message: Message): void {
    for (const tracer of this.#tracers.values()) tracer.enter(message)
  }

  exit(result: EVMResult): void {
    for (const tracer of this.#tracers.values()) tracer.exit(result)
  }

  end(end: ObservedEnd): void {
    for (const tracer of this.#tracers.values()) tracer.end(end)
  }

  result(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#tracers].map(([name, tracer]) => [name, tracer.result()]))
  }
}
