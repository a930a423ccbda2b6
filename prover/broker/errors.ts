import { DevnetError, type Hex } from '../../core/index.ts'

export class JobNotFoundError extends DevnetError {
  override name = 'JobNotFoundError'
  constructor(digest: Hex) {
    super(`There is no proof job ${digest}.`, { code: 'JOB_NOT_FOUND' })
  }
}

/** The batch of this job was taken back: its proof is of no use any more. */
export class JobCancelledError extends DevnetError {
  override name = 'JobCancelledError'
  constructor(digest: Hex) {
    super(`The proof job ${digest} was cancelled.`, { code: 'JOB_CANCELLED' })
  }
}

/** Somebody else has the job now, or nobody. */
export class LeaseLostError extends DevnetError {
  override name = 'LeaseLostError'
  constructor(digest: Hex) {
    super(`The lease of the proof job ${digest} is not yours any more.`, {
      code: 'LEASE_LOST',
      metaMessages: ['It expired without a heartbeat, or the job is settled.'],
    })
  }
}

export class ProofRejectedError extends DevnetError {
  override name = 'ProofRejectedError'
  constructor({ digest, reason }: { digest: Hex; reason: string }) {
    super(`The proof for job ${digest} was refused: ${reason}.`, { code: 'PROOF_REJECTED' })
  }
}

/** The proof was planned anew, or is no longer in segments. */
export class PlanOutdatedError extends DevnetError {
  override name = 'PlanOutdatedError'
  constructor(digest: Hex) {
    super(`The proof job ${digest} goes by another plan now.`, { code: 'PLAN_OUTDATED' })
  }
}

/** An agent whose proofs this node does not take. */
export class AgentMismatchError extends DevnetError {
  override name = 'AgentMismatchError'
  constructor({ own, agent }: { own: string; agent: string }) {
    super(`This node has proofs made of "${own}"; the agent makes those of "${agent}".`, {
      code: 'AGENT_MISMATCH',
      exitCode: 6,
      metaMessages: ['Node and agents must be of the same version of zkdevnet, and have the same `--proofs`.'],
    })
  }
}

/** The HTTP request itself is at fault; `status` is its answer. */
export class BrokerRequestError extends DevnetError {
  override name = 'BrokerRequestError'
  readonly status: number
  constructor({ status, code, message }: { status: number; code: string; message: string }) {
    super(message, { code })
    this.status = status
  }
}

export class BrokerPortInUseError extends DevnetError {
  override name = 'BrokerPortInUseError'
  constructor({ host, port, cause }: { host: string; port: number; cause: unknown }) {
    super(`Port ${port} on ${host} is in use.`, {
      code: 'PORT_IN_USE',
      exitCode: 3,
      metaMessages: ['Stop the program that uses it, or choose another port for the prover with `--broker-port <n>` (0 takes a free one).'],
      cause,
    })
  }
}

export class BrokerHostError extends DevnetError {
  override name = 'BrokerHostError'
  constructor(host: string) {
    super(`The proof broker does not listen on ${host}.`, {
      code: 'BROKER_HOST',
      exitCode: 2,
      metaMessages: ['It serves agents on this machine only: use 127.0.0.1, ::1 or localhost.'],
    })
  }
}
