import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '../../database/index.ts'
import { JobStore } from '../store/job-store.ts'
import { proverMigrations } from '../store/migrations.ts'
import { expectedBytes, killRequest } from '../testing/kill/fast-proofs.ts'

const batches = 20
const agentCount = 3
const mostKills = 15
const folder = join(import.meta.dirname, '../testing/kill')

let directory: string
const children = new Set<ChildProcess>()

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kill-'))
})

afterEach(async () => {
  await Promise.all([...children].map(kill))
  rmSync(directory, { recursive: true })
})

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function start(script: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [join(folder, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.add(child)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** xorshift32: the same kills for the same seed, as far as the processes' timing is the same. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

it('loses and duplicates nothing while agents and broker are killed at random', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const chance = random(0x5eed)
  const accepted = new Map<string, number>()
  const agents = Array.from({ length: agentCount }, (_, index) => start('agent-process.ts', [url, `agent-${index}`]))
  const kills = { broker: 0, agent: 0 }

  /** Until all batches are proven, or it is killed. */
  async function watchBroker(): Promise<'done' | 'killed'> {
    const broker = start('broker-process.ts', [directory, String(port), String(batches)])
    for await (const line of createInterface({ input: broker.stdout as NodeJS.ReadableStream })) {
      const { event, digest, done }: { event: string; digest?: string; done?: number } = JSON.parse(line)
      if (event === 'proof accepted' && digest !== undefined) accepted.set(digest, (accepted.get(digest) ?? 0) + 1)
      if (done === batches) return 'done'
      if (kills.broker + kills.agent >= mostKills || event === 'listening') continue
      const draw = chance()
      if (draw < 0.06) {
        kills.broker++
        await kill(broker)
        return 'killed'
      }
      if (draw < 0.2) {
        kills.agent++
        const index = Math.floor(chance() * agentCount)
        await kill(agents[index] as ChildProcess)
        agents[index] = start('agent-process.ts', [url, `agent-${index}`])
      }
    }
    return 'killed'
  }

  while ((await watchBroker()) === 'killed');
  await Promise.all([...children].map(kill))

  expect(kills.broker).toBeGreaterThan(0)
  expect(kills.agent).toBeGreaterThan(0)
  const requests = Array.from({ length: batches }, (_, index) => killRequest(index + 1))
  const database = openDatabase({ dataDir: directory, migrations: [proverMigrations] })
  const store = new JobStore(database)
  for (const request of requests) {
    expect(store.find(request.digest)?.status).toBe('done')
    expect(Buffer.compare(store.proof(request.digest)?.bytes ?? new Uint8Array(), expectedBytes(request))).toBe(0)
    // A kill may have swallowed the line, never doubled the event.
    expect(accepted.get(request.digest) ?? 1).toBe(1)
    expect(store.input(request.digest)).toBeUndefined()
    expect(store.segmentProofCount(request.digest)).toBe(0)
  }
  const { jobs } = database.sqlite.prepare<[], { jobs: number }>('SELECT COUNT(*) AS jobs FROM prover_jobs').get() ?? { jobs: 0 }
  expect(jobs).toBe(batches)
  database.close()
}, 300_000)
