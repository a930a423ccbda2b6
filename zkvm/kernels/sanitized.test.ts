import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const flags = ['-std=c17', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
const kinds = { scalar: [], avx2: ['-mavx2'], avx512: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl'] }

it.skipIf(process.arch !== 'x64')(
  'kernels touch nothing but their arrays, and all kinds write the same',
  () => {
    const out = mkdtempSync(join(tmpdir(), 'zkvm-sanitized-'))
    const file = (name: string): string => join(import.meta.dirname, name)
    try {
      const objects = Object.entries(kinds).map(([kind, own]) => {
        const object = join(out, `${kind}.o`)
        execFileSync('clang', [...flags, ...own, `-DKERNELS=kernels_${kind}`, '-c', file('src/kernels.c'), '-o', object])
        return object
      })
      const program = join(out, 'sanitized')
      execFileSync('clang', [...flags, file('testing/sanitized.c'), ...objects, '-o', program])
      expect(['scalar', 'avx2', 'avx512']).toContain(execFileSync(program, { encoding: 'utf8' }).trim())
    } finally {
      rmSync(out, { recursive: true })
    }
  },
  180_000,
)
