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

  /** The call that the registers state. `refuse` throws the machine's fault. */
  perform(refuse: (what: string) => never): SystemCall {
    const { registers } = this.#deps
    const number = (registers[A7] ?? 0) >>> 0
    const systemFunction = systemFunctionByNumber.get(number)
    if (systemFunction === undefined) refuse(`there is no system function ${number}`)
    const { name, arguments: count } = systemFunction
    const given = [0, 1, 2, 3].map((index) => (registers[A0 + index] ?? 0) >>> 0) as [number, number, number, number]
    const accesses: MemoryAccess[] = []
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
    return { number, arguments: given.slice(0, count), accesses, answer }
  }

  #memoryOf(accesses: MemoryAccess[], refuse: (what: string) => never): Pick<SystemContext, 'read' | 'readForUpdate' | 'write' | 'peek'> {
    const { bytes, words } = this.#deps.memory
    const copy = (address: number, length: number): Int32Array => {
      if (address % 4 !== 0) refuse(`the pointer 0x${address.toString(16)} is not 4-byte aligned`)
      if (!isInRam(address, 4 * length)) refuse(`${4 * length} bytes at 0x${address.toString(16)} are outside RAM`)
      return words.slice(address / 4, address / 4 + length)
    }
    return {
      read(address, length) {
        const before = copy(address, length)
        accesses.push({ address, before, after: before })
        return before
      },
      readForUpdate: copy,
      write(address, after) {
        const before = copy(address, after.length)
        words.set(after, address / 4)
        accesses.push({ address, before, after: after.slice() })
      },
      peek: (address, length) => (isInRam(address, length) ? bytes.slice(address, address + length) : undefined),
    }
  }
}
