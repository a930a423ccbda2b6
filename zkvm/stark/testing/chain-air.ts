import type { Air, Trace } from '../../air/air.ts'
import type { Bus } from '../../air/bus.ts'
import { defineTable } from '../../air/table.ts'
import { add, mul } from '../../field/goldilocks.ts'
import type { FixedColumns } from '../prover/proving-key.ts'

const linkBus: Bus = { name: 'link', id: 1, width: 2, scope: 'run' }
const smallBus: Bus = { name: 'small', id: 2, width: 1 }

const steps = defineTable('steps', (b) => {
  const value = b.main('value')
  const small = b.main('small')
  const next = value.mul(value).add(1)
  b.when(b.isTransition).equal('CHAIN-NEXT', value.next(), next)
  b.receive('CHAIN-BEGINS', linkBus, [b.segmentIndex, value], b.isFirst)
  b.send('CHAIN-GOES-ON', linkBus, [b.segmentIndex.add(1), next], b.isLast)
  b.send('CHAIN-SMALL', smallBus, [small], 1)
})

const range = defineTable('range', (b) => {
  b.receive('RANGE-SMALL', smallBus, [b.fixed('value')], b.main('count'))
})

/** x → x² + 1 over and over, as far as it goes, in any number of segments of any heights. Public values: the first number, the last, the segments. */
export const chainAir: Air = {
  name: 'chain',
  tables: [steps, range],
  publicInteractions(publicValues) {
    const [first, last, segments] = publicValues
    if (first === undefined || last === undefined || segments === undefined || publicValues.length !== 3) {
      throw new RangeError('there are three public values')
    }
    return [
      { bus: linkBus, multiplicity: 1n, tuple: [0n, first] },
      { bus: linkBus, multiplicity: -1n, tuple: [segments, last] },
    ]
  },
}

export interface ChainInstance {
  readonly fixed: readonly (FixedColumns | null)[]
  /** By segment. */
  readonly traces: readonly (readonly [Trace, Trace])[]
  readonly publicValues: readonly bigint[]
}

/** `seed` changes the numbers that are only shown to be small. */
export function chainInstance({
  logHeights,
  logRange,
  seed = 7,
}: {
  readonly logHeights: readonly number[]
  readonly logRange: number
  readonly seed?: number
}): ChainInstance {
  const size = 2 ** logRange
  let value = 3n
  const traces = logHeights.map((logHeight): [Trace, Trace] => {
    const height = 2 ** logHeight
    const main = new BigUint64Array(2 * height)
    const counts = new BigUint64Array(size)
    for (let row = 0; row < height; row++) {
      const small = (row * row + seed) % size
      main[row] = value
      main[height + row] = BigInt(small)
      counts[small] = (counts[small] ?? 0n) + 1n
      value = add(mul(value, value), 1n)
    }
    return [
      { logHeight, main },
      { logHeight: logRange, main: counts },
    ]
  })
  return {
    fixed: [null, { logHeight: logRange, values: BigUint64Array.from({ length: size }, (_, index) => BigInt(index)) }],
    traces,
    publicValues: [3n, value, BigInt(logHeights.length)],
  }
}
