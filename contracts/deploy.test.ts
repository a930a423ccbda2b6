import { parseEventLogs } from 'viem'
import { describe, expect, it } from 'vitest'
import { type Eip1193Provider, keccak256Hex, storedBatchHash } from '../core/index.ts'
import { defaultParameters } from '../zkvm/index.ts'
import { type DeployRollupOptions, deployRollup } from './deploy.ts'
import { deploymentAddresses, findDeployment } from './find-deployment.ts'
import { bridgeAbi, machineVerifierAbi, rollupAbi } from './generated/index.ts'
import { accounts, createL1, type L1 } from './test/l1-fixture.ts'
import { genesis, genesisDiff, genesisSupplyWei, hashOf, l2ChainId, programId } from './test/rollup-fixture.ts'

const deployer = accounts.deployer.address

function options(chain: L1, changes: Partial<DeployRollupOptions> = {}): DeployRollupOptions {
  return {
    l1: chain.l1,
    deployerKey: accounts.deployer.key,
    sequencer: accounts.sequencer.address,
    verifier: { proofType: 'attested', attester: accounts.attester.address },
    l2ChainId,
    programId,
    genesis,
    genesisDiff,
    genesisSupplyWei,
    ...changes,
  }
}

/** An L1 that is lost before the transaction with this index is sent. */
function lostAtSend(l1: Eip1193Provider, index: number): Eip1193Provider {
  let sends = 0
  return {
    async request(args) {
      if (args.method === 'eth_sendRawTransaction' && sends++ === index) throw new Error('L1 was lost')
      return l1.request(args)
    },
  }
}

const isComplete = (l1: Eip1193Provider, firstNonce = 0) => findDeployment({ l1, deployer, firstNonce })

describe('deployRollup', () => {
  it('puts the contracts where they were foretold, wired to each other, with genesis and supply', async () => {
    const chain = await createL1()
    expect(await isComplete(chain.l1)).toEqual({ status: 'none' })
    const { gasUsed, deployBlock, ...addresses } = await deployRollup(options(chain))
    expect(addresses).toEqual(deploymentAddresses({ deployer }))
    expect(gasUsed).toBeGreaterThan(5_000_000n)
    expect(await chain.client.getBalance({ address: addresses.bridge })).toBe(genesisSupplyWei)
    expect(await isComplete(chain.l1)).toEqual({ status: 'complete', addresses, deployBlock, genesisHash: storedBatchHash(genesis) })

    const logs = await chain.client.getLogs({ address: [addresses.rollup, addresses.bridge, addresses.inbox], fromBlock: deployBlock })
    expect(parseEventLogs({ abi: [...rollupAbi, ...bridgeAbi], logs }).map(({ eventName }) => eventName)).toEqual([
      'ProgramSet',
      'RoleGranted',
      'RoleGranted',
      'GenesisSupplyLocked',
      'BatchCommitted',
    ])
    const bridgeInbox = await chain.client.readContract({ address: addresses.bridge, abi: bridgeAbi, functionName: 'inbox' })
    expect(bridgeInbox.toLowerCase()).toBe(addresses.inbox)
    const deadline = await chain.client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'inboxDeadline' })
    expect(deadline).toBe(86_400n)
  })

  it('only finds what is deployed when it is called again', async () => {
    const chain = await createL1()
    const first = await deployRollup(options(chain))
    const nonce = await chain.client.getTransactionCount({ address: deployer })
    expect(await deployRollup(options(chain))).toEqual({ ...first, gasUsed: 0n })
    expect(await chain.client.getTransactionCount({ address: deployer })).toBe(nonce)
  })

  it.each([0, 1, 2, 3, 4])('goes on after a crash with %i transactions mined', async (mined) => {
    const chain = await createL1()
    await expect(deployRollup(options(chain, { l1: lostAtSend(chain.l1, mined) }))).rejects.toThrow('L1 was lost')
    const found = await isComplete(chain.l1)
    expect(found).toEqual(
      mined === 0 ? { status: 'none' } : { status: 'partial', addresses: deploymentAddresses({ deployer }), minedSteps: mined },
    )
    const deployment = await deployRollup(options(chain))
    expect(deployment).toMatchObject(deploymentAddresses({ deployer }))
    expect(await chain.client.getTransactionCount({ address: deployer })).toBe(5)
    expect((await isComplete(chain.l1)).status).toBe('complete')
  })

  it.each([2, 5])('goes on after a crash with %i transactions waiting for a block', async (sent) => {
    const chain = await createL1({ automine: false })
    await expect(deployRollup(options(chain, { l1: lostAtSend(chain.l1, sent), signal: AbortSignal.timeout(100) }))).rejects.toThrow()
    expect(await isComplete(chain.l1)).toEqual({ status: 'none' })
    // The miner wakes up when the second call asks how far the first one got.
    const minesOnNonce: Eip1193Provider = {
      async request(args) {
        const answer = await chain.l1.request(args)
        const asksLatestNonce = args.method === 'eth_getTransactionCount' && args.params?.[1] === 'latest'
        if (asksLatestNonce || args.method === 'eth_getTransactionReceipt') await chain.client.mine({ blocks: 1 })
        return answer
      },
    }
    await deployRollup(options(chain, { l1: minesOnNonce }))
    expect(await chain.client.getTransactionCount({ address: deployer })).toBe(5)
    expect((await isComplete(chain.l1)).status).toBe('complete')
  })

  it('works from the nonce that the caller keeps, and refuses an account that used its first nonces otherwise', async () => {
    const chain = await createL1()
    for (let i = 0; i < 2; i++) {
      await chain.receiptOf(chain.client.sendTransaction({ account: deployer, to: accounts.user.address, value: 1n, chain: null }))
    }
    await expect(deployRollup(options(chain))).rejects.toMatchObject({ code: 'DEPLOYER_NONCE_USED' })
    await expect(deployRollup(options(chain, { firstNonce: 3 }))).rejects.toMatchObject({ code: 'DEPLOYER_NONCE_USED' })
    expect(await isComplete(chain.l1, 2)).toEqual({ status: 'none' })
    const { rollup } = await deployRollup(options(chain, { firstNonce: 2 }))
    expect(rollup).toBe(deploymentAddresses({ deployer, firstNonce: 2 }).rollup)
    expect(rollup).not.toBe(deploymentAddresses({ deployer }).rollup)
  })

  it('does not take somebody else’s contract for a part of it', async () => {
    const chain = await createL1()
    await chain.deploy(bridgeAbi, '0x6001600c60003960016000f300', []) // a contract that stops at once
    await expect(isComplete(chain.l1)).rejects.toMatchObject({ code: 'DEPLOYER_NONCE_USED' })
  })

  it('does not take a lost connection for an answer', async () => {
    const chain = await createL1()
    await deployRollup(options(chain))
    const l1: Eip1193Provider = {
      request: async (args) => {
        if (args.method === 'eth_call') throw new Error('L1 was lost')
        return chain.l1.request(args)
      },
    }
    await expect(findDeployment({ l1, deployer })).rejects.toThrow('L1 was lost')
  })

  it.each([
    ['L2 chain id', { l2ChainId: 5n }],
    ['program id', { programId: hashOf('other program') }],
    ['permission for dev batches', { allowDevBatches: true }],
    ['attester', { verifier: { proofType: 'attested' as const, attester: accounts.stranger.address } }],
    ['sequencer', { sequencer: accounts.stranger.address }],
    ['genesis', { genesis: { ...genesis, stateRoot: hashOf('other genesis') } }],
  ])('refuses a rollup that was deployed with another %s', async (field, change) => {
    const chain = await createL1()
    await deployRollup(options(chain))
    const again = deployRollup(options(chain, change))
    await expect(again).rejects.toMatchObject({ code: 'DEPLOYMENT_MISMATCH' })
    await expect(again).rejects.toThrow(field)
  })

  it('sends nothing when the deployer cannot pay', async () => {
    const chain = await createL1()
    await chain.client.setBalance({ address: deployer, value: genesisSupplyWei })
    await expect(deployRollup(options(chain))).rejects.toMatchObject({ code: 'DEPLOYER_UNDERFUNDED' })
    expect(await chain.client.getTransactionCount({ address: deployer })).toBe(0)
  })

  it('says that the genesis was refused', async () => {
    const chain = await createL1()
    const wrong = { genesis: { ...genesis, stateDiffHash: hashOf('other diff') } }
    await expect(deployRollup(options(chain, wrong))).rejects.toMatchObject({ code: 'DEPLOYMENT_FAILED' })
    await expect(deployRollup(options(chain))).rejects.toMatchObject({ code: 'DEPLOYMENT_FAILED' })
  })

  it('posts a genesis diff of 100,000 bytes, and refuses one that no transaction can hold', async () => {
    const chain = await createL1()
    const sized = (length: number) => {
      const diff = new Uint8Array(length).fill(0xff)
      return { genesisDiff: diff, genesis: { ...genesis, stateDiffHash: keccak256Hex(diff) } }
    }
    await expect(deployRollup(options(chain, sized(410_000)))).rejects.toMatchObject({ code: 'GENESIS_TOO_LARGE' })
    await deployRollup(options(chain, sized(100_000)))
    expect((await isComplete(chain.l1)).status).toBe('complete')
  })
})

describe('deployRollup with the STARK verifier', () => {
  const verifier = { proofType: 'stark', parameters: defaultParameters } as const
  const found = (l1: Eip1193Provider) => findDeployment({ l1, deployer, proofType: 'stark' })

  it('puts the AIR, its two verifiers and the rollup where they were foretold', async () => {
    const chain = await createL1()
    const { gasUsed, deployBlock, ...addresses } = await deployRollup(options(chain, { verifier }))
    expect(addresses).toEqual(deploymentAddresses({ deployer, proofType: 'stark' }))
    expect(await found(chain.l1)).toMatchObject({ status: 'complete', addresses, deployBlock })
    expect(gasUsed).toBeGreaterThan(10_000_000n)
    const read = { address: addresses.verifier, abi: machineVerifierAbi } as const
    expect(await chain.client.readContract({ ...read, functionName: 'isProven', args: [programId, hashOf('fact')] })).toBe(false)
    const rollupVerifier = await chain.client.readContract({ address: addresses.rollup, abi: rollupAbi, functionName: 'verifier' })
    expect(rollupVerifier.toLowerCase()).toBe(addresses.verifier)
    expect(await deployRollup(options(chain, { verifier }))).toMatchObject({ ...addresses, gasUsed: 0n })
  })

  it.each([1, 3, 6])('goes on after a crash with %i transactions mined', async (mined) => {
    const chain = await createL1()
    await expect(deployRollup(options(chain, { verifier, l1: lostAtSend(chain.l1, mined) }))).rejects.toThrow('L1 was lost')
    expect(await found(chain.l1)).toMatchObject({ status: 'partial', minedSteps: mined })
    await deployRollup(options(chain, { verifier }))
    expect(await chain.client.getTransactionCount({ address: deployer })).toBe(8)
    expect((await found(chain.l1)).status).toBe('complete')
  })

  it('is not taken for one of the other kind', async () => {
    const chain = await createL1()
    await deployRollup(options(chain, { verifier }))
    await expect(findDeployment({ l1: chain.l1, deployer })).rejects.toMatchObject({ code: 'DEPLOYER_NONCE_USED' })
  })
})
