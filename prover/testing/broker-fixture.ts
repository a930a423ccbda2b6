import type { Clock, FaultStage, Hex, Logger, Proof, ProofRequest } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { ProofBroker, type ProofBrokerOptions } from '../broker/proof-broker.ts'
import { JobStore } from '../store/job-store.ts'
import { proverMigrations } from '../store/migrations.ts'

export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }

export class FakeClock implements Clock {
  now = 1_000_000
  nowMs(): number {
    return this.now
  }
}

export const testProgramId: Hex = `0x${'aa'.repeat(32)}`
export const digestOf = (index: number): Hex => `0x${index.toString(16).padStart(64, '0')}`
export const goodBytes = Uint8Array.of(1, 2, 3)

export function requestOf(index: number, input: Uint8Array = Uint8Array.of(index)): ProofRequest {
  return { digest: digestOf(index), programId: testProgramId, batchNumber: BigInt(index), input }
}

export function proofOf(digest: Hex, changes: Partial<Proof> = {}): Proof {
  return { type: 'attested', programId: testProgramId, digest, bytes: goodBytes, provingMs: 5, segments: null, ...changes }
}

export const testBrokerOptions: ProofBrokerOptions = {
  proofType: 'attested',
  programId: testProgramId,
  leaseMs: 10_000,
  maxFailures: 3,
  backoffMs: 100,
  maxBackoffMs: 150,
}

export interface BrokerFixture {
  readonly database: DevnetDatabase
  readonly store: JobStore
  readonly clock: FakeClock
  readonly settled: Hex[]
  readonly stages: FaultStage[]
  broker: ProofBroker
  /** Proofs are right when this says so; by default those with `goodBytes`. */
  verifyProof: (proof: Proof) => Promise<boolean>
  /** A new broker on the same database, as after a kill. */
  restart(): ProofBroker
}

export function createBrokerFixture(options: Partial<ProofBrokerOptions> = {}): BrokerFixture {
  const database = openMemoryDatabase({ migrations: [proverMigrations] })
  const store = new JobStore(database)
  const clock = new FakeClock()
  const settled: Hex[] = []
  const stages: FaultStage[] = []
  let tokens = 0
  const start = (): ProofBroker => {
    const broker = new ProofBroker(
      { ...testBrokerOptions, ...options },
      {
        store,
        clock,
        log: silentLog,
        verifyProof: (proof) => fixture.verifyProof(proof),
        assembleProof: (plan, segments) => Buffer.concat([plan, ...segments]),
        randomToken: () => `token-${++tokens}`,
        faultPoint: (stage) => stages.push(stage),
      },
    )
    broker.onSettled((digest) => settled.push(digest))
    return broker
  }
  const fixture: BrokerFixture = {
    database,
    store,
    clock,
    settled,
    stages,
    // Set below: the broker calls back into the fixture.
    broker: undefined as never,
    verifyProof: async ({ bytes }) => Buffer.compare(bytes, goodBytes) === 0,
    restart() {
      fixture.broker = start()
      return fixture.broker
    },
  }
  fixture.restart()
  return fixture
}
