export { BrokerClient, type BrokerClientOptions, type LeasedJob } from './agent/broker-client.ts'
export { BrokerRefusedError, BrokerUnreachableError } from './agent/errors.ts'
export { ProverAgent, type ProverAgentDeps, type ProverAgentOptions } from './agent/prover-agent.ts'
export {
  type AttestationCheck,
  type AttestationDomain,
  attestationHash,
  attestedProgramId,
  verifyAttestation,
} from './backend/attestation.ts'
export {
  BrokerHostError,
  BrokerPortInUseError,
  JobCancelledError,
  JobNotFoundError,
  LeaseLostError,
  ProofRejectedError,
} from './broker/errors.ts'
export {
  defaultBrokerOptions,
  type FailureKind,
  type Lease,
  ProofBroker,
  type ProofBrokerDeps,
  type ProofBrokerOptions,
} from './broker/proof-broker.ts'
export { type BrokerServer, type BrokerServerOptions, startBrokerServer } from './broker/server.ts'
export { JobStore } from './store/job-store.ts'
export { proverMigrations } from './store/migrations.ts'
