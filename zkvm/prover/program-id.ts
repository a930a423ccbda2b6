import { bytesToHex, type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import type { Air } from '../air/air.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import type { VerifyingKey } from '../stark/verifying-key.ts'
import { machineAir } from '../tables/machine/machine-air.ts'

/** All that a verifier has to know of a program; as JSON it stands beside a build. */
export interface ProgramDescription {
  /** Address of the first instruction. */
  readonly entry: number
  /** By table of the machine: the height of those with fixed columns, null for the others. */
  readonly fixedLogHeights: readonly (number | null)[]
  /** Root of the fixed columns by the log of the tallest table; heights that are not listed have no proof. */
  readonly fixedRoots: Readonly<Record<string, Hex>>
}

export function describeProgram(entry: number, { fixedLogHeights, fixedRoots }: VerifyingKey): ProgramDescription {
  const roots = [...fixedRoots].sort(([a], [b]) => a - b).map(([log, root]) => [log, bytesToHex(root)])
  return { entry, fixedLogHeights, fixedRoots: Object.fromEntries(roots) }
}

export function verifyingKeyOf(
  { fixedLogHeights, fixedRoots }: ProgramDescription,
  parameters: StarkParameters = defaultParameters,
): VerifyingKey {
  const roots = Object.entries(fixedRoots).map(([log, root]) => [Number(log), hexToBytes(root)] as const)
  return { air: machineAir, parameters, fixedLogHeights, fixedRoots: new Map(roots) }
}

const tag = new TextEncoder().encode('zkdevnet.program.v1')

/** What the AIR and the parameters are to a proof: docs/formats.md §10. */
function protocolDigest(air: Air, parameters: StarkParameters): Uint8Array {
  const { logBlowup, queries, grindingBits, logFold, maxLogFinalLength, maxLogPack, minLogHeight, maxLogHeight } = parameters
  const numbers = [logBlowup, queries, grindingBits, logFold, maxLogFinalLength, maxLogPack, minLogHeight, maxLogHeight]
  return keccak256(Uint8Array.from([...new TextEncoder().encode(`${air.name}\0`), ...numbers]))
}

/**
 * The name under which L1 knows a program: it commits to the machine, the parameters and all that the verifier takes for granted of the
 * program. docs/formats.md §10.
 */
export function programIdOf(description: ProgramDescription, parameters: StarkParameters = defaultParameters): Hex {
  const { minLogHeight, maxLogHeight } = parameters
  const { entry, fixedLogHeights, fixedRoots } = description
  const words: Uint8Array[] = [word(tag, 'left'), protocolDigest(machineAir, parameters), wordOf(entry), wordOf(fixedLogHeights.length)]
  for (const log of fixedLogHeights) words.push(wordOf(log ?? 255))
  for (let log = minLogHeight; log <= maxLogHeight; log++) {
    const root = fixedRoots[log]
    words.push(root === undefined ? new Uint8Array(32) : hexToBytes(root))
  }
  return bytesToHex(keccak256(Buffer.concat(words)))
}

function word(bytes: Uint8Array, align: 'left' | 'right'): Uint8Array {
  const padded = new Uint8Array(32)
  padded.set(bytes, align === 'left' ? 0 : 32 - bytes.length)
  return padded
}

function wordOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return word(bytes, 'right')
}
