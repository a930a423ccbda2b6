import type { Air, Trace } from '../../air/air.ts'
import type { Bus } from '../../air/bus.ts'
import { defineTable } from '../../air/table.ts'
import { add } from '../../field/goldilocks.ts'
import type { FixedColumns } from '../prover/proving-key.ts'

const endsBus: Bus = { name: 'ends', id: 1, width: 2, scope: 'run' }
const smallBus: Bus = { name: 'small', id: 2, width: 1 }

const isStart = 0n
const isEnd = 1n

const sequence = defineTable('sequence', (b) => {
  const current = b.main('current')
  const following = b.main('following')
  const small = b.main('small')
  b.when(b.isTransition).equal('FIB-1', current.next(), following)
  b.when(b.isTransition).equal('FIB-2', following.next(), current.add(following))
  b.receive('FIB-3', endsBus, [isStart, current], b.isFirst)
  b.send('FIB-4', endsBus, [isEnd, following], b.isLast)
  b.send('FIB-5', smallBus, [small], 1)
})

const range = defineTable('range', (b) => {
  const value = b.fixed('value')
  const count = b.main('count')
  b.receive('RANGE-1', smallBus, [value], count)
})

/** A Fibonacci sequence from `first` to `last`, beside numbers that a second, lower table shows to be small. */
export const fibonacciAir: Air = {
  name: 'fibonacci',
  tables: [sequence, range],
  publicInteractions(publicValues) {
    const [first, last] = publicValues
    if (first === undefined || last === undefined || publicValues.length !== 2) throw new RangeError('there are two public values')
    return [
      { bus: endsBus, multiplicity: 1n, tuple: [isStart, first] },
      { bus: endsBus, multiplicity: -1n, tuple: [isEnd, last] },
    ]
  },
}

export interface FibonacciInstance {
  readonly fixed: readonly (FixedColumns | null)[]
  readonly traces: readonly [Trace, Trace]
  readonly publicValues: readonly bigint[]
}

export function fibonacciInstance({ logHeight, logRange }: { readonly logHeight: number; readonly logRange: number }): FibonacciInstance {
  const height = 2 ** logHeight
  const rangeSize = 2 ** logRange
  const main = new BigUint64Array(3 * height)
  const counts = new BigUint64Array(rangeSize)
  let current = 3n
  let following = 5n
  for (let row = 0; row < height; row++) {
    const small = (row * row + 7) % rangeSize
    main[row] = current
    main[height + row] = following
    main[2 * height + row] = BigInt(small)
    counts[small] = (counts[small] ?? 0n) + 1n
    const sum = add(current, following)
    current = following
    following = sum
  }
  const values = BigUint64Array.from({ length: rangeSize }, (_, index) => BigInt(index))
  return {
    fixed: [null, { logHeight: logRange, values }],
    traces: [
      { logHeight, main },
      { logHeight: logRange, main: counts },
    ],
    publicValues: [3n, current],
  }
}
