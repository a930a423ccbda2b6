import type { Common } from '@ethereumjs/common'
import type { RunState } from './interpreter-shape.ts'
import type { StepGas } from './plain-step.ts'

/** The library's: what it costs to have so much memory, which the machine has from then on. */
export type GrowMemory = (state: RunState, offset: bigint, length: bigint, common: Common) => bigint

const bytesPerWord = 32n
const words = (length: bigint): bigint => (length + bytesPerWord - 1n) / bytesPerWord

/**
 * The gas of those instructions, by opcode, that touch nothing but stack and memory (Yellow Paper, appendix H). The library's own handlers
 * say the same, but as promises.
 */
export function memoryGasByOpcode(growMemory: GrowMemory): ReadonlyMap<number, StepGas> {
  const touchWord =
    (length: bigint): StepGas =>
    (state, fee, common) =>
      fee + growMemory(state, state.stack.peek(1)[0] ?? 0n, length, common)
  const touchRange: StepGas = (state, fee, common) => {
    const [offset = 0n, length = 0n] = state.stack.peek(2)
    return fee + growMemory(state, offset, length, common)
  }
  const byOpcode = new Map<number, StepGas>([
    [0x51, touchWord(bytesPerWord)], // MLOAD
    [0x52, touchWord(bytesPerWord)], // MSTORE
    [0x53, touchWord(1n)], // MSTORE8
    [0xf3, touchRange], // RETURN
    [0xfd, touchRange], // REVERT
  ])
  byOpcode.set(0x20, (state, fee, common) => {
    const [offset = 0n, length = 0n] = state.stack.peek(2)
    return fee + growMemory(state, offset, length, common) + common.param('keccak256WordGas') * words(length)
  })
  // CALLDATACOPY
  byOpcode.set(0x37, (state, fee, common) => {
    const [offset = 0n, , length = 0n] = state.stack.peek(3)
    return fee + growMemory(state, offset, length, common) + common.param('copyGas') * words(length)
  })
  for (let topics = 0; topics <= 4; topics++) {
    byOpcode.set(0xa0 + topics, (state, fee, common) => {
      if (state.interpreter.isStatic()) return undefined
      const [offset = 0n, length = 0n] = state.stack.peek(2)
      const grown = growMemory(state, offset, length, common)
      return fee + grown + common.param('logTopicGas') * BigInt(topics) + common.param('logDataGas') * length
    })
  }
  return byOpcode
}
