import fc from 'fast-check'
import { parseTransaction, serializeTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'
import { DevAccounts } from '../accounts/dev-accounts.ts'
import { decodeTransaction, encodeTransaction, type SignedTransaction, signingHash, type UnsignedTransaction } from './transaction-codec.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
const accessList = fc.array(fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 3 }) }), { maxLength: 3 })
const authorization = fc.record({
  chainId: uint(64),
  address: bytes(20),
  nonce: uint(64),
  yParity: fc.constantFrom(0n, 1n),
  r: uint(256),
  s: uint(256),
})
const common = { nonce: uint(64), gas: uint(64), to: fc.option(bytes(20)), value: uint(256), data: fc.uint8Array({ maxLength: 100 }) }
const dynamicFee = { ...common, chainId: uint(53), maxFeePerGas: uint(128), maxPriorityFeePerGas: uint(128), accessList }

const unsigned: fc.Arbitrary<UnsignedTransaction> = fc.oneof(
  fc.record({ type: fc.constant(0 as const), chainId: fc.option(fc.bigInt({ min: 1n, max: 1n << 53n })), gasPrice: uint(128), ...common }),
  fc.record({ type: fc.constant(1 as const), chainId: uint(53), gasPrice: uint(128), accessList, ...common }),
  fc.record({ type: fc.constant(2 as const), ...dynamicFee }),
  fc.record({ type: fc.constant(4 as const), ...dynamicFee, authorizationList: fc.array(authorization, { maxLength: 3 }) }),
)
const signed: fc.Arbitrary<SignedTransaction> = fc
  .tuple(unsigned, fc.record({ yParity: fc.constantFrom(0, 1), r: uint(256), s: uint(256) }))
  .map(([transaction, signature]) => ({ ...transaction, signature }))

const key: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const account = privateKeyToAccount(key)
const sender: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

describe('transaction codec', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(signed, (transaction) => {
        expect(decodeTransaction(encodeTransaction(transaction))).toEqual(transaction)
      }),
      { numRuns: 300 },
    )
  })

  it('never reads bytes that are no transaction', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (raw) => {
        expect(() => decodeTransaction(raw)).toThrow()
      }),
      { numRuns: 500 },
    )
    expect(() => decodeTransaction(hexToBytes('0x03c0'))).toThrow('unknown transaction type 3')
  })

  const to: Hex = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
  const entry = { address: to, storageKeys: [keccak256Hex(new Uint8Array())] }
  const fees = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 7n }

  it.each([
    { type: 'legacy', chainId: 313_372, nonce: 0, gas: 21_000n, gasPrice: 10n ** 9n, to, value: 5n },
    { type: 'legacy', nonce: 3, gas: 21_000n, gasPrice: 10n ** 9n, to, value: 5n },
    { type: 'eip2930', chainId: 313_372, nonce: 1, gas: 50_000n, gasPrice: 10n ** 9n, to, value: 0n, accessList: [entry] },
    { type: 'eip1559', chainId: 313_372, nonce: 300, gas: 90_000n, ...fees, data: '0x6001600155' },
    { type: 'eip7702', chainId: 313_372, nonce: 2, gas: 90_000n, ...fees, to, authorizationList: [] },
  ] as const)('agrees with viem on a signed transaction: %o', async (request) => {
    const authorizationList = [await account.signAuthorization({ chainId: 313_372, address: to, nonce: 3 })]
    const fields = request.type === 'eip7702' ? { ...request, authorizationList } : request
    const raw = await account.signTransaction(fields)
    const decoded = decodeTransaction(hexToBytes(raw))
    expect(bytesToHex(encodeTransaction(decoded))).toBe(raw)
    const { signature: _signature, ...rest } = decoded
    expect(bytesToHex(await new DevAccounts([key]).signTransaction(sender, rest))).toBe(raw)
    expect(signingHash(rest)).toBe(keccak256Hex(hexToBytes(serializeTransaction(fields))))
    expect(decoded.nonce).toBe(BigInt(parseTransaction(raw).nonce ?? 0))
  })
})
