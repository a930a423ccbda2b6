import { degree } from '../field/extension.ts'
import { type Layout, widthOf } from './layout.ts'
import { foldingPlan, type StarkParameters } from './parameters.ts'

/** A part of a segment's proof with a meaning of its own. */
export interface ProofSection {
  readonly name: string
  /** In bytes, from where the segment begins. */
  readonly offset: number
  readonly length: number
}

const bytesOf = { digest: 32, element: 8, extension: 8 * degree, count: 2 } as const

/**
 * Where the parts of a segment lie (proof-codec.ts) in what a transaction to L1 has of it: all up to the nonce unless `hasPrefix` is false, then
 * the openings at `queries` positions. Parts without bytes are left out. The bytes need not be valid, only long enough for the counts in them.
 */
export function segmentSections({
  bytes,
  layout,
  tables,
  queries,
  hasPrefix,
  parameters,
}: {
  readonly bytes: Uint8Array
  readonly layout: Layout
  readonly tables: number
  readonly queries: number
  readonly hasPrefix: boolean
  readonly parameters: StarkParameters
}): ProofSection[] {
  const { steps, logFinalLength } = foldingPlan(parameters, layout.logHeight)
  const sections: ProofSection[] = []
  let offset = 0
  const take = (name: string, length: number): void => {
    if (length > 0) sections.push({ name, offset, length })
    offset += length
  }
  const takeCounted = (name: string, size: number): void => {
    const count = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
    offset += bytesOf.count
    take(name, size * count)
  }
  if (hasPrefix) {
    take('LogUp root', bytesOf.digest)
    take('bus sums', bytesOf.extension * tables)
    take('quotient root', bytesOf.digest)
    for (const stage of ['fixed', 'main', 'aux'] as const) {
      const values = layout.groups[stage].reduce((sum, { offsets, columns }) => sum + offsets.length * columns.length, 0)
      take(`out-of-domain values, ${stage}`, bytesOf.extension * values)
    }
    take('out-of-domain values, quotient', 2 * bytesOf.extension)
    take('FRI roots', bytesOf.digest * steps)
    take('final polynomial', bytesOf.extension * 2 ** logFinalLength)
    take('nonce', bytesOf.element)
  }
  if (queries === 0) return sections
  const widths = {
    ...{ fixed: layout.groups.fixed.length, main: layout.groups.main.length, aux: layout.groups.aux.length * widthOf('aux') },
    quotient: 2 * degree,
  }
  for (const [stage, width] of Object.entries(widths)) {
    take(`rows, ${stage}`, bytesOf.element * width * queries)
    takeCounted(`Merkle paths, ${stage}`, bytesOf.digest)
  }
  for (let step = 1; step <= steps; step++) {
    takeCounted(`FRI values, step ${step}`, bytesOf.extension)
    takeCounted(`Merkle paths, FRI step ${step}`, bytesOf.digest)
  }
  return sections
}
