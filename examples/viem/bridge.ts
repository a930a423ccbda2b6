// Deposit ether from L1 to L2, withdraw it, and claim it on L1.
import { setTimeout as wait } from 'node:timers/promises'
import { type Address, createPublicClient, createWalletClient, formatEther, type Hex, http, parseAbi, parseEther } from 'viem'
import { connect } from './devnet.ts'

const url = process.argv[2] ?? 'http://127.0.0.1:3050'
const { client: l2, wallet: l2Wallet, account } = await connect(url)
const user = account(2)

const bridgeAbi = parseAbi([
  'function depositETH(address to) payable',
  'function finalizeWithdrawal(uint64 batchNumber, uint64 messageIndex, uint16 txNumberInBatch, bytes message, bytes32[] proof)',
])
const baseToken: Address = '0x000000000000000000000000000000000000800A'
const baseTokenAbi = parseAbi(['function withdraw(address l1Receiver) payable'])

/** A method that is the devnet's own, so viem has no types for it. */
async function ask<Result>(method: string, ...params: unknown[]): Promise<Result> {
  const request: (args: { method: string; params: unknown[] }) => Promise<unknown> = l2.request as never
  return (await request({ method, params })) as Result
}

async function until<Value>(read: () => Promise<Value | null | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await read()
    if (value !== null && value !== undefined && value !== false) return value
    await wait(100)
  }
}

const { l1Url, contracts } = await ask<{ l1Url: string; contracts: { bridge: Address } }>('zkdevnet_nodeInfo')
const l1 = createPublicClient({ transport: http(l1Url), pollingInterval: 50 })
const l1Wallet = createWalletClient({ transport: http(l1Url), account: user })

// In: L1's Inbox takes the deposit, the next L2 block credits it. A deposit has no L2 transaction.
const before = await l2.getBalance({ address: user.address })
const deposit = await l1Wallet.writeContract({
  chain: null,
  address: contracts.bridge,
  abi: bridgeAbi,
  functionName: 'depositETH',
  args: [user.address],
  value: parseEther('1.5'),
})
await l1.waitForTransactionReceipt({ hash: deposit })
const credited = await until(async () => {
  const balance = await l2.getBalance({ address: user.address })
  return balance > before && balance - before
})
console.log(`deposit     ${formatEther(credited)} ETH arrived on L2`)

// Out: the base token sends a message; its batch carries the root of all messages to L1.
const hash = await l2Wallet.writeContract({
  account: user,
  address: baseToken,
  abi: baseTokenAbi,
  functionName: 'withdraw',
  args: [user.address],
  value: parseEther('1'),
})
const { blockNumber } = await l2.waitForTransactionReceipt({ hash })
console.log(`withdrawal  sealed in block ${blockNumber}`)
await until(async () => (await l2.getBlock({ blockTag: 'finalized' })).number >= blockNumber)
console.log('withdrawal  its batch is executed on L1')

interface MessageProof {
  batchNumber: Hex
  id: Hex
  txNumberInBatch: Hex
  message: Hex
  proof: Hex[]
}
const [proof] = await ask<MessageProof[]>('zkdevnet_getMessageProofs', hash)
if (proof === undefined) throw new Error('the withdrawal sent no message')
const owned = await l1.getBalance({ address: user.address })
// Anyone may claim for the receiver; here another account pays the gas, so that the balance shows the withdrawal alone.
const claim = await createWalletClient({ transport: http(l1Url), account: account(3) }).writeContract({
  chain: null,
  address: contracts.bridge,
  abi: bridgeAbi,
  functionName: 'finalizeWithdrawal',
  args: [BigInt(proof.batchNumber), BigInt(proof.id), Number(proof.txNumberInBatch), proof.message, proof.proof],
})
const { status } = await l1.waitForTransactionReceipt({ hash: claim })
if (status !== 'success') throw new Error('L1 refused the withdrawal')
console.log(`claimed     ${formatEther((await l1.getBalance({ address: user.address })) - owned)} ETH on L1`)
