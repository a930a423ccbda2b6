import { type Address, type ContractFunctionArgs, decodeFunctionData, type PublicClient } from 'viem'
import { machineVerifierAbi, rollupAbi } from '../../contracts/index.ts'
import { DevnetError, type Hex } from '../../core/index.ts'
import type { BatchJson } from '../output/batch-view.ts'

type CommitArgs = ContractFunctionArgs<typeof rollupAbi, 'nonpayable', 'commitBatches'>
type StoredBatch = CommitArgs[0]
type CommitBatch = CommitArgs[1][number]
export type BeginArgs = ContractFunctionArgs<typeof machineVerifierAbi, 'nonpayable', 'begin'>
export type ResumeArgs = ContractFunctionArgs<typeof machineVerifierAbi, 'nonpayable', 'resume'>
export type RegisterArgs = ContractFunctionArgs<typeof machineVerifierAbi, 'nonpayable', 'register'>

/** A batch that L1 has verified, as its transactions tell it: whoever reads L1 has all of it. */
export interface RecordedBatch {
  readonly number: bigint
  readonly previous: StoredBatch
  readonly commit: CommitBatch
  readonly stored: StoredBatch
  readonly begins: readonly BeginArgs[]
  readonly resumes: readonly ResumeArgs[]
  readonly register: RegisterArgs
}

export class NothingToAttackError extends DevnetError {
  override name = 'NothingToAttackError'
  constructor(reason: string, help: string) {
    super(`There is no proof to attack with: ${reason}.`, { code: 'NOTHING_TO_ATTACK', exitCode: 2, metaMessages: [help] })
  }
}

/** The newest executed batch whose proof L1 verified and that began its commit. @throws NothingToAttackError */
export async function findRecordedBatch(client: PublicClient, verifier: Address, batches: readonly BatchJson[]): Promise<RecordedBatch> {
  for (const batch of batches) {
    if (batch.status !== 'executed' || batch.proofType !== 'stark') continue
    const recorded = await readBatch(client, verifier, batch)
    if (recorded !== undefined) return recorded
  }
  throw new NothingToAttackError(
    'no batch has been proven and executed yet',
    'Send a transaction and wait until `zkdevnet status` says that its batch is executed.',
  )
}

async function readBatch(
  client: PublicClient,
  verifier: Address,
  { number, digest, programId, commit, prove }: BatchJson,
): Promise<RecordedBatch | undefined> {
  if (commit === null || prove === null) return undefined
  const wanted = BigInt(number)
  const inputOf = async (hash: Hex): Promise<Hex> => (await client.getTransaction({ hash })).input
  const committed = decodeFunctionData({ abi: rollupAbi, data: await inputOf(commit.txHash) })
  const proven = decodeFunctionData({ abi: rollupAbi, data: await inputOf(prove.txHash) })
  if (committed.functionName !== 'commitBatches' || proven.functionName !== 'proveBatches') return undefined
  const [previous, [first]] = committed.args
  const stored = proven.args[0].find((batch) => batch.number === wanted)
  if (first?.number !== wanted || stored === undefined) return undefined
  const hashes = await sessionOf(client, verifier, { programId, digest })
  const calls = await Promise.all(hashes.map(async (hash) => decodeFunctionData({ abi: machineVerifierAbi, data: await inputOf(hash) })))
  const begins = calls.flatMap((call) => (call.functionName === 'begin' ? [call.args] : []))
  const resumes = calls.flatMap((call) => (call.functionName === 'resume' ? [call.args] : []))
  const register = calls.flatMap((call) => (call.functionName === 'register' ? [call.args] : [])).at(0)
  if (begins.length === 0 || register === undefined) return undefined
  return { number: wanted, previous, commit: first, stored, begins, resumes, register }
}

/** The transactions in which L1 verified the proof, found by the verifier's events, in their order. */
async function sessionOf(
  client: PublicClient,
  address: Address,
  { programId, digest }: { readonly programId: Hex; readonly digest: Hex },
): Promise<Hex[]> {
  const contract = { address, abi: machineVerifierAbi } as const
  const all = { ...contract, fromBlock: 0n } as const
  const publicDigest = await client.readContract({ ...contract, functionName: 'publicDigestOf', args: [0, true, digest] })
  const [fact] = await client.getContractEvents({ ...all, eventName: 'FactRegistered', args: { programId, publicDigest } })
  const runId = fact?.args.runId
  if (fact === undefined || runId === undefined) return []
  const begun = await client.getContractEvents({ ...all, eventName: 'SegmentBegun', args: { runId } })
  const contextHash = begun.flatMap(({ args }) => args.contextHash ?? [])
  const resumed = await client.getContractEvents({ ...all, eventName: 'QueriesVerified', args: { contextHash } })
  // The first transaction of a session has both events.
  return [...new Set([...begun, ...resumed, fact].map(({ transactionHash }) => transactionHash))]
}
