import type { Program } from '../../isa/elf.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { bytesFixed } from '../bytes/lookups.ts'
import { imageFixed, imageWords } from '../image/image.ts'
import { keccakLookupsFixed } from '../keccak/lookups.ts'
import { programFixed } from '../program/fixed.ts'
import { type ProgramInstruction, programInstruction } from '../program/instruction.ts'
import { type Region, regionsAround, regionsFixed } from '../regions/regions.ts'
import { type MachineTableName, machineTableNames } from './machine-air.ts'

/** A program as the tables see it. */
export class MachineProgram {
  readonly program: Program
  readonly image: ReadonlyMap<number, number>
  readonly regions: readonly Region[]
  /** By index in the program's code; null for words that have no proof. */
  readonly instructions: readonly (ProgramInstruction | null)[]

  constructor(program: Program) {
    this.program = program
    this.image = imageWords(program.segments)
    this.regions = regionsAround(this.image.keys())
    this.instructions = Array.from({ length: program.code.length }, (_, index) => programInstruction(program.code, index))
  }

  /** The fixed columns in the order of the machine's tables. */
  fixedColumns(): (FixedColumns | null)[] {
    const fixed: Partial<Record<MachineTableName, FixedColumns>> = {
      bytes: bytesFixed(),
      keccakLookups: keccakLookupsFixed(),
      program: programFixed(this.program.code),
      image: imageFixed(this.image),
      regions: regionsFixed(this.regions),
    }
    return machineTableNames.map((name) => fixed[name] ?? null)
  }
}
