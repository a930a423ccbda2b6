import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { casesProgram, instructionCases } from './cases.ts'

/** In Debian's package qemu-user. */
const qemu = 'qemu-riscv32'

export function isQemuInstalled(): boolean {
  return spawnSync(qemu, ['--version']).status === 0
}

/** Runs an ELF file as a Linux process of a RISC-V machine and returns what it writes to stdout. */
function runOnQemu(elf: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'zkvm-qemu-'))
  try {
    const file = join(folder, 'program.elf')
    writeFileSync(file, elf)
    chmodSync(file, 0o755)
    return execFileSync(qemu, [file], { maxBuffer: 1 << 26 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** rd, rs1, rs2, immediate, value of rs1, value of rs2, result (see cases.ts). */
export type InstructionVector = readonly number[]

/** Every case of cases.ts with qemu's result, by mnemonic. */
export function vectorsFromQemu(): Record<string, InstructionVector[]> {
  const results = runOnQemu(casesProgram())
  const vectors: Record<string, InstructionVector[]> = {}
  instructionCases.forEach(({ mnemonic, rd, rs1, rs2, imm, a, b }, index) => {
    vectors[mnemonic] ??= []
    vectors[mnemonic].push([rd, rs1, rs2, imm, a, b, results.readInt32LE(4 * index)])
  })
  return vectors
}
