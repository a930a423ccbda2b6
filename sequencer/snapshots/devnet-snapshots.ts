import { DevnetError, type L1Snapshots, type Snapshots } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { WriterLock } from '../blocks/writer-lock.ts'
import { ResetUnavailableError } from './errors.ts'
import type { SnapshotParticipant } from './participant.ts'

interface Snapshot {
  readonly id: bigint
  readonly tokens: readonly unknown[]
  /** Null where the L1 is not ours. */
  readonly l1Token: unknown
}

export interface DevnetSnapshotsDeps {
  readonly database: DevnetDatabase
  /** Paused, checked and reverted in this order; the chain first, as its pause keeps all writers out. */
  readonly participants: readonly SnapshotParticipant[]
  /** Null where the L1 is not ours: then it stays where it is. */
  readonly l1: L1Snapshots | null
}

/** Snapshots of the whole devnet. They live as long as the process. */
export class DevnetSnapshots implements Snapshots {
  readonly #deps: DevnetSnapshotsDeps
  readonly #turns = new WriterLock()
  #snapshots: Snapshot[] = []
  #nextId = 1n
  /** Where the process started; taken before anything can be changed. */
  #start: Snapshot | undefined

  constructor(deps: DevnetSnapshotsDeps) {
    this.#deps = deps
  }

  /** Makes this the place that `reset` goes back to. */
  async markStart(): Promise<void> {
    this.#start = await this.#paused(() => this.#snapshot(0n, 'takeUntilCheckpoint'))
  }

  async take(): Promise<bigint> {
    return this.#paused(async () => {
      const id = this.#nextId++
      this.#snapshots.push(await this.#snapshot(id))
      return id
    })
  }

  async reset(): Promise<void> {
    await this.#paused(async () => {
      const start = this.#start
      if (start === undefined) throw new TypeError('the start was not marked')
      await this.#goBack(start).catch((cause: unknown) => {
        throw isForgotten(cause) ? new ResetUnavailableError(cause) : cause
      })
      this.#snapshots = []
      // L1 forgets a snapshot that it went back to.
      this.#start = await this.#snapshot(0n, 'takeUntilCheckpoint')
    })
  }

  async rollbackTo(block: bigint): Promise<void> {
    const { participants, database } = this.#deps
    await this.#paused(async () => {
      const parts = participants.flatMap((participant) => {
        const token = participant.tokenOf?.(block)
        return token === undefined ? [] : [{ participant, token }]
      })
      for (const { participant, token } of parts) await participant.check?.(token)
      database.transaction(() => {
        for (const { participant, token } of parts) participant.revertStored?.(token)
      })
      for (const { participant, token } of parts) await participant.revert?.(token)
    })
  }

  async revert(id: bigint): Promise<boolean> {
    return this.#paused(async () => {
      const snapshot = this.#snapshots.find((candidate) => candidate.id === id)
      if (snapshot === undefined) return false
      await this.#goBack(snapshot)
      return true
    })
  }

  async #snapshot(id: bigint, takeL1: 'take' | 'takeUntilCheckpoint' = 'take'): Promise<Snapshot> {
    const tokens: unknown[] = []
    for (const participant of this.#deps.participants) tokens.push(await participant.take())
    return { id, tokens, l1Token: await this.#deps.l1?.[takeL1]() }
  }

  async #goBack({ id, tokens, l1Token }: Snapshot): Promise<void> {
    const parts = this.#deps.participants.map((participant, index) => ({ participant, token: tokens[index] }))
    for (const { participant, token } of parts) await participant.check?.(token)
    const revertStored = () => {
      for (const { participant, token } of parts) participant.revertStored?.(token)
    }
    const { l1, database } = this.#deps
    if (l1 === null) database.transaction(revertStored)
    else await l1.revert(l1Token, revertStored)
    this.#snapshots = this.#snapshots.filter((candidate) => candidate.id < id)
    for (const { participant, token } of parts) await participant.revert?.(token)
  }

  async #paused<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const resumes: (() => void)[] = []
      try {
        for (const participant of this.#deps.participants) resumes.push(await participant.pause())
        return await work()
      } finally {
        for (const resume of resumes.reverse()) resume()
      }
    })
  }
}

const isForgotten = (error: unknown): boolean => error instanceof DevnetError && error.code === 'L1_SNAPSHOT'
