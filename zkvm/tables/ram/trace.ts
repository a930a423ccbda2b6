import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import type { CarriedCell } from '../carried-memory.ts'
import { type Region, regionKind } from '../regions/regions.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { ramTable } from './air.ts'

const column = columnsOf(ramTable)
const at = {
  isRegister: column('isRegister'),
  isImage: column('isImage'),
  isInput: column('isInput'),
  isZero: column('isZero'),
  isContinuedRegister: column('isContinuedRegister'),
  isContinuedWord: column('isContinuedWord'),
  address: column('address'),
  initial: column('initial'),
  final: column('final'),
  timestamp: column('timestamp'),
  isOrdered: column('isOrdered'),
  stepLow: column('stepLow'),
  isKept: column('isKept'),
  from: column('from'),
  wordLow: column('wordLow'),
  first: column('first'),
  last: column('last'),
  aboveLow: column('aboveLow'),
  belowLow: column('belowLow'),
  initialLow: column('initialLow'),
}

/** Fills the ram table once a segment is over. Counts what it looks up in the image, by address, and in the regions, by index. */
export function ramRows({
  segment,
  registers,
  ram,
  image,
  regions,
  lookups,
  memory,
}: {
  readonly segment: number
  readonly registers: readonly CarriedCell[]
  readonly ram: readonly CarriedCell[]
  readonly image: ReadonlyMap<number, number>
  readonly regions: readonly Region[]
  readonly lookups: ByteLookups
  readonly memory?: WordPool | undefined
}): { readonly rows: RowBuffer; readonly imageWords: ReadonlySet<number>; readonly regionCounts: readonly number[] } {
  const rows = new RowBuffer(ramTable.mainColumns.length, memory, registers.length + ram.length)
  const imageUsed = new Set<number>()
  const regionCounts = regions.map(() => 0)
  let region = 0

  const append = (cell: CarriedCell, next: CarriedCell | undefined): number => {
    const start = rows.append()
    const { cells } = rows
    cells[start + at.address] = cell.address
    cells[start + at.initial] = cell.initial
    cells[start + at.final] = cell.value
    cells[start + at.timestamp] = cell.timestamp
    cells[start + at.isKept] = cell.isKept ? 1 : 0
    if (segment > 0) {
      cells[start + at.from] = cell.from
      lookups.half(segment - cell.from)
    }
    if (next !== undefined) {
      const step = next.address - cell.address - 1
      cells[start + at.isOrdered] = 1
      cells[start + at.stepLow] = step & 0xffff
      lookups.word(step)
    }
    return start
  }
  const inRegion = (start: number, address: number): void => {
    while (address > (regions[region]?.last ?? Number.POSITIVE_INFINITY)) region++
    const { first, last } = regions[region] ?? { first: 0, last: 0 }
    if (address < first) throw new RangeError(`the address ${address} is in no region`)
    regionCounts[region] = (regionCounts[region] ?? 0) + 1
    const { cells } = rows
    cells[start + at.first] = first
    cells[start + at.last] = last
    cells[start + at.aboveLow] = (address - first) & 0xffff
    cells[start + at.belowLow] = (last - address) & 0xffff
    lookups.word(address - first)
    lookups.word(last - address)
  }

  registers.forEach((cell, index) => {
    rows.cells[append(cell, registers[index + 1]) + (segment > 0 ? at.isContinuedRegister : at.isRegister)] = 1
  })
  ram.forEach((cell, index) => {
    const start = append(cell, ram[index + 1])
    const { cells } = rows
    if (segment > 0) {
      cells[start + at.isContinuedWord] = 1
      return
    }
    cells[start + at.wordLow] = (cell.address / 4) & 0xffff
    lookups.word(cell.address / 4)
    if (image.has(cell.address)) {
      cells[start + at.isImage] = 1
      imageUsed.add(cell.address)
      return
    }
    inRegion(start, cell.address)
    if (regions[region]?.kind !== regionKind.input) {
      cells[start + at.isZero] = 1
      return
    }
    cells[start + at.isInput] = 1
    cells[start + at.initialLow] = cell.initial & 0xffff
    lookups.word(cell.initial)
  })
  return { rows, imageWords: imageUsed, regionCounts }
}
