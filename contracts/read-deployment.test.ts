import { describe, expect, it } from 'vitest'
import { deployRollup } from './deploy.ts'
import { deploymentAddresses } from './find-deployment.ts'
import { readDeployment } from './read-deployment.ts'
import { accounts, createL1 } from './test/l1-fixture.ts'
import { genesis, genesisDiff, genesisSupplyWei, l2ChainId, programId } from './test/rollup-fixture.ts'

describe('readDeployment', () => {
  it('finds the other contracts from the Rollup alone, and refuses any other address', async () => {
    const { l1 } = await createL1()
    const { deployBlock, rollup } = await deployRollup({
      ...{ l1, l2ChainId, programId, genesis, genesisDiff, genesisSupplyWei },
      deployerKey: accounts.deployer.key,
      sequencer: accounts.sequencer.address,
      verifier: { proofType: 'attested', attester: accounts.attester.address },
    })
    const addresses = deploymentAddresses({ deployer: accounts.deployer.address })
    expect(await readDeployment({ l1, rollup })).toEqual({ addresses, deployBlock, l2ChainId, upgradeDelaySeconds: 604_800n })
    for (const other of [accounts.deployer.address, addresses.inbox, addresses.bridge]) {
      await expect(readDeployment({ l1, rollup: other })).rejects.toMatchObject({ code: 'NOT_A_ROLLUP' })
    }
  })
})
