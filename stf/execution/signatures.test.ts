import { RLP } from '@ethereumjs/rlp'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { bigintToMinimalBytes, bytesToBigint, bytesToHex, concatBytes, type Hex, hexToBytes } from '../../core/index.ts'
import { DevChain, testAccounts } from '../testing/dev-chain.ts'

// What a sequencer could try with a user's signature: the block execution, which the prover runs too, has to refuse it.

const [alice, bob] = testAccounts
if (alice === undefined || bob === undefined) throw new Error('no test accounts')
const signer = privateKeyToAccount(bytesToHex(alice.key))
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const l2 = 313_372
const fields = { nonce: 0, gas: 21_000n, to: bob.address, value: 1n }
const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 0n }
const gasPrice = 10n ** 11n
let chain: DevChain

beforeAll(async () => {
  chain = await DevChain.create()
})

async function outcome(raw: Hex): Promise<string> {
  const execution = await chain.begin()
  try {
    return (await execution.addTransaction(hexToBytes(raw))).sender
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  } finally {
    execution.abandon()
  }
}

const legacy = (chainId?: number) =>
  signer.signTransaction({ ...fields, type: 'legacy', gasPrice, ...(chainId !== undefined && { chainId }) })
const feeMarket = (chainId: number) => signer.signTransaction({ ...fields, ...fees, type: 'eip1559', chainId })

/** The same transaction with other values in its signature. */
function withSignature(raw: Hex, change: (signature: { v: bigint; r: bigint; s: bigint }) => { v?: bigint; r?: bigint; s?: bigint }): Hex {
  const isTyped = raw.startsWith('0x02')
  const items = RLP.decode(hexToBytes(raw).slice(isTyped ? 1 : 0))
  if (!Array.isArray(items)) throw new TypeError('not a transaction')
  const at = isTyped ? 9 : 6
  const [v, r, s] = items.slice(at, at + 3).map((item) => (item instanceof Uint8Array ? bytesToBigint(item) : 0n)) as [
    bigint,
    bigint,
    bigint,
  ]
  const changed = { v, r, s, ...change({ v, r, s }) }
  items.splice(at, 3, ...[changed.v, changed.r, changed.s].map(bigintToMinimalBytes))
  return bytesToHex(isTyped ? concatBytes(Uint8Array.of(2), RLP.encode(items)) : RLP.encode(items))
}

describe('A signature', () => {
  it.each([
    ['a legacy transaction of this chain', () => legacy(l2)],
    ['a legacy transaction of any chain, which its sender did not bind', () => legacy()],
    ['a fee market transaction of this chain', () => feeMarket(l2)],
  ])('counts on %s', async (_, sign) => {
    expect(await outcome(await sign())).toBe(alice.address)
  })

  it.each([
    ['a legacy transaction of another chain', () => legacy(1)],
    ['a fee market transaction of another chain', () => feeMarket(1)],
    [
      'an access list transaction of another chain',
      () => signer.signTransaction({ ...fields, type: 'eip2930', chainId: 1, gasPrice, accessList: [] }),
    ],
  ])('does not count on %s', async (_, sign) => {
    expect(await outcome(await sign())).toBe('InvalidTransactionError')
  })

  const oddV = BigInt(2 * l2 + 35)
  it.each([0n, 1n, 2n, 26n, 29n, 30n, 34n, 35n, 36n, oddV - 1n, oddV + 2n, oddV + 3n])('has no other form in legacy: v = %s', async (v) => {
    expect(await outcome(withSignature(await legacy(l2), () => ({ v })))).toBe('InvalidTransactionError')
  })

  it.each([2n, 3n, 27n, 28n, 2n ** 64n])('has no other form in typed ones: parity %s', async (v) => {
    expect(await outcome(withSignature(await feeMarket(l2), () => ({ v })))).toBe('InvalidTransactionError')
  })

  it.each([
    [
      'the upper half of the curve',
      (s: { v: bigint; s: bigint }) => ({ v: s.v >= oddV ? 2n * oddV + 1n - s.v : 1n - s.v, s: curveOrder - s.s }),
    ],
    ['s = 0', () => ({ s: 0n })],
    ['r = 0', () => ({ r: 0n })],
    ['r = the order', () => ({ r: curveOrder })],
    ['s + the order', (s: { s: bigint }) => ({ s: (s.s + curveOrder) % 2n ** 256n })],
  ])('has no other form: %s', async (_, change) => {
    for (const raw of [await legacy(l2), await feeMarket(l2)]) {
      expect(await outcome(withSignature(raw, change))).not.toBe(alice.address)
    }
  })
})
