import {
  batchDigest,
  bytesToHex,
  emptyMessagesRoot,
  encodeDepositPayload,
  type Hex,
  InboxTree,
  inboxKinds,
  inboxLeaf,
  keccak256Hex,
  type StoredBatch,
} from '../../core/index.ts'
import { attestedVerifierAbi, bridgeAbi, type Deployment, deployRollup, rollupAbi } from '../index.ts'
import { accounts, createL1, type L1, l1ChainId } from './l1-fixture.ts'

export const l2ChainId = 313_372n
export const programId: Hex = `0x${'a1'.repeat(32)}`
export const genesisSupplyWei = 1_000n * 10n ** 18n
export const inboxDeadlineSeconds = 3_600
export const zeroHash: Hex = `0x${'00'.repeat(32)}`
export const genesisDiff = Uint8Array.from({ length: 2_000 }, (_, i) => (i * 7) % 256)

/** A hash that says in a failing test what it stands for. */
export const hashOf = (name: string): Hex => keccak256Hex(new TextEncoder().encode(name))

export const genesis: StoredBatch = {
  number: 0n,
  lastBlockHash: hashOf('genesis block'),
  stateRoot: hashOf('genesis state'),
  firstBlockNumber: 0n,
  lastBlockNumber: 0n,
  lastTimestamp: 1_700_000_000n,
  inboxCount: 0n,
  inboxRoot: new InboxTree().root(),
  messagesRoot: zeroHash,
  stateDiffHash: keccak256Hex(genesisDiff),
  digest: zeroHash,
  programId: zeroHash,
}

/** `CommitBatch` of the Rollup contract. */
export interface CommitBatch {
  readonly number: bigint
  readonly lastBlockHash: Hex
  readonly stateRoot: Hex
  readonly firstBlockNumber: bigint
  readonly lastBlockNumber: bigint
  readonly lastTimestamp: bigint
  readonly inboxCount: bigint
  readonly messagesRoot: Hex
  readonly isDev: boolean
  readonly stateDiff: Hex
}

/** A batch of three blocks that follows `last`. */
export function nextBatch(last: StoredBatch, changes: Partial<CommitBatch> = {}): CommitBatch {
  const number = last.number + 1n
  return {
    number,
    lastBlockHash: hashOf(`block of batch ${number}`),
    stateRoot: hashOf(`state of batch ${number}`),
    firstBlockNumber: last.lastBlockNumber + 1n,
    lastBlockNumber: last.lastBlockNumber + 3n,
    lastTimestamp: last.lastTimestamp + 3n,
    inboxCount: last.inboxCount,
    messagesRoot: emptyMessagesRoot,
    isDev: false,
    stateDiff: bytesToHex(Uint8Array.from({ length: 300 }, (_, i) => (Number(number) * 31 + i) % 256)),
    ...changes,
  }
}

export type RollupFixture = Awaited<ReturnType<typeof createRollup>>

/** A deployed rollup together with what TypeScript expects its contracts to hold. */
export async function createRollup(chain?: L1, { allowDevBatches = false }: { readonly allowDevBatches?: boolean } = {}) {
  const l1 = chain ?? (await createL1())
  const deployment: Deployment = await deployRollup({
    l1: l1.l1,
    deployerKey: accounts.deployer.key,
    sequencer: accounts.sequencer.address,
    verifier: { proofType: 'attested', attester: accounts.attester.address },
    l2ChainId,
    programId,
    genesis,
    genesisDiff,
    genesisSupplyWei,
    inboxDeadlineSeconds,
    allowDevBatches,
  })
  const { rollup, bridge, verifier } = deployment

  /** What L1 should store for `batch`. */
  const storedOf = (last: StoredBatch, batch: CommitBatch, inboxRoot = last.inboxRoot): StoredBatch => {
    const { stateDiff, isDev, ...fields } = batch
    const stateDiffHash = keccak256Hex(Buffer.from(stateDiff.slice(2), 'hex'))
    const digest = batchDigest({
      l1ChainId,
      rollup,
      l2ChainId,
      rulesVersion: 1n,
      batchNumber: batch.number,
      parentBlockHash: last.lastBlockHash,
      stateRootBefore: last.stateRoot,
      lastBlockHash: batch.lastBlockHash,
      stateRootAfter: batch.stateRoot,
      firstBlockNumber: batch.firstBlockNumber,
      lastBlockNumber: batch.lastBlockNumber,
      lastTimestamp: batch.lastTimestamp,
      stateDiffHash,
      inboxCountBefore: last.inboxCount,
      inboxRootBefore: last.inboxRoot,
      inboxCountAfter: batch.inboxCount,
      inboxRootAfter: inboxRoot,
      messagesRoot: batch.messagesRoot,
    })
    return { ...fields, inboxRoot, stateDiffHash, digest, programId: isDev ? zeroHash : programId }
  }

  const call = (functionName: string, args: readonly unknown[] = [], from: Hex = accounts.sequencer.address) =>
    ({ from, address: rollup, abi: rollupAbi, functionName, args }) as const

  const attest = async (...digests: readonly Hex[]) => {
    const signatures = await Promise.all(digests.map((digest) => signAttestation({ verifier, digest })))
    return l1.send({
      from: accounts.stranger.address,
      address: verifier,
      abi: attestedVerifierAbi,
      functionName: 'attest',
      args: [programId, digests, signatures],
    })
  }

  return {
    ...deployment,
    l1,
    storedOf,
    call,
    attest,

    read: {
      storedBatchHash: (number: bigint) =>
        l1.client.readContract({ address: rollup, abi: rollupAbi, functionName: 'storedBatchHash', args: [number] }),
      messagesRoot: (number: bigint) =>
        l1.client.readContract({ address: rollup, abi: rollupAbi, functionName: 'messagesRoot', args: [number] }),
      stateRoot: (number: bigint) => l1.client.readContract({ address: rollup, abi: rollupAbi, functionName: 'stateRoot', args: [number] }),
      allowDevBatches: () => l1.client.readContract({ address: rollup, abi: rollupAbi, functionName: 'allowDevBatches' }),
      /** Last committed, proven, executed. */
      heads: () =>
        Promise.all(
          (['lastCommittedBatch', 'lastProvenBatch', 'lastExecutedBatch'] as const).map((functionName) =>
            l1.client.readContract({ address: rollup, abi: rollupAbi, functionName }),
          ),
        ),
    },

    commit: (last: StoredBatch, ...batches: readonly CommitBatch[]) => l1.send(call('commitBatches', [last, batches])),
    prove: (...batches: readonly StoredBatch[]) => l1.send(call('proveBatches', [batches], accounts.stranger.address)),
    execute: (...batches: readonly StoredBatch[]) => l1.send(call('executeBatches', [batches], accounts.stranger.address)),

    /** Commits, proves and executes one batch. */
    async finalize(last: StoredBatch, changes: Partial<CommitBatch> = {}): Promise<StoredBatch> {
      const batch = nextBatch(last, changes)
      const stored = storedOf(last, batch)
      await this.commit(last, batch)
      await attest(stored.digest)
      await this.prove(stored)
      await this.execute(stored)
      return stored
    },

    /** Deposits 1 Gwei per item for `user`; returns the Inbox root after them. */
    async deposit(tree: InboxTree, items: number): Promise<Hex> {
      for (let i = 0; i < items; i++) {
        const receipt = await l1.send({
          from: accounts.user.address,
          address: bridge,
          abi: bridgeAbi,
          functionName: 'depositETH',
          args: [accounts.user.address],
          value: 10n ** 9n,
        })
        const { timestamp } = await l1.client.getBlock({ blockNumber: receipt.blockNumber })
        const payload = encodeDepositPayload({ to: accounts.user.address, amountGwei: 1n })
        tree.append(inboxLeaf(tree.count, { kind: inboxKinds.deposit, sender: accounts.user.address, payload, l1Time: timestamp }))
      }
      return tree.root()
    },
  }
}

/** Signature over the EIP-712 struct of docs/formats.md §5. */
export function signAttestation({
  verifier,
  digest,
  program = programId,
  chainId = l1ChainId,
  signer = accounts.attester,
}: {
  readonly verifier: Hex
  readonly digest: Hex
  readonly program?: Hex
  readonly chainId?: bigint
  readonly signer?: (typeof accounts)['attester']
}): Promise<Hex> {
  return signer.account.signTypedData({
    domain: { name: 'zkdevnet attestation', version: '1', chainId, verifyingContract: verifier },
    types: {
      Attestation: [
        { name: 'programId', type: 'bytes32' },
        { name: 'digest', type: 'bytes32' },
      ],
    },
    primaryType: 'Attestation',
    message: { programId: program, digest },
  })
}
