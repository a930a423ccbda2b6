import type { Common } from '@ethereumjs/common'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import { createVM, type VM } from '@ethereumjs/vm'
import { bigintToBytes, predeploys } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'
import { ensureInterpreterWrapped } from './interpreter.ts'
import { pointEvaluation } from './point-evaluation.ts'

/** Slots of the EIP-2935 contract. */
export const historyServeWindow = 8191n
export const historyStorage = createAddressFromString(predeploys.historyStorage)

/** BLOCKHASH out of the EIP-2935 contract's storage: bound by the state root, so it holds for a stateless client too. */
export const historyOf = (state: WorldState): EVMMockBlockchainInterface => ({
  async getBlock(number: number) {
    const hash = await state.getStorage(historyStorage, bigintToBytes(BigInt(number) % historyServeWindow, 32))
    return { hash: () => hash }
  },
  async putBlock() {},
  shallowCopy: () => historyOf(state),
})

export interface MachineOptions {
  readonly common: Common
  readonly state: WorldState
  /** Where BLOCKHASH comes from. */
  readonly history: EVMMockBlockchainInterface
}

/** The library's machine as the node runs it. */
export async function createMachine({ common, state, history }: MachineOptions): Promise<VM> {
  await ensureInterpreterWrapped()
  const vm = await createVM({ common, stateManager: state, blockchain: history, evmOpts: { customPrecompiles: [pointEvaluation] } })
  // The machine listens for fork changes, which never come, and would live as long as the shared Common.
  common.events.removeAllListeners()
  return vm
}

const machines = new WeakMap<WorldState, Promise<VM>>()

/** The machine that executes on this state; one per state, as making one takes 0.2 ms. */
export function vmFor(common: Common, state: WorldState): Promise<VM> {
  const known = machines.get(state)
  if (known !== undefined) return known
  const machine = createMachine({ common, state, history: historyOf(state) })
  machines.set(state, machine)
  return machine
}

/** Has the next `vmFor` make a new machine: an execution that an error broke off leaves the journals of its frames open. */
export function dropVm(state: WorldState): void {
  machines.delete(state)
}
