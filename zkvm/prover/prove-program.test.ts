import { describe, expect, it } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import { readProgram } from '../isa/testing/build-programs.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { decodeProofFile, encodeProofFile } from './proof-file.ts'
import { proveProgram, verifyProgram } from './prove-program.ts'

/** Fewer queries and less work than a proof that anybody should believe; the same steps. */
const parameters = { ...defaultParameters, queries: 6, grindingBits: 2 }
const elf = readProgram('fibonacci')
const threads = 2

describe('a program', () => {
  it('is proven, written to a file, read again and verified; for other public values or another program it is not', async () => {
    const input = Uint8Array.of(12, 0, 0, 0)
    const run = await proveProgram({ elf, input, parameters, threads })
    expect(run.publicValues.exitCode).toBe(12)
    expect(new DataView((run.publicValues.output ?? new Uint8Array(32)).buffer).getUint32(0, true)).toBe(144)
    const file = decodeProofFile(encodeProofFile(run))
    await expect(verifyProgram({ elf, file, parameters, threads })).resolves.toBeUndefined()

    const forgedOutput = { ...file, publicValues: { ...file.publicValues, output: keccak256(new Uint8Array()) } }
    await expect(verifyProgram({ elf, file: forgedOutput, parameters, threads })).rejects.toThrow(expect.objectContaining({ code: 'INVALID_PROOF' }))
    const forgedExit = { ...file, publicValues: { ...file.publicValues, exitCode: 13 } }
    await expect(verifyProgram({ elf, file: forgedExit, parameters, threads })).rejects.toThrow(expect.objectContaining({ code: 'INVALID_PROOF' }))
    const other = readProgram('sorting')
    await expect(verifyProgram({ elf: other, file, parameters, threads })).rejects.toThrow(expect.objectContaining({ code: 'INVALID_PROOF' }))
  }, 240_000)

  it('is refused before anything is proven where the run is too long', async () => {
    const input = Uint8Array.of(0xff, 0xff, 0xff, 0xff)
    await expect(proveProgram({ elf, input, parameters, threads })).rejects.toThrow(expect.objectContaining({ code: 'PROOF_TOO_LONG' }))
  })
})

describe('a proof file', () => {
  it.each([new Uint8Array(), new Uint8Array(100), new TextEncoder().encode('zkdevnet-proof-2'.padEnd(100))])('is not %#', (bytes) => {
    expect(() => decodeProofFile(bytes)).toThrow(expect.objectContaining({ code: 'PROOF_FILE_INVALID' }))
  })
})
