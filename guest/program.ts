import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hex, keccak256Hex } from '../core/index.ts'
import type { ProgramDescription as ProvenProgram } from '../zkvm/index.ts'

/** What `npm run build:guest` writes and CI builds again. */
export const programPaths = {
  elf: join(import.meta.dirname, 'build/stf.elf'),
  description: join(import.meta.dirname, 'build/stf.json'),
} as const

/** guest/build/stf.json */
export interface ProgramDescription {
  /** keccak256 of the ELF file. */
  readonly programId: Hex
  readonly sha256: string
  /** Of the ELF file, in bytes. */
  readonly size: number
  readonly compiler: string
  readonly stark: StarkDescription
}

/** The program as the zkVM's proofs are about it. */
export interface StarkDescription extends ProvenProgram {
  /** Under which L1 knows it: docs/formats.md §10. */
  readonly programId: Hex
}

export function describeElf(elf: Uint8Array): Omit<ProgramDescription, 'compiler' | 'stark'> {
  return { programId: keccak256Hex(elf), sha256: createHash('sha256').update(elf).digest('hex'), size: elf.length }
}

export interface GuestProgram {
  /** For the machine, with function symbols. */
  readonly elf: Uint8Array
  /** keccak256 of the ELF file: what attestations are about. */
  readonly programId: Hex
  /** What STARK proofs are about. */
  readonly stark: StarkDescription
}

/** The program that executes a batch, as it is committed. */
export function guestProgram(): GuestProgram {
  const elf = readFileSync(programPaths.elf)
  const { stark }: ProgramDescription = JSON.parse(readFileSync(programPaths.description, 'utf8'))
  return { elf, programId: describeElf(elf).programId, stark }
}
