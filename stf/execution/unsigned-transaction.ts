import type { Common } from '@ethereumjs/common'
import { createTx, type TypedTransaction } from '@ethereumjs/tx'
import { type CallRequest, type Hex, InvalidTransactionError } from '../../core/index.ts'

const quantity = (value: bigint): Hex => (value === 0n ? '0x' : `0x${value.toString(16)}`)

/** A call in the form of a transaction, for what depends on its contents only: intrinsic and floor gas, limits of EIP-3860. */
export function unsignedTransaction(call: CallRequest, common: Common): TypedTransaction {
  const { to, data = new Uint8Array(0), value = 0n, accessList = [], authorizationList } = call
  if (authorizationList !== undefined && (to === undefined || to === null)) {
    throw new InvalidTransactionError('EIP-7702 transaction cannot be used to create contract')
  }
  try {
    return createTx(
      {
        type: authorizationList === undefined ? 2 : 4,
        chainId: common.chainId(),
        data,
        value,
        ...(to !== undefined && to !== null && { to }),
        accessList: accessList.map(({ address, storageKeys }) => ({ address, storageKeys: [...storageKeys] })),
        ...(authorizationList !== undefined && {
          authorizationList: authorizationList.map(({ chainId, address, nonce, yParity, r, s }) => ({
            chainId: quantity(chainId),
            address,
            nonce: quantity(nonce),
            yParity: quantity(yParity),
            r: quantity(r),
            s: quantity(s),
          })),
        }),
      },
      { common },
    )
  } catch (error) {
    throw new InvalidTransactionError(error instanceof Error ? error.message : String(error))
  }
}
