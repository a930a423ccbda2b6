import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { createAddressFromBigInt } from '@ethereumjs/util'
import { bytesToHex, type CallFrame, type Hex, type Tracer } from '../../core/index.ts'
import { evmErrorWording } from '../execution/evm-errors.ts'
import type { ObservedEnd } from '../execution/observer.ts'
import { revertReason } from '../execution/revert-reason.ts'
import type { TraceBudget } from './budget.ts'
import { AskedCall } from './refused-call.ts'
import type { TransactionTracer } from './tracer.ts'

type CallTracerOptions = Extract<Tracer, { name: 'callTracer' }>

const quantity = (value: bigint): Hex => `0x${value.toString(16)}`
const create = 0xf0
const callNames: Readonly<Record<number, string>> = {
  [create]: 'CREATE',
  241: 'CALL',
  242: 'CALLCODE',
  244: 'DELEGATECALL',
  245: 'CREATE2',
  250: 'STATICCALL',
}
const firstLog = 0xa0
const lastLog = 0xa4
const selfdestruct = 0xff

// What a frame or a log takes in memory, roughly, besides its data.
const entryBytes = 600

function readMemory(memory: Uint8Array, offset: bigint, length: bigint): Uint8Array {
  const data = new Uint8Array(Number(length))
  // What lies beyond the memory that was used so far is zero.
  data.set(memory.subarray(Number(offset), Number(offset + length)))
  return data
}

/** The tree of calls: geth's callTracer. */
export class CallTracer implements TransactionTracer {
  readonly ignoresSteps = false
  readonly #options: CallTracerOptions
  readonly #budget: TraceBudget
  readonly #open: CallFrame[] = []
  #root: CallFrame | undefined
  #lastOpcode = create
  /** Of the last step, until the machine tells what came of it. */
  #asked: AskedCall | undefined
  #logCount = 0

  constructor(options: CallTracerOptions, budget: TraceBudget) {
    this.#options = options
    this.#budget = budget
  }

  begin(): void {}

  step(step: InterpreterStep): void {
    const { opcode, stack } = step
    this.#lastOpcode = opcode.code
    const frame = this.#open[step.depth]
    if (frame === undefined) return
    this.#recordRefusal(frame, step)
    this.#asked = AskedCall.of(step)
    if (opcode.code === selfdestruct) this.#recordDestruction(frame, step)
    const topics = opcode.code - firstLog
    const isLog = opcode.code >= firstLog && opcode.code <= lastLog
    if (!this.#options.withLog || !isLog || stack.length < topics + 2) return
    if (this.#options.onlyTopCall && step.depth > 0) return
    // A log that cannot pay for its data (8 gas a byte) fails; it may claim any length.
    if (8n * (stack.at(-2) ?? 0n) > step.gasLeft) return
    const data = bytesToHex(readMemory(step.memory, stack.at(-1) ?? 0n, stack.at(-2) ?? 0n))
    this.#budget.spend(entryBytes + data.length)
    frame.logs ??= []
    frame.logs.push({
      address: bytesToHex(step.address.bytes),
      topics: stack
        .slice(-2 - topics, -2)
        .reverse()
        .map((topic): Hex => `0x${topic.toString(16).padStart(64, '0')}`),
      data,
      position: quantity(BigInt(frame.calls?.length ?? 0)),
      index: quantity(BigInt(this.#logCount++)),
    })
  }

  enter(message: Message): void {
    const { depth, data, gasLimit } = message
    this.#asked = undefined
    const isCreate = message.to === undefined
    const type = depth === 0 ? (isCreate ? 'CREATE' : 'CALL') : (callNames[this.#lastOpcode] ?? 'CALL')
    const context = message.to ?? message.caller
    // A delegate call acts for the contract that makes it.
    const from = type === 'DELEGATECALL' ? context : message.caller
    const parent = this.#open.at(-1)
    const isKept = parent === undefined || !this.#options.onlyTopCall
    if (isKept) this.#budget.spend(entryBytes + 2 * data.length)
    const frame: CallFrame = {
      type,
      from: bytesToHex(from.bytes),
      gas: quantity(gasLimit),
      gasUsed: '0x0',
      input: isKept ? bytesToHex(data) : '0x',
      ...(!isCreate && { to: bytesToHex(message.codeAddress.bytes) }),
      ...(type !== 'STATICCALL' && { value: quantity(message.value) }),
    }
    this.#open.push(frame)
    if (parent === undefined) {
      this.#root = frame
    } else if (isKept) {
      parent.calls ??= []
      parent.calls.push(frame)
    }
  }

  exit({ execResult, createdAddress }: EVMResult): void {
    const frame = this.#open.pop()
    this.#asked = undefined
    if (frame === undefined || (this.#options.onlyTopCall && this.#open.length > 0)) return
    const { exceptionError, executionGasUsed, returnValue } = execResult
    frame.gasUsed = quantity(executionGasUsed)
    this.#budget.spend(2 * returnValue.length)
    if (exceptionError === undefined) {
      if (createdAddress !== undefined) frame.to = bytesToHex(createdAddress.bytes)
      if (returnValue.length > 0) frame.output = bytesToHex(returnValue)
      return
    }
    frame.error = evmErrorWording(exceptionError.error)
    // What a failed frame logged never happened.
    dropLogs(frame)
    if (exceptionError.error !== 'revert' || returnValue.length === 0) return
    frame.output = bytesToHex(returnValue)
    const reason = revertReason(returnValue)
    if (reason !== undefined) frame.revertReason = reason
  }

  end({ gas, gasUsed }: ObservedEnd): void {
    if (this.#root === undefined) return
    this.#root.gas = quantity(gas)
    this.#root.gasUsed = quantity(gasUsed)
  }

  result(): CallFrame | undefined {
    return this.#root
  }

  /** The caller goes on, and nothing was entered. */
  #recordRefusal(frame: CallFrame, { depth, memory }: InterpreterStep): void {
    if (this.#asked?.depth !== depth || this.#options.onlyTopCall) return
    const refused = this.#asked.refused((offset, length) => readMemory(memory, offset, length))
    this.#budget.spend(entryBytes + refused.input.length)
    frame.calls ??= []
    frame.calls.push(refused)
  }

  #recordDestruction(frame: CallFrame, { address, stack, account }: InterpreterStep): void {
    const beneficiary = stack.at(-1)
    if (beneficiary === undefined || this.#options.onlyTopCall) return
    this.#budget.spend(entryBytes)
    frame.calls ??= []
    frame.calls.push({
      type: 'SELFDESTRUCT',
      from: bytesToHex(address.bytes),
      to: bytesToHex(createAddressFromBigInt(beneficiary & (2n ** 160n - 1n)).bytes),
      value: quantity(account.balance),
      gas: '0x0',
      gasUsed: '0x0',
      input: '0x',
    })
  }
}

function dropLogs(frame: CallFrame): void {
  delete frame.logs
  for (const call of frame.calls ?? []) dropLogs(call)
}
