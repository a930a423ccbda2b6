import { decodeFunctionData, encodeFunctionResult } from 'viem'
import { describe, expect, it } from 'vitest'
import { bridgeAbi, inboxAbi, rollupAbi } from '../contracts/index.ts'
import type { Hex } from '../core/index.ts'
import { openMemoryDatabase } from '../database/index.ts'

import { ensureDeployed, genesisParameters } from './deployment.ts'
import { NodeMeta, nodeMigrations } from './node-meta.ts'

const address = (digit: string): Hex => `0x${digit.repeat(40)}`
const key: Hex = `0x${'11'.repeat(32)}`
const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {} }

function start({ chainId, code }: { chainId: bigint; code: Hex }) {
  const meta = new NodeMeta(openMemoryDatabase({ migrations: [nodeMigrations] }))
  const contracts = { rollup: address('1'), inbox: address('2'), bridge: address('3'), verifier: address('4') }
  meta.storeDeployment({ l1ChainId: 31337n, contracts, deployBlock: 3n })
  const abi = [...rollupAbi, ...inboxAbi, ...bridgeAbi]
  const onL1: Record<string, unknown> = { ...contracts, verifier: address('5'), deployBlock: 3n, l2ChainId: 313372n, upgradeDelay: 86_400n }
  const provider = {
    async request({ method, params }: { method: string; params?: readonly unknown[] }) {
      if (method === 'eth_getCode') return code
      expect(method).toBe('eth_call')
      const [{ data }] = params as [{ data: Hex }]
      const { functionName } = decodeFunctionData({ abi, data })
      return encodeFunctionResult({ abi: abi as never, functionName, result: onL1[functionName] } as never)
    },
  }
  const deployed = ensureDeployed(
    {
      genesis: genesisParameters({ chainId: 313372n, addresses: [], balanceWei: 0n }, meta, 0),
      keys: { deployer: key, sequencer: key, attester: key },
      programId: `0x${'a1'.repeat(32)}` as const,
      proofType: 'attested',
      allowDevBatches: false,
    },
    { l1: { provider, chainId, own: null, snapshots: null }, meta, log },
  )
  return { deployed, contracts }
}

describe('the stored deployment', () => {
  it('is used where its contracts are, with the verifier that the rollup was upgraded to', async () => {
    const { deployed, contracts } = start({ chainId: 31337n, code: '0x60' })
    expect(await deployed).toEqual({ l1ChainId: 31337n, contracts: { ...contracts, verifier: address('5') }, deployBlock: 3n })
  })

  it.each<[string, { chainId: bigint; code: Hex }, RegExp]>([
    ['without the contracts', { chainId: 31337n, code: '0x' }, /no contract at 0x1111/],
    ['with another chain id', { chainId: 1n, code: '0x60' }, /chain id is 1, not 31337/],
  ])('is refused on an L1 %s', async (_name, l1, message) => {
    const { deployed } = start(l1)
    await expect(deployed).rejects.toMatchObject({ code: 'CONTRACTS_MISSING', exitCode: 6, message: expect.stringMatching(message) })
  })
})
