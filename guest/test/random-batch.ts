import {
  batchDigest,
  bigintToBytes,
  decodeProverInput,
  encodeDepositPayload,
  encodeProverInput,
  type Hex,
  type InboxItem,
  InboxTree,
  inboxLeaf,
  type ProverInput,
  type Withdrawal,
} from '../../core/index.ts'
import { executeBatch } from '../../prover/testing/execute-batch.ts'
import { collectWitness, type ExecutedBlock, encodeHeader } from '../../stf/index.ts'
import { DevChain, signTransaction, testAccounts } from '../../stf/testing/dev-chain.ts'
import { Random } from './random.ts'
import { contracts, hexAddress, targets } from './random-accounts.ts'
import { Program } from './random-program.ts'

const blockCount = 3
const never = new AbortController().signal

export interface RandomBatch {
  readonly input: Uint8Array
  /** Of the TypeScript backend, which executes the same input. */
  readonly digest: Hex
  readonly transactions: number
}

interface Deposit {
  readonly item: InboxItem
  readonly withdrawal: Withdrawal
}

function deposit(random: Random, index: number): Deposit {
  const address = hexAddress(random.chance(20) ? random.pick(contracts) : random.pick(targets)) as Hex
  const amountGwei = BigInt(random.chance(10) ? 0 : random.below(1_000))
  return {
    item: { kind: 0, sender: address, payload: encodeDepositPayload({ to: address, amountGwei }), l1Time: BigInt(index) },
    withdrawal: { index: BigInt(index), validatorIndex: 0n, address, amountGwei },
  }
}

/** Blocks of several transactions, deposits and fee receivers over contracts with random programs. The seed determines all of it. */
export async function randomBatch(seed: number): Promise<RandomBatch> {
  const random = new Random(seed)
  const chain = await DevChain.create(
    contracts.map((address) => ({ address: hexAddress(address) as Hex, code: Program.of(random, 3 + random.below(25)) })),
  )
  const parent = chain.head
  const stateRootBefore = chain.state.root
  const nonces = new Map<string, bigint>()
  const tree = new InboxTree()
  const items: InboxItem[] = []
  const blocks: ExecutedBlock[] = []
  let transactions = 0
  for (let number = 0; number < blockCount; number++) {
    const deposits = Array.from({ length: random.below(4) }, (_, i) => deposit(random, items.length + i))
    for (const { item } of deposits) {
      tree.append(inboxLeaf(BigInt(items.length), item))
      items.push(item)
    }
    const execution = await chain.begin({
      deposits: deposits.map(({ withdrawal }) => withdrawal),
      inboxRoot: tree.root(),
      coinbase: hexAddress(random.chance(50) ? random.pick(targets) : 0xc01bn) as Hex,
      prevRandao: `0x${random.word().toString(16).padStart(64, '0')}`,
    })
    for (let count = random.below(5); count > 0; count--) {
      const from = random.pick(testAccounts.slice(0, 3))
      const nonce = nonces.get(from.address) ?? 0n
      nonces.set(from.address, nonce + 1n)
      const creates = random.chance(20)
      const data = creates ? Program.creating(random, random.below(12)) : bigintToBytes(random.word(), 32)
      await execution.addTransaction(
        signTransaction({
          from,
          nonce,
          ...(creates ? {} : { to: hexAddress(random.chance(80) ? random.pick(contracts) : random.pick(targets)) as Hex }),
          value: BigInt(random.chance(70) ? 0 : random.below(100)),
          data: `0x${Buffer.from(data).toString('hex')}`,
          gasLimit: 200_000n + BigInt(random.below(600_000)),
        }),
      )
      transactions++
    }
    blocks.push(await chain.seal(execution))
  }
  const witness = collectWitness({ stateRootBefore, blocks: blocks.map(({ commit }) => commit), store: chain.store })
  const input: ProverInput = {
    l1ChainId: 31_337n,
    rollup: '0x4011000000000000000000000000000000004011',
    l2ChainId: 313_372n,
    rulesVersion: 1n,
    batchNumber: 1n,
    stateRootBefore,
    inboxCountBefore: 0n,
    parentHeader: encodeHeader(parent),
    blocks: blocks.map(({ rlp }) => rlp),
    nodes: witness.nodes,
    codes: witness.codes,
    frontier: [],
    items,
  }
  const encoded = encodeProverInput(input)
  const { publicInputs } = await executeBatch(decodeProverInput(encoded), never)
  return { input: encoded, digest: batchDigest(publicInputs), transactions }
}
