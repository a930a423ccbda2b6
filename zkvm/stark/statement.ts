import { bytesOfElements } from './encoding.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** What a proof is of, as a verifier on L1 is told it (contracts/src/l1/stark/IStarkVerifier.sol). */
export interface Statement {
  readonly key: Uint8Array
  readonly publicValues: Uint8Array
}

export function encodeStatement(key: VerifyingKey, publicValues: readonly bigint[]): Statement {
  return { key: encodeVerifyingKey(key), publicValues: bytesOfElements(publicValues) }
}

/**
 * Heights of the tables with fixed columns (1 byte each, 255 for the others), then the roots of these columns for a tallest table of each
 * height that a proof can have, ascending; 0 for heights without a key. A program's name on L1 depends on all of them.
 */
function encodeVerifyingKey({ parameters, fixedLogHeights, fixedRoots }: VerifyingKey): Uint8Array {
  const lowest = Math.max(parameters.minLogHeight, ...fixedLogHeights.map((log) => log ?? 0))
  const roots = Array.from(
    { length: parameters.maxLogHeight - lowest + 1 },
    (_, index) => fixedRoots.get(lowest + index) ?? new Uint8Array(32),
  )
  return Uint8Array.from([...fixedLogHeights.map((log) => log ?? 255), ...roots.flatMap((root) => [...root])])
}
