import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, concatBytes, keccak256Hex } from '../../core/index.ts'
import { account, gwei, sign, testChainId } from '../testing/test-chain.ts'
import { decodeTransaction } from './decode.ts'

const from = account(0)
const base = { from, nonce: 3 }

/** The transaction with some of its RLP items replaced. */
function forge(raw: Uint8Array, changes: Readonly<Record<number, unknown>>): Uint8Array {
  const isTyped = (raw[0] ?? 0) < 0xc0
  const items: unknown = RLP.decode(isTyped ? raw.subarray(1) : raw)
  if (!Array.isArray(items)) throw new TypeError('not a list')
  const forged = RLP.encode(items.map((item, index) => (index in changes ? changes[index] : item)))
  return isTyped ? concatBytes(raw.subarray(0, 1), forged) : forged
}

const number = (value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), '0'), 'hex'))

const authorization = {
  ...{ chainId: '0x1', address: `0x${'11'.repeat(20)}`, nonce: '0x1', yParity: '0x0' },
  ...{ r: `0x${'22'.repeat(32)}`, s: `0x${'33'.repeat(32)}` },
}

describe('decodeTransaction', () => {
  it('knows hash, sender, fees and cost of every type', () => {
    const data = '0x01020304'
    const fee = { maxFeePerGas: undefined, maxPriorityFeePerGas: undefined, gasPrice: 7n * gwei }
    const raws = [
      sign({ ...base, type: 0, data, value: 5n, ...fee, chainId: undefined }),
      sign({ ...base, type: 1, data, value: 5n, ...fee }),
      sign({ ...base, type: 2, data, value: 5n, maxFeePerGas: 7n * gwei }),
      sign({ ...base, type: 4, data, value: 5n, maxFeePerGas: 7n * gwei, authorizationList: [authorization] }),
    ]
    for (const raw of raws) {
      const decoded = decodeTransaction(raw, testChainId)
      expect(decoded).toMatchObject({ hash: keccak256Hex(raw), sender: from.address, nonce: 3n, maxFeePerGas: 7n * gwei })
      expect(decoded.maxCost).toBe(5n + 100_000n * 7n * gwei)
    }
  })

  const valid = sign(base)
  const legacy = sign({ ...base, type: 0, chainId: undefined, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined, gasPrice: gwei })
  const setCode = sign({ ...base, type: 4, authorizationList: [authorization] })
  const create = sign({ ...base, to: undefined, gasLimit: 10_000_000n, data: `0x${'00'.repeat(49_152)}` })
  it.each([
    ['nothing', new Uint8Array(), /^rlp:/],
    ['a single byte', Uint8Array.of(0xc0), /^rlp:/],
    ['trailing bytes', concatBytes(valid, Uint8Array.of(0)), /^rlp:/],
    ['a truncated one', valid.subarray(0, -1), /^rlp:/],
    ['a nonce with leading zeros', forge(valid, { 1: Uint8Array.of(0, 3) }), /^rlp:/],
    ['a list where a number belongs', forge(valid, { 1: [Uint8Array.of(3)] }), /^rlp:/],
    ['a short address', forge(valid, { 5: new Uint8Array(19) }), /^rlp:/],
    ['a blob transaction', concatBytes(Uint8Array.of(3), valid.subarray(1)), /transaction type not valid/],
    ['an unknown type', concatBytes(Uint8Array.of(0x7e), valid.subarray(1)), /transaction type not valid/],
    ['another chain', forge(valid, { 0: Uint8Array.of(1) }), /^invalid chain id for signer: have 1 want 313372$/],
    ['another chain (EIP-155)', forge(legacy, { 6: Uint8Array.of(37) }), /^invalid chain id for signer: have 1 want 313372$/],
    ['no signature', forge(valid, { 10: new Uint8Array(), 11: new Uint8Array() }), /invalid transaction v, r, s values/],
    ['a high s', forge(valid, { 11: new Uint8Array(32).fill(0xfe) }), /invalid transaction v, r, s values/],
    ['an r beyond the field', forge(valid, { 10: new Uint8Array(32).fill(0xff) }), /invalid transaction v, r, s values/],
    ['a tip above the fee cap', forge(valid, { 2: number(11n * gwei) }), /^max priority fee per gas higher than max fee per gas/],
    ['a fee beyond 256 bits', forge(valid, { 3: new Uint8Array(33).fill(1) }), /^max fee per gas higher than 2\^256-1/],
    ['a cost beyond 256 bits', forge(valid, { 3: new Uint8Array(32).fill(0xff) }), /^insufficient funds/],
    ['the last nonce', forge(valid, { 1: new Uint8Array(8).fill(0xff) }), /^nonce has max value/],
    ['too little gas for a transfer', sign({ ...base, gasLimit: 20_999n }), /^intrinsic gas too low: gas 20999, minimum needed 21000$/],
    [
      'too little gas for init code',
      sign({ ...base, to: undefined, data: `0x${'00'.repeat(64)}`, gasLimit: 53_259n }),
      /^intrinsic gas too low/,
    ],
    [
      'too little gas for the floor',
      sign({ ...base, data: `0x${'ff'.repeat(1000)}`, gasLimit: 60_999n }),
      /floor data gas cost: gas 60999, minimum needed 61000$/,
    ],
    ['more gas than EIP-7825 allows', forge(valid, { 4: number(16_777_217n) }), /gas limit too high \(cap: 16777216, tx: 16777217\)/],
    ['too much init code', forge(create, { 7: new Uint8Array(49_153) }), /^max initcode size exceeded: code size 49153 limit 49152$/],
    ['more than 128 KiB', sign({ ...base, data: `0x${'00'.repeat(131_072)}`, gasLimit: 16_000_000n }), /^oversized data/],
    ['an empty authorization list', forge(setCode, { 9: [] }), /empty auth list/],
    ['a set code transaction that creates', forge(setCode, { 5: new Uint8Array() }), /cannot be used to create/],
  ])('refuses %s', (_, raw, message) => {
    expect(() => decodeTransaction(raw, testChainId)).toThrow(
      expect.objectContaining({ name: 'InvalidTransactionError', message: expect.stringMatching(message) }),
    )
  })

  it('never fails in another way, whatever the bytes', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.constantFrom(valid, legacy, setCode), fc.nat(), fc.nat(255)).map(([raw, at, byte]) => {
        const copy = raw.slice()
        copy[at % copy.length] = byte
        return copy
      }),
    )
    fc.assert(
      fc.property(hostile, (raw) => {
        try {
          const decoded = decodeTransaction(raw, testChainId)
          expect(decoded.hash).toBe(keccak256Hex(raw))
          expect(bytesToHex(decoded.tx.serialize())).toBe(bytesToHex(raw))
        } catch (error) {
          expect(error).toMatchObject({ name: 'InvalidTransactionError' })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes transactions without replay protection, as pre-signed deployers are', () => {
    const common = forge(legacy, { 6: Uint8Array.of(27) })
    expect(decodeTransaction(common, testChainId).hash).toBe(keccak256Hex(common))
  })
})
