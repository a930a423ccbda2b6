import type { Hex } from '../../core/index.ts'

const concat = (...parts: string[]): Hex => `0x${parts.join('')}`

/** Init code that deploys `runtime` (at most 255 bytes). */
export function initCode(runtime: Hex): Hex {
  const length = ((runtime.length - 2) / 2).toString(16).padStart(2, '0')
  // PUSH1 n, DUP1, PUSH1 9, PUSH0, CODECOPY, PUSH0, RETURN
  return concat('60', length, '80', '6009', '5f', '39', '5f', 'f3', runtime.slice(2))
}

/** SSTORE(calldata[0], calldata[32]). */
export const storeCode: Hex = '0x6020355f355500'

/** SSTORE(calldata[0], SLOAD(calldata[0]) + 1), then REVERT if calldata[32] is not 0. */
export const countCode: Hex = '0x5f3580546001019055602035601057005b5f5ffd'

/** Returns BLOCKHASH(calldata[0]). */
export const blockHashCode: Hex = '0x5f35405f5260205ff3'

/** SELFDESTRUCT(calldata[0]). */
export const destructCode: Hex = '0x5f35ff'

/** keccak256(account ‖ 0) as a mapping has it: moves calldata[32] from the caller's slot to that of calldata[0], emits Transfer. */
export const tokenCode: Hex = concat(
  '335f52', // mem[0] = caller
  '60405f20', // slot of the caller: keccak(mem[0..64])
  '8054', // dup, sload
  '602035', // amount
  '90', // amount, balance
  '03', // balance - amount (unchecked: a test token)
  '9055', // sstore
  '5f355f52', // mem[0] = to
  '60405f20',
  '8054',
  '602035',
  '01',
  '9055',
  '6020355f52', // mem[0] = amount
  '5f35', // topic 2: to
  '33', // topic 1: caller
  '7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  '60205fa3', // LOG3(mem[0..32])
  '00',
)

const word = (value: bigint | Hex): string => BigInt(value).toString(16).padStart(64, '0')

export const callData = (...words: (bigint | Hex)[]): Hex => `0x${words.map(word).join('')}`
