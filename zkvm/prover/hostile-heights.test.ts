import { describe, expect, it } from 'vitest'
import { assemble } from '../isa/testing/make-elf.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { proofVersion } from '../stark/proof.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { verifyProgram } from './prove-program.ts'

const elf = assemble((program) => program.halt())
const publicValues = { entry: 0x0100_0000, exitCode: 0, output: null }

describe('a proof whose heights no key has', () => {
  it.each([0, 1, defaultParameters.minLogHeight, 12, 15, defaultParameters.maxLogHeight + 1, 63, 255])(
    'is refused before a key is made: 2^%d',
    async (log) => {
      const proof = new Uint8Array(4096)
      proof.set([proofVersion, 0, 1])
      proof.fill(log, 3, 3 + machineAir.tables.length)
      const file = { keyDigest: new Uint8Array(32), publicValues, proof }
      await expect(verifyProgram({ elf, file, threads: 0 })).rejects.toThrow(
        expect.objectContaining({ code: 'INVALID_PROOF', check: 'heights' }),
      )
    },
  )
})
