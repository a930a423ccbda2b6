import type { Trace } from '../../air/air.ts'
import type { Stage } from '../../air/expression.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import { bytesOfElements, bytesOfExtensions } from '../encoding.ts'
import { layOut } from '../layout.ts'
import { foldingPlan } from '../parameters.ts'
import type { Proof } from '../proof.ts'
import { beginTranscript, drawBusChallenges, flatValues, leadingZeroBits } from '../verifier.ts'
import { busColumns } from './bus-columns.ts'
import { coefficientsOf, interpolate, shared } from './coefficients.ts'
import { Commitment, type StageCoefficients } from './commitment.ts'
import { deepPolynomial } from './deep.ts'
import { FoldProver } from './fold-prover.ts'
import { grind } from './grind.ts'
import { outOfDomainValues } from './out-of-domain.ts'
import type { ProvingKey } from './proving-key.ts'
import { quotientPolynomial } from './quotient.ts'
import type { ProverWorkers } from './workers.ts'

/** The steps of a proof in their order, for whoever shows progress. */
const provingPhases = ['commit', 'bus', 'constraints', 'out-of-domain', 'low-degree', 'grinding', 'openings'] as const

export type ProvingPhase = (typeof provingPhases)[number]

export interface ProveOptions {
  readonly key: ProvingKey
  readonly publicValues: readonly bigint[]
  /** One per table. */
  readonly traces: readonly Trace[]
  readonly workers: ProverWorkers
  readonly onPhase?: (phase: ProvingPhase) => void
}

/**
 * Proves that the traces satisfy the AIR with these public values. It does not check them: a proof of a trace that does not is
 * refused by `verify`. The bytes do not depend on the number of threads.
 */
export async function prove({ key, publicValues, traces, workers, onPhase }: ProveOptions): Promise<Proof> {
  const { air, parameters } = key.verifyingKey
  const logHeights = traces.map(({ logHeight }) => logHeight)
  const layout = layOut(air, logHeights, parameters)
  const { logHeight } = layout
  const context = { layout, parameters, workers }
  const transcript = beginTranscript(key.verifyingKey, publicValues, logHeights)

  onPhase?.('commit')
  const fixed = await key.commitment(logHeight, workers)
  const mainValues = traces.map(({ main }) => shared(main))
  const main = await coefficientsOf(mainValues, logHeights, workers)
  const mainCommitment = await Commitment.ofStage({ ...context, stage: 'main', coefficients: main })
  transcript.absorb(mainCommitment.root)
  const challenges = drawBusChallenges(transcript)

  onPhase?.('bus')
  const { values: aux, sums } = await busColumns({ air, logHeights, fixed: key.fixedValues, main: mainValues, challenges, workers })
  await interpolate(aux, logHeights, workers)
  const auxCommitment = await Commitment.ofStage({ ...context, stage: 'aux', coefficients: aux })
  transcript.absorb(auxCommitment.root)
  transcript.absorb(bytesOfExtensions(sums))

  onPhase?.('constraints')
  const coefficients: Record<Stage, StageCoefficients> = { fixed: key.fixedCoefficients, main, aux }
  const constraintChallenge = transcript.extension()
  const quotient = await quotientPolynomial({ air, layout, coefficients, challenges, sums, constraintChallenge, workers })
  const height = 2 ** logHeight
  const halves = [0, height].flatMap((from) => [0, 1, 2].map((c) => ({ words: quotient, from: 2 * c * height + from })))
  const quotientCommitment = await Commitment.ofPolynomials({ ...context, coefficients: halves, logHeight })
  transcript.absorb(quotientCommitment.root)

  onPhase?.('out-of-domain')
  const point = transcript.pointOutsideBase(2 ** parameters.maxLogPack)
  const opened = await outOfDomainValues({ layout, coefficients, quotient, point, workers })
  transcript.absorb(bytesOfExtensions(flatValues(opened)))
  const deepChallenge = transcript.extension()
  const deep = await deepPolynomial({ layout, coefficients, quotient, point, deepChallenge, workers })

  onPhase?.('low-degree')
  const folds = new FoldProver({ logDomain: logHeight + parameters.logBlowup, parameters, workers })
  const { steps } = foldingPlan(parameters, logHeight)
  let folded = deep
  for (let step = 0; step < steps; step++) {
    transcript.absorb(await folds.commit(folded))
    folded = await folds.fold(folded, transcript.extension())
  }
  const finalPolynomial = extensionsOf(folded)
  transcript.absorb(bytesOfExtensions(finalPolynomial))

  onPhase?.('grinding')
  const nonce = await grind(transcript.state, parameters.grindingBits, workers)
  transcript.absorb(bytesOfElements([nonce]))
  if (leadingZeroBits(transcript.state) < parameters.grindingBits) throw new RangeError('grinding found a nonce that is none')

  onPhase?.('openings')
  const positions = transcript.distinctIndices(parameters.queries, logHeight + parameters.logBlowup)
  const nothing = { rows: [], nodes: [] }
  return {
    logHeights,
    mainRoot: mainCommitment.root,
    auxRoot: auxCommitment.root,
    sums,
    quotientRoot: quotientCommitment.root,
    ...opened,
    foldRoots: folds.roots,
    finalPolynomial,
    nonce,
    openings: {
      fixed: fixed === null ? nothing : await fixed.open(positions, workers),
      main: await mainCommitment.open(positions, workers),
      aux: layout.groups.aux.length === 0 ? nothing : await auxCommitment.open(positions, workers),
      quotient: await quotientCommitment.open(positions, workers),
    },
    folds: folds.open(positions),
  }
}

/** Three arrays as elements of the extension. */
function extensionsOf(words: BigUint64Array): Extension[] {
  const count = words.length / extension.degree
  return Array.from({ length: count }, (_, i) => [words[i] ?? 0n, words[count + i] ?? 0n, words[2 * count + i] ?? 0n])
}
