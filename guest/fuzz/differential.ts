import { runStateCases, type StateOutcome } from '../test/evm-state.ts'
import { runInLibrary } from '../test/library-execution.ts'
import { randomCase } from '../test/random-case.ts'
import { guestStatus } from '../test/run.ts'

const casesPerRun = 200

export interface Difference {
  readonly seed: number
  readonly guest: StateOutcome
  readonly library: StateOutcome | { readonly threw: string }
}

export interface Comparison {
  readonly compared: number
  /** Refused by both. */
  readonly skipped: number
  /** Transactions that ran to their end without an error. */
  readonly succeeded: number
  readonly differences: readonly Difference[]
}

const fields = ['succeeded', 'gasUsed', 'stateRoot', 'logsHash'] as const

async function inLibrary(seed: number): Promise<StateOutcome | { readonly threw: string }> {
  try {
    return await runInLibrary(randomCase(seed))
  } catch (error) {
    return { threw: String(error) }
  }
}

/** The guest and the library on the random cases of these seeds. */
export async function compareSeeds(seeds: readonly number[]): Promise<Comparison> {
  const outcomes = runStateCases(seeds.map(randomCase))
  const differences: Difference[] = []
  let compared = 0
  let skipped = 0
  let succeeded = 0
  for (const [index, seed] of seeds.entries()) {
    const guest = outcomes[index]
    if (guest === undefined) throw new Error(`The guest printed nothing for seed ${seed}.`)
    const library = await inLibrary(seed)
    const bothRefuse = 'threw' in library && (guest.status === guestStatus.transaction || guest.status === guestStatus.signature)
    if (bothRefuse) skipped++
    else if ('threw' in library || guest.status !== 0 || fields.some((field) => guest[field] !== library[field]))
      differences.push({ seed, guest, library })
    else {
      compared++
      succeeded += guest.succeeded ? 1 : 0
    }
  }
  return { compared, skipped, succeeded, differences }
}

/** As many seeds, from the first on, as there is time for. */
export async function compareRandomCases({
  seconds,
  firstSeed,
}: {
  readonly seconds: number
  readonly firstSeed: number
}): Promise<Comparison> {
  const endMs = performance.now() + seconds * 1_000
  let total: Comparison = { compared: 0, skipped: 0, succeeded: 0, differences: [] }
  for (let first = firstSeed; performance.now() < endMs; first += casesPerRun) {
    const next = await compareSeeds(Array.from({ length: casesPerRun }, (_, i) => first + i))
    total = {
      compared: total.compared + next.compared,
      skipped: total.skipped + next.skipped,
      succeeded: total.succeeded + next.succeeded,
      differences: [...total.differences, ...next.differences],
    }
  }
  return total
}
