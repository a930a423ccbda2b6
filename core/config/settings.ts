import { z } from 'zod'
import type { Hex } from '../hex.ts'
import { option } from './option.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const privateKey = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)]).transform((key) => key.toLowerCase() as Hex)
const flag = z.preprocess(
  (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
  z.boolean(),
)

/** Every setting of `zkdevnet dev`. docs/configuration.md is generated from this table. */
export const settings = {
  dataDir: option({
    env: 'ZKDEVNET_DATA_DIR',
    flag: '--data-dir <path>',
    schema: z.string().min(1),
    default: '.zkdevnet',
    description: 'Where the devnet keeps its state. It goes on from there after a restart.',
  }),
  ephemeral: option({
    env: 'ZKDEVNET_EPHEMERAL',
    flag: '--ephemeral',
    schema: flag,
    default: false,
    description: 'Keep nothing: a fresh devnet in a temporary directory, removed at the end.',
  }),
  stopWithStdin: option({
    env: 'ZKDEVNET_STOP_WITH_STDIN',
    flag: '--stop-with-stdin',
    schema: flag,
    default: false,
    description: 'Stop when stdin closes: for programs that start a devnet and must not be outlived by it, however they end.',
  }),
  host: option({
    env: 'ZKDEVNET_HOST',
    flag: '--host <address>',
    schema: z.string().min(1),
    default: '127.0.0.1',
    description: 'Address that the RPC servers listen on. Anything but loopback opens the dev accounts to your network.',
  }),
  allowedHosts: option({
    env: 'ZKDEVNET_ALLOWED_HOSTS',
    flag: '--allowed-hosts <names>',
    schema: z.string().transform((names) => names.split(',').map((name) => name.trim())),
    default: 'localhost',
    description: 'Names, separated by commas, under which the servers may be called besides localhost and numeric addresses; * for any.',
  }),
  port: option({
    env: 'ZKDEVNET_PORT',
    flag: '--port <n>',
    schema: port,
    default: 3050,
    description: 'Port of the L2, HTTP and WebSocket. 0 takes a free one.',
  }),
  l1Port: option({
    env: 'ZKDEVNET_L1_PORT',
    flag: '--l1-port <n>',
    schema: port,
    default: 8545,
    description: "Port of the devnet's own L1, HTTP and WebSocket. 0 takes a free one.",
  }),
  l1Url: option({
    env: 'ZKDEVNET_L1_URL',
    flag: '--l1-url <url>',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    default: undefined,
    description: 'Use this L1 instead of starting one.',
  }),
  l1Confirmations: option({
    env: 'ZKDEVNET_L1_CONFIRMATIONS',
    flag: '--l1-confirmations <n>',
    schema: z.coerce.number().int().min(0).max(64),
    default: 0,
    description: 'L1 blocks to wait before a deposit is taken into the L2.',
  }),
  brokerPort: option({
    env: 'ZKDEVNET_BROKER_PORT',
    flag: '--broker-port <n>',
    schema: port,
    default: 3051,
    description: 'Port from which prover agents fetch their jobs. 0 takes a free one.',
  }),
  brokerToken: option({
    env: 'ZKDEVNET_BROKER_TOKEN',
    flag: '--broker-token <secret>',
    schema: z.string().min(1).optional(),
    default: undefined,
    description: 'Secret that prover agents show. Made anew at each start unless you give one, for agents that you start yourself.',
  }),
  agents: option({
    env: 'ZKDEVNET_AGENTS',
    flag: '--agents <n>',
    schema: z.coerce.number().int().min(0).max(16),
    default: 1,
    description: 'Prover agents to start. With 0, batches wait for one that you start (prover/README.md).',
  }),
  chainId: option({
    env: 'ZKDEVNET_CHAIN_ID',
    flag: '--chain-id <n>',
    schema: z.coerce.bigint().min(1n).max(BigInt(Number.MAX_SAFE_INTEGER)),
    default: '313372',
    description: 'Chain id of the L2.',
  }),
  mnemonic: option({
    env: 'ZKDEVNET_MNEMONIC',
    flag: '--mnemonic <words>',
    schema: z.string().min(1),
    default: 'test test test test test test test test test test test junk',
    description: "Seed phrase of the dev accounts (m/44'/60'/0'/0/i) and of the service keys (m/44'/60'/1'/0/i).",
  }),
  accounts: option({
    env: 'ZKDEVNET_ACCOUNTS',
    flag: '--accounts <n>',
    schema: z.coerce.number().int().min(0).max(100),
    default: 10,
    description: 'Number of dev accounts, funded on both layers.',
  }),
  balance: option({
    env: 'ZKDEVNET_BALANCE',
    flag: '--balance <ether>',
    schema: z.coerce.bigint().min(0n).max(1_000_000_000n),
    default: '10000',
    description: 'Ether of each dev account. The bridge on L1 holds the sum for the L2.',
  }),
  blockTimeMs: option({
    env: 'ZKDEVNET_BLOCK_TIME_MS',
    flag: '--block-time-ms <n>',
    schema: z.coerce.number().int().min(0).max(60_000),
    default: 0,
    description: 'Milliseconds between L2 blocks. 0 seals a block per transaction.',
  }),
  noMining: option({
    env: 'ZKDEVNET_NO_MINING',
    flag: '--no-mining',
    schema: flag,
    default: false,
    description: 'Seal only on `evm_mine`.',
  }),
  batchMaxTransactions: option({
    env: 'ZKDEVNET_BATCH_MAX_TRANSACTIONS',
    flag: '--batch-max-transactions <n>',
    schema: z.coerce.number().int().min(1).max(10_000),
    default: 250,
    description: 'Transactions after which a batch closes.',
  }),
  batchMaxBlocks: option({
    env: 'ZKDEVNET_BATCH_MAX_BLOCKS',
    flag: '--batch-max-blocks <n>',
    schema: z.coerce.number().int().min(1).max(10_000),
    default: 250,
    description: 'Blocks after which a batch closes.',
  }),
  batchMaxCycles: option({
    env: 'ZKDEVNET_BATCH_MAX_CYCLES',
    flag: '--batch-max-cycles <n>',
    schema: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    default: 1_000_000_000,
    description:
      'Weighted cycles that a batch may take to prove, as estimated from its gas and from what earlier batches took; it closes before. A block that is expected to take more gets a batch of its own.',
  }),
  batchMaxAgeMs: option({
    env: 'ZKDEVNET_BATCH_MAX_AGE_MS',
    flag: '--batch-max-age-ms <n>',
    schema: z.coerce.number().int().min(0).max(86_400_000),
    default: 1_000,
    description: 'Age of its first transaction or deposit at which a batch closes. 0 = never by age: close it with `zkdevnet batch seal`.',
  }),
  proofs: option({
    env: 'ZKDEVNET_PROOFS',
    flag: '--proofs <type>',
    schema: z.enum(['attested', 'stark']),
    default: 'stark',
    description:
      "stark: the prover proves that the guest ran on the batch, and a contract on L1 verifies the proof. attested: it runs the guest and signs the digest, at once: trust in the prover's key, not a validity proof, for test suites that need the flow alone. Fixed when a devnet is made.",
  }),
  maxMemory: option({
    env: 'ZKDEVNET_MAX_MEMORY',
    flag: '--max-memory <GiB>',
    schema: z.coerce.number().positive().max(1_024),
    default: 8,
    description: 'Memory that each prover agent may take for a STARK proof. With less, a batch is proven in more and smaller segments.',
  }),
  kernels: option({
    env: 'ZKDEVNET_KERNELS',
    flag: '--kernels <kind>',
    schema: z.enum(['auto', 'avx512', 'avx2', 'scalar', 'wasm']),
    default: 'auto',
    description:
      'What computes validity proofs: our C as native code (avx512, avx2 or scalar, by what the processor can do) or as WebAssembly (wasm). auto takes the fastest; the proofs are the same.',
  }),
  deployerKey: option({
    env: 'ZKDEVNET_DEPLOYER_KEY',
    flag: '--deployer-key <key>',
    schema: privateKey.optional(),
    default: undefined,
    description: 'Key that deploys the contracts on an external L1 and pays the genesis supply into the bridge.',
  }),
  allowDevBatches: option({
    env: 'ZKDEVNET_ALLOW_DEV_BATCHES',
    flag: '--allow-dev-batches',
    schema: flag,
    default: false,
    description:
      'On an external L1: deploy a rollup that takes batches which nobody proves, so that the dev methods work. Its own L1 always has it.',
  }),
  sequencerKey: option({
    env: 'ZKDEVNET_SEQUENCER_KEY',
    flag: '--sequencer-key <key>',
    schema: privateKey.optional(),
    default: undefined,
    description: 'Key that commits, proves and executes batches on an external L1.',
  }),
  attesterKey: option({
    env: 'ZKDEVNET_ATTESTER_KEY',
    flag: '--attester-key <key>',
    schema: privateKey.optional(),
    default: undefined,
    description: 'Key with which the prover signs batches.',
  }),
} as const

export type Settings = { readonly [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> }
