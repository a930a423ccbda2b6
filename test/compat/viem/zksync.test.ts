import { createPublicClient, createWalletClient, defineChain, http, numberToHex, parseEther, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  chainConfig,
  eip712WalletActions,
  l2BaseTokenAddress,
  legacyEthAddress,
  publicActionsL1,
  publicActionsL2,
  walletActionsL1,
  walletActionsL2,
} from 'viem/zksync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet, zkdevnetActions } from '../../../sdk/index.ts'

/** The clients that viem's documentation of its ZKsync extension makes. */
function createClients(devnet: RunningDevnet) {
  const [{ privateKey } = { privateKey: undefined }] = devnet.accounts
  if (privateKey === undefined) throw new Error('the devnet has no accounts')
  const account = privateKeyToAccount(privateKey)
  const chain = defineChain({ ...devnet.chain, ...chainConfig })
  const fast = { pollingInterval: 20, cacheTime: 0 }
  return {
    account,
    l1: createPublicClient({ chain: devnet.l1Chain, transport: http(), ...fast }).extend(publicActionsL1()),
    l2: createPublicClient({ chain, transport: http(), ...fast }).extend(publicActionsL2()),
    own: createPublicClient({ chain: devnet.chain, transport: http(), ...fast }).extend(zkdevnetActions()),
    l1Wallet: createWalletClient({ account, chain: devnet.l1Chain, transport: http() }).extend(walletActionsL1()),
    l2Wallet: createWalletClient({ account, chain, transport: http() }).extend(walletActionsL2()),
    eip712Wallet: createWalletClient({ account, chain, transport: http() }).extend(eip712WalletActions()),
  }
}

describe('viem/zksync', () => {
  let devnet: RunningDevnet
  let clients: ReturnType<typeof createClients>
  beforeAll(async () => {
    devnet = await startDevnet({ batchMaxAgeMs: 0 })
    clients = createClients(devnet)
  })
  afterAll(() => devnet.stop())

  it('knows the rollup by its contracts', async () => {
    const { l2 } = clients
    const { rollup, bridge } = devnet.contracts
    expect(await l2.getL1ChainId()).toBe(numberToHex(31337))
    expect(await l2.getMainContractAddress()).toBe(rollup)
    expect(await l2.getBridgehubContractAddress()).toBe(zeroAddress)
    expect(await l2.getDefaultBridgeAddresses()).toMatchObject({ sharedL1: bridge, l1Nullifier: bridge, sharedL2: zeroAddress })
    expect(await l2.getBaseTokenL1Address()).toBe('0x0000000000000000000000000000000000000001')
    expect(await l2.getL2TokenAddress({ token: legacyEthAddress })).toBe(l2BaseTokenAddress)
    expect(await l2.getL1TokenAddress({ token: legacyEthAddress })).toBe(legacyEthAddress)
    expect(await l2.getTestnetPaymasterAddress()).toBeNull()
  })

  it('estimates fees', async () => {
    const { l2, account } = clients
    const request = { account, to: zeroAddress, value: 1n } as const
    expect(await l2.getGasPerPubdata()).toBe(0n)
    expect(await l2.estimateFee(request)).toMatchObject({ gasLimit: 21_000n, gasPerPubdataLimit: 0n })
    expect(await l2.estimateGasL1ToL2(request)).toBe('0x0')
    expect(await l2.getAllBalances({ account: account.address })).toEqual({
      [zeroAddress]: await l2.getBalance({ address: account.address }),
    })
  })

  it('follows a transaction from its block to its executed batch', async () => {
    const { l2, own, l2Wallet, account } = clients
    const hash = await l2Wallet.sendTransaction({ to: zeroAddress, value: 1n })
    const { blockNumber, l1BatchNumber, l1BatchTxIndex, l2ToL1Logs } = await l2.waitForTransactionReceipt({ hash })
    expect({ l1BatchNumber, l1BatchTxIndex, l2ToL1Logs }).toEqual({ l1BatchNumber: null, l1BatchTxIndex: null, l2ToL1Logs: [] })
    expect(await l2.getTransactionDetails({ txHash: hash })).toMatchObject({
      status: 'included',
      initiatorAddress: account.address.toLowerCase(),
    })
    expect(await l2.getBlockDetails({ number: Number(blockNumber) })).toMatchObject({ status: 'sealed', l1BatchNumber: 1, l2TxCount: 1 })
    expect(await l2.getRawBlockTransaction({ number: Number(blockNumber) })).toMatchObject([
      {
        commonData: { L2: { initiatorAddress: account.address.toLowerCase(), input: { hash } } },
        execute: { contractAddress: zeroAddress },
      },
    ])

    const number = await own.sealBatch()
    expect(number).toBe(1n)
    expect(await l2.getL1BatchNumber()).toBe('0x1')
    expect(await l2.getL1BatchBlockRange({ l1BatchNumber: 1 })).toEqual([1, Number(blockNumber)])
    expect(await l2.getTransactionReceipt({ hash })).toMatchObject({ l1BatchNumber: 1n, l1BatchTxIndex: 0n })
    expect(await l2.getTransaction({ hash })).toMatchObject({ l1BatchNumber: 1n, l1BatchTxIndex: 0n })
    const batch = await own.waitForFinalized({ number: 1n })
    expect(await l2.getBlock({ blockNumber })).toMatchObject({ l1BatchNumber: 1n, l1BatchTimestamp: batch.lastTimestamp })
    const steps = { commitTxHash: batch.commit?.txHash, proveTxHash: batch.prove?.txHash, executeTxHash: batch.execute?.txHash }
    expect(await l2.getL1BatchDetails({ number: 1 })).toMatchObject({ number: 1, status: 'verified', rootHash: batch.stateRoot, ...steps })
    expect(await l2.getBlockDetails({ number: Number(blockNumber) })).toMatchObject({ status: 'verified', ...steps })
    expect(await l2.getTransactionDetails({ txHash: hash })).toMatchObject({
      status: 'verified',
      ethCommitTxHash: steps.commitTxHash,
      ethExecuteTxHash: steps.executeTxHash,
    })
  })

  it('withdraws ether and finalizes the withdrawal on L1', async () => {
    const { l1, l2, own, l1Wallet, l2Wallet, account } = clients
    const to = '0x00000000000000000000000000000000000d0e5e'
    // Not the first of its batch, so that its place in it counts.
    await l2Wallet.sendTransaction({ to: zeroAddress, value: 1n })
    const hash = await l2Wallet.withdraw({ token: legacyEthAddress, amount: parseEther('2'), to })
    const { l2ToL1Logs, logs } = await l2.waitForTransactionReceipt({ hash })
    expect(l2ToL1Logs).toMatchObject([{ isService: true, transactionHash: hash }])
    expect(logs.map(({ transactionLogIndex }) => transactionLogIndex)).toEqual([0, 1])
    expect(await l2.getLogProof({ txHash: hash, index: 0 })).toBeNull()
    await expect(l1.isWithdrawalFinalized({ client: l2, hash })).rejects.toThrow('not found')

    await own.sealBatch()
    await own.waitForFinalized({ hash })
    expect(await l2.getLogProof({ txHash: hash, index: 0 })).toMatchObject({ id: 0 })
    expect(await l1.isWithdrawalFinalized({ client: l2, hash })).toBe(false)
    const finalization = await l1Wallet.finalizeWithdrawal({ client: l2, hash })
    expect((await l1.waitForTransactionReceipt({ hash: finalization })).status).toBe('success')
    expect(await l1.isWithdrawalFinalized({ client: l2, hash })).toBe(true)
    expect(await l1.getL1Balance({ account: to })).toBe(parseEther('2'))
    await expect(l1Wallet.finalizeWithdrawal({ client: l2, hash, account })).rejects.toThrow()
  })

  it('refuses what is not there, and loses nothing by it', async () => {
    const { l1, l2, l1Wallet, eip712Wallet, account } = clients
    const before = await l1.getBalance({ address: account.address })
    await expect(l1Wallet.deposit({ client: l2, token: legacyEthAddress, amount: 10n ** 9n, to: account.address })).rejects.toThrow(
      'baseToken',
    )
    await expect(
      l1Wallet.requestExecute({ client: l2, contractAddress: zeroAddress, calldata: '0x', l2Value: 10n ** 9n }),
    ).rejects.toThrow()
    expect(await l1.getBalance({ address: account.address })).toBe(before)
    await expect(
      eip712Wallet.sendTransaction({ to: zeroAddress, gasPerPubdata: 50_000n, gas: 100_000n, maxFeePerGas: 10n ** 10n, type: 'eip712' }),
    ).rejects.toThrow('type 113 is not supported')
  })
})
