import type { Stage } from '../../air/expression.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { type Group, type Layout, widthOf } from '../layout.ts'
import { openingPoint } from '../open-rows.ts'
import type { SegmentProof } from '../proof.ts'
import type { StageCoefficients } from './commitment.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** Coordinates c0, c1, c2, themselves values in the extension, as one value c0 + c1·X + c2·X². */
function recombine([c0 = extension.zero, c1 = extension.zero, c2 = extension.zero]: readonly Extension[]): Extension {
  const timesX = (a: Extension): Extension => extension.mul(a, [0n, 1n, 0n])
  return extension.add(c0, timesX(extension.add(c1, timesX(c2))))
}

export async function outOfDomainValues({
  layout,
  coefficients,
  quotient,
  point,
  workers,
}: {
  readonly layout: Layout
  readonly coefficients: Readonly<Record<Stage, StageCoefficients>>
  readonly quotient: Words
  readonly point: Extension
  readonly workers: ProverWorkers
}): Promise<Pick<SegmentProof, 'values' | 'quotientValues'>> {
  const tasks: Task[] = []
  const pending = (['fixed', 'main', 'aux'] as const).map((stage) =>
    layout.groups[stage].map((group) => openGroup({ stage, group, layout, coefficients: coefficients[stage], point, tasks })),
  )
  const halves = allocateWords(3 * 6)
  for (const column of [0, 1, 2, 3, 4, 5]) {
    tasks.push({
      task: 'evaluate',
      coefficients: quotient,
      log: layout.logHeight,
      column,
      points: BigUint64Array.from(point),
      out: halves,
      at: 3 * column,
    })
  }
  await workers.run(tasks)
  const [fixed = [], main = [], aux = []] = pending.map((groups) => groups.map((read) => read()))
  // The quotient's arrays are c0 low, c0 high, c1 low, …
  const quotientValues = [0, 1].map((half) => recombine([0, 1, 2].map((c) => extensionAt(halves, 3 * (2 * c + half)))))
  return { values: { fixed, main, aux }, quotientValues }
}

/** Adds the tasks of a group; returns how to read its values, by offset and column, once they have run. */
function openGroup({
  stage,
  group: { logPack, columns, offsets },
  layout,
  coefficients,
  point,
  tasks,
}: {
  readonly stage: Stage
  readonly group: Group
  readonly layout: Layout
  readonly coefficients: StageCoefficients
  readonly point: Extension
  readonly tasks: Task[]
}): () => Extension[][] {
  const points = offsets.map((offset) => openingPoint(layout, point, logPack, offset))
  const pointWords = BigUint64Array.from(points.flat())
  const width = widthOf(stage)
  const out = allocateWords(3 * columns.length * width * points.length)
  const placeOf = (position: number, coordinate: number): number => 3 * points.length * (position * width + coordinate)
  columns.forEach(({ table, index }, position) => {
    const words = coefficients[table]
    if (words === null || words === undefined) throw new RangeError(`table ${table} has no ${stage} columns`)
    for (let coordinate = 0; coordinate < width; coordinate++) {
      const log = layout.logHeights[table] ?? 0
      tasks.push({
        task: 'evaluate',
        coefficients: words,
        log,
        column: index * width + coordinate,
        points: pointWords,
        out,
        at: placeOf(position, coordinate),
      })
    }
  })
  return () =>
    points.map((_, offsetIndex) =>
      columns.map((_, position) => {
        const coordinates = Array.from({ length: width }, (_, coordinate) =>
          extensionAt(out, placeOf(position, coordinate) + 3 * offsetIndex),
        )
        return width === 1 ? (coordinates[0] ?? extension.zero) : recombine(coordinates)
      }),
    )
}

function extensionAt(words: Words, at: number): Extension {
  return [words[at] ?? 0n, words[at + 1] ?? 0n, words[at + 2] ?? 0n]
}
