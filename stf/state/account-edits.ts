import { createAddressFromString } from '@ethereumjs/util'
import { type AccountEdit, bigintToBytes } from '../../core/index.ts'
import type { WorldState } from './world-state.ts'

/**
 * Changes accounts as nobody but a dev method does; the caller commits. An account that is empty in the sense of EIP-161 has no storage,
 * so one that gets a slot and nothing else gets the nonce of a contract too.
 */
export async function applyAccountEdits(state: WorldState, edits: readonly AccountEdit[]): Promise<void> {
  for (const { address, nonce, balance, code, slots = [] } of edits) {
    const target = createAddressFromString(address)
    await state.modifyAccountFields(target, { ...(nonce !== undefined && { nonce }), ...(balance !== undefined && { balance }) })
    if (code !== undefined) await state.putCode(target, code)
    for (const { key, value } of slots) await state.putStorage(target, bigintToBytes(key, 32), bigintToBytes(value, 32))
    const after = await state.getAccount(target)
    if (after?.isEmpty() === true && slots.some(({ value }) => value !== 0n)) await state.modifyAccountFields(target, { nonce: 1n })
  }
}
