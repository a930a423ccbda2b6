import { Capability, type TypedTransaction } from '@ethereumjs/tx'
import { Account, type Address, eoaCode7702RecoverAuthority, SECP256K1_ORDER_DIV_2 } from '@ethereumjs/util'
import type { VM } from '@ethereumjs/vm'
import { bytesToHex, type CallRequest, concatBytes, type Hex, hexToBytes } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'

type AuthorizationTuple = NonNullable<CallRequest['authorizationList']>[number]

const delegationPrefix = Uint8Array.of(0xef, 0x01, 0x00)
const zeroAddress: Hex = '0x0000000000000000000000000000000000000000'
const maxNonce = 2n ** 64n - 1n
// PER_EMPTY_ACCOUNT_COST - PER_AUTH_BASE_COST of EIP-7702: an authority that exists gets it back.
const existingAccountRefund = 25_000n - 12_500n

const hex = (value: bigint): Hex => (value === 0n ? '0x' : `0x${value.toString(16)}`)

/** Who signed it; undefined where the signature recovers to nobody. */
export function authorityOf({ chainId, address, nonce, yParity, r, s }: AuthorizationTuple): Address | undefined {
  try {
    return eoaCode7702RecoverAuthority({ chainId: hex(chainId), address, nonce: hex(nonce), yParity: hex(yParity), r: hex(r), s: hex(s) })
  } catch {
    return undefined
  }
}

const isDelegation = (code: Uint8Array): boolean => Buffer.compare(code.subarray(0, 3), delegationPrefix) === 0

/** Sets the delegations of a simulated call as a transaction does (EIP-7702); invalid tuples are skipped. Returns the refund. */
export async function applyAuthorizations(vm: VM, state: WorldState, tuples: readonly AuthorizationTuple[]): Promise<bigint> {
  let refund = 0n
  for (const tuple of tuples) {
    if (tuple.chainId !== 0n && tuple.chainId !== vm.common.chainId()) continue
    if (tuple.nonce >= maxNonce || tuple.s > SECP256K1_ORDER_DIV_2 || tuple.yParity > 1n) continue
    const authority = authorityOf(tuple)
    if (authority === undefined) continue
    vm.evm.journal.addAlwaysWarmAddress(authority.toString())
    const existing = await state.getAccount(authority)
    const code = await state.getCode(authority)
    if (code.length > 0 && !isDelegation(code)) continue
    const account = existing ?? new Account()
    if (account.nonce !== tuple.nonce) continue
    if (existing !== undefined) refund += existingAccountRefund
    account.nonce += 1n
    await state.putAccount(authority, account)
    const target = tuple.address === zeroAddress ? new Uint8Array(0) : concatBytes(delegationPrefix, hexToBytes(tuple.address))
    await state.putCode(authority, target)
  }
  return refund
}

/** Who signed the delegations of a transaction. */
export function authoritiesOf(transaction: TypedTransaction): Hex[] {
  if (!transaction.supports(Capability.EIP7702EOACode) || !('authorizationList' in transaction)) return []
  return transaction.authorizationList.flatMap((tuple) => {
    try {
      return bytesToHex(eoaCode7702RecoverAuthority(tuple).bytes)
    } catch {
      return []
    }
  })
}
