// An agent in a process of its own, for tests that kill it: node agent-process.ts <broker url> <name>.
import { setTimeout } from 'node:timers/promises'
import { BrokerClient } from '../../agent/broker-client.ts'
import { ProverAgent } from '../../agent/prover-agent.ts'
import { silentLog } from '../broker-fixture.ts'
import { FastBackend, killProgramId } from './fast-proofs.ts'

const [url = '', name = ''] = process.argv.slice(2)
const agent = new ProverAgent(
  { name, proofType: 'stark', programId: killProgramId, backoffMs: 20, maxBackoffMs: 100, stepMs: 0 },
  {
    client: new BrokerClient({ url, token: 'kill' }),
    loadBackend: async () => new FastBackend(),
    log: silentLog,
    sleep: async (ms, signal) => setTimeout(ms, undefined, { signal }),
    random: Math.random,
  },
)
await agent.start(new AbortController().signal)
process.stdin.once('end', () => process.exit(0)).resume()
