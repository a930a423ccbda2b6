// Deploy an ERC-20 on the L2, use it, and follow its batch to L1.
import { setTimeout as wait } from 'node:timers/promises'
import { getContract, parseAbi, parseEventLogs } from 'viem'
import { compile } from './compile.ts'
import { connect } from './devnet.ts'

const url = process.argv[2] ?? 'http://127.0.0.1:3050'
const { client, wallet, account } = await connect(url)

const { abi, bytecode } = compile('Token.sol', 'Token')
const deployed = await client.waitForTransactionReceipt({ hash: await wallet.deployContract({ abi, bytecode, args: [1_000_000n] }) })
const address = deployed.contractAddress
if (deployed.status !== 'success' || address == null) throw new Error('the deployment failed')
console.log(`token     ${address} in block ${deployed.blockNumber}`)

const tokenAbi = parseAbi([
  'function transfer(address to, uint256 value) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
])
const token = getContract({ address, abi: tokenAbi, client: { public: client, wallet } })
const recipient = account(1).address
const receipt = await client.waitForTransactionReceipt({ hash: await token.write.transfer([recipient, 250n]) })
const [transfer] = parseEventLogs({ abi: tokenAbi, eventName: 'Transfer', logs: receipt.logs })
console.log(`transfer  ${transfer?.args.value} to ${transfer?.args.to}, balance now ${await token.read.balanceOf([recipient])}`)

const logs = await client.getContractEvents({ address, abi: tokenAbi, eventName: 'Transfer', fromBlock: deployed.blockNumber })
console.log(`logs      ${logs.length} Transfer events`)

// The block is final once its batch is executed on L1.
for (;;) {
  const { number } = await client.getBlock({ blockTag: 'finalized' })
  if (number >= receipt.blockNumber) break
  await wait(100)
}
console.log(`final     block ${receipt.blockNumber} is in a batch that L1 executed`)
