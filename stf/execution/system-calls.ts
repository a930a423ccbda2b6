import { createAddressFromString } from '@ethereumjs/util'
import { bigintToBytes, type Hex, hexToBytes, predeploys } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'
import { historyServeWindow, historyStorage } from './vm.ts'

const beaconRoots = createAddressFromString(predeploys.beaconRoots)
const beaconRootsWindow = 8191n

export interface SystemCallInputs {
  readonly number: bigint
  readonly timestamp: bigint
  readonly parentHash: Hex
  readonly parentBeaconBlockRoot: Hex
}

/**
 * What the system contracts of EIP-4788 and EIP-2935 do when they are called at the start of a block, written to their storage
 * directly. Without code at the address a call does nothing. A client that really calls them needs their code, hence the read.
 */
export async function applySystemCalls(state: WorldState, inputs: SystemCallInputs): Promise<void> {
  if ((await state.getCodeSize(beaconRoots)) > 0) {
    const index = inputs.timestamp % beaconRootsWindow
    await state.putStorage(beaconRoots, bigintToBytes(index, 32), bigintToBytes(inputs.timestamp, 32))
    await state.putStorage(beaconRoots, bigintToBytes(index + beaconRootsWindow, 32), hexToBytes(inputs.parentBeaconBlockRoot))
  }
  if ((await state.getCodeSize(historyStorage)) > 0) {
    const slot = (inputs.number - 1n) % historyServeWindow
    await state.putStorage(historyStorage, bigintToBytes(slot, 32), hexToBytes(inputs.parentHash))
  }
  state.originalStorageCache.clear()
}
