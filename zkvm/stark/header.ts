import { maxBusWidth } from '../air/bus.ts'
import { accumulatorChallengeIndex, accumulatorChallenges, alphaIndex, betaPowerIndex, segmentChallenges } from '../air/challenges.ts'
import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import { bytesOfElements, bytesOfExtensions, concat } from './encoding.ts'
import type { StarkParameters } from './parameters.ts'
import type { SegmentHeader } from './proof.ts'
import { Transcript } from './transcript.ts'
import { type VerifyingKey, verifyingKeyDigest } from './verifying-key.ts'

const runProtocol = 'zkdevnet.stark.v2'
const segmentProtocol = 'zkdevnet.stark.segment.v2'
const bindingProtocol = 'zkdevnet.stark.binding.v2'

/** What a segment's proof depends on of all the others. */
export interface RunChallenges {
  /** Of the header's transcript, once the challenges were drawn. */
  readonly state: Uint8Array
  /** Those that follow the main commitments of all segments, without what each segment derives from them. */
  readonly challenges: readonly Extension[]
}

/** Where a segment's main columns are combined, F_0 + λ·F_1 + λ²·F_2 + …, before anything is drawn that depends on other segments. */
export interface BindingPoint {
  readonly challenge: Extension
  readonly point: Extension
}

/** What stands for a segment's main columns: the key's digest for its height, its heights and its main root. */
function commitmentMessage(key: VerifyingKey, { logHeights, mainRoot }: Pick<SegmentHeader, 'logHeights' | 'mainRoot'>): Uint8Array {
  return concat(verifyingKeyDigest(key, Math.max(...logHeights)), Uint8Array.from(logHeights), mainRoot)
}

/** Depends on the segment's own commitment alone, so that it is drawn, and answered, right after it. */
export function bindingPoint(key: VerifyingKey, header: Pick<SegmentHeader, 'logHeights' | 'mainRoot'>): BindingPoint {
  const transcript = new Transcript(bindingProtocol)
  transcript.absorb(commitmentMessage(key, header))
  return { challenge: transcript.extension(), point: transcript.pointOutsideBase(boundPowers(key.parameters)) }
}

/** Points are outside the base field with their powers up to the largest pack factor. */
export function boundPowers({ maxLogPack }: StarkParameters): number {
  return 2 ** maxLogPack
}

/** The transcript of the header: public values, number of segments, then each segment; then the challenges of buses and accumulators. */
export function drawRunChallenges(key: VerifyingKey, publicValues: readonly bigint[], headers: readonly SegmentHeader[]): RunChallenges {
  const transcript = new Transcript(runProtocol)
  transcript.absorb(bytesOfElements(publicValues))
  transcript.absorb(bytesOfElements([BigInt(headers.length)]))
  for (const header of headers) {
    transcript.absorb(concat(commitmentMessage(key, header), bytesOfExtensions(header.binding === null ? [] : [header.binding])))
  }
  const challenges: Extension[] = []
  challenges[alphaIndex] = transcript.extension()
  const beta = transcript.extension()
  let power = extension.one
  for (let position = 0; position < maxBusWidth; position++) {
    power = extension.mul(power, beta)
    challenges[betaPowerIndex(position)] = power
  }
  for (const name of accumulatorChallenges) challenges[accumulatorChallengeIndex(name)] = transcript.extension()
  return { state: transcript.state, challenges }
}

/** A segment's own transcript, up to its LogUp root, and the challenges as its expressions see them. */
export function beginSegment(
  { state, challenges }: RunChallenges,
  segment: number,
): { readonly transcript: Transcript; readonly challenges: readonly Extension[] } {
  const transcript = new Transcript(segmentProtocol)
  transcript.absorb(state)
  transcript.absorb(bytesOfElements([BigInt(segment)]))
  return { transcript, challenges: segmentChallenges(challenges, segment) }
}
