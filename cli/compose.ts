import { randomBytes } from 'node:crypto'
import { parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  type Clock,
  EventBus,
  type FaultPoint,
  type Hex,
  type Logger,
  type NodeInfo,
  type ProofType,
  type Settings,
} from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { WorkerGuestExecutor } from '../guest/index.ts'
import { l1Migrations, startL1 } from '../l1/index.ts'
import { defaultBrokerOptions, JobStore, ProofBroker, proverMigrations, startBrokerServer } from '../prover/index.ts'
import { createEip1193Handler, createNodeHandler, type JsonRpcHandler, startJsonRpcServer } from '../rpc/index.ts'
import {
  batchesMigrations,
  chainMigrations,
  createChain,
  createRollup,
  DevnetSnapshots,
  defaultBatchLimits,
  dryRunMigrations,
  type GenesisParameters,
  InboxWatcher,
  inboxMigrations,
  L1Client,
  type L2Chain,
  limitsForSlowProofs,
  type Rollup,
  RollupContract,
  settlementMigrations,
  systemTimers,
} from '../sequencer/index.ts'
import { addressOfKey, type DevAccount, type ServiceKeys } from './accounts.ts'
import { AgentProcesses } from './agent-processes.ts'
import { ensureDeployed } from './deployment.ts'
import { connectExternalL1, type L1Connection, ownL1Connection } from './l1-connection.ts'
import { NodeMeta, nodeMigrations, type StoredDeployment } from './node-meta.ts'
import type { Progress } from './output/progress.ts'
import { createProofSystem, type ProofSystem } from './proof-system.ts'
import { version } from './version.ts'

/** Tables of every part; a data directory is opened with all of them. */
export const allMigrations = [
  nodeMigrations,
  l1Migrations,
  chainMigrations,
  inboxMigrations,
  batchesMigrations,
  dryRunMigrations,
  settlementMigrations,
  proverMigrations,
]

export interface DevnetOptions {
  readonly settings: Settings
  readonly dataDir: string
  readonly accounts: readonly DevAccount[]
  readonly keys: ServiceKeys
  readonly genesis: GenesisParameters
  /** Log level of the agents. */
  readonly logLevel: string
}

export interface DevnetDeps {
  readonly database: DevnetDatabase
  readonly l1: L1Connection
  readonly log: Logger
  readonly clock: Clock
  readonly faults: FaultPoint
  readonly progress: Progress
}

/** Sequencer and prover, not yet reachable from outside. */
export interface Devnet {
  readonly chain: L2Chain
  readonly rollup: Rollup
  readonly deployment: StoredDeployment
  readonly brokerUrl: string
  /** Of the guest. */
  readonly programId: Hex
  readonly proofType: ProofType
  readonly agents: AgentProcesses
  readonly snapshots: DevnetSnapshots
  readonly events: EventBus
  /** Finishes what runs and stores everything. Idempotent. The L1 and the database stay open. */
  stop(): Promise<void>
}

/** How settlement deals with an L1; a poll of our own costs nothing. */
export function settlementOptions({ own }: L1Connection) {
  return { pollMs: own === null ? 1_000 : 100, bumpAfterMs: 30_000, feeCap: 1_000n * 10n ** 9n, maxLogRange: 2_000n } as const
}

export type L1Choice = Pick<Settings, 'l1Url' | 'balance'>

/** The L1 that the settings ask for. @throws ExternalL1UnreachableError */
export async function connectL1(
  { l1Url, balance }: L1Choice,
  { accounts, keys }: { readonly accounts: readonly DevAccount[]; readonly keys: ServiceKeys },
  { database, clock, log, faults }: Pick<DevnetDeps, 'database' | 'clock' | 'log' | 'faults'>,
): Promise<L1Connection> {
  if (l1Url !== undefined) return connectExternalL1(l1Url)
  const balanceWei = parseEther(String(balance))
  // The deployer pays the L2's whole supply into the bridge.
  const supplyWei = balanceWei * BigInt(accounts.length)
  const own = await startL1(
    {
      accounts: accounts.map(({ privateKey }) => ({ privateKey, balanceWei })),
      serviceAccounts: [
        { privateKey: keys.deployer, balanceWei: supplyWei + parseEther('1000') },
        { privateKey: keys.sequencer, balanceWei: parseEther('1000000') },
      ],
    },
    { database, clock, log, faults },
  )
  return ownL1Connection(own)
}

/** Wires the parts of a devnet together and starts them. The only place that knows the implementations behind the ports. */
export async function startDevnet(opts: DevnetOptions, deps: DevnetDeps): Promise<Devnet> {
  const { settings, keys, genesis } = opts
  const { database, l1, log, clock, faults, progress } = deps
  const running = new AbortController()
  const events = new EventBus((error) => log.error({ err: error }, 'listener failed'))

  const proofs = createProofSystem({ proofType: settings.proofs, keys, maxMemoryGiB: settings.maxMemory })
  const { proofType } = proofs
  const guest = new WorkerGuestExecutor({ program: proofs.program })
  const { programId } = guest
  progress.step('contracts')
  const deployment = await ensureDeployed(
    { genesis, keys, programId, proofType, allowDevBatches: l1.own !== null || settings.allowDevBatches },
    { l1, meta: new NodeMeta(database), log },
  )
  const { contracts, deployBlock } = deployment
  const allowsDevBatches = await new RollupContract(new L1Client(l1.provider), contracts.rollup).allowsDevBatches()

  progress.step('chain')
  const { pollMs, maxLogRange } = settlementOptions(l1)
  const inbox = new InboxWatcher(
    { inbox: contracts.inbox, deployBlock, pollMs, confirmations: BigInt(settings.l1Confirmations), maxLogRange },
    {
      ...{ l1: new L1Client(l1.provider), database, timers: systemTimers, log },
      consumed: () => chain.store.inboxCount(),
      onItems: () => void chain.depositsArrived().catch((error: unknown) => log.error({ err: error }, 'deposits not sealed')),
    },
  )
  const chain: L2Chain = await createChain(
    { genesis, sealing: { coinbase: addressOfKey(keys.sequencer), intervalMs: settings.blockTimeMs, automine: automines(settings) } },
    {
      ...{ database, clock, events, log, faults, feed: inbox },
      finality: { safe: () => rollup.finality.safe(), finalized: () => rollup.finality.finalized() },
      gate: { sealingStop: () => rollup.sealingStop() },
      allowsDevBatches: () => allowsDevBatches,
    },
  )

  progress.step('prover')
  const broker = createBroker({ deployment, proofs }, deps)
  const token = settings.brokerToken ?? randomBytes(32).toString('hex')
  const brokerServer = await startBrokerServer({ host: '127.0.0.1', port: settings.brokerPort, token, broker, log })
  const agents = new AgentProcesses(
    {
      count: settings.agents,
      env: {
        ZKDEVNET_BROKER_URL: brokerServer.url,
        ZKDEVNET_BROKER_TOKEN: token,
        ...proofs.agentEnv(deployment),
        ZKDEVNET_KERNELS: settings.kernels,
        ZKDEVNET_LOG_LEVEL: opts.logLevel,
      },
    },
    { log },
  )

  progress.step('settlement')
  const rollup: Rollup = createRollup(
    {
      ...settlementOptions(l1),
      ...{ proofType, contracts, deployBlock, l1ChainId: l1.chainId, ownsL1: l1.own !== null },
      limits: {
        ...defaultBatchLimits,
        ...(settings.proofs === 'stark' ? limitsForSlowProofs : {}),
        maxTransactions: settings.batchMaxTransactions,
        maxBlocks: settings.batchMaxBlocks,
        maxCycles: settings.batchMaxCycles,
        ...(settings.batchMaxAgeMs === 0
          ? { maxAgeMs: Number.POSITIVE_INFINITY, maxEmptyAgeMs: Number.POSITIVE_INFINITY }
          : { maxAgeMs: settings.batchMaxAgeMs }),
      },
    },
    {
      ...{ database, chain: chain.store, inbox, queue: broker, events, timers: systemTimers, log, faults },
      l1: l1.provider,
      account: privateKeyToAccount(keys.sequencer),
      guest,
      sessionOf: proofs.sessionOf,
      nextTimestamp: () => chain.sealing.nextBlock().timestamp,
      onSealingAllowed: () => void chain.goOn().catch((error: unknown) => log.error({ err: error }, 'blocks not sealed')),
    },
  )
  await rollup.synchronize()
  const snapshots = new DevnetSnapshots({
    database,
    participants: [chain.snapshot, inbox.snapshot, rollup.snapshot],
    l1: l1.snapshots,
  })

  await snapshots.markStart()

  const services = [chain, inbox, rollup, agents]
  for (const service of services) await service.start(running.signal)
  return {
    ...{ chain, rollup, deployment, agents, snapshots, events, programId, proofType, brokerUrl: brokerServer.url },
    async stop() {
      running.abort()
      for (const service of services.toReversed()) await service.stop()
      await brokerServer.close()
      await Promise.all([guest.close(), proofs.close()])
    },
  }
}

function automines({ noMining, blockTimeMs }: Settings): boolean {
  return !noMining && blockTimeMs === 0
}

function createBroker(
  { deployment, proofs }: { readonly deployment: StoredDeployment; readonly proofs: ProofSystem },
  { database, clock, log, faults }: DevnetDeps,
): ProofBroker {
  const { proofType, program, assembleProof } = proofs
  return new ProofBroker(
    { ...defaultBrokerOptions, proofType, programId: program.programId },
    {
      ...{ store: new JobStore(database), clock, log, faultPoint: faults, assembleProof },
      verifyProof: (proof) => proofs.verifyProof(proof, deployment),
      randomToken: () => randomBytes(16).toString('hex'),
    },
  )
}

/** The servers through which the world reaches a devnet. */
export interface Servers {
  readonly info: NodeInfo
  close(): Promise<void>
}

/** Opens the RPC of L2 and, where it is ours, of L1. @throws PortInUseError, ListenError */
export async function openServers(
  { settings, dataDir, accounts }: DevnetOptions,
  devnet: Devnet,
  { l1, log, clock }: DevnetDeps,
): Promise<Servers> {
  const { host, allowedHosts } = settings
  const { chain, rollup, deployment, snapshots, events, programId, proofType } = devnet
  const l1Server =
    l1.own === null
      ? undefined
      : await startJsonRpcServer({ host, allowedHosts, port: settings.l1Port, portFlag: '--l1-port', handler: l1Handler(l1.own), log })
  const urls = { l1: l1Server?.url ?? settings.l1Url ?? '', l2: '' }
  const info = (): NodeInfo => ({
    ...{ version, programId, proofType, dataDir },
    ...{ l1ChainId: l1.chainId, l2ChainId: chain.store.chainId, contracts: deployment.contracts },
    ...{ l1Url: urls.l1, l2Url: urls.l2 },
  })
  const handler = createNodeHandler({
    ...{ chain: chain.store, state: chain.store, pool: chain.pool, sealing: chain.sealing, dev: chain.dev, simulator: chain.simulator },
    witness: chain.witness,
    ...{ batches: rollup.batches, batchControl: rollup, l1Health: rollup },
    ...{ snapshots, events, info, clock, log },
    accountKeys: accounts.map(({ privateKey }) => privateKey),
  })
  try {
    const l2Server = await startJsonRpcServer({ host, allowedHosts, port: settings.port, portFlag: '--port', handler, log })
    urls.l2 = l2Server.url
    return {
      info: info(),
      async close() {
        await Promise.all([l2Server.close(), l1Server?.close()])
      },
    }
  } catch (error) {
    await l1Server?.close()
    throw error
  }
}

function l1Handler(l1: NonNullable<L1Connection['own']>): JsonRpcHandler {
  return createEip1193Handler({
    request: (args) => l1.request(args),
    on: (_event, listener) => l1.onMessage(listener),
  })
}
