import type { L1Snapshots, Snapshots } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { WriterLock } from '../blocks/writer-lock.ts'
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

  constructor(deps: DevnetSnapshotsDeps) {
    this.#deps = deps
  }

  async take(): Promise<bigint> {
    return this.#paused(async () => {
      const tokens: unknown[] = []
      for (const participant of this.#deps.participants) tokens.push(await participant.take())
      const l1Token = await this.#deps.l1?.take()
      const id = this.#nextId++
      this.#snapshots.push({ id, tokens, l1Token })
      return id
    })
  }

  async revert(id: bigint): Promise<boolean> {
    return this.#paused(async () => {
      const snapshot = this.#snapshots.find((candidate) => candidate.id === id)
      if (snapshot === undefined) return false
      const parts = this.#deps.participants.map((participant, index) => ({ participant, token: snapshot.tokens[index] }))
      for (const { participant, token } of parts) await participant.check?.(token)
      const revertStored = () => {
        for (const { participant, token } of parts) participant.revertStored?.(token)
      }
      const { l1, database } = this.#deps
      if (l1 === null) database.transaction(revertStored)
      else await l1.revert(snapshot.l1Token, revertStored)
      this.#snapshots = this.#snapshots.filter((candidate) => candidate.id < id)
      for (const { participant, token } of parts) await participant.revert?.(token)
      return true
    })
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
