import type { Common } from '@ethereumjs/common'
import { bigintToBytes, bytesToBigint } from '../../core/index.ts'
import { WorldState } from '../state/world-state.ts'
import type { RunState } from './interpreter-shape.ts'
import type { PlainStep } from './plain-step.ts'

/** The library's rules of gas for storage, which ask nothing that has to be waited for. */
export interface StorageRules {
  /** EIP-2929: what it costs that the slot is cold; it is warm from then on. */
  accessStorageEIP2929(state: RunState, key: Uint8Array, isSstore: boolean, common: Common): bigint
  /** EIP-2200 */
  updateSstoreGasEIP2200(
    state: RunState,
    current: Uint8Array,
    original: Uint8Array,
    value: Uint8Array,
    key: Uint8Array,
    common: Common,
  ): bigint
}

export function isStorageRules(value: Record<string, unknown>): value is Record<string, unknown> & StorageRules {
  return typeof value.accessStorageEIP2929 === 'function' && typeof value.updateSstoreGasEIP2200 === 'function'
}

const noValue = new Uint8Array(0)
const keyOf = (slot: bigint): Uint8Array => bigintToBytes(slot, 32)

/** As long as its digits, as the library writes values; zero is empty. */
function shortest(value: bigint): Uint8Array {
  if (value === 0n) return noValue
  const digits = value.toString(16).length
  return bigintToBytes(value, (digits + 1) >> 1)
}

/** As the library compares values: 32 bytes, or none for zero. */
function comparable(value: Uint8Array): Uint8Array {
  if (value.length === 0 || value.length === 32) return value
  const padded = new Uint8Array(32)
  padded.set(value, 32 - value.length)
  return padded
}

/**
 * SLOAD and SSTORE on a WorldState, which has every value at hand. The library's handlers do the same, but wait for each of its answers; what
 * these do not know, other states and rules of forks after Osaka, is left to it.
 */
export function storageSteps({ accessStorageEIP2929, updateSstoreGasEIP2200 }: StorageRules): { sload: PlainStep; sstore: PlainStep } {
  const isKnown = ({ stateManager }: RunState, common: Common): boolean =>
    stateManager instanceof WorldState && common.gteHardfork('istanbul') && !common.isActivatedEIP(8037) && !common.isActivatedEIP(8038)
  return {
    sload: {
      gas(state, fee, common) {
        if (!isKnown(state, common)) return undefined
        return fee + accessStorageEIP2929(state, keyOf(state.stack.peek(1)[0] ?? 0n), false, common)
      },
      run({ stack, stateManager, env }) {
        const value = (stateManager as WorldState).storageNow(env.address, keyOf(stack.pop()))
        stack.push(bytesToBigint(value))
      },
    },
    sstore: {
      gas(state, fee, common) {
        if (!isKnown(state, common) || state.interpreter.isStatic()) return undefined
        const { stack, env } = state
        const world = state.stateManager as WorldState
        const [slot = 0n, value = 0n] = stack.peek(2)
        const key = keyOf(slot)
        const current = comparable(world.storageNow(env.address, key))
        const original = comparable(world.originalStorageNow(env.address, key))
        const change = updateSstoreGasEIP2200(state, current, original, comparable(shortest(value)), key, common)
        return fee + change + accessStorageEIP2929(state, key, true, common)
      },
      run({ stack, stateManager, env }) {
        const world = stateManager as WorldState
        const [slot = 0n, value = 0n] = stack.popN(2)
        world.putStorageNow(env.address, keyOf(slot), shortest(value))
        const account = world.accountNow(env.address)
        if (account === undefined) throw new TypeError('storage is written of an account that is not there')
        env.contract = account
      },
    },
  }
}
