import { bigintToBytes, bytesToBigint, bytesToHex, type ChainReader, type Hex, type Simulator } from '../../core/index.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'

export interface TokenRead {
  readonly token: Hex
  /** Call data of a view function that returns one number. */
  readonly data: Uint8Array
}

interface Slot {
  readonly address: Hex
  readonly key: bigint
}

/** No token keeps a balance with all of these bits. */
const probe = 0x1234567890abcdef1234567890abcdefn

/**
 * The slot that a token's view function returns: of those that it reads, the one that changes the answer when it is changed.
 * @throws JsonRpcError where there is none, as in tokens that compute their balances
 */
export async function findTokenSlot(
  { token, data }: TokenRead,
  deps: { readonly chain: ChainReader; readonly simulator: Simulator },
): Promise<Slot> {
  const { chain, simulator } = deps
  const context = { blockNumber: chain.head().header.number }
  const call = { to: token, data }
  const { accessList } = await simulator.accessList(call, context)
  for (const { address, storageKeys } of accessList) {
    for (const storageKey of storageKeys) {
      const slot = { address, key: BigInt(storageKey) }
      const stateOverrides = new Map([[address, { stateDiff: [{ slot: slot.key, value: probe }] }]])
      const { status, returnData } = await simulator.call(call, { ...context, stateOverrides })
      if (status === 'success' && returnData.length === 32 && bytesToBigint(returnData) === probe) return slot
    }
  }
  throw new JsonRpcError(
    rpcErrorCode.serverError,
    `no storage slot of token ${token} holds what ${bytesToHex(data.subarray(0, 4))} returns`,
  )
}

/** Call data of a function that takes addresses only. */
export function addressCall(selector: Hex, ...addresses: readonly Hex[]): Uint8Array {
  return Buffer.concat([Buffer.from(selector.slice(2), 'hex'), ...addresses.map((address) => bigintToBytes(BigInt(address), 32))])
}
