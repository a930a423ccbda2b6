import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { type HDAccount, mnemonicToAccount } from 'viem/accounts'
import { bytesToHex, type Eip1193Provider, type Hex } from '../../../core/index.ts'

function testAccount(addressIndex: number): HDAccount {
  return mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex })
}

function privateKey(account: HDAccount): Hex {
  const key = account.getHdKey().privateKey
  if (key === null) throw new Error('the account has no private key')
  return bytesToHex(key)
}

/** Funded on every in-process L1. */
export const testKeys = {
  deployer: privateKey(testAccount(0)),
  sequencer: testAccount(1),
  attester: testAccount(2),
  attesterKey: privateKey(testAccount(2)),
  user: testAccount(3),
} as const

export interface InProcessL1 {
  readonly provider: Eip1193Provider
  close(): Promise<void>
}

/** An Ethereum node in this process with funded `testAccounts`; mines a block per transaction. */
export async function startInProcessL1(): Promise<InProcessL1> {
  const hre = await createHardhatRuntimeEnvironment({
    networks: {
      l1: { type: 'edr-simulated', chainType: 'l1', chainId: 31_337, hardfork: 'osaka', mining: { auto: true, interval: 0 } },
    },
  })
  const connection = await hre.network.create('l1')
  return {
    provider: { request: ({ method, params }) => connection.provider.request({ method, params: [...(params ?? [])] }) },
    close: () => connection.close(),
  }
}
