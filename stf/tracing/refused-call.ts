import type { InterpreterStep } from '@ethereumjs/evm'
import { bigintToBytes, bytesToHex, type CallFrame, type Hex } from '../../core/index.ts'

const maxDepth = 1024
const callStipend = 2300n

interface CallInstruction {
  readonly name: string
  /** Places on the stack, counted from its top; undefined for what the instruction has not. */
  readonly to?: number
  readonly value?: number
  readonly offset: number
}

const instructions: Readonly<Record<number, CallInstruction>> = {
  240: { name: 'CREATE', value: 1, offset: 2 },
  241: { name: 'CALL', to: 2, value: 3, offset: 4 },
  242: { name: 'CALLCODE', to: 2, value: 3, offset: 4 },
  244: { name: 'DELEGATECALL', to: 2, offset: 3 },
  245: { name: 'CREATE2', value: 1, offset: 2 },
  250: { name: 'STATICCALL', to: 2, offset: 3 },
}

/** A call or creation that an instruction asks for. The machine tells nothing of those that it refuses: too deep, or without the funds. */
export class AskedCall {
  readonly depth: number
  readonly #step: InterpreterStep
  readonly #instruction: CallInstruction

  private constructor(step: InterpreterStep, instruction: CallInstruction) {
    this.depth = step.depth
    this.#step = step
    this.#instruction = instruction
  }

  static of(step: InterpreterStep): AskedCall | undefined {
    const instruction = instructions[step.opcode.code]
    return instruction === undefined ? undefined : new AskedCall(step, instruction)
  }

  /** The frame that geth shows for it, when the caller went on without it. */
  refused(readMemory: (offset: bigint, length: bigint) => Uint8Array): CallFrame {
    const { name, to, value, offset } = this.#instruction
    const at = (place: number | undefined): bigint => (place === undefined ? 0n : (this.#step.stack.at(-place) ?? 0n))
    return {
      type: name,
      from: bytesToHex(this.#step.address.bytes),
      ...(to !== undefined && { to: bytesToHex(bigintToBytes(at(to) & (2n ** 160n - 1n), 20)) }),
      ...(name !== 'STATICCALL' && { value: quantity(at(value)) }),
      gas: quantity(this.#passedGas(at(1), at(value))),
      gasUsed: '0x0',
      input: bytesToHex(readMemory(at(offset), at(offset + 1))),
      error: this.depth >= maxDepth ? 'max call depth exceeded' : 'insufficient balance for transfer',
    }
  }

  /** EIP-150: all but a 64th at most. */
  #passedGas(requested: bigint, value: bigint): bigint {
    const { gasLeft, opcode } = this.#step
    const left = gasLeft - (opcode.dynamicFee ?? BigInt(opcode.fee))
    const most = left - left / 64n
    if (this.#instruction.to === undefined) return most
    return (requested < most ? requested : most) + (value > 0n ? callStipend : 0n)
  }
}

const quantity = (value: bigint): Hex => `0x${value.toString(16)}`
