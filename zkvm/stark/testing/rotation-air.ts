import type { Air, Trace } from '../../air/air.ts'
import type { Bus } from '../../air/bus.ts'
import { defineTable } from '../../air/table.ts'

const blockBus: Bus = { name: 'block', id: 1, width: 2 }
const blockRows = 4
/** Values this far apart add up to `total`. */
const distance = 8
const total = 100n

/** Each block of four rows holds four numbers and the same ones rotated by a row: what two fingerprints show that are equal in each block. */
const rotation = defineTable('rotation', (b) => {
  const value = b.main('value')
  const rotated = b.main('rotated')
  const isBlockFirst = b.periodic([1n, 0n, 0n, 0n])
  const isBlockLast = b.periodic([0n, 0n, 0n, 1n])
  const keep = isBlockFirst.not()
  const here = b.periodicPowers('tau', [0, 1, 2, 3])
  const there = b.periodicPowers('tau', [1, 2, 3, 0])
  const difference = b.accumulate('ROT-DIFFERENCE', { keep, term: value.mul(there).sub(rotated.mul(here)) })
  b.zero('ROT-SAME', isBlockLast.mul(difference.next()))
  b.equal('ROT-FAR', value.at(distance).add(value), total)
  const sum = b.accumulate('ROT-SUM', { keep, term: value.mul(here) })
  b.send('ROT-BLOCK', blockBus, [value, sum.next()], isBlockLast)
})

/** The same blocks from the last number to the first, a number a row. */
const mirror = defineTable('mirror', (b) => {
  const value = b.main('value')
  const isFirst = b.main('isFirst')
  const isLast = b.main('isLast')
  const last = b.main('last')
  b.bool('MIRROR-FIRST', isFirst)
  b.bool('MIRROR-LAST', isLast)
  b.zero('MIRROR-BEGINS', isFirst.mul(value.sub(last)))
  b.zero('MIRROR-KEEPS', isLast.not().mul(last.next().sub(last)))
  const fingerprint = b.accumulate('MIRROR-SUM', { keep: isFirst.not().mul(b.challenge('tau')), term: value })
  b.receive('MIRROR-BLOCK', blockBus, [last, fingerprint.next()], isLast)
})

export const rotationAir: Air = { name: 'rotation', tables: [rotation, mirror], publicInteractions: () => [] }

/** A table without buses, which nevertheless has a column of the extension. */
export const quietAir: Air = {
  name: 'quiet',
  tables: [
    defineTable('quiet', (b) => {
      const value = b.main('value')
      const sum = b.accumulate('QUIET-SUM', { keep: b.isFirst.not(), term: value })
      b.zero('QUIET-WHOLE', b.isLast.mul(sum.next()))
    }),
  ],
  publicInteractions: () => [],
}

/** Rows of both tables: at least 2^4, because values far apart repeat; `mirror` may be taller and is empty past the blocks that it mirrors. */
export function rotationInstance(logHeight: number, logMirror = logHeight): { readonly traces: readonly [Trace, Trace] } {
  const height = 2 ** logHeight
  const near = (row: number): bigint => BigInt((7 * row + 3) % 50)
  const valueAt = (row: number): bigint => (row % (2 * distance) < distance ? near(row % distance) : total - near(row % distance))
  const rows = Array.from({ length: height }, (_, row) => {
    const start = row - (row % blockRows)
    const back = blockRows - 1 - (row % blockRows)
    return {
      value: valueAt(row),
      rotated: valueAt(start + ((row + blockRows - 1) % blockRows)),
      mirrored: valueAt(start + back),
      isFirst: back === blockRows - 1 ? 1n : 0n,
      isLast: back === 0 ? 1n : 0n,
      last: valueAt(start + blockRows - 1),
    }
  })
  const empty = { value: 0n, rotated: 0n, mirrored: 0n, isFirst: 0n, isLast: 0n, last: valueAt(blockRows - 1) }
  const columns = (names: readonly (keyof typeof empty)[], count: number): BigUint64Array =>
    BigUint64Array.from(names.flatMap((name) => Array.from({ length: count }, (_, row) => (rows[row] ?? empty)[name])))
  return {
    traces: [
      { logHeight, main: columns(['value', 'rotated'], height) },
      { logHeight: logMirror, main: columns(['mirrored', 'isFirst', 'isLast', 'last'], 2 ** logMirror) },
    ],
  }
}
