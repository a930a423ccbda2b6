import { bigintToBytes, bytesToBigint, keccak256 } from '../../core/index.ts'
import type { RunState } from './interpreter-shape.ts'

const wordBytes = 32

function range({ stack, memory }: RunState): Uint8Array {
  const [offset = 0n, length = 0n] = stack.popN(2)
  // Of a range without length the offset may be any number.
  return length === 0n ? new Uint8Array(0) : memory.read(Number(offset), Number(length))
}

/**
 * What instructions do that turn words into bytes or back, by opcode. The library's own handlers do the same by way of several strings and
 * arrays each: of an ERC-20 transfer's garbage they made a tenth.
 */
export const wordSteps: ReadonlyMap<number, (state: RunState) => void> = new Map([
  // KECCAK256
  [0x20, (state) => state.stack.push(bytesToBigint(keccak256(range(state))))],
  // CALLDATALOAD
  [
    0x35,
    ({ stack, interpreter }) => {
      const offset = stack.pop()
      const data = interpreter.getCallData()
      const start = offset < BigInt(data.length) ? Number(offset) : data.length
      const found = data.subarray(start, start + wordBytes)
      stack.push(bytesToBigint(found) << BigInt(8 * (wordBytes - found.length)))
    },
  ],
  // MLOAD
  [0x51, ({ stack, memory }) => stack.push(bytesToBigint(memory.read(Number(stack.pop()), wordBytes, true)))],
  // MSTORE
  [
    0x52,
    ({ stack, memory }) => {
      const [offset = 0n, word = 0n] = stack.popN(2)
      memory.write(Number(offset), wordBytes, bigintToBytes(word, wordBytes))
    },
  ],
  ...[0, 1, 2, 3, 4].map((topics): [number, (state: RunState) => void] => [
    0xa0 + topics,
    (state) => {
      const data = range(state)
      const words = state.stack.popN(topics).map((topic) => bigintToBytes(topic, wordBytes))
      state.interpreter.log(data, topics, words)
    },
  ]),
])
