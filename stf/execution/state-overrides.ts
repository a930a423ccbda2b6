import { Account, createAddressFromString } from '@ethereumjs/util'
import { type AccountOverride, bigintToBytes, type Hex, InvalidTransactionError } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'

/** Changes the state as eth_call's third parameter says. */
export async function applyStateOverrides(state: WorldState, overrides: ReadonlyMap<Hex, AccountOverride>): Promise<void> {
  for (const [address, override] of overrides) {
    if (override.state !== undefined && override.stateDiff !== undefined) {
      throw new InvalidTransactionError(`account ${address} has both 'state' and 'stateDiff'`)
    }
    const target = createAddressFromString(address)
    const account = (await state.getAccount(target)) ?? new Account()
    account.nonce = override.nonce ?? account.nonce
    account.balance = override.balance ?? account.balance
    await state.putAccount(target, account)
    if (override.code !== undefined) await state.putCode(target, override.code)
    if (override.state !== undefined) await state.clearStorage(target)
    for (const { slot, value } of override.state ?? override.stateDiff ?? []) {
      await state.putStorage(target, bigintToBytes(slot, 32), bigintToBytes(value, 32))
    }
  }
  // What is overridden counts as the value before the call.
  state.originalStorageCache.clear()
}
