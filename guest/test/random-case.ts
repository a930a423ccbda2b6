import { computeAddress, SigningKey, Transaction } from 'ethers'
import { bigintToBytes, type Hex, hexToBytes } from '../../core/index.ts'
import type { StateAccount, StateCase } from './evm-state.ts'

/** A generator of numbers that a seed determines (Marsaglia's xorshift, 32 bits). */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 88172645) >>> 0 || 1
    for (let i = 0; i < 8; i++) this.next()
  }

  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state
  }

  below(limit: number): number {
    return this.next() % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new RangeError('picked from nothing')
    return item
  }

  word(): bigint {
    let value = 0n
    for (let i = 0; i < 8; i++) value = (value << 32n) | BigInt(this.next())
    return value
  }
}

const numbered = (n: number): bigint => 0xc0de000000000000000000000000000000000000n + BigInt(n)
const contracts = [numbered(1), numbered(2), numbered(3), numbered(4)]
const delegated = numbered(0x20)
const delegatedToPrecompile = numbered(0x21)
const plain = numbered(0x30)
const absent = numbered(0x40)
const coinbase = numbered(0x50)
const senderKey = new SigningKey(`0x${'45'.repeat(32)}`)
const sender = BigInt(computeAddress(senderKey.publicKey))
const precompiles = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 9n, 0x100n]
const targets = [...contracts, ...contracts, delegated, delegatedToPrecompile, plain, absent, coinbase, sender, ...precompiles]

/** Opcodes without a shape of their own: how many operands they take, and whether they give a result. */
const simple: readonly (readonly [opcode: number, pops: number, pushes: number])[] = [
  ...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d].map(
    (opcode) => [opcode, 2, 1] as const,
  ),
  ...[0x08, 0x09].map((opcode) => [opcode, 3, 1] as const),
  ...[0x15, 0x19, 0x1e, 0x35, 0x40, 0x49].map((opcode) => [opcode, 1, 1] as const),
  ...[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58, 0x59, 0x5a].map(
    (opcode) => [opcode, 0, 1] as const,
  ),
]

class Program {
  readonly #random: Random
  readonly #bytes: number[] = []
  #height = 0

  constructor(random: Random) {
    this.#random = random
  }

  #push(value: bigint): void {
    if (value === 0n && this.#random.chance(50)) {
      this.#bytes.push(0x5f)
    } else {
      const bytes = value === 0n ? [0] : [...bigintToBytes(value, Math.ceil(value.toString(16).length / 2))]
      this.#bytes.push(0x5f + bytes.length, ...bytes)
    }
    this.#height++
  }

  #op(opcode: number, pops: number, pushes: number): void {
    this.#bytes.push(opcode)
    this.#height += pushes - pops
  }

  #value(): bigint {
    const random = this.#random
    const shape = random.below(8)
    if (shape === 0) return random.word()
    if (shape === 1) return (1n << 256n) - 1n - BigInt(random.below(3))
    if (shape === 2) return 1n << BigInt(random.below(256))
    if (shape === 3) return random.pick(targets)
    return BigInt(random.below(70))
  }

  /** Mostly near the start of memory, so that gas lasts. */
  #offset(): bigint {
    const random = this.#random
    return random.chance(2) ? random.word() >> BigInt(random.below(256)) : BigInt(random.below(random.chance(10) ? 3000 : 200))
  }

  #length(): bigint {
    return this.#random.chance(25) ? 0n : this.#offset()
  }

  #operands(...values: readonly bigint[]): void {
    for (const value of values.toReversed()) this.#push(value)
  }

  #slot = (): bigint => BigInt(this.#random.below(5))

  #call(): void {
    const random = this.#random
    const [opcode, hasValue] = random.pick([
      [0xf1, true],
      [0xf1, true],
      [0xf2, true],
      [0xf4, false],
      [0xfa, false],
    ] as const)
    const gas = random.chance(60) ? BigInt(random.below(200_000)) : random.word()
    const to = random.chance(3) ? this.#value() : random.pick(targets)
    const value = hasValue ? [random.chance(60) ? 0n : BigInt(random.below(50))] : []
    this.#operands(gas, to, ...value, this.#offset(), this.#length(), this.#offset(), this.#length())
    this.#op(opcode, hasValue ? 7 : 6, 1)
  }

  /** Init code out of memory: what a program returns, or what MSTORE put there. */
  #create(): void {
    const random = this.#random
    const code = new Program(random).#end(random.below(6)).bytes().subarray(0, 32)
    this.#operands(0n, BigInt(`0x${Buffer.from(code).toString('hex').padEnd(64, '0')}`))
    this.#op(0x52, 2, 0)
    const withSalt = random.chance(50)
    this.#operands(
      random.chance(70) ? 0n : 3n,
      0n,
      random.chance(95) ? BigInt(code.length) : this.#length(),
      ...(withSalt ? [this.#slot()] : []),
    )
    this.#op(withSalt ? 0xf5 : 0xf0, withSalt ? 4 : 3, 1)
  }

  #jump(): void {
    const random = this.#random
    const conditional = random.chance(70)
    // The target is known when what is jumped over has been written: two bytes of place for it.
    if (conditional) this.#push(this.#value() % 2n)
    const at = this.#bytes.length + 1
    this.#bytes.push(0x61, 0, 0, conditional ? 0x57 : 0x56)
    this.#height -= conditional ? 1 : 0
    const before = this.#height
    const skipped = random.below(6)
    for (let i = 0; i < skipped; i++) this.#bytes.push(random.pick([0x5b, 0x60, 0x30, 0x7f, 0x01, 0xfe, 0x50]))
    const target = this.#bytes.length - (random.chance(5) ? 1 : 0)
    this.#bytes[at] = target >> 8
    this.#bytes[at + 1] = target & 255
    this.#bytes.push(0x5b)
    this.#height = before
  }

  #copy(): void {
    const [opcode, operands] = this.#random.pick([
      [0x37, 3],
      [0x39, 3],
      [0x3e, 3],
      [0x5e, 3],
      [0x3c, 4],
    ] as const)
    // Return data may not be read beyond its end.
    const length = opcode === 0x3e && this.#random.chance(90) ? 0n : this.#length()
    const source = opcode === 0x3e && this.#random.chance(90) ? 0n : this.#offset()
    this.#operands(...(operands === 4 ? [this.#random.pick(targets)] : []), this.#offset(), source, length)
    this.#op(opcode, operands, 0)
  }

  #step(): void {
    const random = this.#random
    const kind = random.below(100)
    if (kind < 40) {
      const [opcode, pops, pushes] = random.pick(simple)
      while (this.#height < pops || random.chance(20)) this.#push(this.#value())
      this.#op(opcode, pops, pushes)
    } else if (kind < 52) {
      const isStore = random.chance(60)
      this.#operands(this.#slot(), ...(isStore ? [random.chance(40) ? 0n : this.#value()] : []))
      const isTransient = random.chance(30)
      this.#op((isTransient ? 0x5c : 0x54) + (isStore ? 1 : 0), isStore ? 2 : 1, isStore ? 0 : 1)
    } else if (kind < 60) {
      const opcode = random.pick([0x51, 0x52, 0x53])
      this.#operands(this.#offset(), ...(opcode === 0x51 ? [] : [this.#value()]))
      this.#op(opcode, opcode === 0x51 ? 1 : 2, opcode === 0x51 ? 1 : 0)
    } else if (kind < 64) {
      this.#operands(this.#offset(), this.#length())
      this.#op(0x20, 2, 1)
    } else if (kind < 69) {
      this.#copy()
    } else if (kind < 74) {
      this.#operands(random.pick(targets))
      this.#op(random.pick([0x31, 0x3b, 0x3f]), 1, 1)
    } else if (kind < 78) {
      const topics = random.below(5)
      this.#operands(this.#offset(), this.#length(), ...Array.from({ length: topics }, () => this.#value()))
      this.#op(0xa0 + topics, 2 + topics, 0)
    } else if (kind < 84) {
      const depth = 1 + random.below(16)
      while (this.#height < depth + 1 && random.chance(97)) this.#push(this.#value())
      this.#op((random.chance(50) ? 0x80 : 0x90) + depth - 1, 0, 0)
      this.#height = Math.max(this.#height, 1)
    } else if (kind < 88) {
      this.#jump()
    } else if (kind < 96) {
      this.#call()
    } else if (kind < 99) {
      this.#create()
    } else {
      this.#bytes.push(random.below(256))
    }
  }

  #end(steps: number): this {
    const random = this.#random
    for (let i = 0; i < steps; i++) this.#step()
    const kind = random.below(12)
    if (kind < 3) {
      while (this.#height > 0 && random.chance(90)) {
        this.#push(this.#slot())
        this.#op(0x55, 2, 0)
      }
    } else if (kind < 8) {
      this.#operands(this.#offset(), this.#length())
      this.#op(kind < 7 ? 0xf3 : 0xfd, 2, 0)
    } else if (kind < 10) {
      this.#operands(random.pick(targets))
      this.#op(0xff, 1, 0)
    }
    return this
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  static of(random: Random, steps: number): Uint8Array {
    return new Program(random).#end(steps).bytes()
  }
}

const hex = (address: bigint): string => `0x${address.toString(16).padStart(40, '0')}`
const designator = (target: bigint): Uint8Array => Uint8Array.from([0xef, 0x01, 0x00, ...bigintToBytes(target, 20)])

function account(address: bigint, fields: Partial<StateAccount>): StateAccount {
  return { address: bigintToBytes(address, 20), nonce: 0n, balance: 0n, code: new Uint8Array(0), storage: [], ...fields }
}

/** Contracts with random programs that call each other, and a transaction that starts one of them. The seed determines all of it. */
export function randomCase(seed: number): StateCase {
  const random = new Random(seed)
  const programs = contracts.map((address) =>
    account(address, {
      nonce: 1n,
      balance: BigInt(random.below(100)),
      code: Program.of(random, random.below(40)),
      storage: [0n, 1n, 2n]
        .filter(() => random.chance(50))
        .map((slot) => [slot, 1n + (random.word() >> BigInt(random.below(256)))] as const),
    }),
  )
  const creates = random.chance(15)
  const gasLimit = 100_000n + BigInt(random.below(random.chance(20) ? 3_000_000 : 400_000))
  const transaction = Transaction.from({
    type: random.pick([0, 1, 2]),
    chainId: 1n,
    nonce: 5,
    gasLimit,
    ...(creates ? {} : { to: hex(random.pick([...contracts, ...contracts, delegated, plain, 4n])) }),
    value: random.chance(70) ? 0n : BigInt(random.below(1000)),
    data: `0x${Buffer.from(creates ? Program.of(random, random.below(30)) : bigintToBytes(random.word(), 32)).toString('hex')}`,
  })
  if (transaction.type === 2) Object.assign(transaction, { maxFeePerGas: 20n, maxPriorityFeePerGas: BigInt(random.below(20)) })
  else transaction.gasPrice = 12n
  if (transaction.type !== 0 && random.chance(60))
    transaction.accessList = [contracts[0], plain].map((address = 0n) => ({ address: hex(address), storageKeys: [`0x${'0'.repeat(64)}`] }))
  transaction.signature = senderKey.sign(transaction.unsignedHash)
  return {
    fork: 'Osaka',
    hasBlobs: false,
    block: {
      number: 1000n,
      timestamp: 1_700_000_000n,
      gasLimit: 30_000_000n,
      chainId: 1n,
      coinbase: bigintToBytes(coinbase, 20),
      prevRandao: bigintToBytes(random.word(), 32),
      baseFee: 7n,
      excessBlobGas: 0n,
    },
    accounts: [
      account(sender, { nonce: 5n, balance: 10n ** 20n }),
      ...programs,
      account(delegated, { nonce: 1n, balance: 9n, code: designator(random.pick(contracts)) }),
      account(delegatedToPrecompile, { nonce: 1n, code: designator(4n) }),
      account(plain, { balance: 1n }),
    ],
    transaction: hexToBytes(transaction.serialized as Hex),
  }
}
