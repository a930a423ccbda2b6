import type {
  BatchControl,
  BatchReader,
  ChainReader,
  Clock,
  DevControl,
  EventSource,
  Hex,
  L1Health,
  Logger,
  NodeInfo,
  SealingControl,
  SettlementReader,
  Simulator,
  Snapshots,
  StateReader,
  TransactionPool,
  WitnessReader,
} from '../core/index.ts'

/** The node as the RPC sees it. */
export interface RpcDeps {
  readonly chain: ChainReader
  readonly state: StateReader
  readonly simulator: Simulator
  readonly witness: WitnessReader
  readonly pool: TransactionPool
  readonly sealing: SealingControl
  readonly dev: DevControl
  readonly snapshots: Snapshots
  readonly batches: BatchReader
  readonly batchControl: BatchControl
  readonly events: EventSource
  /** A function, because URLs are known only once the servers listen. */
  readonly info: () => NodeInfo
  readonly l1Health: L1Health & SettlementReader
  readonly clock: Clock
  readonly log: Logger
  /** Private keys of the dev accounts, which the node signs for. */
  readonly accountKeys: readonly Hex[]
}

export interface RpcLimits {
  readonly maxLogResults: number
  readonly maxLogBlockRange: bigint
  readonly maxFilters: number
  /** A filter that nobody asks for this long is dropped. */
  readonly filterIdleMs: number
  readonly maxSubscriptionsPerConnection: number
}

export const defaultRpcLimits: RpcLimits = {
  maxLogResults: 20_000,
  maxLogBlockRange: 1_000_000n,
  maxFilters: 1_000,
  filterIdleMs: 5 * 60_000,
  maxSubscriptionsPerConnection: 1_000,
}
