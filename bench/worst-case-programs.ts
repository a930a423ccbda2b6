import { bls12_381 } from '@noble/curves/bls12-381.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bigintToBytes, concatBytes } from '../core/index.ts'

/** A loop's body that costs the prover as much per gas as its opcode can. */
export interface WorstCase {
  /** Runs once. */
  readonly setup?: Uint8Array
  /** The same again and again; `at` is where in the code it stands. */
  readonly body: (at: number) => Uint8Array
  readonly data?: Uint8Array
  /** Code of the contract at 0xca11. */
  readonly callee?: Uint8Array
  /** Where the body takes much: the gas to measure on, with one body in a pass of the loop. */
  readonly gas?: number
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const push = (value: bigint): string => {
  const digits = value.toString(16)
  const bytes = digits.padStart(2 * Math.ceil(digits.length / 2), '0')
  return value === 0n ? '5f' : (0x5f + bytes.length / 2).toString(16) + bytes
}
const fixed = (body: string, rest: Omit<WorstCase, 'body'> = {}): WorstCase => ({ ...rest, body: () => hex(body) })

const dense = 0xfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543211n
const divisor = 0x1fedcba9876543210fedcba98765432101n
const modulus = (1n << 256n) - 189n
const operands = (...stack: readonly bigint[]): Uint8Array => hex(stack.map((value) => push(value)).join(''))

const binary = (opcode: string, top = dense, below = divisor): WorstCase => fixed(`81 81 ${opcode} 50`, { setup: operands(below, top) })
const ternary = (opcode: string): WorstCase => fixed(`82 82 82 ${opcode} 50`, { setup: operands(modulus, dense, dense - 2n) })
const unary = (opcode: string): WorstCase => fixed(`80 ${opcode} 50`, { setup: operands(dense) })

/** Memory that is there already. */
const grown = hex('6001 612000 52')

const allOfData = hex('36 5f 5f 37')
const precompile = (address: number, data: Uint8Array, gas = 500_000): WorstCase =>
  fixed(`6040 612000 61${data.length.toString(16).padStart(4, '0')} 5f ${push(BigInt(address))} 5a fa 50`, {
    setup: concatBytes(allOfData, grown),
    data,
    gas,
  })

const bytes = (length: number, value = 0xfe): Uint8Array => new Uint8Array(length).fill(value)
const words = (...list: readonly bigint[]): Uint8Array => hex(list.map(word).join(''))

const hash = bytes(32, 0x5a)
const secret = bytes(32, 0x11)
const ecrecoverInput = (() => {
  const signature = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' })
  return concatBytes(hash, words(27n + BigInt(signature[0] ?? 0)), signature.subarray(1))
})()
const p256Input = (() => {
  const signature = p256.sign(hash, secret, { prehash: false, format: 'compact' })
  return concatBytes(hash, signature, p256.getPublicKey(secret, false).subarray(1))
})()
const modexp = (base: number, exponent: number, mod: number, value = 0xff): Uint8Array =>
  concatBytes(words(BigInt(base), BigInt(exponent), BigInt(mod)), bytes(base), bytes(exponent, value), bytes(mod, 0xfd))
const blake2f = (rounds: number): Uint8Array => concatBytes(bigintToBytes(BigInt(rounds), 4), bytes(208), Uint8Array.of(1))

const bn254Generator = words(1n, 2n)
const bn254TwistGenerator = words(
  0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2n,
  0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6edn,
  0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975bn,
  0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daan,
)
const fieldBytes = (value: bigint): Uint8Array => bigintToBytes(value, 64)
const { x: g1x, y: g1y } = bls12_381.G1.Point.BASE.multiply(7n).toAffine()
const { x: g2x, y: g2y } = bls12_381.G2.Point.BASE.multiply(7n).toAffine()
const g1 = concatBytes(fieldBytes(g1x), fieldBytes(g1y))
const g2 = concatBytes(fieldBytes(g2x.c0), fieldBytes(g2x.c1), fieldBytes(g2y.c0), fieldBytes(g2y.c1))
const times = (count: number, part: Uint8Array): Uint8Array => concatBytes(...Array.from({ length: count }, () => part))

const call = (opcode: string, value: string): string => `5f 5f 5f 5f ${value} 61ca11 5a ${opcode} 50`

/** By what the loop does. */
export const worstCases: Readonly<Record<string, WorstCase>> = {
  JUMPDEST: fixed('5b'),
  'PUSH0 POP': fixed('5f 50'),
  'PUSH32 POP': fixed(`7f ${word(dense)} 50`),
  'DUP1 POP': fixed('80 50', { setup: operands(dense) }),
  SWAP1: fixed('90', { setup: operands(dense, 1n) }),
  'JUMP forward': { body: (at) => hex(`61 ${(at + 4).toString(16).padStart(4, '0')} 56 5b`) },
  ADD: binary('01'),
  MUL: binary('02'),
  DIV: binary('04'),
  SDIV: binary('05'),
  MOD: binary('06'),
  SMOD: binary('07'),
  ADDMOD: ternary('08'),
  MULMOD: ternary('09'),
  'EXP, 32 bytes': binary('0a', dense, (1n << 256n) - 1n),
  'EXP, 1 byte': binary('0a', dense, 255n),
  SIGNEXTEND: binary('0b', 3n, dense),
  SLT: binary('12'),
  EQ: binary('14', dense, dense),
  NOT: unary('19'),
  BYTE: binary('1a', 7n, dense),
  SHL: binary('1b', 77n, dense),
  SAR: binary('1d', 77n, dense),
  CLZ: unary('1e'),
  'KECCAK256 of nothing': fixed('5f 5f 20 50'),
  'KECCAK256 of 136 bytes': fixed('6088 5f 20 50', { setup: grown }),
  'KECCAK256 of 8 kB': fixed('612000 5f 20 50', { setup: grown }),
  CALLDATALOAD: fixed('5f 35 50', { data: bytes(32) }),
  'MLOAD, unaligned': fixed('6007 51 50', { setup: grown }),
  MSTORE: fixed('80 5f 52', { setup: concatBytes(grown, operands(dense)) }),
  'MSIZE MLOAD, growing': fixed('59 51 50'),
  'MCOPY of 8 kB': fixed('612000 5f 5f 5e', { setup: grown }),
  'MCOPY of 8 kB, unaligned': fixed('611ff0 6001 5f 5e', { setup: grown }),
  'CALLDATACOPY of 8 kB of nothing': fixed('612000 5f 5f 37', { setup: grown }),
  'CODECOPY of 1 byte': fixed('6001 5f 5f 39', { setup: grown }),
  'EXTCODECOPY of 8 kB, warm': fixed('612000 5f 5f 61ca11 3c', { setup: grown, callee: bytes(24_576, 0) }),
  'BALANCE, warm': fixed('30 31 50'),
  'BALANCE, cold, absent': fixed('5a 31 50'),
  SELFBALANCE: fixed('47 50'),
  'EXTCODESIZE, warm': fixed('61ca11 3b 50', { callee: bytes(24_576, 0) }),
  'EXTCODEHASH, warm': fixed('61ca11 3f 50', { callee: bytes(24_576, 0) }),
  BLOCKHASH: fixed('6103e7 40 50'),
  'SLOAD, warm': fixed('5f 54 50'),
  'SLOAD, cold, absent': fixed('5a 54 50'),
  'SSTORE, warm, no change': fixed('5f 5f 55'),
  'SSTORE, warm, dirty': fixed('5a 5f 55', { gas: 4_000_000 }),
  'SSTORE, new slots': fixed('5a 5a 55', { gas: 4_000_000 }),
  TLOAD: fixed('5a 5c 50'),
  'TSTORE, new slots': fixed('5a 5a 5d'),
  'LOG0 of 32 bytes': fixed('6020 5f a0'),
  'LOG0 of nothing': fixed('5f 5f a0'),
  'LOG4 of nothing': fixed('5f 5f 5f 5f 5f 5f a4'),
  'LOG0 of 1 kB': fixed('610400 5f a0', { setup: grown }),
  'CALL, warm, of no code': fixed(call('f1', '5f')),
  'CALL, warm, of STOP': fixed(call('f1', '5f'), { callee: hex('00') }),
  'CALL, warm, of JUMP': fixed(call('f1', '5f'), { callee: hex('6003 56 5b 00') }),
  'CALL, warm, with value': fixed(call('f1', '6001'), { callee: hex('00') }),
  'DELEGATECALL, warm, of STOP': fixed('5f 5f 5f 5f 61ca11 5a f4 50', { callee: hex('00') }),
  'CREATE of nothing': fixed('5f 5f 5f f0 50', { gas: 4_000_000 }),
  'CREATE with 48 kB of init code': fixed('61c000 5f 5f f0 50', { gas: 4_000_000, setup: hex('6001 61bfe0 52') }),
  'CREATE2 with 48 kB of init code': fixed('5a 61c000 5f 5f f5 50', { gas: 4_000_000, setup: hex('6001 61bfe0 52') }),
  // PUSH3 00bfff JUMP at the start of 48 kB, whose last byte is a JUMPDEST: all of it is looked at, in each creation.
  'CREATE that jumps over 48 kB': fixed('61c000 5f 5f f0 50', {
    gas: 4_000_000,
    setup: hex(`7f 61bfff56 ${'00'.repeat(28)} 5f 52 605b 61bfff 53`),
  }),
  '0x01 ecrecover': precompile(1, ecrecoverInput),
  '0x02 sha256 of nothing': precompile(2, new Uint8Array(0)),
  '0x02 sha256 of 4 kB': precompile(2, bytes(4096)),
  '0x03 ripemd160 of 4 kB': precompile(3, bytes(4096)),
  '0x04 identity of nothing': precompile(4, new Uint8Array(0)),
  '0x04 identity of 4 kB': precompile(4, bytes(4096)),
  '0x05 modexp, 1-byte numbers': precompile(5, modexp(1, 1, 1)),
  '0x05 modexp, 32-byte numbers': precompile(5, modexp(32, 32, 32)),
  '0x05 modexp, 33 bytes': precompile(5, modexp(33, 32, 33)),
  '0x05 modexp, 64 bytes': precompile(5, modexp(64, 32, 64), 2_000_000),
  '0x05 modexp, 256 bytes, exponent 3': precompile(5, modexp(256, 1, 256, 3), 2_000_000),
  '0x05 modexp, 1024 bytes, exponent 3': precompile(5, modexp(1024, 1, 1024, 3), 2_000_000),
  '0x05 modexp, 1-byte modulus, 1024-byte base': precompile(5, modexp(1024, 1, 1, 3), 2_000_000),
  '0x06 bn254 addition': precompile(6, times(2, bn254Generator)),
  '0x07 bn254 multiplication': precompile(7, concatBytes(bn254Generator, bytes(32, 0xff))),
  '0x08 bn254 pairing of 1 pair': precompile(8, concatBytes(bn254Generator, bn254TwistGenerator), 1_000_000),
  '0x08 bn254 pairing of 10 pairs': precompile(8, times(10, concatBytes(bn254Generator, bn254TwistGenerator)), 2_000_000),
  '0x09 blake2f of 0 rounds': precompile(9, blake2f(0)),
  '0x09 blake2f of 100,000 rounds': precompile(9, blake2f(100_000), 1_000_000),
  '0x0b BLS12-381 G1 addition': precompile(0x0b, times(2, g1)),
  '0x0c BLS12-381 G1 MSM of 1': precompile(0x0c, concatBytes(g1, bytes(32, 0xff))),
  '0x0c BLS12-381 G1 MSM of 20': precompile(0x0c, times(20, concatBytes(g1, bytes(32, 0xff))), 2_000_000),
  '0x0d BLS12-381 G2 addition': precompile(0x0d, times(2, g2)),
  '0x0e BLS12-381 G2 MSM of 1': precompile(0x0e, concatBytes(g2, bytes(32, 0xff))),
  '0x0f BLS12-381 pairing of 1 pair': precompile(0x0f, concatBytes(g1, g2), 1_000_000),
  '0x0f BLS12-381 pairing of 8 pairs': precompile(0x0f, times(8, concatBytes(g1, g2)), 2_000_000),
  '0x10 BLS12-381 map to G1': precompile(0x10, fieldBytes(12_345n)),
  '0x11 BLS12-381 map to G2': precompile(0x11, concatBytes(fieldBytes(12_345n), fieldBytes(6n))),
  '0x100 P256VERIFY': precompile(0x100, p256Input),
}
