import { Assembler } from './assembler.ts'

export const textBase = 0x0100_0000
export const dataBase = 0x0200_0000
const dataSize = 0x0010_0000

const PAGE = 4096

export interface ElfSegment {
  readonly address: number
  readonly bytes: Uint8Array
  readonly memorySize?: number
  /** PF_R 4, PF_W 2, PF_X 1. */
  readonly flags: number
}

export interface ElfParts {
  readonly entry?: number
  readonly segments: readonly ElfSegment[]
  readonly symbols?: readonly { name: string; address: number; size: number }[]
}

function wordsToBytes(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/** An ELF file for RV32IM, laid out so that Linux' loader takes it too. */
export function makeElf({ entry = textBase, segments, symbols = [] }: ElfParts): Uint8Array {
  const offsets: number[] = []
  let end = PAGE
  for (const { address, bytes } of segments) {
    end = Math.ceil(end / PAGE) * PAGE + (address % PAGE)
    offsets.push(end)
    end += bytes.length
  }
  const names = Buffer.from(['', ...symbols.map(({ name }) => name), ''].join('\0'), 'latin1')
  const symbolsAt = end + ((4 - (end % 4)) % 4)
  const namesAt = symbolsAt + 16 * (symbols.length + 1)
  const sectionsAt = namesAt + names.length + ((4 - ((namesAt + names.length) % 4)) % 4)
  const file = Buffer.alloc(sectionsAt + 3 * 40)

  file.write('\x7fELF\x01\x01\x01', 'latin1')
  file.writeUInt16LE(2, 16)
  file.writeUInt16LE(243, 18)
  file.writeUInt32LE(1, 20)
  file.writeUInt32LE(entry, 24)
  file.writeUInt32LE(52, 28)
  file.writeUInt32LE(sectionsAt, 32)
  ;[52, 32, segments.length, 40, 3, 0].forEach((value, index) => {
    file.writeUInt16LE(value, 40 + 2 * index)
  })
  segments.forEach(({ address, bytes, memorySize = bytes.length, flags }, index) => {
    const offset = offsets[index] ?? 0
    const header = [1, offset, address, address, bytes.length, memorySize, flags, PAGE]
    header.forEach((value, field) => {
      file.writeUInt32LE(value, 52 + 32 * index + 4 * field)
    })
    file.set(bytes, offset)
  })
  let nameAt = 1
  symbols.forEach(({ name, address, size }, index) => {
    const at = symbolsAt + 16 * (index + 1)
    ;[nameAt, address, size].forEach((value, field) => {
      file.writeUInt32LE(value, at + 4 * field)
    })
    file.writeUInt8(0x12, at + 12)
    nameAt += name.length + 1
  })
  file.set(names, namesAt)
  const sections = [[], [0, 2, 0, 0, symbolsAt, 16 * (symbols.length + 1), 2, 1, 4, 16], [0, 3, 0, 0, namesAt, names.length, 0, 0, 1, 0]]
  sections.forEach((fields, index) => {
    fields.forEach((value, field) => {
      file.writeUInt32LE(value, sectionsAt + 40 * index + 4 * field)
    })
  })
  return new Uint8Array(file)
}

/** A program at `textBase` with `dataSize` writable bytes at `dataBase`, `data` first. */
export function assemble(write: (program: Assembler) => void, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const program = new Assembler(textBase)
  write(program)
  return makeElf({
    segments: [
      { address: textBase, bytes: wordsToBytes(program.words), flags: 5 },
      { address: dataBase, bytes: data, memorySize: dataSize, flags: 6 },
    ],
    symbols: [{ name: '_start', address: textBase, size: 4 * program.words.length }],
  })
}
