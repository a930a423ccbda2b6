import { type Deployment, deployRollup, type VerifierOptions } from '../../../contracts/index.ts'
import { type Eip1193Provider, type Hex, InboxTree, keccak256Hex, type StoredBatch } from '../../../core/index.ts'
import { testKeys } from './in-process-l1.ts'

export interface TestRollupOptions {
  readonly genesis: StoredBatch
  readonly genesisDiff: Uint8Array
  readonly programId?: Hex
  readonly genesisSupplyWei?: bigint
  /** Default: yes, as on the devnet's own L1. */
  readonly allowDevBatches?: boolean
  /** Default: attestations of the test's key. */
  readonly verifier?: VerifierOptions
}

export const testProgramId = keccak256Hex(Uint8Array.of(4))

const zeroHash: Hex = `0x${'00'.repeat(32)}`

/** A genesis that no chain has, for tests that need none. */
export function inventedGenesis(): TestRollupOptions {
  const genesisDiff = Uint8Array.of(1)
  return {
    genesisDiff,
    genesis: {
      number: 0n,
      lastBlockHash: keccak256Hex(Uint8Array.of(2)),
      stateRoot: keccak256Hex(Uint8Array.of(3)),
      firstBlockNumber: 0n,
      lastBlockNumber: 0n,
      lastTimestamp: 0n,
      inboxCount: 0n,
      inboxRoot: new InboxTree().root(),
      messagesRoot: zeroHash,
      stateDiffHash: keccak256Hex(genesisDiff),
      digest: zeroHash,
      programId: zeroHash,
    },
  }
}

/** The contracts on a fresh L1; keys: 0 deployer, 1 sequencer, 2 attester. */
export function deployTestRollup(
  l1: Eip1193Provider,
  { genesis, genesisDiff, programId, genesisSupplyWei, allowDevBatches = true, verifier }: TestRollupOptions,
): Promise<Deployment> {
  return deployRollup({
    l1,
    deployerKey: testKeys.deployer,
    sequencer: testKeys.sequencer.address,
    verifier: verifier ?? { proofType: 'attested', attester: testKeys.attester.address },
    l2ChainId: 313_372n,
    programId: programId ?? testProgramId,
    genesis,
    genesisDiff,
    genesisSupplyWei: genesisSupplyWei ?? 10n ** 18n,
    allowDevBatches,
  })
}
