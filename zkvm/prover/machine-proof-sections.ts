import { InvalidProofError } from '../stark/errors.ts'
import { layOut } from '../stark/layout.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { decodeHeaders } from '../stark/proof-codec.ts'
import { type ProofSection, segmentSections } from '../stark/proof-sections.ts'
import { machineAir } from '../tables/machine/machine-air.ts'

/** Tables of a run, whose heights a verifier's key begins with. */
export const machineTableCount = machineAir.tables.length

/**
 * The parts of a segment of a run's proof, in what a transaction to L1 has of it; see `segmentSections`. `header` is what the proof begins with.
 * Throws InvalidProofError for a header that is none, or without that segment.
 */
export function machineProofSections({
  header,
  segment,
  ...part
}: {
  readonly header: Uint8Array
  readonly segment: number
  readonly bytes: Uint8Array
  readonly queries: number
  readonly hasPrefix: boolean
}): ProofSection[] {
  const found = decodeHeaders(header, machineAir)[segment]
  if (found === undefined) throw new InvalidProofError('encoding', `it has no segment ${segment}`)
  const layout = layOut(machineAir, found.logHeights, defaultParameters)
  return segmentSections({ ...part, layout, tables: machineTableCount, parameters: defaultParameters })
}
