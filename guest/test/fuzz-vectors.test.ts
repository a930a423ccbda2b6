import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Hex, hexToBytes } from '../../core/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { replay } from '../fuzz/lib-fuzzer.ts'
import { type FuzzTarget, seedsOf, targets } from '../fuzz/seeds.ts'

interface FuzzInput {
  readonly target: FuzzTarget
  readonly behaviour: string
  readonly input: Hex
}

/** Inputs that once mattered, or reach what seeds do not. */
const inputs: readonly FuzzInput[] = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors/fuzz-inputs.json'), 'utf8'))

async function replayAll(target: FuzzTarget): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'fuzz-'))
  try {
    const known = inputs.filter((one) => one.target === target).map(({ input }) => hexToBytes(input))
    const files = [...known, ...(await seedsOf(target))].map((bytes, index) => {
      const file = join(directory, `${index}`)
      writeFileSync(file, bytes)
      return file
    })
    await replay(target, files)
    return known.length
  } finally {
    rmSync(directory, { recursive: true })
  }
}

describe.skipIf(!hasCompiler())(`a target of the fuzzer${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it.each(targets)('runs what is known and what it starts from without a finding: %s', { timeout: 300_000 }, async (target) => {
    expect(await replayAll(target)).toBeGreaterThan(0)
  })
})
