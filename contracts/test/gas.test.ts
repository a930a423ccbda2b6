import type { TransactionReceipt } from 'viem'
import { expect, it } from 'vitest'
import {
  bigintToBytes,
  bytesToHex,
  concatBytes,
  type Hex,
  hexToBytes,
  InboxTree,
  messageLeaf,
  messageProof,
  messagesRoot,
  predeploys,
} from '../../core/index.ts'
import { defaultParameters } from '../../zkvm/stark/parameters.ts'
import { ProverWorkers } from '../../zkvm/stark/prover/workers.ts'
import { cutSession } from '../../zkvm/stark/session.ts'
import type { VerifyingKey } from '../../zkvm/stark/verifying-key.ts'
import { machineAir } from '../../zkvm/tables/machine/machine-air.ts'
import { machineVerifierAbi, machineVerifierBytecode } from '../generated/MachineVerifier.ts'
import { chainVerifierAbi, chainVerifierBytecode } from '../generated/testing/stark/ChainVerifier.ts'
import { bridgeAbi, l2BaseTokenAbi, l2InboxAbi, l2MessengerAbi, multicall3Abi, predeployedContracts } from '../index.ts'
import { sessionCalls } from '../stark-session.ts'
import { deployVerifier, proveChain } from '../testing/stark-fixture.ts'
import { accounts, createL1 } from './l1-fixture.ts'
import { createRollup, genesis, hashOf, nextBatch } from './rollup-fixture.ts'

const snapshotFile = new URL('../gas-snapshot.json', import.meta.url).pathname
const { user, stranger } = accounts

// Regenerate with `npx vitest run --project unit contracts/test/gas.test.ts --update`.
it('uses the gas that contracts/gas-snapshot.json says', async () => {
  const measured = { ...(await measureL1()), ...(await measureStark()), ...(await measureL2()) }
  for (const gas of Object.values(measured)) expect(gas).toBeLessThanOrEqual(16_777_216) // EIP-7825
  await expect(`${JSON.stringify(measured, null, 2)}\n`).toMatchFileSnapshot(snapshotFile)
})

type Measured = Record<string, number>

async function measureL1(): Promise<Measured> {
  const chain = await createL1()
  const fixture = await createRollup(chain)
  const { rollup, inbox, verifier, bridge } = fixture
  const measured: Measured = {}
  const record = (name: string, { gasUsed }: TransactionReceipt) => {
    measured[name] = Number(gasUsed)
  }

  const deployed = await chain.client.getBlock({ blockNumber: fixture.deployBlock })
  for (let number = deployed.number - 2n; number <= deployed.number + 2n; number++) {
    const [transaction] = (await chain.client.getBlock({ blockNumber: number, includeTransactions: true })).transactions
    if (!transaction) throw new Error('every block of the deployment has its transaction')
    const receipt = await chain.client.getTransactionReceipt({ hash: transaction.hash })
    const names = new Map([
      [rollup, 'Rollup'],
      [inbox, 'Inbox'],
      [verifier, 'AttestedVerifier'],
      [bridge, 'Bridge'],
    ])
    const created = receipt.contractAddress?.toLowerCase() as Hex | undefined
    record(created ? `deploy ${names.get(created)}` : 'Rollup.initialize, diff of 2,000 bytes', receipt)
  }

  const deposit = (args: { to?: Hex }) =>
    chain.send({
      from: user.address,
      address: bridge,
      abi: bridgeAbi,
      functionName: 'depositETH',
      args: [args.to ?? user.address],
      value: 10n ** 18n,
    })
  record('Bridge.depositETH, first', await deposit({}))
  record('Bridge.depositETH, second', await deposit({}))
  record(
    'Bridge.receive',
    await chain.receiptOf(chain.client.sendTransaction({ account: user.address, to: bridge, value: 10n ** 18n, chain: null })),
  )

  const message = {
    txNumberInBatch: 3,
    sender: predeploys.baseToken,
    message: concatBytes(hexToBytes('0x6c0960f9'), hexToBytes(stranger.address), bigintToBytes(10n ** 18n, 32)),
  }
  const leaves = Array.from({ length: 64 }, () => messageLeaf(message))
  const first = nextBatch(genesis, { messagesRoot: messagesRoot(leaves) })
  const storedFirst = fixture.storedOf(genesis, first)
  const large = nextBatch(storedFirst, { stateDiff: bytesToHex(new Uint8Array(100_000).fill(0xff)) })
  const storedLarge = fixture.storedOf(storedFirst, large)
  const third = nextBatch(storedLarge)
  const storedThird = fixture.storedOf(storedLarge, third)
  record('Rollup.commitBatches, diff of 300 bytes', await fixture.commit(genesis, first))
  record('Rollup.commitBatches, diff of 100,000 bytes', await fixture.commit(storedFirst, large))
  record('Rollup.commitBatches, again', await fixture.commit(storedLarge, third))
  record('AttestedVerifier.attest', await fixture.attest(storedFirst.digest))
  record('AttestedVerifier.attest, two', await fixture.attest(storedLarge.digest, storedThird.digest))
  record('Rollup.proveBatches', await fixture.prove(storedFirst))
  record('Rollup.proveBatches, two', await fixture.prove(storedLarge, storedThird))
  record('Rollup.executeBatches', await fixture.execute(storedFirst))
  record('Rollup.executeBatches, no messages', await fixture.execute(storedLarge))
  record(
    'Bridge.finalizeWithdrawal, 64 messages',
    await chain.send({
      from: user.address,
      address: bridge,
      abi: bridgeAbi,
      functionName: 'finalizeWithdrawal',
      args: [1n, 5n, 3, bytesToHex(message.message), messageProof(leaves, 5)],
    }),
  )
  record('Rollup.revertBatches, one', await chain.send(fixture.call('revertBatches', [2n])))
  record('Rollup.pause', await chain.send(fixture.call('pause', [], accounts.deployer.address)))
  record('Rollup.unpause', await chain.send(fixture.call('unpause', [], accounts.deployer.address)))
  const upgrade = fixture.call('scheduleUpgrade', [hashOf('new program'), verifier], accounts.deployer.address)
  record('Rollup.scheduleUpgrade', await chain.send(upgrade))
  record('Rollup.cancelUpgrade', await chain.send(fixture.call('cancelUpgrade', [], accounts.deployer.address)))
  await chain.send(upgrade)
  await chain.client.increaseTime({ seconds: 7 * 86_400 })
  record('Rollup.executeUpgrade', await chain.send(fixture.call('executeUpgrade', [], stranger.address)))
  return measured
}

/** A session of a proof with few queries: full ones are measured by bench/verifier.ts. */
async function measureStark(): Promise<Measured> {
  const chain = await createL1()
  const workers = new ProverWorkers({ threads: 0 })
  const proof = await proveChain({ logHeights: [6, 6], logRange: 5 }, workers)
  await workers.close()
  const measured: Measured = {}
  const first = await chain.client.getBlockNumber()
  const key: VerifyingKey = { air: machineAir, parameters: defaultParameters, fixedLogHeights: [], fixedRoots: new Map() }
  await deployVerifier(chain, key, { abi: machineVerifierAbi, bytecode: machineVerifierBytecode })
  for (const [index, name] of ["the machine's AIR", 'SegmentVerifier', 'MachineVerifier'].entries()) {
    const [hash] = (await chain.client.getBlock({ blockNumber: first + 1n + BigInt(index) })).transactions
    measured[`deploy ${name}`] = Number((await chain.client.getTransactionReceipt({ hash: hash ?? '0x' })).gasUsed)
  }
  const verifier = await deployVerifier(chain, proof.key, { abi: chainVerifierAbi, bytecode: chainVerifierBytecode })
  for (const { kind, segment, data } of sessionCalls(cutSession({ ...proof, maxBytes: 8000 }))) {
    const { gasUsed } = await verifier.send(data)
    measured[`StarkVerifier.${kind}, 10 queries, segment ${segment + 1} of 2`] = Number(gasUsed)
  }
  return measured
}

async function measureL2(): Promise<Measured> {
  const chain = await createL1()
  for (const { address, code } of predeployedContracts) await chain.client.setCode({ address, bytecode: code })
  const systemAddress: Hex = '0xfffffffffffffffffffffffffffffffffffffffe'
  await chain.client.impersonateAccount({ address: systemAddress })
  await chain.client.setBalance({ address: systemAddress, value: 10n ** 18n })
  const timestamp = 1_800_000_000n
  await chain.client.setNextBlockTimestamp({ timestamp })
  const data = new InboxTree().root()
  await chain.receiptOf(chain.client.sendTransaction({ account: systemAddress, to: predeploys.beaconRoots, data, chain: null }))

  const from = user.address
  const messenger = { from, address: predeploys.messenger, abi: l2MessengerAbi, functionName: 'sendToL1' }
  const baseToken = { from, address: predeploys.baseToken, abi: l2BaseTokenAbi, functionName: 'withdraw' }
  const inbox = { from, address: predeploys.inbox, abi: l2InboxAbi, functionName: 'anchor' }
  const aggregate = { from, address: predeploys.multicall3, abi: multicall3Abi, functionName: 'aggregate3' }
  const call = { target: stranger.address, allowFailure: false, callData: '0x' }
  const receipts = {
    'L2Messenger.sendToL1, 56 bytes': await chain.send({ ...messenger, args: [`0x${'ab'.repeat(56)}`] }),
    'L2BaseToken.withdraw': await chain.send({ ...baseToken, args: [stranger.address], value: 10n ** 18n }),
    'L2Inbox.anchor': await chain.send({ ...inbox, args: [timestamp] }),
    'Multicall3.aggregate3, ten empty calls': await chain.send({ ...aggregate, args: [Array.from({ length: 10 }, () => call)] }),
  }
  return Object.fromEntries(Object.entries(receipts).map(([name, { gasUsed }]) => [name, Number(gasUsed)]))
}
