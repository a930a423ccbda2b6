import { disassemble } from './disassemble.ts'
import type { Program } from './elf.ts'
import { type FaultDetails, MachineFaultError } from './errors.ts'
import { type Hart, type Stop, stop } from './interpreter.ts'

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

export interface FaultSource {
  readonly reason: Exclude<Stop, typeof stop.budget>
  readonly hart: Hart
  readonly program: Program
  /** Of a refused system call: what is wrong. */
  readonly what?: string
}

function describe({ reason, hart, program: { code }, what }: FaultSource): Pick<FaultDetails, 'kind' | 'what'> {
  const word = code.words[(hart.pc - code.base) >>> 2] ?? 0
  const text = disassemble(word, hart.pc)
  switch (reason) {
    case stop.ecall:
      return { kind: 'system-function', what: what ?? 'refused' }
    case stop.ebreak:
      return { kind: 'breakpoint', what: 'ebreak' }
    case stop.illegalInstruction:
      return { kind: 'illegal-instruction', what: `${hex(word)} is no instruction of RV32IM` }
    case stop.misalignedAccess:
      return { kind: 'misaligned-access', what: `\`${text}\` at address ${hex(hart.address)}` }
    case stop.outOfRangeAccess:
      return { kind: 'access-out-of-range', what: `\`${text}\` at address ${hex(hart.address)}, outside RAM` }
    case stop.misalignedTarget:
      return { kind: 'misaligned-target', what: `\`${text}\` to ${hex(hart.address)}` }
    case stop.outsideCode:
      return { kind: 'pc-out-of-range', what: 'pc is outside the executable segments' }
  }
}

function isInsideCode(program: Program, pc: number): boolean {
  return program.segments.some(({ isExecutable, address, memorySize }) => isExecutable && pc >= address && pc < address + memorySize)
}

/** The error for an instruction that stopped the machine. */
export function toFault(source: FaultSource): MachineFaultError {
  const { hart, program } = source
  const pc = hart.pc >>> 0
  // The decoded code spans the gap between two executable segments; what is in it is outside all the same.
  const isInGap = source.reason === stop.illegalInstruction && !isInsideCode(program, pc)
  const details = describe(isInGap ? { ...source, reason: stop.outsideCode } : source)
  return new MachineFaultError({ ...details, pc, cycle: hart.cycles, symbol: program.symbols.at(pc) })
}
