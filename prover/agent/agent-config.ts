import { z } from 'zod'
import type { Hex } from '../../core/index.ts'
import { AgentConfigError } from './errors.ts'

/** What the agent makes, and what it needs for that. */
export type BackendConfig =
  | { readonly proofs: 'attested'; readonly attesterKey: Hex; readonly l1ChainId: bigint; readonly verifierAddress: Hex }
  | { readonly proofs: 'stark'; readonly maxMemoryGiB: number }

export interface AgentConfig {
  readonly name: string
  readonly brokerUrl: string
  readonly brokerToken: string
  readonly backend: BackendConfig
}

const hex = (length: number) =>
  z
    .string('must be set')
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`), `must be 0x and ${2 * length} hex digits`)
    // The pattern makes it hex.
    .transform((value) => value.toLowerCase() as Hex)

const Agent = z.object({
  ZKDEVNET_AGENT_NAME: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . : -')
    .optional(),
  ZKDEVNET_BROKER_URL: z.url({ protocol: /^http$/, error: 'must be an http:// address' }).transform((url) => url.replace(/\/+$/, '')),
  ZKDEVNET_BROKER_TOKEN: z.string('must be set').min(1, 'must not be empty'),
  ZKDEVNET_PROOFS: z.enum(['attested', 'stark'], 'must be attested or stark').default('attested'),
})

const Attested = z.object({
  ZKDEVNET_ATTESTER_KEY: hex(32),
  ZKDEVNET_L1_CHAIN_ID: z
    .string('must be set')
    .regex(/^[1-9]\d{0,15}$/, 'must be a number')
    .transform(BigInt),
  ZKDEVNET_ATTESTED_VERIFIER: hex(20),
})

const Stark = z.object({
  ZKDEVNET_MAX_MEMORY: z.coerce.number('must be a number of GiB').positive('must be a number of GiB').default(8),
})

type Environment = Readonly<Record<string, string | undefined>>

/** Throws `AgentConfigError` that names each variable at fault, and never its value. */
export function readAgentConfig(env: Environment): AgentConfig {
  const isStark = env.ZKDEVNET_PROOFS === 'stark'
  const [agent, backend] = [Agent.safeParse(env), (isStark ? Stark : Attested).safeParse(env)]
  const issues = [...(agent.error?.issues ?? []), ...(backend.error?.issues ?? [])]
  if (!agent.success || !backend.success) throw new AgentConfigError(issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  return {
    name: agent.data.ZKDEVNET_AGENT_NAME ?? `agent-${process.pid}`,
    brokerUrl: agent.data.ZKDEVNET_BROKER_URL,
    brokerToken: agent.data.ZKDEVNET_BROKER_TOKEN,
    backend: backendOf(backend.data),
  }
}

function backendOf(data: z.output<typeof Attested> | z.output<typeof Stark>): BackendConfig {
  if ('ZKDEVNET_MAX_MEMORY' in data) return { proofs: 'stark', maxMemoryGiB: data.ZKDEVNET_MAX_MEMORY }
  return {
    proofs: 'attested',
    attesterKey: data.ZKDEVNET_ATTESTER_KEY,
    l1ChainId: data.ZKDEVNET_L1_CHAIN_ID,
    verifierAddress: data.ZKDEVNET_ATTESTED_VERIFIER,
  }
}
