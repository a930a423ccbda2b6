import { deployRollup, predeployedContracts, readDeployment, type VerifierOptions } from '../contracts/index.ts'
import { DevnetError, type Hex, hexToBytes, InboxTree, type Logger, type ProofType } from '../core/index.ts'
import { type GenesisParameters, genesisBatchOf } from '../sequencer/index.ts'
import { createGenesis } from '../stf/index.ts'
import { defaultParameters } from '../zkvm/index.ts'
import { addressOfKey, type ServiceKeys } from './accounts.ts'
import type { L1Connection } from './l1-connection.ts'
import type { NodeMeta, StoredDeployment } from './node-meta.ts'

export interface DeploymentOptions {
  readonly genesis: GenesisParameters
  readonly keys: ServiceKeys
  readonly programId: Hex
  readonly proofType: ProofType
  readonly allowDevBatches: boolean
}

/** What convinces L1 of this devnet's batches. */
export function verifierOptions(proofType: ProofType, { attester }: Pick<ServiceKeys, 'attester'>): VerifierOptions {
  return proofType === 'stark' ? { proofType, parameters: defaultParameters } : { proofType, attester: addressOfKey(attester) }
}

export interface GenesisAccountsOptions {
  readonly chainId: bigint
  readonly addresses: readonly Hex[]
  readonly balanceWei: bigint
}

/** The L2's genesis; its time is that of the first start. */
export function genesisParameters(
  { chainId, addresses, balanceWei }: GenesisAccountsOptions,
  meta: NodeMeta,
  nowMs: number,
): GenesisParameters {
  return {
    chainId,
    timestamp: BigInt(meta.remember('genesisTimestamp', () => String(Math.floor(nowMs / 1000)))),
    accounts: addresses.map((address) => ({ address, balance: balanceWei })),
    predeploys: predeployedContracts,
  }
}

/** The L1 is another one than the contracts of this data directory were deployed on, or has forgotten them. */
class ContractsMissingError extends DevnetError {
  override name = 'ContractsMissingError'
  constructor(reason: string) {
    super(`This is not the L1 that the devnet was deployed on: ${reason}.`, {
      code: 'CONTRACTS_MISSING',
      exitCode: 6,
      metaMessages: ['Start that L1 again with the state it had, or forget this devnet with `zkdevnet reset`.'],
    })
  }
}

/** @throws ContractsMissingError */
async function assertDeployed({ l1ChainId, contracts }: StoredDeployment, { chainId, provider }: L1Connection): Promise<void> {
  if (chainId !== l1ChainId) throw new ContractsMissingError(`its chain id is ${chainId}, not ${l1ChainId}`)
  const code = await provider.request({ method: 'eth_getCode', params: [contracts.rollup, 'latest'] })
  if (code === '0x') throw new ContractsMissingError(`there is no contract at ${contracts.rollup}`)
}

/**
 * The contracts of this devnet: as stored, or deployed now. A deployment that a crash cut short is finished.
 * @throws ContractsMissingError, NotARollupError and what `deployRollup` throws
 */
export async function ensureDeployed(
  { genesis, keys, programId, proofType, allowDevBatches }: DeploymentOptions,
  { l1, meta, log }: { l1: L1Connection; meta: NodeMeta; log: Logger },
): Promise<StoredDeployment> {
  const stored = meta.deployment()
  if (stored !== undefined) {
    await assertDeployed(stored, l1)
    // An upgrade replaces the verifier.
    const { addresses } = await readDeployment({ l1: l1.provider, rollup: stored.contracts.rollup })
    return { ...stored, contracts: addresses }
  }
  const executed = await createGenesis({
    ...genesis,
    predeploys: genesis.predeploys.map(({ address, code }) => ({ address, code: hexToBytes(code) })),
    inboxRoot: new InboxTree().root(),
  })
  const batch = genesisBatchOf(executed, proofType)
  const deployer = addressOfKey(keys.deployer)
  const nonce = await l1.provider.request({ method: 'eth_getTransactionCount', params: [deployer, 'latest'] })
  // The addresses follow from the nonce at which the deployment began, so a resumed one must know it.
  const firstNonce = Number(meta.remember('deployerNonce', () => String(Number(nonce))))
  const deployed = await deployRollup({
    l1: l1.provider,
    deployerKey: keys.deployer,
    sequencer: addressOfKey(keys.sequencer),
    verifier: verifierOptions(proofType, keys),
    l2ChainId: genesis.chainId,
    programId,
    genesis: batch,
    genesisDiff: batch.stateDiff,
    genesisSupplyWei: genesis.accounts.reduce((sum, { balance }) => sum + balance, 0n),
    firstNonce,
    allowDevBatches,
  })
  const { rollup, inbox, bridge, verifier, deployBlock, gasUsed } = deployed
  const deployment = { l1ChainId: l1.chainId, contracts: { rollup, inbox, bridge, verifier }, deployBlock }
  meta.storeDeployment(deployment)
  log.debug(
    { rollup, deployBlock, gasUsed: String(gasUsed), genesisHash: executed.block.hash, genesisDiffBytes: batch.stateDiff.length },
    'contracts deployed',
  )
  return deployment
}
