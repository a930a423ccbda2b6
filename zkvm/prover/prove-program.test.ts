import { beforeAll, describe, expect, it } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import { readExample } from '../../guest/examples/programs.ts'
import { loadProgram } from '../isa/elf.ts'
import { Assembler } from '../isa/testing/assembler.ts'
import { makeElf, textBase } from '../isa/testing/make-elf.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verifyingKeyDigest } from '../stark/verifying-key.ts'
import { operationRows } from '../tables/keccak/lanes.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { createProgramKey } from './program-key.ts'
import { decodeProofFile, encodeProofFile, type ProofFile } from './proof-file.ts'
import { maxProvableCycles, proveProgram, verifyProgram } from './prove-program.ts'

/** Fewer queries and less work than a proof that anybody should believe; the same steps. */
const parameters = { ...defaultParameters, logBlowup: 1, queries: 6, grindingBits: 2 }
const options = { parameters, threads: 2 }
const elf = readExample('fibonacci')

function code(write: (assembler: Assembler) => void): Uint8Array {
  const assembler = new Assembler(textBase)
  write(assembler)
  return makeElf({ segments: [{ address: textBase, bytes: new Uint8Array(assembler.words.buffer), flags: 5 }] })
}

/** Counts down from `rounds` in two instructions a round. */
function countdown(rounds: number): Uint8Array {
  return code((assembler) => {
    assembler.li(5, rounds)
    assembler.emit('addi', { rd: 5, rs1: 5, imm: -1 }).emit('bne', { rs1: 5, rs2: 0, imm: -4 }).halt(0)
  })
}

async function keyDigestOf(program: Uint8Array, logHeight: number): Promise<Uint8Array> {
  const workers = new ProverWorkers({ threads: 0 })
  const { provingKey } = await createProgramKey({ program: loadProgram(program), parameters, workers, logHeights: [logHeight] })
  return verifyingKeyDigest(provingKey.verifyingKey, logHeight)
}

describe('a proof of a run', () => {
  let file: ProofFile
  let bytes: Uint8Array

  beforeAll(async () => {
    bytes = encodeProofFile(await proveProgram({ ...options, elf, input: Uint8Array.of(12, 0, 0, 0) }))
    file = decodeProofFile(bytes)
  }, 120_000)

  async function refusal(changed: Partial<ProofFile>, program = elf): Promise<unknown> {
    try {
      await verifyProgram({ ...options, elf: program, file: { ...file, ...changed } })
    } catch (error) {
      return error
    }
    return 'accepted'
  }

  it('shows the exit code and the output, and is verified after it was written and read', async () => {
    const output = new Uint8Array(32)
    output[0] = 144
    expect(file.publicValues).toMatchObject({ exitCode: 12, output })
    await expect(verifyProgram({ ...options, elf, file })).resolves.toBeUndefined()
  }, 60_000)

  it.each([
    ['another output', { output: keccak256(new Uint8Array()) }],
    ['no output', { output: null }],
    ['another exit code', { exitCode: 13 }],
  ])(
    'is refused for %s',
    async (_, changed) => {
      const publicValues = { ...file.publicValues, ...changed }
      expect(await refusal({ publicValues })).toMatchObject({ code: 'INVALID_PROOF', check: 'bus-balance', exitCode: 5 })
    },
    60_000,
  )

  it('is refused where it begins elsewhere than the program', async () => {
    const publicValues = { ...file.publicValues, entry: file.publicValues.entry + 4 }
    expect(await refusal({ publicValues })).toMatchObject({ code: 'INVALID_PROOF', check: 'public-values' })
  }, 60_000)

  it('is refused for another program, whatever it says itself', async () => {
    expect(await refusal({}, readExample('sorting'))).toMatchObject({ code: 'PROOF_OF_ANOTHER_PROGRAM', exitCode: 5 })
    const changed = Uint8Array.from(elf)
    const setsStackPointer = Buffer.from(Uint32Array.of(0x0100_0137).buffer)
    const at = Buffer.from(elf).indexOf(setsStackPointer)
    changed[at + 2] = 0xf0
    changed[at + 3] = 0x00
    expect(await refusal({}, changed)).toMatchObject({ code: 'PROOF_OF_ANOTHER_PROGRAM' })

    const keyDigest = await keyDigestOf(changed, Math.max(...file.proof.subarray(1, 1 + machineAir.tables.length)))
    expect(await refusal({ keyDigest }, changed)).toMatchObject({ code: 'INVALID_PROOF', check: 'bus-balance' })
  }, 60_000)

  it('is refused where it was cut short, wherever', async () => {
    for (const length of [0, 1, 5, 40, 1000, file.proof.length - 1]) {
      expect(await refusal({ proof: file.proof.subarray(0, length) })).toMatchObject({ code: 'INVALID_PROOF', check: 'encoding' })
    }
  }, 60_000)

  it('is refused where bytes follow it', async () => {
    expect(await refusal({ proof: Uint8Array.of(...file.proof, 0) })).toMatchObject({ code: 'INVALID_PROOF', check: 'encoding' })
  }, 60_000)

  it('is refused where it claims heights that no proof has', async () => {
    const proof = file.proof.slice()
    proof[1] = 40
    expect(await refusal({ proof })).toMatchObject({ code: 'INVALID_PROOF', check: 'heights' })
  }, 60_000)

  it.each([0, 15, 16, 88])('is no proof file when only %i bytes of it are left', (length) => {
    expect(() => decodeProofFile(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'PROOF_FILE_INVALID' }))
  })

  it.each([
    ['another version', 15],
    ['a flag that is neither 0 nor 1', 56],
  ])('is no proof file with %s', (_, position) => {
    const changed = bytes.slice()
    changed[position] = 0x7f
    expect(() => decodeProofFile(changed)).toThrow(expect.objectContaining({ code: 'PROOF_FILE_INVALID' }))
  })
})

describe('a run is refused before anything is proven', () => {
  const limit = maxProvableCycles()

  it('when it is too long, with its length', async () => {
    await expect(proveProgram({ ...options, elf: countdown(limit) })).rejects.toMatchObject({
      code: 'PROOF_TOO_LONG',
      message: `The run takes ${2 * limit + 7} cycles; one proof can have ${limit}.`,
    })
  })

  it('when it never ends, with how far it was followed', async () => {
    const endless = code((assembler) => assembler.emit('jal', { rd: 0, imm: 0 }))
    await expect(proveProgram({ ...options, elf: endless })).rejects.toMatchObject({
      code: 'PROOF_TOO_LONG',
      message: `The run takes more than ${2 ** 26} cycles; one proof can have ${limit}.`,
    })
  })

  it('when it faults, with where', async () => {
    const faulty = code((assembler) => assembler.emit('lw', { rd: 5, rs1: 0, imm: 0 }))
    await expect(proveProgram({ ...options, elf: faulty })).rejects.toMatchObject({ code: 'PROGRAM_FAULT', pc: textBase, exitCode: 5 })
  })

  it('when the program alone is too large', async () => {
    const segments = [
      { address: textBase, bytes: new Uint8Array(new Assembler(textBase).halt(0).words.buffer), flags: 5 },
      { address: textBase + 4096, bytes: new Uint8Array(4 * limit), flags: 6 },
    ]
    await expect(proveProgram({ ...options, elf: makeElf({ segments }) })).rejects.toMatchObject({ code: 'PROGRAM_TOO_LARGE', exitCode: 5 })
  })

  it('when its calls take more rows than a table has', async () => {
    const rounds = Math.ceil(2 ** 17 / operationRows)
    const hashing = code((assembler) => {
      assembler
        .li(5, rounds)
        .li(10, 0x0100_0000 - 256)
        .li(17, 16)
      assembler.emit('ecall').emit('addi', { rd: 5, rs1: 5, imm: -1 }).emit('bne', { rs1: 5, rs2: 0, imm: -8 }).halt(0)
    })
    const small = { ...parameters, maxLogHeight: 17 }
    await expect(proveProgram({ ...options, elf: hashing, parameters: small })).rejects.toMatchObject({ code: 'NOT_PROVABLE', exitCode: 5 })
  })
})
