import { encodeFunctionData } from 'viem'
import { l2BaseTokenAbi, l2MessengerAbi } from '../../contracts/index.ts'
import { bytesToHex, encodeWithdrawalMessage, type Hex, predeploys } from '../../core/index.ts'

/** One thing that init code does; scripts of them are transactions that do whatever a test wants, several calls deep. */
export type Action =
  | { readonly kind: 'store'; readonly key: bigint; readonly value: bigint }
  | { readonly kind: 'call' | 'delegatecall'; readonly to: Hex; readonly data: Hex; readonly value: bigint }
  /** By CREATE, or by CREATE2 with a salt; a beneficiary has the new contract called with its address. */
  | { readonly kind: 'create'; readonly script: Script; readonly value: bigint; readonly salt?: bigint; readonly beneficiary?: Hex }

export interface Script {
  readonly actions: readonly Action[]
  readonly end: 'nothing' | 'revert' | 'invalid' | { readonly runtime: Hex } | { readonly destructTo: Hex }
}

const push = (value: bigint | number | Hex): string => {
  const digits = BigInt(value).toString(16)
  const hex = digits.length % 2 === 0 ? digits : `0${digits}`
  return value === '0x' || BigInt(value) === 0n ? '5f' : (0x5f + hex.length / 2).toString(16) + hex
}

const bytesIn = (data: Hex): number => (data.length - 2) / 2

/** Writes the bytes to memory from 0 on. */
function toMemory(data: Hex): string {
  const words = data.slice(2).match(/.{1,64}/g) ?? []
  return words.map((word, index) => `7f${word.padEnd(64, '0')}${push(32 * index)}52`).join('')
}

function assembleAction(action: Action): string {
  switch (action.kind) {
    case 'store':
      return `${push(action.value)}${push(action.key)}55`
    case 'call':
      return `${toMemory(action.data)}5f5f${push(bytesIn(action.data))}5f${push(action.value)}${push(action.to)}5af150`
    case 'delegatecall':
      return `${toMemory(action.data)}5f5f${push(bytesIn(action.data))}5f${push(action.to)}5af450`
    case 'create': {
      const init = assemble(action.script)
      const { salt, beneficiary } = action
      const create = `${push(bytesIn(init))}5f${push(action.value)}${salt === undefined ? 'f0' : 'f5'}`
      const call = beneficiary === undefined ? '' : `${push(beneficiary)}5f525f5f60205f5f855af150`
      return `${toMemory(init)}${salt === undefined ? '' : push(salt)}${create}${call}50`
    }
  }
}

/** The script as init code. */
export function assemble({ actions, end }: Script): Hex {
  const body = actions.map(assembleAction).join('')
  if (end === 'nothing') return `0x${body}00`
  if (end === 'revert') return `0x${body}5f5ffd`
  if (end === 'invalid') return `0x${body}fe`
  if ('destructTo' in end) return `0x${body}${push(end.destructTo)}ff`
  return `0x${body}${toMemory(end.runtime)}${push(bytesIn(end.runtime))}5ff3`
}

const withdrawData = (receiver: Hex): Hex => encodeFunctionData({ abi: l2BaseTokenAbi, functionName: 'withdraw', args: [receiver] })

/** A withdrawal of ether to L1. */
export const withdrawal = (receiver: Hex, value: bigint): Extract<Action, { to: Hex }> => ({
  kind: 'call',
  to: predeploys.baseToken,
  data: withdrawData(receiver),
  value,
})

const sendToL1 = (receiver: Hex): Hex => {
  const message = bytesToHex(encodeWithdrawalMessage({ l1Receiver: receiver, amount: 10n ** 18n }))
  return encodeFunctionData({ abi: l2MessengerAbi, functionName: 'sendToL1', args: [message] })
}

/** What looks like a withdrawal and is none. */
export const forgedWithdrawals = (receiver: Hex): readonly Action[] => [
  { kind: 'call', to: predeploys.messenger, data: sendToL1(receiver), value: 0n },
  { kind: 'delegatecall', to: predeploys.messenger, data: sendToL1(receiver), value: 0n },
  { kind: 'delegatecall', to: predeploys.baseToken, data: withdrawData(receiver), value: 0n },
]
