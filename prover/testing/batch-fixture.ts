import { encodeFunctionData } from 'viem/utils'
import { l2BaseTokenAbi } from '../../contracts/index.ts'
import {
  batchDigest,
  encodeDepositPayload,
  encodeProverInput,
  encodeStateDiff,
  type Hex,
  hexToBytes,
  type InboxItem,
  InboxTree,
  inboxLeaf,
  keccak256Hex,
  messageLeaf,
  messagesOfReceipts,
  messagesRoot,
  type ProofRequest,
  type ProverInput,
  type PublicInputs,
  predeploys,
  type Withdrawal,
} from '../../core/index.ts'
import { changesToDiff, collectWitness, type ExecutedBlock, encodeHeader, headerHash, mergeChanges } from '../../stf/index.ts'
import { callData, initCode, storeCode, tokenCode } from '../../stf/testing/contracts.ts'
import { DevChain, signTransaction, type TestAccount, testAccounts } from '../../stf/testing/dev-chain.ts'
import { testGuest } from './test-guest.ts'

const [alice, bob, carol] = testAccounts as [TestAccount, TestAccount, TestAccount]
const rollup: Hex = '0x4011000000000000000000000000000000004011'
export const l1ChainId = 31_337n
const l2ChainId = 313_372n
const store: Hex = '0x7070000000000000000000000000000000000001'
const itemsBefore = 5

/** What Inbox items the three blocks of the batch consume; a cheating sequencer has its own ideas. */
export interface BatchPlan {
  /** Deposits of each block, from those that it ought to have. */
  readonly deposits?: (honest: readonly (readonly Withdrawal[])[]) => readonly (readonly Withdrawal[])[]
  /** `parentBeaconBlockRoot` of each block. */
  readonly inboxRoots?: (honest: readonly Hex[]) => readonly Hex[]
  /** Whether the batch consumes items of the Inbox; it does if nothing is said. */
  readonly items?: boolean
  /** Changes the state behind the back of the chain, as a dev batch does. */
  readonly cheat?: (chain: DevChain) => Promise<void>
}

export interface TestBatch {
  readonly input: ProverInput
  readonly publicInputs: PublicInputs
  readonly stateDiff: Uint8Array
  readonly blocks: readonly ExecutedBlock[]
}

const inboxItems = Array.from({ length: itemsBefore + 3 }, (_, index): InboxItem => {
  const deposit = {
    to: index % 2 === 0 ? carol.address : (`0x${(0xd0 + index).toString(16).repeat(20)}` as Hex),
    amountGwei: 1_000n + BigInt(index),
  }
  return { kind: 0, sender: alice.address, payload: encodeDepositPayload(deposit), l1Time: 1_700_000_000n + BigInt(index) }
})
const consumed = inboxItems.slice(itemsBefore)

const deposit = (position: number): Withdrawal => {
  const index = itemsBefore + position
  const to = index % 2 === 0 ? carol.address : (`0x${(0xd0 + index).toString(16).repeat(20)}` as Hex)
  return { index: BigInt(index), validatorIndex: 0n, address: to, amountGwei: 1_000n + BigInt(index) }
}
const honestDeposits = [[deposit(0), deposit(1)], [], [deposit(2)]]

function inboxTreeAt(count: number): InboxTree {
  const tree = new InboxTree()
  for (const [index, item] of inboxItems.slice(0, count).entries()) tree.append(inboxLeaf(BigInt(index), item))
  return tree
}

/** Seals a batch of three blocks (transfers, deployment, withdrawal, cleared and new slots, deposits) as a sequencer does. */
export async function buildBatch(plan: BatchPlan = {}): Promise<TestBatch> {
  const chain = await DevChain.create([{ address: store, code: hexToBytes(storeCode) }])
  const set = (from: TestAccount, nonce: bigint, slot: bigint, value: bigint) =>
    signTransaction({ from, nonce, to: store, data: callData(slot, value) })
  await chain.mine([...Array.from({ length: 8 }, (_, index) => set(alice, BigInt(index), BigInt(index), BigInt(index) + 1n))])
  await plan.cheat?.(chain)

  const parent = chain.head
  const stateRootBefore = chain.state.root
  const items = plan.items === false ? [] : consumed
  const dueDeposits = items.length === 0 ? [[], [], []] : honestDeposits
  const deposits = plan.deposits?.(dueDeposits) ?? dueDeposits
  const honestRoots = (items.length === 0 ? [0, 0, 0] : [2, 2, 3]).map((count) => inboxTreeAt(itemsBefore + count).root())
  const inboxRoots = plan.inboxRoots?.(honestRoots) ?? honestRoots
  const withdraw = encodeFunctionData({ abi: l2BaseTokenAbi, functionName: 'withdraw', args: [alice.address] })
  const transactions = [
    [signTransaction({ from: alice, nonce: 8n, to: bob.address, value: 7n }), set(bob, 0n, 3n, 0n), set(bob, 1n, 100n, 2n ** 255n)],
    [
      signTransaction({ from: carol, nonce: 0n, data: initCode(tokenCode) }),
      signTransaction({ from: alice, nonce: 9n, to: predeploys.baseToken, value: 10n ** 18n, data: withdraw }),
    ],
    [
      set(carol, 1n, 5n, 0n),
      set(carol, 2n, 3n, 4n),
      signTransaction({ from: bob, nonce: 2n, to: predeploys.baseToken, value: 5n, data: withdraw }),
    ],
  ]
  const blocks: ExecutedBlock[] = []
  for (const [index, list] of transactions.entries()) {
    const execution = await chain.begin({ deposits: deposits[index] ?? [], inboxRoot: inboxRoots[index] ?? honestRoots[0] ?? '0x' })
    for (const transaction of list) await execution.addTransaction(transaction)
    blocks.push(await chain.seal(execution))
  }

  const witness = collectWitness({ stateRootBefore, blocks: blocks.map(({ commit }) => commit), store: chain.store })
  const before = inboxTreeAt(itemsBefore)
  const after = inboxTreeAt(itemsBefore + items.length)
  const changes = mergeChanges(blocks.map(({ commit }) => commit.changes))
  const stateDiff = encodeStateDiff({
    header: encodeHeader(chain.head),
    accounts: changesToDiff(changes, (hash) => chain.store.code(hexToBytes(hash))),
  })
  const input: ProverInput = {
    l1ChainId,
    rollup,
    l2ChainId,
    rulesVersion: 1n,
    batchNumber: 1n,
    stateRootBefore,
    inboxCountBefore: before.count,
    parentHeader: encodeHeader(parent),
    blocks: blocks.map(({ rlp }) => rlp),
    nodes: witness.nodes,
    codes: witness.codes,
    frontier: items.length === 0 ? [] : before.frontier(),
    items,
  }
  const publicInputs: PublicInputs = {
    l1ChainId,
    rollup,
    l2ChainId,
    rulesVersion: 1n,
    batchNumber: 1n,
    parentBlockHash: headerHash(parent),
    stateRootBefore,
    lastBlockHash: headerHash(chain.head),
    stateRootAfter: chain.head.stateRoot,
    firstBlockNumber: parent.number + 1n,
    lastBlockNumber: chain.head.number,
    lastTimestamp: chain.head.timestamp,
    stateDiffHash: keccak256Hex(stateDiff),
    inboxCountBefore: before.count,
    inboxRootBefore: before.root(),
    inboxCountAfter: after.count,
    inboxRootAfter: after.root(),
    messagesRoot: messagesRoot(messagesOfReceipts(blocks.flatMap(({ receipts }) => receipts)).map(messageLeaf)),
  }
  return { input, publicInputs, stateDiff, blocks }
}

/** The job of a batch; with changes, one that a cheater would enqueue. */
export function requestOfBatch(
  batch: TestBatch,
  {
    input,
    publicInputs,
    request,
  }: { input?: Partial<ProverInput>; publicInputs?: Partial<PublicInputs>; request?: Partial<ProofRequest> } = {},
): ProofRequest {
  return {
    digest: batchDigest({ ...batch.publicInputs, ...publicInputs }),
    programId: testGuest.programId,
    batchNumber: batch.input.batchNumber,
    input: encodeProverInput({ ...batch.input, ...input }),
    ...request,
  }
}
