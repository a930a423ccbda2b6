import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compileProgram } from '../../../guest/examples/compile.ts'
import { examplePath } from '../../../guest/examples/programs.ts'

export type ProgramName = 'fibonacci' | 'keccak' | 'sorting' | 'loop'

const loop = join(import.meta.dirname, 'programs', 'loop')

/** Examples, and a program for benches. */
function elfPath(name: ProgramName): string {
  return name === 'loop' ? `${loop}.elf` : examplePath(name)
}

/** The committed ELF file. */
export function readProgram(name: ProgramName): Uint8Array {
  return readFileSync(elfPath(name))
}

export const loopProgram = {
  path: elfPath('loop'),
  build: (): Buffer => compileProgram({ file: relative(join(import.meta.dirname, '../../..'), `${loop}.c`), keccak: 'machine' }),
} as const
