import { bigintToBytes } from '../../core/index.ts'
import type { Random } from './random.ts'
import { heirs, precompiles, targets } from './random-accounts.ts'

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

/** Where rules change: sizes of codes, memory, gas, and the moduli that precompiles know. */
const edges: readonly bigint[] = [
  0n,
  1n,
  23n,
  32n,
  64n,
  213n,
  724n * 32n,
  1024n,
  1025n,
  2300n,
  2301n,
  24_576n,
  24_577n,
  49_152n,
  49_153n,
  1n << 16n,
  (1n << 31n) - 1n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 64n) - 1n,
  1n << 64n,
  (1n << 255n) - 1n,
  1n << 255n,
  (1n << 256n) - 1n,
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
  0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
]

/** Sizes of the data that a program returns as code. */
const codeSizes = [0, 1, 23, 100, 24_576, 24_577]

const word = (bytes: readonly number[]): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex').padEnd(64, '0')}`)

/** What init code is: a program that ends with the return of a code. */
const endings = ['stores', 'returns', 'reverts', 'destroys', 'stops', 'code'] as const
type Ending = (typeof endings)[number]

/** Writes a program that mostly keeps to the stack and to what it can pay, and now and then does not. */
export class Program {
  readonly #random: Random
  readonly #depth: number
  readonly #bytes: number[] = []
  /** Init codes, behind the program. */
  readonly #tail: number[] = []
  readonly #tailReferences: number[] = []
  #height = 0

  private constructor(random: Random, depth: number) {
    this.#random = random
    this.#depth = depth
  }

  static of(random: Random, steps: number): Uint8Array {
    return new Program(random, 0).#write(steps).#finish()
  }

  /** Init code of a contract. */
  static creating(random: Random, steps: number): Uint8Array {
    return new Program(random, 1).#write(steps, random.chance(70) ? 'code' : undefined).#finish()
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
    const shape = random.below(10)
    if (shape === 0) return random.word()
    if (shape === 1) return (1n << 256n) - 1n - BigInt(random.below(3))
    if (shape === 2) return 1n << BigInt(random.below(256))
    if (shape === 3) return random.pick(targets)
    if (shape === 4) return random.pick(edges)
    return BigInt(random.below(70))
  }

  /** Mostly near the start of memory, so that gas lasts. */
  #offset(): bigint {
    const random = this.#random
    if (random.chance(2)) return random.chance(50) ? random.word() >> BigInt(random.below(256)) : random.pick(edges)
    return BigInt(random.below(random.chance(10) ? 3000 : 200))
  }

  #length(): bigint {
    return this.#random.chance(25) ? 0n : this.#offset()
  }

  #operands(...values: readonly bigint[]): void {
    for (const value of values.toReversed()) this.#push(value)
  }

  #slot = (): bigint => BigInt(this.#random.below(5))

  #store(offset: bigint, value: bigint): void {
    this.#operands(offset, value)
    this.#op(0x52, 2, 0)
  }

  #callGas(): bigint {
    const random = this.#random
    if (random.chance(10)) return random.pick([0n, 1n, 99n, 2299n, 2300n, 2301n, 2599n, 2600n, 6900n])
    return random.chance(60) ? BigInt(random.below(200_000)) : random.word()
  }

  #call(to?: bigint): void {
    const random = this.#random
    const [opcode, hasValue] = random.pick([
      [0xf1, true],
      [0xf1, true],
      [0xf2, true],
      [0xf4, false],
      [0xfa, false],
    ] as const)
    const target = to ?? (random.chance(3) ? this.#value() : random.pick(targets))
    const amount = random.chance(60) ? 0n : random.chance(5) ? this.#value() : BigInt(random.below(50))
    const value = hasValue ? [amount] : []
    this.#operands(this.#callGas(), target, ...value, this.#offset(), this.#length(), this.#offset(), this.#length())
    this.#op(opcode, hasValue ? 7 : 6, 1)
  }

  /** With an input that its checks may let pass. */
  #callPrecompile(): void {
    const random = this.#random
    const target = random.pick(precompiles)
    const size = random.pick([0, 1, 32, 64, 96, 127, 128, 160, 192, 213, 384])
    for (let offset = 0; offset < Math.min(size, 192); offset += 32)
      if (random.chance(80)) this.#store(BigInt(offset), random.chance(50) ? BigInt(random.below(40)) : this.#value())
    if (target === 1n && random.chance(50)) this.#store(32n, BigInt(27 + random.below(2)))
    // Points that exist: generators.
    if ((target === 6n || target === 7n) && random.chance(60)) this.#operands(1n, 0n, 2n, 32n)
    if (target === 6n || target === 7n) for (const offset of [0n, 32n]) if (random.chance(60)) this.#store(offset, offset === 0n ? 1n : 2n)
    this.#operands(random.chance(80) ? 200_000n : this.#callGas(), target, 0n, BigInt(size), this.#offset(), BigInt(random.below(80)))
    this.#op(0xfa, 6, 1)
  }

  /** Copies init code from behind the program, creates, and may call what it made. */
  #create(): void {
    const random = this.#random
    const withSalt = random.chance(60)
    let length: bigint
    if (this.#depth < 2 && random.chance(80)) {
      const code = new Program(random, this.#depth + 1).#write(random.below(5), random.chance(75) ? 'code' : undefined).#finish()
      this.#operands(BigInt(code.length))
      this.#bytes.push(0x61)
      this.#tailReferences.push(this.#bytes.length)
      this.#bytes.push(this.#tail.length >> 8, this.#tail.length & 255, 0x5f, 0x39)
      this.#height--
      this.#tail.push(...code)
      length = BigInt(code.length)
    } else {
      const code = new Program(random, 2).#write(random.below(4)).#finish().subarray(0, 32)
      this.#store(0n, word([...code]))
      length = random.chance(90) ? BigInt(code.length) : random.chance(50) ? this.#length() : random.pick([49_152n, 49_153n])
    }
    this.#operands(random.chance(70) ? 0n : 3n, 0n, length, ...(withSalt ? [BigInt(random.below(2))] : []))
    this.#op(withSalt ? 0xf5 : 0xf0, withSalt ? 4 : 3, 1)
    if (random.chance(50)) this.#callCreated()
  }

  /** The address is on top of the stack. */
  #callCreated(): void {
    const random = this.#random
    const value = random.chance(70) ? 0n : 1n
    // out length, out offset, in length, in offset, value below the address: DUP6 brings it on top of them.
    for (const operand of [this.#length(), 0n, 32n, 0n, value]) this.#push(operand)
    this.#op(0x85, 0, 1)
    this.#push(100_000n)
    this.#op(0xf1, 7, 1)
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
    const random = this.#random
    const [opcode, operands] = random.pick([
      [0x37, 3],
      [0x39, 3],
      [0x3e, 3],
      [0x5e, 3],
      [0x3c, 4],
    ] as const)
    if (opcode === 0x3e && random.chance(50)) {
      // All of the return data, or a byte more than there is.
      const beyond = random.chance(15) ? 1n : 0n
      this.#bytes.push(0x3d)
      this.#height++
      this.#push(beyond)
      this.#op(0x03, 2, 1)
      this.#operands(this.#offset(), 0n)
      this.#op(opcode, 3, 0)
      return
    }
    const careful = opcode === 0x3e && random.chance(80)
    this.#operands(
      ...(operands === 4 ? [random.pick(targets)] : []),
      this.#offset(),
      careful ? 0n : this.#offset(),
      careful ? 0n : this.#length(),
    )
    this.#op(opcode, operands, 0)
  }

  #compute(): void {
    const random = this.#random
    const [opcode, pops, pushes] = random.pick(simple)
    while (this.#height < pops || random.chance(20)) this.#push(this.#value())
    this.#op(opcode, pops, pushes)
  }

  #useStorage(): void {
    const random = this.#random
    const isStore = random.chance(60)
    this.#operands(this.#slot(), ...(isStore ? [random.chance(40) ? 0n : random.chance(50) ? BigInt(random.below(3)) : this.#value()] : []))
    const isTransient = random.chance(30)
    this.#op((isTransient ? 0x5c : 0x54) + (isStore ? 1 : 0), isStore ? 2 : 1, isStore ? 0 : 1)
  }

  #step(): void {
    const random = this.#random
    const kind = random.below(100)
    if (kind < 34) {
      this.#compute()
    } else if (kind < 47) {
      this.#useStorage()
    } else if (kind < 54) {
      const opcode = random.pick([0x51, 0x52, 0x53])
      this.#operands(this.#offset(), ...(opcode === 0x51 ? [] : [this.#value()]))
      this.#op(opcode, opcode === 0x51 ? 1 : 2, opcode === 0x51 ? 1 : 0)
    } else if (kind < 58) {
      this.#operands(this.#offset(), this.#length())
      this.#op(0x20, 2, 1)
    } else if (kind < 64) {
      this.#copy()
    } else if (kind < 69) {
      this.#operands(random.pick(targets))
      this.#op(random.pick([0x31, 0x3b, 0x3f]), 1, 1)
    } else if (kind < 72) {
      const topics = random.below(5)
      this.#operands(this.#offset(), this.#length(), ...Array.from({ length: topics }, () => this.#value()))
      this.#op(0xa0 + topics, 2 + topics, 0)
    } else if (kind < 77) {
      const depth = 1 + random.below(16)
      while (this.#height < depth + 1 && random.chance(97)) this.#push(this.#value())
      this.#op((random.chance(50) ? 0x80 : 0x90) + depth - 1, 0, 0)
      this.#height = Math.max(this.#height, 1)
    } else if (kind < 81) {
      this.#jump()
    } else if (kind < 90) {
      this.#call()
    } else if (kind < 94) {
      this.#callPrecompile()
    } else if (kind < 99) {
      this.#create()
    } else {
      this.#bytes.push(random.below(256))
    }
  }

  #returnCode(): void {
    const random = this.#random
    if (random.chance(20)) {
      this.#operands(0n, BigInt(random.pick(codeSizes)))
      this.#op(0xf3, 2, 0)
      return
    }
    const runtime = random.chance(10) ? [0xef, 0x01, 0x00] : [...new Program(random, 2).#write(random.below(5)).#finish().subarray(0, 32)]
    this.#store(0n, word(runtime))
    this.#operands(0n, BigInt(runtime.length))
    this.#op(0xf3, 2, 0)
  }

  #write(steps: number, ending: Ending = this.#random.pick(endings)): this {
    const random = this.#random
    for (let i = 0; i < steps; i++) this.#step()
    switch (ending) {
      case 'stores':
        while (this.#height > 0 && random.chance(90)) {
          this.#push(this.#slot())
          this.#op(0x55, 2, 0)
        }
        break
      case 'returns':
      case 'reverts':
        this.#operands(this.#offset(), this.#length())
        this.#op(ending === 'returns' ? 0xf3 : 0xfd, 2, 0)
        break
      case 'destroys':
        if (random.chance(20)) this.#op(0x30, 0, 1)
        else this.#operands(random.pick(heirs))
        this.#op(0xff, 1, 0)
        break
      case 'code':
        this.#returnCode()
        break
      case 'stops':
        break
    }
    return this
  }

  #finish(): Uint8Array {
    const end = this.#bytes.length + 1
    for (const at of this.#tailReferences) {
      const offset = end + (((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0))
      this.#bytes[at] = offset >> 8
      this.#bytes[at + 1] = offset & 255
    }
    return Uint8Array.from([...this.#bytes, ...(this.#tail.length > 0 ? [0x00, ...this.#tail] : [])])
  }
}
