import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const examples = join('guest', 'examples')
const machine = join(examples, 'machine')

const flags = [
  ...['--target=riscv32', '-march=rv32im', '-mabi=ilp32', '-mno-relax', '-std=c17', '-O2', '-ffreestanding', '-fno-pic'],
  ...['-ffunction-sections', '-fdata-sections', '-Wall', '-Wextra', '-Werror', '-Wno-unused-command-line-argument'],
  ...[
    '-nostdlib',
    '-static',
    '-fuse-ld=lld',
    '-Wl,--gc-sections',
    '-Wl,--build-id=none',
    `-Wl,-T,${join(machine, 'program.ld')}`,
    '-I',
    examples,
  ],
]

export interface ProgramSource {
  /** From the root of the repository, or absolute. */
  readonly file: string
  /** Its keccak256: by the machine's system function, or in C, which takes some hundred times the cycles. */
  readonly keccak: 'machine' | 'c'
}

/** Debian 12's compiler: another version writes other bytes. */
export function isCompilerInstalled(): boolean {
  const { status, stdout } = spawnSync('clang', ['--version'], { encoding: 'utf8' })
  return status === 0 && stdout.includes('clang version 14.') && spawnSync('ld.lld', ['--version']).status === 0
}

/** Compiles a program with the machine's start code; the bytes do not depend on where it is done. */
export function compileProgram({ file, keccak }: ProgramSource): Buffer {
  const out = mkdtempSync(join(tmpdir(), 'zkvm-program-'))
  try {
    const elf = join(out, 'program.elf')
    const sources = [join(machine, 'machine.c'), join(machine, 'keccak.c'), file]
    const defines = keccak === 'c' ? ['-DKECCAK_IN_C'] : []
    execFileSync('clang', [...flags, ...defines, ...sources, '-o', elf], { cwd: root, stdio: 'inherit' })
    return readFileSync(elf)
  } finally {
    rmSync(out, { recursive: true })
  }
}
