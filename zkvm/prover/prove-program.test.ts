import { beforeAll, describe, expect, it } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import { readExample } from '../../guest/examples/programs.ts'
import { loadProgram } from '../isa/elf.ts'
import { Assembler } from '../isa/testing/assembler.ts'
import { makeElf, textBase } from '../isa/testing/make-elf.ts'
import { concat } from '../stark/encoding.ts'
import { defaultParameters, maxSegments } from '../stark/parameters.ts'
import type { SegmentHeader } from '../stark/proof.ts'
import { decodeHeaders, decodeProof, encodeHeaders, encodeProof, encodeSegment } from '../stark/proof-codec.ts'
import { commitRun, proveRun, proveSegment } from '../stark/prover/prove.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { type VerifyingKey, verifyingKeyDigest } from '../stark/verifying-key.ts'
import { operationRows } from '../tables/keccak/lanes.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { createProgramKey } from './program-key.ts'
import { decodeProofFile, encodeProofFile, type ProofFile } from './proof-file.ts'
import { maxProvableCycles, type ProveProgramOptions, planRun, proveProgram, verifyProgram } from './prove-program.ts'

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

async function keyOf(program: Uint8Array, logHeight: number): Promise<VerifyingKey> {
  const workers = new ProverWorkers({ threads: 0 })
  const { provingKey } = await createProgramKey({ program: loadProgram(program), parameters, workers, logHeights: [logHeight] })
  return provingKey.verifyingKey
}

async function keyDigestOf(program: Uint8Array, logHeight: number): Promise<Uint8Array> {
  return verifyingKeyDigest(await keyOf(program, logHeight), logHeight)
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

    const keyDigest = await keyDigestOf(changed, Math.max(...file.proof.subarray(3, 3 + machineAir.tables.length)))
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
    proof[3] = 40
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
  const segmentLogHeight = 12
  const limit = maxProvableCycles(segmentLogHeight)

  it('when it is too long, with its length', async () => {
    await expect(proveProgram({ ...options, segmentLogHeight, elf: countdown(limit) })).rejects.toMatchObject({
      code: 'PROOF_TOO_LONG',
      message: `The run takes ${2 * limit + 7} cycles; one proof can have ${limit}.`,
    })
  })

  it('when it never ends, with how far it was followed', async () => {
    const endless = code((assembler) => assembler.emit('jal', { rd: 0, imm: 0 }))
    await expect(proveProgram({ ...options, segmentLogHeight, elf: endless })).rejects.toMatchObject({
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
      { address: textBase + 4096, bytes: new Uint8Array(4 * 2 ** parameters.maxLogHeight), flags: 6 },
    ]
    await expect(proveProgram({ ...options, elf: makeElf({ segments }) })).rejects.toMatchObject({ code: 'PROGRAM_TOO_LARGE', exitCode: 5 })
  })

  it('when it takes more segments than a proof has', async () => {
    // No two permutations fit into a segment of so few rows.
    const hashing = code((assembler) => {
      assembler
        .li(5, maxSegments + 1)
        .li(10, 0x0100_0000 - 256)
        .li(17, 16)
      assembler.emit('ecall').emit('addi', { rd: 5, rs1: 5, imm: -1 }).emit('bne', { rs1: 5, rs2: 0, imm: -8 }).halt(0)
    })
    const segmentLogHeight = Math.ceil(Math.log2(operationRows))
    await expect(proveProgram({ ...options, segmentLogHeight, elf: hashing })).rejects.toMatchObject({ code: 'NOT_PROVABLE', exitCode: 5 })
  })
})

describe('a proof of a run in segments', () => {
  const segmentLogHeight = 9
  const input = Uint8Array.of(24, 0, 0, 0)

  it('is verified after it was written and read, and is refused without a segment', async () => {
    const phases: string[] = []
    const onPhase: ProveProgramOptions['onPhase'] = (phase, { segment, segments }) => phases.push(`${phase} ${segment}/${segments}`)
    const run = await proveProgram({ ...options, elf, input, segmentLogHeight, onPhase })
    expect(run.segments).toBe(3)
    expect(run.publicValues.exitCode).toBe(24)
    expect(phases.filter((phase) => phase.startsWith('commit'))).toEqual([0, 1, 2, 0, 1, 2].map((segment) => `commit ${segment}/3`))
    const file = decodeProofFile(encodeProofFile(run))
    await expect(verifyProgram({ ...options, elf, file })).resolves.toBeUndefined()

    const key = await keyOf(elf, 16)
    const { headers, segments } = decodeProof(file.proof, key)
    const proof = encodeProof({ headers: headers.slice(0, 2), segments: segments.slice(0, 2) })
    await expect(verifyProgram({ ...options, elf, file: { ...file, proof } })).rejects.toMatchObject({ check: 'bus-balance' })
  }, 240_000)

  it('can be made by provers that know the header and nothing of each other, each by its own means', async () => {
    const program = new MachineProgram(loadProgram(elf))
    const workers = new ProverWorkers({ threads: 0 })
    const agent = async () => {
      const plan = planRun({ program, input, segmentLogHeight, parameters })
      const { provingKey: key } = await createProgramKey({ program, parameters, workers, logHeights: [] })
      const run = { count: plan.segments.length, traces: (segment: number) => plan.traces(segment) }
      return { key, run, workers, publicValues: encodePublicValues(plan.publicValues) }
    }
    const bytes = encodeHeaders((await commitRun(await agent())).headers)
    const parts: Uint8Array[] = []
    for (const segment of [2, 0, 1]) {
      parts[segment] = encodeSegment(await proveSegment({ ...(await agent()), headers: decodeHeaders(bytes, machineAir), segment }))
    }
    const { key, publicValues, run } = await agent()
    await key.prepare(16, workers)
    const proof = decodeProof(concat(bytes, ...parts), key.verifyingKey)
    expect(() => verify(key.verifyingKey, publicValues, proof)).not.toThrow()
    expect(encodeProof(await proveRun({ ...(await agent()) }))).toEqual(concat(bytes, ...parts))

    const headers = proof.headers.with(1, { ...proof.headers[2], binding: [1n, 2n, 3n] } as SegmentHeader)
    await expect(proveSegment({ key, publicValues, run, workers, headers, segment: 1 })).rejects.toMatchObject({ code: 'SEGMENT_MISMATCH' })
    await expect(proveSegment({ key, publicValues, run, workers, headers: headers.slice(1), segment: 1 })).rejects.toMatchObject({
      code: 'SEGMENT_MISMATCH',
    })
  }, 240_000)
})
