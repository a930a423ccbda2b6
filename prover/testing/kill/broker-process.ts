// A broker in a process of its own, for tests that kill it: node broker-process.ts <data directory> <port> <batches>. Enqueues the batches as
// the node's settlement does at each start, and says on stdout what happens, an event per line.
import { randomBytes } from 'node:crypto'
import type { Logger } from '../../../core/index.ts'
import { openDatabase } from '../../../database/index.ts'
import { ProofBroker } from '../../broker/proof-broker.ts'
import { startBrokerServer } from '../../broker/server.ts'
import { JobStore } from '../../store/job-store.ts'
import { proverMigrations } from '../../store/migrations.ts'
import { isRight, killProgramId, killRequest } from './fast-proofs.ts'

const [directory = '', port = '', batches = ''] = process.argv.slice(2)
const requests = Array.from({ length: Number(batches) }, (_, index) => killRequest(index + 1))

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

const log: Logger = {
  debug: (fields, event) => say({ event, ...printable(fields) }),
  info: (fields, event) => say({ event, ...printable(fields) }),
  warn: (fields, event) => say({ event, ...printable(fields) }),
  error: (fields, event) => say({ event, ...printable(fields) }),
}

function printable(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]))
}

const database = openDatabase({ dataDir: directory, migrations: [proverMigrations] })
const broker = new ProofBroker(
  // Kills are no fault of a job: none is set aside here.
  { proofType: 'stark', programId: killProgramId, leaseMs: 5_000, maxFailures: 1_000, backoffMs: 10, maxBackoffMs: 50 },
  {
    store: new JobStore(database),
    clock: { nowMs: Date.now },
    log,
    verifyProof: async (proof) => isRight(proof, requests),
    assembleProof: (plan, segments) => new Uint8Array(Buffer.concat([plan, ...segments])),
    randomToken: () => randomBytes(8).toString('hex'),
  },
)
const tellState = async (event: string): Promise<void> => {
  const jobs = await Promise.all(requests.map(({ digest }) => broker.job(digest)))
  say({ event, done: jobs.filter((job) => job?.status === 'done').length })
}
broker.onSettled(() => void tellState('settled'))
for (const request of requests) if ((await broker.result(request.digest)) === undefined) await broker.enqueue(request)
await startBrokerServer({ host: '127.0.0.1', port: Number(port), token: 'kill', broker, log })
await tellState('listening')
process.stdin.once('end', () => process.exit(0)).resume()
