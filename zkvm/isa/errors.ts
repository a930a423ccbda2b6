import { DevnetError } from '../../core/index.ts'

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

/** The bytes are no program file that the machine can load. */
export class ProgramFileError extends DevnetError {
  override name = 'ProgramFileError'
  constructor(what: string) {
    super(`The program file cannot be loaded: ${what}.`, {
      code: 'PROGRAM_FILE_INVALID',
      exitCode: 2,
      metaMessages: ['zkvm/isa/README.md says what a program file must be and how to build one.'],
    })
  }
}

/** The file is an ELF file, but for another instruction set than RV32IM with the soft-float ABI. */
export class NotRv32imError extends DevnetError {
  override name = 'NotRv32imError'
  constructor(what: string) {
    super(`The program is not RV32IM: ${what}.`, {
      code: 'NOT_RV32IM',
      exitCode: 2,
      metaMessages: ['Build it with `clang --target=riscv32 -march=rv32im -mabi=ilp32`, or `gcc -march=rv32im -mabi=ilp32`.'],
    })
  }
}

/** The private input does not fit into its region of memory. */
export class InputTooLongError extends DevnetError {
  override name = 'InputTooLongError'
  constructor({ length, limit }: { length: number; limit: number }) {
    super(`The private input has ${length} bytes; the machine takes ${limit}.`, { code: 'PROGRAM_INPUT_TOO_LONG', exitCode: 2 })
  }
}

export type FaultKind =
  | 'illegal-instruction'
  | 'misaligned-access'
  | 'misaligned-target'
  | 'access-out-of-range'
  | 'pc-out-of-range'
  | 'breakpoint'
  | 'system-function'

export interface FaultDetails {
  readonly kind: FaultKind
  readonly pc: number
  /** Instructions executed before it. */
  readonly cycle: number
  /** Function that `pc` lies in, where the file has symbols. */
  readonly symbol: string | undefined
  /** What happened, as a clause. */
  readonly what: string
}

/** The program did something that the machine does not allow. Such a run has no proof. */
export class MachineFaultError extends DevnetError {
  override name = 'MachineFaultError'
  readonly kind: FaultKind
  readonly pc: number
  readonly cycle: number
  readonly symbol: string | undefined
  constructor({ kind, pc, cycle, symbol, what }: FaultDetails) {
    super(`The program faulted at pc ${hex(pc)}${symbol === undefined ? '' : ` in ${symbol}`} after ${cycle} cycles: ${what}.`, {
      code: 'PROGRAM_FAULT',
      exitCode: 5,
      metaMessages: [`\`llvm-objdump -d\` shows the code around ${hex(pc)}.`],
    })
    this.kind = kind
    this.pc = pc
    this.cycle = cycle
    this.symbol = symbol
  }
}

/** The program did not halt within the cycles that it was given. */
export class CycleLimitError extends DevnetError {
  override name = 'CycleLimitError'
  readonly pc: number
  readonly symbol: string | undefined
  constructor({ limit, pc, symbol }: { limit: number; pc: number; symbol: string | undefined }) {
    super(`The program did not halt within ${limit} cycles; it stood at pc ${hex(pc)}${symbol === undefined ? '' : ` in ${symbol}`}.`, {
      code: 'PROGRAM_CYCLE_LIMIT',
      exitCode: 5,
    })
    this.pc = pc
    this.symbol = symbol
  }
}
