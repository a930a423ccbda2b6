import { beforeEach, describe, expect, it } from 'vitest'
import { testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const gwei = 1_000_000_000n
const hex = (value: bigint): string => `0x${value.toString(16)}`

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

const send = (from: string, tip: bigint) =>
  node.call('eth_sendTransaction', [{ from, to: bob, maxFeePerGas: hex(10n * gwei), maxPriorityFeePerGas: hex(tip) }])

describe('fees', () => {
  it('are suggested from the base fee of the next block', async () => {
    expect(await node.call('eth_gasPrice')).toBe(hex(2n * gwei))
    expect(await node.call('eth_maxPriorityFeePerGas')).toBe(hex(gwei))
    expect(await node.call('eth_blobBaseFee')).toBe('0x1')
  })

  it('have a history, as far back as there are blocks', async () => {
    await node.call('hardhat_mine', [3])
    expect(await node.call('eth_feeHistory', ['0x2', 'latest'])).toEqual({
      oldestBlock: '0x2',
      baseFeePerGas: [hex(gwei), hex(gwei), hex(gwei)],
      gasUsedRatio: [0, 0],
      baseFeePerBlobGas: ['0x1', '0x1', '0x1'],
      blobGasUsedRatio: [0, 0],
    })
    expect(await node.call('eth_feeHistory', [1_000_000, '0x1', []])).toMatchObject({ oldestBlock: '0x0', gasUsedRatio: [0, 0] })
    expect(await node.call('eth_feeHistory', ['0x0', 'latest'])).toMatchObject({ oldestBlock: '0x0', baseFeePerGas: [] })
    expect(await node.fail('eth_feeHistory', ['0x1', '0x99'])).toMatchObject({ message: 'header not found' })
  })

  it('have rewards at percentiles of the gas used', async () => {
    await node.call('evm_setAutomine', [false])
    for (const [from, tip] of [
      [alice, 5n],
      [bob, 1n],
      [alice, 3n],
      [bob, 9n],
    ] as const)
      await send(from, tip)
    await node.call('evm_mine')
    await node.call('evm_mine')
    expect(await node.call('eth_feeHistory', ['0x2', 'latest', [0, 25, 26, 50, 75, 99.5, 100]])).toMatchObject({
      reward: [
        ['0x1', '0x1', '0x3', '0x3', '0x5', '0x9', '0x9'],
        ['0x0', '0x0', '0x0', '0x0', '0x0', '0x0', '0x0'],
      ],
    })
  })
})
