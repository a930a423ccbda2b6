import { ProgramFileError } from './errors.ts'
import { type CodeSymbol, SymbolTable } from './symbols.ts'

const SECTION_HEADER_SIZE = 40
const SYMBOL_SIZE = 16
const SHT_SYMTAB = 2
const SHT_STRTAB = 3
const STT_NOTYPE = 0
const STT_FUNC = 2
const MAX_NAME_LENGTH = 1024

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

function readSection(file: DataView, index: number): Section {
  const table = file.getUint32(32, true)
  const count = file.getUint16(48, true)
  const at = table + index * SECTION_HEADER_SIZE
  if (index >= count || at + SECTION_HEADER_SIZE > file.byteLength) throw new ProgramFileError(`there is no section ${index}`)
  const section = {
    type: file.getUint32(at + 4, true),
    offset: file.getUint32(at + 16, true),
    size: file.getUint32(at + 20, true),
    link: file.getUint32(at + 24, true),
  }
  const isInFile = section.type === SHT_SYMTAB || section.type === SHT_STRTAB
  if (isInFile && section.offset + section.size > file.byteLength) throw new ProgramFileError(`section ${index} lies outside the file`)
  return section
}

function readName(elf: Uint8Array, names: Section, offset: number): string {
  if (offset >= names.size) throw new ProgramFileError('a symbol has its name outside the string table')
  const start = names.offset + offset
  // The bound keeps many symbols that share one long name from costing their product.
  const tail = elf.subarray(start, Math.min(start + MAX_NAME_LENGTH, names.offset + names.size))
  const end = tail.indexOf(0)
  return Buffer.from(end < 0 ? tail : tail.subarray(0, end)).toString('latin1')
}

/** Functions and labels in executable segments; a stripped file has none. */
export function readSymbols(elf: Uint8Array, file: DataView, executable: readonly { address: number; memorySize: number }[]): SymbolTable {
  const count = file.getUint16(48, true)
  if (count === 0) return new SymbolTable([])
  if (file.getUint16(46, true) !== SECTION_HEADER_SIZE) throw new ProgramFileError('section headers of a wrong size')
  const symbols: CodeSymbol[] = []
  let tables = 0
  for (let index = 0; index < count; index++) {
    const section = readSection(file, index)
    if (section.type !== SHT_SYMTAB) continue
    tables += 1
    if (tables > 1) throw new ProgramFileError('it has more than one symbol table')
    const names = readSection(file, section.link)
    if (names.type !== SHT_STRTAB) throw new ProgramFileError('the symbol table has no string table')
    for (let at = section.offset; at + SYMBOL_SIZE <= section.offset + section.size; at += SYMBOL_SIZE) {
      const address = file.getUint32(at + 4, true)
      const size = file.getUint32(at + 8, true)
      const type = file.getUint8(at + 12) & 15
      if (type !== STT_FUNC && type !== STT_NOTYPE) continue
      if (!executable.some((segment) => address >= segment.address && address < segment.address + segment.memorySize)) continue
      const name = readName(elf, names, file.getUint32(at, true))
      // `$x` marks where code begins, `.L…` are the compiler's own labels.
      if (name !== '' && !name.startsWith('$') && !name.startsWith('.L')) symbols.push({ name, address, size })
    }
  }
  return new SymbolTable(symbols)
}
