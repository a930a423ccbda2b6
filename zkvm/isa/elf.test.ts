import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DevnetError } from '../../core/index.ts'
import { loadProgram } from './elf.ts'
import { assemble, type ElfSegment, makeElf, textBase } from './testing/make-elf.ts'

const plain = assemble((program) => program.emit('fence').halt())
const text: ElfSegment = { address: textBase, bytes: Uint8Array.of(0x73, 0, 0, 0), flags: 5 }

function patched(change: (view: DataView) => void, elf = plain): Uint8Array {
  const copy = elf.slice()
  change(new DataView(copy.buffer))
  return copy
}

function errorOf(elf: Uint8Array): DevnetError | undefined {
  try {
    loadProgram(elf)
  } catch (error) {
    if (error instanceof DevnetError) return error
    throw error
  }
  return undefined
}

test('loads segments, code and symbols', () => {
  const program = loadProgram(plain)
  expect(program.entry).toBe(textBase)
  expect(program.segments.map(({ address, isExecutable, isWritable }) => [address, isExecutable, isWritable])).toEqual([
    [0x01000000, true, false],
    [0x02000000, false, true],
  ])
  expect(program.code).toMatchObject({ base: textBase, length: 6 })
  expect(program.symbols.at(textBase + 8)).toBe('_start')
  expect(program.symbols.at(textBase + 24)).toBeUndefined()
})

test('loads from a view into a larger buffer', () => {
  const buffer = new Uint8Array(plain.length + 7)
  buffer.set(plain, 7)
  expect(loadProgram(buffer.subarray(7)).code.words).toEqual(loadProgram(plain).code.words)
})

describe('files that are not RV32IM say why', () => {
  test.each<[string, Uint8Array]>([
    ['compressed instructions', patched((view) => view.setUint32(36, 1, true))],
    ['a floating-point ABI', patched((view) => view.setUint32(36, 4, true))],
    ['RV32E, the ABI of 16 registers', patched((view) => view.setUint32(36, 8, true))],
    ['unknown flags 0x10', patched((view) => view.setUint32(36, 16, true))],
    ['the file is not of the 32-bit class', patched((view) => view.setUint8(4, 2))],
    ['the file is not little endian', patched((view) => view.setUint8(5, 2))],
    ['the file is for ELF machine 62, RISC-V is 243', patched((view) => view.setUint16(18, 62, true))],
  ])('%s', (what, elf) => {
    expect(errorOf(elf)).toMatchObject({ code: 'NOT_RV32IM', message: `The program is not RV32IM: ${what}.` })
  })
})

describe('files that cannot be loaded say why', () => {
  const data = (address: number, memorySize: number, flags = 6): ElfSegment => ({ address, bytes: new Uint8Array(0), memorySize, flags })
  test.each<[RegExp, Uint8Array]>([
    [/0 bytes are too short/, new Uint8Array(0)],
    [/not an ELF file/, new Uint8Array(100)],
    [/version is not 1/, patched((view) => view.setUint32(20, 2, true))],
    [/type 3, not a statically linked executable/, patched((view) => view.setUint16(16, 3, true))],
    [/wrong size/, patched((view) => view.setUint16(40, 64, true))],
    [/0 program headers/, patched((view) => view.setUint16(44, 0, true))],
    [/program headers of a wrong size/, patched((view) => view.setUint16(42, 56, true))],
    [/program headers lie outside/, patched((view) => view.setUint32(28, 0xffffffff, true))],
    [/dynamically linked/, patched((view) => view.setUint32(52 + 32, 2, true))],
    [/dynamically linked/, patched((view) => view.setUint32(52 + 32, 3, true))],
    [/segment at 0x1000000 lies outside the file/, patched((view) => view.setUint32(52 + 4, 0xfffffff0, true))],
    [/more bytes in the file than in memory/, patched((view) => view.setUint32(52 + 20, 0, true))],
    [/both writable and executable/, patched((view) => view.setUint32(52 + 24, 7, true))],
    [/begins at no multiple of 4/, makeElf({ segments: [{ ...text, address: textBase + 2 }] })],
    [/outside the image's addresses/, makeElf({ segments: [text, data(0, 16)] })],
    [/outside the image's addresses/, makeElf({ segments: [text, data(0x1ffffff0, 17)] })],
    [/outside the image's addresses/, makeElf({ segments: [text, data(0xfffff000, 0xffffffff)] })],
    [/outside the image's addresses/, makeElf({ segments: [text, data(0x80000000, 4)] })],
    [/overlaps/, makeElf({ segments: [text, data(textBase - 8, 9)] })],
    [/overlaps/, makeElf({ segments: [text, text] })],
    [/no executable segment/, makeElf({ segments: [data(textBase, 16)] })],
    [/span 16777220 bytes/, makeElf({ segments: [text, { ...text, address: textBase + 16 * 1024 * 1024 }] })],
    [/entry point 0x1000004/, makeElf({ entry: textBase + 4, segments: [text] })],
    [/entry point 0x1000002/, makeElf({ entry: textBase + 2, segments: [text] })],
    [/more than 64 loadable/, makeElf({ segments: [text, ...Array.from({ length: 64 }, (_, i) => data(0x02000000 + 16 * i, 16))] })],
    [/section headers of a wrong size/, patched((view) => view.setUint16(46, 0, true))],
    [/there is no section/, patched((view) => view.setUint32(32, 0xfffffff0, true))],
  ])('%s', (message, elf) => {
    expect(errorOf(elf)).toMatchObject({ code: 'PROGRAM_FILE_INVALID' })
    expect(errorOf(elf)?.message).toMatch(message)
  })
})

test('a file without sections has no symbols', () => {
  expect(loadProgram(patched((view) => view.setUint16(48, 0, true))).symbols.size).toBe(0)
})

describe('hostile bytes', () => {
  const byte = fc.integer({ min: 0, max: 255 })
  const interesting = fc.constantFrom(0, 1, 2, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff)

  test('a damaged file loads or is refused with a typed error', () => {
    const sections = new DataView(plain.buffer).getUint32(32, true)
    const offsets = fc.oneof(fc.nat({ max: 52 + 64 }), fc.integer({ min: sections - 64, max: plain.length - 4 }))
    const change = fc.tuple(offsets, fc.oneof(interesting, byte))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.option(fc.nat({ max: plain.length })), (changes, cut) => {
        const elf = patched((view) => {
          for (const [offset, value] of changes) value > 255 ? view.setUint32(offset, value, true) : view.setUint8(offset, value)
        })
        errorOf(cut === null ? elf : elf.subarray(0, cut))
      }),
      { numRuns: 3000 },
    )
  })

  test('any bytes are refused with a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(errorOf(bytes)).toBeInstanceOf(DevnetError)
        expect(errorOf(Uint8Array.of(...plain.subarray(0, 52), ...bytes))).toBeInstanceOf(DevnetError)
      }),
    )
  })
})
