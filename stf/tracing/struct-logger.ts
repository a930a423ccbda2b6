import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { bytesToHex, type Tracer } from '../../core/index.ts'
import { evmErrorWording } from '../execution/evm-errors.ts'
import { type StepObserver, type TracedOutcome, TraceTooLargeError } from './tracer.ts'

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
  storage?: Record<string, string>
  returnData?: string
  refund?: number
}

const sload = 0x54
const sstore = 0x55
const valueCalls = new Set([0xf1, 0xf2])
const calls = new Set([0xf1, 0xf2, 0xf4, 0xfa])
const callStipend = 2300n

// What an entry and its parts take in memory, roughly. With memory or deep stacks at each step a transaction's trace has no bound of its own.
const entryBytes = 200
const wordBytes = 48
const storageEntryBytes = 160
const maxTraceBytes = 256 * 1024 * 1024

const wordHex = (value: bigint): string => value.toString(16).padStart(64, '0')

function memoryWords(memory: Uint8Array): string[] {
  const hex = bytesToHex(memory).slice(2)
  return Array.from({ length: Math.floor(hex.length / 64) }, (_, i) => hex.slice(64 * i, 64 * i + 64))
}

interface Frame {
  last?: StructLog
  /** Whether the last instruction is a call that passes on value; undefined when it is no call. */
  callsWithValue?: boolean
  /** An SLOAD, whose value shows only on the next step's stack. */
  pendingLoad?: { readonly log: StructLog; readonly slot: string }
}

/** One entry per executed instruction: geth's default tracer. */
export class StructLogger implements StepObserver {
  readonly #options: StructLoggerOptions
  readonly #logs: StructLog[] = []
  readonly #storage = new Map<string, Record<string, string>>()
  /** By depth. */
  readonly #frames: Frame[] = []
  #returnData: Uint8Array = new Uint8Array(0)
  #full = false
  #bytes = 0

  constructor(options: StructLoggerOptions) {
    this.#options = options
  }

  get isFull(): boolean {
    return this.#full
  }

  step(step: InterpreterStep): void {
    const frame = this.#frames[step.depth]
    if (frame === undefined || this.#full) return
    this.#settleLoad(frame, step)
    if (this.#options.limit > 0 && this.#logs.length >= this.#options.limit) {
      this.#full = true
      delete frame.last
      return
    }
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
    this.#returnData = execResult.returnValue
    const error = execResult.exceptionError?.error
    if (error !== undefined && error !== 'revert' && frame?.last !== undefined) frame.last.error = evmErrorWording(error)
  }

  result({ gasUsed, failed, returnData }: TracedOutcome): unknown {
    return { gas: Number(gasUsed), failed, returnValue: bytesToHex(returnData), structLogs: this.#logs }
  }

  /** @throws TraceTooLargeError */
  #spend({ stack, memory }: InterpreterStep): void {
    this.#bytes += entryBytes
    if (!this.#options.disableStack) this.#bytes += wordBytes * stack.length
    if (this.#options.enableMemory) this.#bytes += wordBytes * Math.ceil(memory.length / 32) + 2 * memory.length
    if (this.#options.enableReturnData) this.#bytes += 2 * this.#returnData.length
    if (this.#bytes > maxTraceBytes) throw new TraceTooLargeError({ steps: this.#logs.length })
  }

  #copyOf(seen: Record<string, string>): Record<string, string> {
    const copy = { ...seen }
    this.#bytes += storageEntryBytes * Object.keys(copy).length
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

  #storageOf(address: string): Record<string, string> {
    const known = this.#storage.get(address)
    if (known !== undefined) return known
    const seen: Record<string, string> = {}
    this.#storage.set(address, seen)
    return seen
  }
}
