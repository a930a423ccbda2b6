import {
  type AccountDiff,
  bytesToHex,
  decodeStateDiff,
  encodeStateDiff,
  type Hex,
  keccak256Hex,
  type StateDiff,
  StateDiffFormatError,
} from '../../core/index.ts'
import { VectorRandom } from './random.ts'

const random = new VectorRandom('zkdevnet state diff vectors 1')
const a1: Hex = `0x${'11'.repeat(20)}`
const a2: Hex = `0x${'22'.repeat(20)}`
const a3: Hex = `0x${'33'.repeat(20)}`
const maxWord = 2n ** 256n - 1n
const header = Uint8Array.of(0xc1, 0x80)

const valid: Record<string, StateDiff> = {
  'no account': { header, accounts: [] },
  'no header': { header: new Uint8Array(), accounts: [] },
  'long header': { header: random.bytes(600), accounts: [] },
  'nonce only': one({ address: a1, nonce: 1n }),
  'nonce set to zero': one({ address: a1, nonce: 0n }),
  'largest nonce': one({ address: a1, nonce: 2n ** 64n - 1n }),
  'balance only': one({ address: a1, balance: 10n ** 22n }),
  'balance set to zero': one({ address: a1, balance: 0n }),
  'largest balance': one({ address: a1, balance: maxWord }),
  'lowest and highest address': {
    header,
    accounts: [
      { address: `0x${'00'.repeat(20)}`, nonce: 1n },
      { address: `0x${'ff'.repeat(20)}`, nonce: 1n },
    ],
  },
  'new code': one({ address: a1, nonce: 1n, balance: 0n, code: Uint8Array.of(0xfe) }),
  'code of 24576 bytes': one({ address: a1, code: random.bytes(24_576) }),
  'code removed': one({ address: a1, nonce: 7n, code: new Uint8Array() }),
  'nonce zero, balance zero, code kept': one({ address: a1, nonce: 0n, balance: 0n }),
  'one code for three accounts, another in between': {
    header,
    accounts: [
      { address: a1, code: Uint8Array.of(1, 2, 3) },
      { address: a2, code: Uint8Array.of(4) },
      { address: a3, nonce: 1n, code: Uint8Array.of(1, 2, 3) },
      { address: `0x${'44'.repeat(20)}`, code: Uint8Array.of(4) },
    ],
  },
  'absent account': one({ address: a1, absent: true }),
  'absent between changed ones': {
    header,
    accounts: [
      { address: a1, balance: 1n },
      { address: a2, absent: true },
      { address: a3, balance: 255n },
    ],
  },
  'slot zero cleared': one({ address: a1, slots: [{ key: 0n, value: 0n }] }),
  'highest slot, highest value': one({ address: a1, slots: [{ key: maxWord, value: maxWord }] }),
  'slots ordered by number, not by length': one({
    address: a1,
    slots: [
      { key: 2n, value: 1n },
      { key: 256n, value: 2n },
      { key: 2n ** 48n - 1n, value: 2n ** 48n - 1n },
      { key: 2n ** 48n, value: 2n ** 48n },
      { key: 2n ** 255n, value: 0n },
    ],
  }),
  'many slots': one({
    address: a1,
    slots: Array.from({ length: 300 }, (_, index) => ({ key: BigInt(index), value: BigInt(index) * 257n })),
  }),
  everything: one({ address: a1, nonce: 5n, balance: 6n, code: Uint8Array.of(0xef, 0x01, 0x00), slots: [{ key: 1n, value: 2n }] }),
}
for (let index = 0; index < 8; index++) valid[`random ${index}`] = randomDiff()

function one(account: AccountDiff): StateDiff {
  return { header, accounts: [account] }
}

function randomDiff(): StateDiff {
  const codes = [random.bytes(1 + random.below(60)), random.bytes(1 + random.below(60)), new Uint8Array()]
  const addresses = [...new Set(Array.from({ length: 1 + random.below(8) }, () => random.hex(20)))].sort()
  return { header: random.bytes(random.below(100)), accounts: addresses.map((address) => randomAccount(address, codes)) }
}

function randomAccount(address: Hex, codes: readonly Uint8Array[]): AccountDiff {
  const flags = random.below(16)
  const code = codes[random.below(codes.length)]
  if (flags === 0) return { address, absent: true }
  const keys = [...new Set(Array.from({ length: 1 + random.below(5) }, () => random.uint(32)))].sort((a, b) => (a < b ? -1 : 1))
  return {
    address,
    ...(flags & 1 && { nonce: 1n + random.uint(7) }),
    ...(flags & 2 && { balance: random.uint(32) }),
    ...(flags & 4 && code && { code }),
    ...(flags & 8 && { slots: keys.map((key) => ({ key, value: random.uint(32) })) }),
  }
}

// By hand, byte by byte: `start` is version and header, then the number of accounts.
const start = '01 0102 c180'
const ad1 = '11'.repeat(20)
const ad2 = '22'.repeat(20)
const ff32 = 'ff'.repeat(32)

const invalid: Record<string, string> = {
  'no bytes': '',
  'version 0': '00 0102 c180 00',
  'version 2': '02 0102 c180 00',
  'version only': '01',
  'header length cut': '01 02 01',
  'header cut': '01 0103 c180',
  'header length with a leading zero': '01 020002 c180 00',
  'header length of one zero byte': '01 0100 00',
  'header length of 33 bytes': `01 21${'01'.repeat(33)} 00`,
  'header length of 2^256-1': `01 20${ff32} 00`,
  'no number of accounts': start,
  'number of accounts with a leading zero': `${start} 020001 ${ad1} 01 0101`,
  'zero accounts as a zero byte': `${start} 0100`,
  'one account announced, none there': `${start} 0101`,
  'two accounts announced, one there': `${start} 0102 ${ad1} 01 0101`,
  'one account announced, two there': `${start} 0101 ${ad1} 01 0101 ${ad2} 01 0101`,
  '2^256-1 accounts': `${start} 20${ff32} ${ad1} 01 0101`,
  'address cut': `${start} 0101 ${'11'.repeat(19)}`,
  'flags missing': `${start} 0101 ${ad1}`,
  'flags zero': `${start} 0101 ${ad1} 00`,
  'flag bit 6': `${start} 0101 ${ad1} 41 0101`,
  'flag bit 7': `${start} 0101 ${ad1} 81 0101`,
  'all flag bits': `${start} 0101 ${ad1} ff`,
  'absent with nonce': `${start} 0101 ${ad1} 21 0101`,
  'absent with slots': `${start} 0101 ${ad1} 30 0101 0101 0101`,
  'absent with code removed': `${start} 0101 ${ad1} 2c`,
  'addresses descending': `${start} 0102 ${ad2} 01 0101 ${ad1} 01 0101`,
  'address twice': `${start} 0102 ${ad1} 01 0101 ${ad1} 02 0101`,
  'absent address twice': `${start} 0102 ${ad1} 20 ${ad1} 20`,
  'nonce missing': `${start} 0101 ${ad1} 01`,
  'nonce cut': `${start} 0101 ${ad1} 01 0201`,
  'nonce with a leading zero': `${start} 0101 ${ad1} 01 020001`,
  'nonce zero as a zero byte': `${start} 0101 ${ad1} 01 0100`,
  'nonce of nine bytes': `${start} 0101 ${ad1} 01 09010000000000000000`,
  'balance with a leading zero': `${start} 0101 ${ad1} 02 0200ff`,
  'balance of 33 bytes': `${start} 0101 ${ad1} 02 21${'01'.repeat(33)}`,
  'length byte 255': `${start} 0101 ${ad1} 02 ff${'01'.repeat(255)}`,
  'nonce, balance and code all zero': `${start} 0101 ${ad1} 0f 00 00`,
  'the same with slots': `${start} 0101 ${ad1} 1f 00 00 0101 0101 0101`,
  'code of length zero': `${start} 0101 ${ad1} 04 00`,
  'code length with a leading zero': `${start} 0101 ${ad1} 04 020001 fe`,
  'code cut': `${start} 0101 ${ad1} 04 0103 fefe`,
  'code length of 2^64': `${start} 0101 ${ad1} 04 09010000000000000000 fe`,
  'code twice as bytes': `${start} 0102 ${ad1} 04 0101 fe ${ad2} 04 0101 fe`,
  'code index without codes': `${start} 0101 ${ad1} 08 00`,
  'code index of the next code': `${start} 0102 ${ad1} 04 0101 fe ${ad2} 08 0101`,
  'code index that comes later': `${start} 0102 ${ad1} 08 00 ${ad2} 04 0101 fe`,
  'code index with a leading zero': `${start} 0102 ${ad1} 04 0101 fe ${ad2} 08 0100`,
  'code index of 2^256-1': `${start} 0102 ${ad1} 04 0101 fe ${ad2} 08 20${ff32}`,
  'no slots in the list': `${start} 0101 ${ad1} 10 00`,
  'number of slots with a leading zero': `${start} 0101 ${ad1} 10 020001 0101 0101`,
  'two slots announced, one there': `${start} 0101 ${ad1} 10 0102 0101 0101`,
  '2^256-1 slots': `${start} 0101 ${ad1} 10 20${ff32} 0101 0101`,
  'slot without value': `${start} 0101 ${ad1} 10 0101 0101`,
  'slot key with a leading zero': `${start} 0101 ${ad1} 10 0101 020001 0101`,
  'slot key of 33 bytes': `${start} 0101 ${ad1} 10 0101 21${'01'.repeat(33)} 0101`,
  'slot value with a leading zero': `${start} 0101 ${ad1} 10 0101 0101 020001`,
  'slots descending': `${start} 0101 ${ad1} 10 0102 0102 0101 0101 0101`,
  'slot twice': `${start} 0101 ${ad1} 10 0102 0101 0101 0101 0102`,
  'slots ordered by length of the encoding only': `${start} 0101 ${ad1} 10 0102 020100 0101 01ff 0101`,
  'a byte after an empty diff': `${start} 00 00`,
  'a byte after the last account': `${start} 0101 ${ad1} 01 0101 00`,
  'the same diff twice': `${start} 0101 ${ad1} 01 0101 ${start} 0101 ${ad1} 01 0101`,
}

export function stateDiffVectors(): object {
  return {
    format: 'docs/formats.md §2, version 1. Integers of `diff` are hexadecimal.',
    valid: Object.entries(valid).map(([name, diff]) => {
      const encoded = encodeStateDiff(diff)
      return { name, encoded: bytesToHex(encoded), hash: keccak256Hex(encoded), diff: plain(diff) }
    }),
    invalid: Object.entries(invalid).map(([name, text]) => {
      const encoded: Hex = `0x${text.replaceAll(' ', '')}`
      return { name, encoded, ...faultOf(encoded, name) }
    }),
  }
}

function plain(diff: StateDiff): object {
  return {
    header: bytesToHex(diff.header),
    accounts: diff.accounts.map((account) =>
      account.absent
        ? account
        : {
            address: account.address,
            ...(account.nonce !== undefined && { nonce: quantity(account.nonce) }),
            ...(account.balance !== undefined && { balance: quantity(account.balance) }),
            ...(account.code !== undefined && { code: bytesToHex(account.code) }),
            ...(account.slots && { slots: account.slots.map(({ key, value }) => ({ key: quantity(key), value: quantity(value) })) }),
          },
    ),
  }
}

function faultOf(encoded: Hex, name: string): { fault: string; offset: number } {
  try {
    decodeStateDiff(Buffer.from(encoded.slice(2), 'hex'))
  } catch (error) {
    if (error instanceof StateDiffFormatError) return { fault: error.fault, offset: error.offset }
    throw error
  }
  throw new Error(`the invalid state diff "${name}" was accepted`)
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
