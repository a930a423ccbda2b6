import { DevnetError } from '../../core/index.ts'

/** The broker did not answer, or not sensibly: worth another try. */
export class BrokerUnreachableError extends DevnetError {
  override name = 'BrokerUnreachableError'
  constructor({ url, reason, cause }: { url: string; reason: string; cause?: unknown }) {
    super(`The proof broker at ${url} cannot be reached: ${reason}.`, { code: 'BROKER_UNREACHABLE', cause })
  }
}

/** The broker answered no: asking again is in vain. `brokerCode` is its error code. */
export class BrokerRefusedError extends DevnetError {
  override name = 'BrokerRefusedError'
  readonly status: number
  readonly brokerCode: string
  constructor({ status, brokerCode, message }: { status: number; brokerCode: string; message: string }) {
    super(`The proof broker refused (${status} ${brokerCode}): ${message}`, { code: 'BROKER_REFUSED' })
    this.status = status
    this.brokerCode = brokerCode
  }
}

export class AgentConfigError extends DevnetError {
  override name = 'AgentConfigError'
  constructor(problems: readonly string[]) {
    super('The prover agent is not configured.', { code: 'AGENT_CONFIG', exitCode: 2, metaMessages: problems })
  }
}
