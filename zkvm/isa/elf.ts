import { addressMap } from './address-map.ts'
import { type Code, decode } from './decode.ts'
import { readSymbols } from './elf-symbols.ts'
import { NotRv32imError, ProgramFileError } from './errors.ts'
import type { SymbolTable } from './symbols.ts'

/** A loadable piece of the image; past `bytes` it is zero up to `memorySize`. */
export interface Segment {
  readonly address: number
  readonly bytes: Uint8Array
  readonly memorySize: number
  readonly isWritable: boolean
  readonly isExecutable: boolean
}

/** A loaded program: what decides a run besides the private input. */
export interface Program {
  readonly entry: number
  /** In order of address, disjoint, inside the image's part of RAM. */
  readonly segments: readonly Segment[]
  /** From the first to the last executable segment; words between two of them are illegal. */
  readonly code: Code
  readonly symbols: SymbolTable
}

/** Executable segments lie within this many bytes: the decoded columns are that long. */
const maxCodeSpan = 16 * 1024 * 1024

const ELF_HEADER_SIZE = 52
const PROGRAM_HEADER_SIZE = 32
const EF_RISCV_RVC = 0x1
const EF_RISCV_FLOAT_ABI = 0x6
const EF_RISCV_RVE = 0x8
const EM_RISCV = 243
const ET_EXEC = 2
const PT_LOAD = 1
const PT_DYNAMIC = 2
const PT_INTERP = 3
const PF_X = 1
const PF_W = 2
const PN_XNUM = 0xffff
const MAX_SEGMENTS = 64

function hex(value: number): string {
  return `0x${value.toString(16)}`
}

function assertHeader(file: DataView): void {
  if (file.byteLength < ELF_HEADER_SIZE) throw new ProgramFileError(`${file.byteLength} bytes are too short for an ELF header`)
  if (file.getUint32(0) !== 0x7f454c46) throw new ProgramFileError('it is not an ELF file')
  if (file.getUint8(4) !== 1) throw new NotRv32imError('the file is not of the 32-bit class')
  if (file.getUint8(5) !== 1) throw new NotRv32imError('the file is not little endian')
  if (file.getUint8(6) !== 1 || file.getUint32(20, true) !== 1) throw new ProgramFileError('the ELF version is not 1')
  const machine = file.getUint16(18, true)
  if (machine !== EM_RISCV) throw new NotRv32imError(`the file is for ELF machine ${machine}, RISC-V is ${EM_RISCV}`)
  const flags = file.getUint32(36, true)
  if ((flags & EF_RISCV_RVC) !== 0) throw new NotRv32imError('compressed instructions')
  if ((flags & EF_RISCV_FLOAT_ABI) !== 0) throw new NotRv32imError('a floating-point ABI')
  if ((flags & EF_RISCV_RVE) !== 0) throw new NotRv32imError('RV32E, the ABI of 16 registers')
  if (flags !== 0) throw new NotRv32imError(`unknown flags ${hex(flags)}`)
  const type = file.getUint16(16, true)
  if (type !== ET_EXEC) throw new ProgramFileError(`it is of type ${type}, not a statically linked executable (${ET_EXEC})`)
  if (file.getUint16(40, true) !== ELF_HEADER_SIZE) throw new ProgramFileError('the ELF header states a wrong size')
}

function readSegments(elf: Uint8Array, file: DataView): Segment[] {
  const offset = file.getUint32(28, true)
  const count = file.getUint16(44, true)
  if (count === 0 || count === PN_XNUM) throw new ProgramFileError(`${count} program headers`)
  if (file.getUint16(42, true) !== PROGRAM_HEADER_SIZE) throw new ProgramFileError('program headers of a wrong size')
  if (offset + count * PROGRAM_HEADER_SIZE > elf.length) throw new ProgramFileError('the program headers lie outside the file')
  const segments: Segment[] = []
  for (let index = 0; index < count; index++) {
    const at = offset + index * PROGRAM_HEADER_SIZE
    const type = file.getUint32(at, true)
    if (type === PT_INTERP || type === PT_DYNAMIC) throw new ProgramFileError('it is dynamically linked')
    if (type !== PT_LOAD) continue
    const segment = readSegment(elf, file, at)
    if (segment.memorySize > 0) segments.push(segment)
    if (segments.length > MAX_SEGMENTS) throw new ProgramFileError(`it has more than ${MAX_SEGMENTS} loadable segments`)
  }
  return segments.sort((a, b) => a.address - b.address)
}

function readSegment(elf: Uint8Array, file: DataView, at: number): Segment {
  const offset = file.getUint32(at + 4, true)
  const address = file.getUint32(at + 8, true)
  const fileSize = file.getUint32(at + 16, true)
  const memorySize = file.getUint32(at + 20, true)
  const flags = file.getUint32(at + 24, true)
  const name = `the segment at ${hex(address)}`
  if (offset + fileSize > elf.length) throw new ProgramFileError(`${name} lies outside the file`)
  if (fileSize > memorySize) throw new ProgramFileError(`${name} has more bytes in the file than in memory`)
  if (memorySize > 0 && (address < addressMap.ramStart || address + memorySize > addressMap.imageEnd)) {
    throw new ProgramFileError(
      `${name} (${memorySize} bytes) lies outside the image's addresses ${hex(addressMap.ramStart)} to ${hex(addressMap.imageEnd)}`,
    )
  }
  const isWritable = (flags & PF_W) !== 0
  const isExecutable = (flags & PF_X) !== 0
  if (isWritable && isExecutable) throw new ProgramFileError(`${name} is both writable and executable`)
  if (isExecutable && address % 4 !== 0) throw new ProgramFileError(`${name} is executable and begins at no multiple of 4`)
  return { address, bytes: elf.slice(offset, offset + fileSize), memorySize, isWritable, isExecutable }
}

function assertDisjoint(segments: readonly Segment[]): void {
  let end = 0
  for (const { address, memorySize } of segments) {
    if (address < end) throw new ProgramFileError(`the segment at ${hex(address)} overlaps the one before it`)
    end = address + memorySize
  }
}

function readCode(executable: readonly Segment[]): Code {
  const [first, last] = [executable[0], executable.at(-1)]
  if (first === undefined || last === undefined) throw new ProgramFileError('it has no executable segment')
  const span = last.address + last.memorySize - first.address
  if (span > maxCodeSpan) throw new ProgramFileError(`its executable segments span ${span} bytes, ${maxCodeSpan} at most`)
  const words = new Int32Array(Math.ceil(span / 4))
  const bytes = new Uint8Array(words.buffer)
  for (const segment of executable) bytes.set(segment.bytes, segment.address - first.address)
  return decode(words, first.address)
}

/**
 * Reads an ELF file as the machine takes it (README.md).
 *
 * @throws ProgramFileError, NotRv32imError
 */
export function loadProgram(elf: Uint8Array): Program {
  const file = new DataView(elf.buffer, elf.byteOffset, elf.byteLength)
  assertHeader(file)
  const segments = readSegments(elf, file)
  assertDisjoint(segments)
  const executable = segments.filter(({ isExecutable }) => isExecutable)
  const code = readCode(executable)
  const entry = file.getUint32(24, true)
  const isInside = executable.some(({ address, memorySize }) => entry >= address && entry < address + memorySize)
  if (entry % 4 !== 0 || !isInside) throw new ProgramFileError(`the entry point ${hex(entry)} is at no instruction`)
  return { entry, segments, code, symbols: readSymbols(elf, file, executable) }
}
