import { Account, createAddressFromString } from '@ethereumjs/util'
import type { VM } from '@ethereumjs/vm'
import { type AccountOverride, bigintToBytes, type Hex, InvalidTransactionError } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'

type Overrides = ReadonlyMap<Hex, AccountOverride>

/** Changes the state as eth_call's third parameter says. */
export async function applyStateOverrides(state: WorldState, overrides: Overrides): Promise<void> {
  if (overrides.size === 0) return
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

/**
 * Moves precompiles as `movePrecompileToAddress` says. An overridden precompile is one no more, so that its own code runs.
 * @returns what puts them back
 * @throws InvalidTransactionError
 */
export function movePrecompiles(vm: VM, overrides: Overrides): () => void {
  const { precompiles } = vm.evm
  const affected = [...overrides].filter(
    ([address, { movePrecompileTo }]) => movePrecompileTo !== undefined || precompiles.has(key(address)),
  )
  if (affected.length === 0) return () => undefined
  assertMovable(affected, vm, overrides)
  const before = new Map(precompiles)
  for (const [address, { movePrecompileTo }] of affected) {
    const precompile = before.get(key(address))
    precompiles.delete(key(address))
    if (movePrecompileTo !== undefined && precompile !== undefined) precompiles.set(key(movePrecompileTo), precompile)
  }
  return () => {
    precompiles.clear()
    for (const [address, precompile] of before) precompiles.set(address, precompile)
  }
}

function assertMovable(affected: readonly [Hex, AccountOverride][], vm: VM, overrides: Overrides): void {
  const targets = new Set<Hex>()
  for (const [address, { movePrecompileTo }] of affected) {
    if (movePrecompileTo === undefined) continue
    if (!vm.evm.precompiles.has(key(address))) throw new InvalidTransactionError(`account ${address} is not a precompile`)
    if (movePrecompileTo === address) {
      throw new InvalidTransactionError(
        `MovePrecompileToAddress referenced itself in replacement: ${address}`,
        'PRECOMPILE_MOVED_TO_ITSELF',
      )
    }
    if (targets.has(movePrecompileTo)) {
      throw new InvalidTransactionError(
        `Multiple MovePrecompileToAddress referencing the same address to replace: ${movePrecompileTo}`,
        'PRECOMPILES_MOVED_TO_ONE_ADDRESS',
      )
    }
    if (overrides.has(movePrecompileTo)) throw new InvalidTransactionError(`account ${movePrecompileTo} is already overridden`)
    targets.add(movePrecompileTo)
  }
}

// The machine's table has them without prefix.
function key(address: Hex): string {
  return address.slice(2)
}
