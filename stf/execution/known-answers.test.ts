import { type AccessList, createTx, type TypedTxData } from '@ethereumjs/tx'
import { expect, it } from 'vitest'
import { bigintToBytes } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { encodeOnce } from './known-answers.ts'

const common = createL2Common(313372n)
const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const call = { chainId: 313372n, nonce: 300n, gasLimit: 500_000n, to, value: 10n ** 18n, data: '0xa9059cbb00' } as const
const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }
const accessList: AccessList = [{ address: to, storageKeys: [`0x${'00'.repeat(31)}01`] }]
const authorization = { chainId: '0x01', address: to, nonce: '0x02', yParity: '0x01', r: '0x03', s: '0x04' } as const

it.each<[string, TypedTxData]>([
  ['legacy', { type: 0, ...call, gasPrice: 10n ** 10n }],
  ['access list', { type: 1, ...call, gasPrice: 10n ** 10n, accessList }],
  ['fee market', { type: 2, ...call, ...fees, accessList }],
  ['set code', { type: 4, ...call, ...fees, authorizationList: [authorization] }],
])('a transaction that encodes itself once answers as the library has it: %s', (_, fields) => {
  const signed = createTx(fields, { common, freeze: false }).sign(bigintToBytes(7n, 32))
  const transaction = createTx({ ...signed.toJSON(), type: fields.type } as TypedTxData, { common, freeze: false })
  const expected = {
    bytes: transaction.serialize(),
    signingHash: transaction.getHashedMessageToSign(),
    sender: transaction.getSenderAddress().toString(),
  }
  encodeOnce(transaction)
  expect({
    bytes: transaction.serialize(),
    signingHash: transaction.getHashedMessageToSign(),
    sender: transaction.getSenderAddress().toString(),
  }).toEqual(expected)
})
