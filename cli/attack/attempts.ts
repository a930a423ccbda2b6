import { bytesToHex, hexToBytes } from '../../core/index.ts'
import { machineProofSections, machineTableCount, type ProofSection } from '../../zkvm/index.ts'
import type { BeginArgs, RecordedBatch, ResumeArgs } from './recorded-batch.ts'
import type { Answer, Sandbox } from './sandbox.ts'

/** Something that L1 must refuse, or, to show that the rest is refused for what was changed, must accept. */
export interface Attempt {
  readonly name: string
  readonly mustBeAccepted: boolean
  run(): Promise<Answer>
}

export interface Upgrade {
  readonly programId: Hex
  readonly verifier: Hex
  readonly delaySeconds: bigint
}

/** A chain id that contracts of the devnet never see. */
export const foreignChainId = 1

type Hex = `0x${string}`

function flipBit(bytes: Hex, offset: number): Hex {
  const changed = hexToBytes(bytes)
  changed[offset] = (changed[offset] ?? 0) ^ 1
  return bytesToHex(changed)
}

/** What the sequencer itself could try: every one of them on L1 as it was before the batch was committed, where its proof is a fact already. */
export function rollupAttempts(batch: RecordedBatch, sandbox: Sandbox, foreign: Sandbox): Attempt[] {
  const { previous, commit, stored } = batch
  const refused = (name: string, run: () => Promise<Answer>): Attempt => ({ name, mustBeAccepted: false, run })
  const beforeCommit = (on: Sandbox, attempt: () => Promise<Answer>): Promise<Answer> =>
    on.undoing(async () => {
      await on.rewind(batch.number - 1n)
      return await attempt()
    })
  /** Commits what is claimed, then proves the batch as L1 keeps it, or what is `shown` in place of it. */
  const prove = (on: Sandbox, claims: Partial<typeof commit>, shown: Partial<typeof stored> = {}): Promise<Answer> =>
    beforeCommit(on, async () => {
      const claimed = { ...commit, ...claims }
      const committed = await on.bySequencer('commitBatches', [previous, [claimed]])
      if (!committed.isAccepted) return committed
      return await on.toRollup('proveBatches', [[{ ...(await on.storedBatch(previous, claimed, stored)), ...shown }]])
    })
  return [
    { name: 'the batch as it is, with its proof', mustBeAccepted: true, run: () => prove(sandbox, {}) },
    refused('a wrong state root, committed by the sequencer', () => prove(sandbox, { stateRoot: flipBit(commit.stateRoot, 31) })),
    refused('a changed state diff, committed by the sequencer', () => prove(sandbox, { stateDiff: flipBit(commit.stateDiff, 0) })),
    refused('a message that nobody sent, to withdraw ether', () => prove(sandbox, { messagesRoot: flipBit(commit.messagesRoot, 31) })),
    refused('the proof of another batch', () => prove(sandbox, { lastBlockHash: flipBit(commit.lastBlockHash, 31) })),
    refused('the same batch and proof on another chain id', () => prove(foreign, {})),
    refused('another state root when it is proven', () => prove(sandbox, {}, { stateRoot: flipBit(stored.stateRoot, 31) })),
    refused('the batch proven a second time', () => sandbox.toRollup('proveBatches', [[stored]])),
    refused('a commit by anybody', () => beforeCommit(sandbox, () => sandbox.toRollup('commitBatches', [previous, [commit]]))),
  ]
}

/** Another program or verifier, under which anything could be proven: who may bring it in, and when. */
export function upgradeAttempts({ number, previous, commit }: RecordedBatch, upgrade: Upgrade, sandbox: Sandbox): Attempt[] {
  const target = [upgrade.programId, upgrade.verifier]
  const refused = (name: string, run: () => Promise<Answer>): Attempt => ({ name, mustBeAccepted: false, run })
  const announced = (attempt: () => Promise<Answer>): Promise<Answer> =>
    sandbox.undoing(async () => {
      // One that waits on the devnet itself would be in the way; that there is none is no error.
      await sandbox.byOwner('cancelUpgrade')
      const announcement = await sandbox.byOwner('scheduleUpgrade', target)
      if (!announcement.isAccepted) throw new Error(`the owner could not announce an upgrade: ${announcement.text}`)
      return await attempt()
    })
  return [
    refused('an upgrade of program and verifier, announced by anybody', () => sandbox.toRollup('scheduleUpgrade', target)),
    refused('an upgrade, announced by the sequencer', () => sandbox.bySequencer('scheduleUpgrade', target)),
    refused('an upgrade that nobody announced', () => sandbox.toRollup('executeUpgrade')),
    refused('the owner’s upgrade, executed early', () => announced(() => sandbox.toRollup('executeUpgrade'))),
    refused('the owner’s upgrade, under a batch that waits for its proof', () =>
      announced(async () => {
        await sandbox.rewind(number - 1n)
        const committed = await sandbox.bySequencer('commitBatches', [previous, [commit]])
        if (!committed.isAccepted) throw new Error(`the batch was not committed: ${committed.text}`)
        await sandbox.passTime(upgrade.delaySeconds)
        return await sandbox.toRollup('executeUpgrade')
      }),
    ),
    {
      name: 'the owner’s upgrade, after its delay',
      mustBeAccepted: true,
      run: () =>
        announced(async () => {
          await sandbox.rewind(number)
          await sandbox.passTime(upgrade.delaySeconds)
          return await sandbox.toRollup('executeUpgrade')
        }),
    },
  ]
}

/**
 * What any prover could try, on a verifier that knows nothing yet. In this order: a session is begun, tampered with, left incomplete, and
 * ended. What is refused changes nothing.
 */
export function proofAttempts({ begins, resumes, register }: RecordedBatch, sandbox: Sandbox): Attempt[] {
  const refused = (name: string, run: () => Promise<Answer>): Attempt => ({ name, mustBeAccepted: false, run })
  const accepted = (name: string, run: () => Promise<Answer>): Attempt => ({ name, mustBeAccepted: true, run })
  const [first] = begins
  const [lastBegin, last] = [begins.at(-1), resumes.at(-1)]
  if (first === undefined || lastBegin === undefined || last === undefined)
    throw new RangeError('the session of a proof has more than one transaction')
  const [statement, header, segment, proof, count] = first
  const begin = (changed: Partial<{ statement: BeginArgs[0]; header: Hex; proof: Hex }>): Promise<Answer> =>
    sandbox.toVerifier('begin', [changed.statement ?? statement, changed.header ?? header, segment, changed.proof ?? proof, count])
  const resume = ([context, from, queries, openings]: ResumeArgs): Promise<Answer> =>
    sandbox.toVerifier('resume', [context, from, queries, openings])
  const [context, from, queries, openings] = last
  return [
    refused('a session that nobody began', () => resume(last)),
    refused('another output, with this proof', () =>
      begin({ statement: { ...statement, publicValues: flipBit(statement.publicValues, lengthOf(statement.publicValues) - 1) } }),
    ),
    refused('another program, with this proof', () => begin({ statement: { ...statement, key: flipRoots(statement.key) } })),
    refused('a bit of the header, flipped', () => begin({ header: flipBit(header, lengthOf(header) - 1) })),
    ...sectionsOf(first).map((section) =>
      refused(`a bit of ${section.name}, flipped`, () => begin({ proof: flipBit(proof, middleOf(section)) })),
    ),
    accepted('the session as it was begun', () => all(begins, (args) => sandbox.toVerifier('begin', args))),
    ...openingSectionsOf(lastBegin, last).map((section) =>
      refused(`later, a bit of ${section.name}, flipped`, () => resume([context, from, queries, flipBit(openings, middleOf(section))])),
    ),
    refused('openings of other queries', () => resume([context, from - 1n, queries, openings])),
    accepted('the session but for its last transaction', () => all(resumes.slice(0, -1), resume)),
    refused('a fact from a session without its last transaction', () => sandbox.toVerifier('register', register)),
    accepted('the whole session', () => all([last], resume)),
    accepted('and its fact', () => sandbox.toVerifier('register', register)),
  ]
}

/** The first answer that is no acceptance, or the last one. */
async function all<Args>(calls: readonly Args[], send: (args: Args) => Promise<Answer>): Promise<Answer> {
  let answer: Answer = { isAccepted: true, text: 'accepted' }
  for (const args of calls) {
    answer = await send(args)
    if (!answer.isAccepted) return answer
  }
  return answer
}

/** A bit of each root: only that for the proof's height is looked at. */
function flipRoots(key: Hex): Hex {
  let changed = key
  for (let end = machineTableCount + 32; end <= lengthOf(key); end += 32) changed = flipBit(changed, end - 1)
  return changed
}

function lengthOf(bytes: Hex): number {
  return (bytes.length - 2) / 2
}

function middleOf({ offset, length }: ProofSection): number {
  return offset + Math.floor(length / 2)
}

function sectionsOf([, header, segment, proof, count]: BeginArgs): ProofSection[] {
  return machineProofSections({
    header: hexToBytes(header),
    segment: Number(segment),
    bytes: hexToBytes(proof),
    queries: Number(count),
    hasPrefix: true,
  })
}

function openingSectionsOf([, header, segment]: BeginArgs, [, , queries, openings]: ResumeArgs): ProofSection[] {
  return machineProofSections({
    header: hexToBytes(header),
    segment: Number(segment),
    bytes: hexToBytes(openings),
    queries: Number(queries),
    hasPrefix: false,
  })
}
