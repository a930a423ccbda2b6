import { keccak256 } from '../../core/index.ts'
import type { Air } from '../air/air.ts'
import type { StarkParameters } from './parameters.ts'

/** What a verifier must know of an AIR and of its fixed columns, one of which is the program. */
export interface VerifyingKey {
  readonly air: Air
  readonly parameters: StarkParameters
  /** Heights of the tables with fixed columns, which are the AIR's and not the prover's choice; null for the others. */
  readonly fixedLogHeights: readonly (number | null)[]
  /**
   * Root of the fixed columns' tree by the log of the tallest table, because that decides how they are packed; of each height that proofs
   * for this key may have. Empty without fixed columns.
   */
  readonly fixedRoots: ReadonlyMap<number, Uint8Array>
}

/** 32 bytes that stand for the key in proofs of this height: the first thing in a transcript. */
export function verifyingKeyDigest({ air, parameters, fixedLogHeights, fixedRoots }: VerifyingKey, logHeight: number): Uint8Array {
  const numbers = [
    parameters.logBlowup,
    parameters.queries,
    parameters.grindingBits,
    parameters.logFold,
    parameters.maxLogFinalLength,
    parameters.maxLogPack,
    parameters.minLogHeight,
    parameters.maxLogHeight,
    ...fixedLogHeights.map((log) => log ?? 255),
  ]
  const root = fixedRoots.get(logHeight) ?? new Uint8Array(32)
  return keccak256(Uint8Array.from([...new TextEncoder().encode(`${air.name}\0`), ...numbers, logHeight, ...root]))
}
