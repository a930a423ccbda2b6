import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../hex.ts'
import { type AccountDiff, type StateDiff, StateDiffFormatError } from './state-diff.ts'
import { decodeStateDiff } from './state-diff-decoder.ts'
import { accountDiffSize, encodeStateDiff } from './state-diff-encoder.ts'
import { stateDiffs } from './testing/arbitraries.ts'

interface PlainAccount {
  address: Hex
  absent?: true
  nonce?: string
  balance?: string
  code?: Hex
  slots?: { key: string; value: string }[]
}

interface Vectors {
  valid: { name: string; encoded: Hex; diff: { header: Hex; accounts: PlainAccount[] } }[]
  invalid: { name: string; encoded: Hex; fault: string; offset: number }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/state-diff.json', import.meta.url), 'utf8')) as Vectors
const a1: Hex = `0x${'11'.repeat(20)}`
const a2: Hex = `0x${'22'.repeat(20)}`
const header = Uint8Array.of(0xc0)

function parse({ address, absent, nonce, balance, code, slots }: PlainAccount): AccountDiff {
  if (absent) return { address, absent }
  return {
    address,
    ...(nonce && { nonce: BigInt(nonce) }),
    ...(balance && { balance: BigInt(balance) }),
    ...(code && { code: hexToBytes(code) }),
    ...(slots && { slots: slots.map(({ key, value }) => ({ key: BigInt(key), value: BigInt(value) })) }),
  }
}

function decodeOrFault(bytes: Uint8Array): StateDiff | StateDiffFormatError {
  try {
    return decodeStateDiff(bytes)
  } catch (error) {
    if (error instanceof StateDiffFormatError) return error
    throw error
  }
}

describe('state diff vectors', () => {
  it.each(vectors.valid)('both directions: $name', ({ encoded, diff }) => {
    const parsed = { header: hexToBytes(diff.header), accounts: diff.accounts.map(parse) }
    expect(bytesToHex(encodeStateDiff(parsed))).toBe(encoded)
    expect(decodeStateDiff(hexToBytes(encoded))).toEqual(parsed)
  })

  it.each(vectors.invalid)('refuses: $name', ({ encoded, fault, offset }) => {
    expect(() => decodeStateDiff(hexToBytes(encoded))).toThrow(expect.objectContaining({ code: 'STATE_DIFF_FORMAT', fault, offset }))
  })
})

describe('decodeStateDiff', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(stateDiffs, (diff) => {
        expect(decodeStateDiff(encodeStateDiff(diff))).toEqual(diff)
      }),
    )
  })

  it('finds no second encoding of a diff by changing a byte', () => {
    const mutations = fc.record({
      diff: stateDiffs,
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      xor: fc.integer({ min: 1, max: 255 }),
    })
    fc.assert(
      fc.property(mutations, ({ diff, at, xor }) => {
        const bytes = encodeStateDiff(diff)
        const index = Math.floor(at * bytes.length)
        bytes[index] = (bytes[index] ?? 0) ^ xor
        const decoded = decodeOrFault(bytes)
        if (decoded instanceof StateDiffFormatError) return
        expect(decoded).not.toEqual(diff)
        expect(encodeStateDiff(decoded)).toEqual(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('accepts nothing but what the encoder makes, whatever the bytes', () => {
    const plausible = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 4, 8, 0x10, 0x20), fc.nat({ max: 255 })), { maxLength: 120 })
    fc.assert(
      fc.property(plausible, (tail) => {
        const bytes = Uint8Array.of(1, 0, ...tail)
        const decoded = decodeOrFault(bytes)
        if (!(decoded instanceof StateDiffFormatError)) expect(encodeStateDiff(decoded)).toEqual(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses every strict prefix', () => {
    const bytes = encodeStateDiff(decodeStateDiff(hexToBytes(vectors.valid.find(({ name }) => name === 'everything')?.encoded ?? '0x')))
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeStateDiff(bytes.subarray(0, length))).toThrow(StateDiffFormatError)
  })

  it('copies out of the input and works on a view into a larger buffer', () => {
    const encoded = encodeStateDiff({ header, accounts: [{ address: a1, code: Uint8Array.of(9, 9) }] })
    const view = new Uint8Array([7, 7, ...encoded, 7]).subarray(2, 2 + encoded.length)
    const diff = decodeStateDiff(view)
    view.fill(0)
    expect(diff).toEqual({ header, accounts: [{ address: a1, code: Uint8Array.of(9, 9) }] })
  })
})

describe('encodeStateDiff', () => {
  const slot = (key: bigint, value = 1n): { key: bigint; value: bigint } => ({ key, value })
  const refused: [string, string, AccountDiff[]][] = [
    ['an upper-case address', 'address malformed', [{ address: `0x${'AA'.repeat(20)}`, nonce: 1n }]],
    ['a short address', 'address malformed', [{ address: '0x11', nonce: 1n }]],
    [
      'descending addresses',
      'addresses not ascending',
      [
        { address: a2, nonce: 1n },
        { address: a1, nonce: 1n },
      ],
    ],
    [
      'an address twice',
      'addresses not ascending',
      [
        { address: a1, nonce: 1n },
        { address: a1, balance: 1n },
      ],
    ],
    ['an account without change', 'no change in account', [{ address: a1 }]],
    ['an empty account', 'empty account not marked absent', [{ address: a1, nonce: 0n, balance: 0n, code: new Uint8Array() }]],
    ['a nonce of 65 bits', 'integer too long', [{ address: a1, nonce: 2n ** 64n }]],
    ['a negative balance', 'integer too long', [{ address: a1, balance: -1n }]],
    ['a balance of 257 bits', 'integer too long', [{ address: a1, balance: 2n ** 256n }]],
    ['an empty list of slots', 'empty slot list', [{ address: a1, slots: [] }]],
    ['descending slots', 'slots not ascending', [{ address: a1, slots: [slot(2n), slot(1n)] }]],
    ['a slot twice', 'slots not ascending', [{ address: a1, slots: [slot(2n), slot(2n)] }]],
    ['a negative slot', 'slots not ascending', [{ address: a1, slots: [slot(-1n)] }]],
    ['a slot of 257 bits', 'integer too long', [{ address: a1, slots: [slot(2n ** 256n)] }]],
    ['a value of 257 bits', 'integer too long', [{ address: a1, slots: [slot(1n, 2n ** 256n)] }]],
  ]
  it.each(refused)('refuses %s', (_, fault, accounts) => {
    expect(() => encodeStateDiff({ header, accounts })).toThrow(expect.objectContaining({ code: 'STATE_DIFF_FORMAT', fault }))
  })

  it('refuses an absent account that has changes', () => {
    const account = Object.assign({ address: a1, absent: true as const }, { nonce: 1n })
    expect(() => encodeStateDiff({ header, accounts: [account] })).toThrow(
      expect.objectContaining({ fault: 'absent account with changes' }),
    )
  })
})

describe('accountDiffSize', () => {
  it('is what the account adds to the diff, or more where code repeats', () => {
    fc.assert(
      fc.property(stateDiffs, (diff) => {
        const size = encodeStateDiff(diff).length
        const estimate = diff.accounts.reduce(
          (sum, account) => sum + accountDiffSize(account),
          1 + 1 + (diff.header.length > 0 ? 1 : 0) + diff.header.length + 1 + (diff.accounts.length > 0 ? 1 : 0),
        )
        const codes = diff.accounts.flatMap((account) => (account.absent || !account.code?.length ? [] : [bytesToHex(account.code)]))
        const saved = estimate - size
        expect(saved).toBeGreaterThanOrEqual(0)
        if (new Set(codes).size === codes.length) expect(saved).toBe(0)
      }),
    )
  })
})
