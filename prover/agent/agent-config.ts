import { z } from 'zod'
import type { Hex } from '../../core/index.ts'
import { AgentConfigError } from './errors.ts'

export interface AgentConfig {
  readonly name: string
  readonly brokerUrl: string
  readonly brokerToken: string
  readonly attesterKey: Hex
  readonly l1ChainId: bigint
  readonly verifierAddress: Hex
}

const hex = (length: number) =>
  z
    .string('must be set')
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`), `must be 0x and ${2 * length} hex digits`)
    // The pattern makes it hex.
    .transform((value) => value.toLowerCase() as Hex)

const Environment = z.object({
  ZKDEVNET_AGENT_NAME: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . : -')
    .optional(),
  ZKDEVNET_BROKER_URL: z.url({ protocol: /^http$/, error: 'must be an http:// address' }).transform((url) => url.replace(/\/+$/, '')),
  ZKDEVNET_BROKER_TOKEN: z.string('must be set').min(1, 'must not be empty'),
  ZKDEVNET_ATTESTER_KEY: hex(32),
  ZKDEVNET_L1_CHAIN_ID: z
    .string('must be set')
    .regex(/^[1-9]\d{0,15}$/, 'must be a number')
    .transform(BigInt),
  ZKDEVNET_ATTESTED_VERIFIER: hex(20),
})

/** Throws `AgentConfigError` that names each variable at fault, and never its value. */
export function readAgentConfig(env: Readonly<Record<string, string | undefined>>): AgentConfig {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) throw new AgentConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  const { data } = parsed
  return {
    name: data.ZKDEVNET_AGENT_NAME ?? `agent-${process.pid}`,
    brokerUrl: data.ZKDEVNET_BROKER_URL,
    brokerToken: data.ZKDEVNET_BROKER_TOKEN,
    attesterKey: data.ZKDEVNET_ATTESTER_KEY,
    l1ChainId: data.ZKDEVNET_L1_CHAIN_ID,
    verifierAddress: data.ZKDEVNET_ATTESTED_VERIFIER,
  }
}
