import { isInRam, type Memory } from '../memory.ts'
import type { MemoryAccess, SystemCall } from '../trace.ts'
import { type SystemContext, systemFunctionByNumber } from './functions.ts'

const A0 = 10
const A7 = 17

export interface SystemCallsDeps {
  readonly memory: Memory
  readonly registers: Int32Array
  readonly onLog: ((bytes: Uint8Array) => void) | undefined
  readonly replaceHint: ((words: Int32Array) => Int32Array) | undefined
}

/** Throws the machine's fault. */
type Refuse = (what: string) => never

/** Performs `ecall`s and keeps what they leave behind outside registers and memory. */
export class SystemCalls {
  readonly #deps: SystemCallsDeps
  readonly #counts: Record<string, number> = {}
  #hint: Int32Array = new Int32Array(0)
  #hintAt = 0
  #exitCode: number | undefined
  #output: Uint8Array | undefined

  constructor(deps: SystemCallsDeps) {
    this.#deps = deps
  }

  get exitCode(): number | undefined {
    return this.#exitCode
  }

  get output(): Uint8Array | undefined {
    return this.#output
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#counts
  }

  /** The call that the registers state. */
  perform(refuse: Refuse): void {
    this.#perform(refuse, undefined)
  }

  /** The same, and shows what it read and wrote: copies that cost as much as the calls themselves. */
  performObserved(refuse: Refuse): SystemCall {
    const accesses: MemoryAccess[] = []
    return { ...this.#perform(refuse, accesses), accesses }
  }

  #perform(refuse: Refuse, accesses: MemoryAccess[] | undefined): Omit<SystemCall, 'accesses'> {
    const { registers } = this.#deps
    const number = (registers[A7] ?? 0) >>> 0
    const systemFunction = systemFunctionByNumber.get(number)
    if (systemFunction === undefined) refuse(`there is no system function ${number}`)
    const { name, arguments: count } = systemFunction
    const given = [0, 1, 2, 3].map((index) => (registers[A0 + index] ?? 0) >>> 0) as [number, number, number, number]
    let answer: number | undefined
    systemFunction.run({
      ...this.#memoryOf(accesses, (what) => refuse(`${name}: ${what}`)),
      arguments: given,
      answer: (value) => {
        answer = value
        registers[A0] = value
      },
      refuse: (what) => refuse(`${name}: ${what}`),
      halt: (exitCode) => {
        this.#exitCode = exitCode
      },
      commit: (output) => {
        if (this.#output !== undefined) refuse('commit: the program has committed its output before')
        this.#output = output
      },
      log: (bytes) => this.#deps.onLog?.(bytes),
      setHint: (words) => {
        this.#hint = this.#deps.replaceHint?.(words) ?? words
        this.#hintAt = 0
      },
      nextHint: () => this.#hint[this.#hintAt++] ?? 0,
    })
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
    return { number, arguments: given.slice(0, count), answer }
  }

  #memoryOf(accesses: MemoryAccess[] | undefined, refuse: Refuse): Pick<SystemContext, 'read' | 'readForUpdate' | 'write' | 'peek'> {
    const { bytes, words } = this.#deps.memory
    const wordAt = (address: number, length: number): number => {
      if (address % 4 !== 0) refuse(`the pointer 0x${address.toString(16)} is not 4-byte aligned`)
      if (!isInRam(address, 4 * length)) refuse(`${4 * length} bytes at 0x${address.toString(16)} are outside RAM`)
      return address / 4
    }
    const copy = (address: number, length: number): Int32Array => {
      const at = wordAt(address, length)
      return words.slice(at, at + length)
    }
    return {
      read(address, length) {
        const before = copy(address, length)
        accesses?.push({ address, before, after: before })
        return before
      },
      readForUpdate: copy,
      write(address, after) {
        const at = wordAt(address, after.length)
        accesses?.push({ address, before: words.slice(at, at + after.length), after: after.slice() })
        words.set(after, at)
      },
      peek: (address, length) => (isInRam(address, length) ? bytes.slice(address, address + length) : undefined),
    }
  }
}
