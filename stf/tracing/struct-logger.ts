import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { bytesToHex, type Hex, type Tracer } from '../../core/index.ts'
import { evmErrorWording } from '../execution/evm-errors.ts'
import type { ObservedEnd } from '../execution/observer.ts'
import type { TraceBudget } from './budget.ts'
import type { TransactionTracer } from './tracer.ts'

type StructLoggerOptions = Extract<Tracer, { name: 'structLogger' }>

interface StructLog {
  pc: number
  op: string
  gas: number
  gasCost: number
  depth: number
  error?: string
  stack?: string[]
  memory?: string[]
  storage?: Record<Hex, Hex>
  returnData?: string
  refund?: number
}

const sload = 0x54
const sstore = 0x55
const valueCalls = new Set([0xf1, 0xf2])
const calls = new Set([0xf1, 0xf2, 0xf4, 0xfa])
const callStipend = 2300n

// What an entry and its parts take in memory, roughly.
const entryBytes = 200
const wordBytes = 48
const storageEntryBytes = 160

const stop = 0x00
/** After these a frame is over; after any other it ran off the end of its code, which is a STOP. */
const lastInstructions = new Set([stop, 0xf3, 0xfd, 0xfe, 0xff])

const wordHex = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

function memoryWords(memory: Uint8Array): Hex[] {
  const hex = bytesToHex(memory).slice(2)
  return Array.from({ length: Math.floor(hex.length / 64) }, (_, i): Hex => `0x${hex.slice(64 * i, 64 * i + 64)}`)
}

interface Frame {
  last?: StructLog
  lastOpcode?: number
  /** Whether the last instruction is a call that passes on value; undefined when it is no call. */
  callsWithValue?: boolean
  /** An SLOAD, whose value shows only on the next step's stack. */
  pendingLoad?: { readonly log: StructLog; readonly slot: Hex }
}

/** One entry per executed instruction: geth's default tracer. */
export class StructLogger implements TransactionTracer {
  readonly #options: StructLoggerOptions
  readonly #logs: StructLog[] = []
  readonly #storage = new Map<string, Record<Hex, Hex>>()
  /** By depth. */
  readonly #frames: Frame[] = []
  #returnData: Uint8Array = new Uint8Array(0)
  readonly #budget: TraceBudget
  #full = false
  #end: ObservedEnd | undefined

  constructor(options: StructLoggerOptions, budget: TraceBudget) {
    this.#options = options
    this.#budget = budget
  }

  get ignoresSteps(): boolean {
    return this.#full
  }

  begin(): void {}

  step(step: InterpreterStep): void {
    const frame = this.#frames[step.depth]
    if (frame === undefined || this.#full) return
    this.#settleLoad(frame, step)
    if (this.#isOverLimit(frame)) return
    this.#spend(step)
    const { stack, opcode } = step
    const log: StructLog = {
      pc: step.pc,
      op: opcode.name,
      gas: Number(step.gasLeft),
      gasCost: Number(opcode.dynamicFee ?? BigInt(opcode.fee)),
      depth: step.depth + 1,
    }
    if (!this.#options.disableStack) log.stack = stack.map((value) => `0x${value.toString(16)}`)
    if (this.#options.enableMemory) log.memory = memoryWords(step.memory)
    if (this.#options.enableReturnData && this.#returnData.length > 0) log.returnData = bytesToHex(this.#returnData)
    if (!this.#options.disableStorage) this.#recordStorage(frame, step, log)
    if (step.gasRefund > 0n) log.refund = Number(step.gasRefund)
    frame.last = log
    frame.lastOpcode = opcode.code
    if (calls.has(opcode.code)) frame.callsWithValue = valueCalls.has(opcode.code) && (stack.at(-3) ?? 0n) > 0n
    else delete frame.callsWithValue
    this.#logs.push(log)
  }

  enter(message: Message): void {
    const caller = this.#frames[message.depth - 1]
    // geth counts the gas that a call passes on as part of its cost; the stipend is a gift.
    if (caller?.last !== undefined && caller.callsWithValue !== undefined) {
      caller.last.gasCost += Number(message.gasLimit - (caller.callsWithValue ? callStipend : 0n))
      delete caller.callsWithValue
    }
    this.#frames[message.depth] = {}
    this.#frames.length = message.depth + 1
    this.#returnData = new Uint8Array(0)
  }

  exit({ execResult }: EVMResult): void {
    const frame = this.#frames.pop()
    const error = execResult.exceptionError?.error
    if (error === undefined && frame !== undefined) this.#addStop(frame, execResult)
    this.#returnData = execResult.returnValue
    if (error !== undefined && error !== 'revert' && frame?.last !== undefined) frame.last.error = evmErrorWording(error)
  }

  end(end: ObservedEnd): void {
    this.#end = end
  }

  result(): unknown {
    const { gasUsed, failed, returnData } = this.#end ?? { gasUsed: 0n, failed: true, returnData: new Uint8Array(0) }
    return { gas: Number(gasUsed), failed, returnValue: bytesToHex(returnData), structLogs: this.#logs }
  }

  /** The machine does not tell of the STOP behind the end of a code. */
  #addStop(frame: Frame, { runState }: EVMResult['execResult']): void {
    const { last, lastOpcode = stop } = frame
    if (last === undefined || runState === undefined || lastInstructions.has(lastOpcode) || this.#isOverLimit(frame)) return
    const { stack, memory, programCounter, gasLeft } = runState
    const values = stack.getStack()
    const used = memory._store.subarray(0, Number(runState.memoryWordCount) * 32)
    this.#spend({ stack: values, memory: used })
    this.#logs.push({
      ...{ pc: programCounter, op: 'STOP', gas: Number(gasLeft), gasCost: 0, depth: last.depth },
      ...(!this.#options.disableStack && { stack: values.map((value): Hex => `0x${value.toString(16)}`) }),
      ...(this.#options.enableMemory && { memory: memoryWords(used) }),
      ...(this.#options.enableReturnData && this.#returnData.length > 0 && { returnData: bytesToHex(this.#returnData) }),
      ...(runState.gasRefund > 0n && { refund: Number(runState.gasRefund) }),
    })
  }

  #isOverLimit(frame: Frame): boolean {
    if (this.#options.limit > 0 && this.#logs.length >= this.#options.limit) {
      this.#full = true
      delete frame.last
    }
    return this.#full
  }

  /** @throws TraceTooLargeError */
  #spend({ stack, memory }: Pick<InterpreterStep, 'stack' | 'memory'>): void {
    let bytes = entryBytes
    if (!this.#options.disableStack) bytes += wordBytes * stack.length
    if (this.#options.enableMemory) bytes += wordBytes * Math.ceil(memory.length / 32) + 2 * memory.length
    if (this.#options.enableReturnData) bytes += 2 * this.#returnData.length
    this.#budget.spend(bytes)
  }

  #copyOf(seen: Record<Hex, Hex>): Record<Hex, Hex> {
    const copy = { ...seen }
    this.#budget.spend(storageEntryBytes * Object.keys(copy).length)
    return copy
  }

  #recordStorage(frame: Frame, { opcode, stack, address }: InterpreterStep, log: StructLog): void {
    const slot = wordHex(stack.at(-1) ?? 0n)
    const seen = this.#storageOf(address.toString())
    if (opcode.code === sstore && stack.length >= 2) {
      seen[slot] = wordHex(stack.at(-2) ?? 0n)
      log.storage = this.#copyOf(seen)
    }
    if (opcode.code === sload && stack.length >= 1) frame.pendingLoad = { log, slot }
  }

  #settleLoad(frame: Frame, { stack, address }: InterpreterStep): void {
    if (frame.pendingLoad === undefined) return
    const { log, slot } = frame.pendingLoad
    const seen = this.#storageOf(address.toString())
    seen[slot] = wordHex(stack.at(-1) ?? 0n)
    log.storage = this.#copyOf(seen)
    delete frame.pendingLoad
  }

  #storageOf(address: string): Record<Hex, Hex> {
    const known = this.#storage.get(address)
    if (known !== undefined) return known
    const seen: Record<Hex, Hex> = {}
    this.#storage.set(address, seen)
    return seen
  }
}
