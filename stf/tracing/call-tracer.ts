import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { createAddressFromBigInt } from '@ethereumjs/util'
import { bytesToHex, type Hex, type Tracer } from '../../core/index.ts'
import { evmErrorWording } from '../execution/evm-errors.ts'
import { revertReason } from '../execution/revert-reason.ts'
import type { StepObserver, TracedOutcome } from './tracer.ts'

type CallTracerOptions = Extract<Tracer, { name: 'callTracer' }>

interface CallLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  /** Number of calls that the frame had made by then. */
  readonly position: Hex
}

interface CallFrame {
  type: string
  from: Hex
  to?: Hex
  value?: Hex
  gas: Hex
  gasUsed: Hex
  input: Hex
  output?: Hex
  error?: string
  revertReason?: string
  calls?: CallFrame[]
  logs?: CallLog[]
}

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

function readMemory(memory: Uint8Array, offset: bigint, length: bigint): Uint8Array {
  const data = new Uint8Array(Number(length))
  // What lies beyond the memory that was used so far is zero.
  data.set(memory.subarray(Number(offset), Number(offset + length)))
  return data
}

/** The tree of calls: geth's callTracer. */
export class CallTracer implements StepObserver {
  readonly #options: CallTracerOptions
  readonly #open: CallFrame[] = []
  #root: CallFrame | undefined
  #lastOpcode = create

  constructor(options: CallTracerOptions) {
    this.#options = options
  }

  step(step: InterpreterStep): void {
    const { opcode, stack } = step
    this.#lastOpcode = opcode.code
    const frame = this.#open[step.depth]
    if (frame === undefined) return
    if (opcode.code === selfdestruct) this.#recordDestruction(frame, step)
    const topics = opcode.code - firstLog
    const isLog = opcode.code >= firstLog && opcode.code <= lastLog
    // A log that cannot pay for its data (8 gas a byte) fails; it may claim any length.
    const isPaid = 8n * (stack.at(-2) ?? 0n) <= step.gasLeft
    if (!this.#options.withLog || !isLog || !isPaid || stack.length < topics + 2) return
    frame.logs ??= []
    frame.logs.push({
      address: bytesToHex(step.address.bytes),
      topics: stack
        .slice(-2 - topics, -2)
        .reverse()
        .map((topic): Hex => `0x${topic.toString(16).padStart(64, '0')}`),
      data: bytesToHex(readMemory(step.memory, stack.at(-1) ?? 0n, stack.at(-2) ?? 0n)),
      position: quantity(BigInt(frame.calls?.length ?? 0)),
    })
  }

  enter(message: Message): void {
    const { depth, data, gasLimit } = message
    const isCreate = message.to === undefined
    const type = depth === 0 ? (isCreate ? 'CREATE' : 'CALL') : (callNames[this.#lastOpcode] ?? 'CALL')
    const context = message.to ?? message.caller
    // A delegate call acts for the contract that makes it.
    const from = type === 'DELEGATECALL' ? context : message.caller
    const frame: CallFrame = {
      type,
      from: bytesToHex(from.bytes),
      gas: quantity(gasLimit),
      gasUsed: '0x0',
      input: bytesToHex(data),
      ...(!isCreate && { to: bytesToHex(message.codeAddress.bytes) }),
      ...(type !== 'STATICCALL' && { value: quantity(message.value) }),
    }
    const parent = this.#open.at(-1)
    this.#open.push(frame)
    if (parent === undefined) {
      this.#root = frame
    } else if (!this.#options.onlyTopCall) {
      parent.calls ??= []
      parent.calls.push(frame)
    }
  }

  exit({ execResult, createdAddress }: EVMResult): void {
    const frame = this.#open.pop()
    if (frame === undefined) return
    const { exceptionError, executionGasUsed, returnValue } = execResult
    frame.gasUsed = quantity(executionGasUsed)
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

  result({ gas, gasUsed }: TracedOutcome): unknown {
    return this.#root && { ...this.#root, gas: quantity(gas), gasUsed: quantity(gasUsed) }
  }

  #recordDestruction(frame: CallFrame, { address, stack, account }: InterpreterStep): void {
    const beneficiary = stack.at(-1)
    if (beneficiary === undefined || this.#options.onlyTopCall) return
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
