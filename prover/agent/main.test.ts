import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hex } from '../../core/index.ts'
import { verifyAttestation } from '../backend/attestation.ts'
import { type BrokerServer, startBrokerServer } from '../broker/server.ts'
import { buildBatch, l1ChainId, requestOfBatch } from '../testing/batch-fixture.ts'
import { type BrokerFixture, createBrokerFixture, silentLog, testBrokerOptions } from '../testing/broker-fixture.ts'
import { testGuest } from '../testing/test-guest.ts'

const entry = join(import.meta.dirname, 'main.ts')
const attesterKey: Hex = `0x${'a7'.repeat(32)}`
const verifierAddress: Hex = `0x${'7e'.repeat(20)}`
const token = 'secret'

let fixture: BrokerFixture
let server: BrokerServer
const children: ChildProcess[] = []

beforeEach(async () => {
  fixture = createBrokerFixture({ programId: testGuest.programId })
  fixture.verifyProof = (proof) =>
    verifyAttestation({ proof, attester: privateKeyToAccount(attesterKey).address, l1ChainId, verifierAddress })
  server = await startBrokerServer({ host: '127.0.0.1', port: 0, token, broker: fixture.broker, log: silentLog })
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await server.close()
  fixture.database.close()
})

function startAgent(env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH,
      ZKDEVNET_AGENT_NAME: 'child',
      ZKDEVNET_BROKER_URL: server.url,
      ZKDEVNET_BROKER_TOKEN: token,
      ZKDEVNET_ATTESTER_KEY: attesterKey,
      ZKDEVNET_L1_CHAIN_ID: String(l1ChainId),
      ZKDEVNET_ATTESTED_VERIFIER: verifierAddress,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

/** Resolves when standard error has a line with that message; all its lines are JSON. */
async function logged(child: ChildProcess, message: string): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of child.stderr ?? []) {
    text += String(chunk)
    const complete = text.slice(0, text.lastIndexOf('\n') + 1)
    for (const line of complete.split('\n').filter(Boolean)) {
      const entry: Record<string, unknown> = JSON.parse(line)
      if (entry.msg === message) return entry
    }
  }
  throw new Error(`the agent ended before "${message}": ${text}`)
}

const settled = () =>
  new Promise<void>((resolve) => {
    fixture.broker.onSettled(() => resolve())
  })

describe('the agent process', () => {
  it('proves a batch that another process was killed over', async () => {
    const request = requestOfBatch(await buildBatch())
    await fixture.broker.enqueue(request)
    const first = startAgent()
    await expect.poll(() => fixture.stages, { timeout: 20_000 }).toContain('job leased')
    first.kill('SIGKILL')
    await once(first, 'exit')
    const before = await fixture.broker.job(request.digest)
    if (before?.status !== 'done') {
      expect(before).toMatchObject({ status: 'leased', attempts: 1 })
      const done = settled()
      // Started anew under the same name, it asks for work: so the old lease ends at once.
      startAgent()
      await expect.poll(async () => (await fixture.broker.job(request.digest))?.status, { timeout: 20_000 }).toBe('waiting')
      fixture.clock.now += testBrokerOptions.backoffMs
      await done
    }
    const proof = await fixture.broker.result(request.digest)
    expect(proof).toMatchObject({ type: 'attested', digest: request.digest })
    expect(fixture.settled).toEqual([request.digest])
  })

  it('says no to a batch with a node missing', async () => {
    const batch = await buildBatch()
    const request = requestOfBatch(batch, { input: { nodes: batch.input.nodes.slice(1) } })
    const done = settled()
    await fixture.broker.enqueue(request)
    startAgent()
    await done
    expect(await fixture.broker.job(request.digest)).toMatchObject({
      status: 'failed',
      attempts: 1,
      lastError: expect.stringContaining('lacks a trie node'),
    })
  })

  it('ends when its parent does, whose end of the pipe the kernel closes', async () => {
    const child = startAgent()
    await logged(child, 'agent started')
    child.stdin?.destroy()
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends on SIGTERM', async () => {
    const child = startAgent()
    await logged(child, 'agent started')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('names what is missing in its configuration, and no secret', async () => {
    const child = startAgent({ ZKDEVNET_ATTESTER_KEY: '0xnotakey', ZKDEVNET_BROKER_TOKEN: '' })
    const exit = once(child, 'exit')
    const entry = await logged(child, 'agent failed')
    expect(entry.help).toEqual(['ZKDEVNET_BROKER_TOKEN: must not be empty', 'ZKDEVNET_ATTESTER_KEY: must be 0x and 64 hex digits'])
    expect(JSON.stringify(entry)).not.toContain('notakey')
    expect(await exit).toEqual([2, null])
  })
})
