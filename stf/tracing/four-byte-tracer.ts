import type { Message } from '@ethereumjs/evm'
import { bytesToHex, type Hex } from '../../core/index.ts'
import type { ObservedStart } from '../execution/observer.ts'
import type { TraceBudget } from './budget.ts'
import type { TransactionTracer } from './tracer.ts'

const entryBytes = 150

/** How often which function was called with how much data: geth's 4byteTracer. */
export class FourByteTracer implements TransactionTracer {
  readonly ignoresSteps = true
  readonly #budget: TraceBudget
  readonly #counts = new Map<string, number>()
  #precompiles: ReadonlySet<Hex> = new Set()

  constructor(budget: TraceBudget) {
    this.#budget = budget
  }

  begin({ precompiles }: ObservedStart): void {
    this.#precompiles = precompiles
  }

  enter(message: Message): void {
    const { to, data } = message
    if (to === undefined || data.length < 4 || this.#precompiles.has(bytesToHex(message.codeAddress.bytes))) return
    const key = `${bytesToHex(data.subarray(0, 4))}-${data.length - 4}`
    const count = this.#counts.get(key)
    if (count === undefined) this.#budget.spend(entryBytes)
    this.#counts.set(key, (count ?? 0) + 1)
  }

  step(): void {}
  exit(): void {}
  end(): void {}

  result(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
