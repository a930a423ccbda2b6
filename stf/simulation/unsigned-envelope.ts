import type { CallRequest } from '../../core/index.ts'
import { encodeRlp, encodeTyped, type RlpItem } from '../rlp.ts'

export interface EnvelopeFields {
  readonly chainId: bigint
  readonly nonce: bigint
  readonly gas: bigint
}

/**
 * EIP-2718 bytes of a call, with zeros for a signature: what a simulated block has for transactions. As in geth, a fee market
 * transaction unless the call says otherwise.
 */
export function unsignedEnvelope(
  call: CallRequest,
  { chainId, nonce, gas }: EnvelopeFields,
): { readonly type: number; readonly raw: Uint8Array } {
  const { to, value = 0n, data = new Uint8Array(0), gasPrice, maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = call
  const body: RlpItem[] = [gas, to ?? '0x', value, data]
  const noSignature = [0n, 0n, 0n]
  const accessList = (call.accessList ?? []).map(({ address, storageKeys }): RlpItem => [address, storageKeys])
  const typed = (type: number, items: readonly RlpItem[]) => ({ type, raw: encodeTyped(type, items) })
  if (gasPrice !== undefined && call.accessList === undefined) {
    return { type: 0, raw: encodeRlp([nonce, gasPrice, ...body, ...noSignature]) }
  }
  if (gasPrice !== undefined) return typed(1, [chainId, nonce, gasPrice, ...body, accessList, ...noSignature])
  const head = [chainId, nonce, maxPriorityFeePerGas, maxFeePerGas]
  if (call.authorizationList === undefined) return typed(2, [...head, ...body, accessList, ...noSignature])
  const authorizations = call.authorizationList.map(
    (tuple): RlpItem => [tuple.chainId, tuple.address, tuple.nonce, tuple.yParity, tuple.r, tuple.s],
  )
  return typed(4, [...head, ...body, accessList, authorizations, ...noSignature])
}
