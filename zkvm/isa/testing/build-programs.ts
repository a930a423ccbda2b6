import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const programNames = ['fibonacci', 'keccak', 'sorting', 'loop'] as const

export type ProgramName = (typeof programNames)[number]

const folder = join(import.meta.dirname, 'programs')

const flags = [
  ...['--target=riscv32', '-march=rv32im', '-mabi=ilp32', '-mno-relax', '-std=c17', '-O2', '-ffreestanding', '-fno-pic'],
  ...['-Wall', '-Wextra', '-Werror', '-Wno-unused-command-line-argument'],
  ...['-nostdlib', '-static', '-fuse-ld=lld', '-Wl,--build-id=none', '-Wl,-T,program.ld'],
]

export function elfPath(name: ProgramName): string {
  return join(folder, `${name}.elf`)
}

/** The committed ELF file. */
export function readProgram(name: ProgramName): Uint8Array {
  return readFileSync(elfPath(name))
}

/** Debian 12's compiler: another version writes other bytes. */
export function isCompilerInstalled(): boolean {
  const { status, stdout } = spawnSync('clang', ['--version'], { encoding: 'utf8' })
  return status === 0 && stdout.includes('clang version 14.') && spawnSync('ld.lld', ['--version']).status === 0
}

/** Compiles a program; the bytes do not depend on where it is done. */
export function buildProgram(name: ProgramName): Buffer {
  const out = mkdtempSync(join(tmpdir(), 'zkvm-programs-'))
  try {
    const elf = join(out, 'program.elf')
    execFileSync('clang', [...flags, 'machine.c', `${name}.c`, '-o', elf], { cwd: folder, stdio: 'inherit' })
    return readFileSync(elf)
  } finally {
    rmSync(out, { recursive: true })
  }
}
