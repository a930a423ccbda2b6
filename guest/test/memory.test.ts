import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../zkvm/index.ts'
import { buildMachineDriver, compilerNeeded, hasCompiler } from '../build.ts'

describe.skipIf(!hasCompiler())('copies in the machine', () => {
  it('do what loops over bytes do, at every alignment and overlap', () => {
    const elf = readFileSync(buildMachineDriver('memory'))
    expect(runProgram({ elf, maxCycles: 200_000_000 }).exitCode).toBe(0)
  })
})

if (!hasCompiler()) console.info(`copies in the machine: skipped: ${compilerNeeded}`)
