import { beforeEach, describe, expect, it } from 'vitest'
import { defaultParameters } from '../zkvm/stark/parameters.ts'
import { machineVerifierAbi, rollupAbi } from './index.ts'
import { accounts } from './test/l1-fixture.ts'
import { createRollup, genesis, hashOf, nextBatch, programId, type RollupFixture } from './test/rollup-fixture.ts'
import { announceUpgrade, cancelUpgrade, executeUpgrade, readUpgradeState, revertToBatch } from './upgrade.ts'

const newProgram = hashOf('new program')
const attested = { verifier: { proofType: 'attested', attester: accounts.attester.address }, programId: newProgram } as const

let fixture: RollupFixture
const ownedBy = (ownerKey: `0x${string}`) => ({ l1: fixture.l1.l1, rollup: fixture.rollup, ownerKey })
const owner = () => ownedBy(accounts.deployer.key)
const state = () => readUpgradeState(owner())
beforeEach(async () => {
  fixture = await createRollup()
})

describe('the owner', () => {
  it('announces an upgrade to a STARK verifier that was just created, and makes it when its time has come', async () => {
    expect(await state()).toMatchObject({ programId, pending: null, lastCommitted: 0n, lastProven: 0n })
    await announceUpgrade(owner(), { verifier: { proofType: 'stark', parameters: defaultParameters }, programId: newProgram })
    const { pending, time } = await state()
    expect(pending).toMatchObject({ programId: newProgram, earliest: time + 7n * 86_400n })
    await expect(executeUpgrade(owner())).rejects.toMatchObject({ code: 'OWNER_TRANSACTION_FAILED' })
    await fixture.l1.client.increaseTime({ seconds: 7 * 86_400 })
    await executeUpgrade(owner())
    expect(await state()).toMatchObject({ programId: newProgram, pending: null })
    const read = { address: fixture.rollup, abi: rollupAbi } as const
    const verifier = await fixture.l1.client.readContract({ ...read, functionName: 'verifier' })
    expect(verifier.toLowerCase()).toBe(pending?.verifier)
    const fact = { address: verifier, abi: machineVerifierAbi, functionName: 'isProven', args: [newProgram, hashOf('fact')] } as const
    expect(await fixture.l1.client.readContract(fact)).toBe(false)
  })

  it('gives an upgrade up', async () => {
    await announceUpgrade(owner(), attested)
    await cancelUpgrade(owner())
    expect((await state()).pending).toBeNull()
  })

  it('takes batches back that nobody will prove', async () => {
    await fixture.commit(genesis, nextBatch(genesis))
    expect(await state()).toMatchObject({ lastCommitted: 1n, lastProven: 0n })
    await revertToBatch(owner(), 0n)
    expect(await state()).toMatchObject({ lastCommitted: 0n })
  })
})

it('is told when the key is not the owner’s', async () => {
  await expect(announceUpgrade(ownedBy(accounts.user.key), attested)).rejects.toMatchObject({ code: 'OWNER_TRANSACTION_FAILED' })
  expect((await state()).pending).toBeNull()
})
