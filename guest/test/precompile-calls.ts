import { RLP } from '@ethereumjs/rlp'
import { expect } from 'vitest'
import { bigintToBytes, bytesToHex } from '../../core/index.ts'
import { vmFor } from '../../stf/execution/vm.ts'
import { createL2Common, emptyTrieRoot, StateStore, WorldState } from '../../stf/index.ts'
import { MemoryStore } from '../../stf/testing/memory-store.ts'
import { type Fork, forks } from './evm-state.ts'
import { runDriver } from './run.ts'

export interface PrecompileCall {
  readonly number: number
  readonly gas: bigint
  readonly input: Uint8Array
}

const common = createL2Common(1n)
export const word = (value: bigint): Uint8Array => bigintToBytes(BigInt.asUintN(256, value), 32)
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))
const minimal = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))

/** The input of guest/test/evm-precompile.c. */
export function encodeCalls(calls: readonly PrecompileCall[], fork: Fork = 'Osaka'): Uint8Array {
  return RLP.encode(
    calls.map(({ number, gas, input }) => [minimal(BigInt(forks[fork])), bigintToBytes(BigInt(number), 20), minimal(gas), input]),
  )
}

/** Per call: `none`, `halt`, or the gas that is left and the output. */
export function askGuest(calls: readonly PrecompileCall[], fork: Fork = 'Osaka'): string[] {
  return runDriver('evm-precompile', encodeCalls(calls, fork))
}

/** The same of @ethereumjs/evm, as the node configures it. */
export async function askLibrary(calls: readonly PrecompileCall[]): Promise<string[]> {
  const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, new MemoryStore()))
  const { evm } = await vmFor(common, state)
  const answers: string[] = []
  for (const { number, gas, input } of calls) {
    const precompile = evm.precompiles.get(number.toString(16).padStart(40, '0'))
    if (precompile === undefined) throw new Error(`no precompile ${number}`)
    const { executionGasUsed, returnValue, exceptionError } = await precompile({ data: input, gasLimit: gas, common, _EVM: evm })
    answers.push(exceptionError === undefined ? `${gas - executionGasUsed} ${bytesToHex(returnValue)}` : 'halt')
  }
  return answers
}

export async function expectAgreement(calls: readonly PrecompileCall[]): Promise<void> {
  const [guest, library] = [askGuest(calls), await askLibrary(calls)]
  for (const [i, call] of calls.entries()) {
    const shown = { number: call.number, gas: call.gas, input: bytesToHex(call.input) }
    expect({ ...shown, answer: guest[i] }).toEqual({ ...shown, answer: library[i] })
  }
  // Not all fail: a test of failures only would prove little.
  expect(guest.some((answer) => answer !== 'halt')).toBe(true)
}
