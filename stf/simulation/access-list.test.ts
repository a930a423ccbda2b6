import { describe, expect, it } from 'vitest'
import { type CallRequest, type Hex, hexToBytes } from '../../core/index.ts'
import { simulateCall } from '../execution/simulate.ts'
import { WorldState } from '../state/world-state.ts'
import { callData, countCode, initCode, tokenCode } from '../testing/contracts.ts'
import { DevChain, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { createAccessList } from './access-list.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const counter = at('01')
const token = at('02')
const reader = at('03')
const identity = '0x0000000000000000000000000000000000000004'
const pushAddress = (address: Hex) => `73${address.slice(2)}`
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

const contracts = [
  { address: counter, code: hexToBytes(countCode) },
  { address: token, code: hexToBytes(tokenCode) },
  // BALANCE(bob), EXTCODESIZE(token), STATICCALL(identity), CALL(counter, slot 5), SLOAD(0).
  {
    address: reader,
    code: hexToBytes(
      `0x${pushAddress(bob.address)}3150${pushAddress(token)}3b505f5f5f5f${pushAddress(identity)}61fffffa5060055f525f5f60405f5f${pushAddress(counter)}61fffff1505f545000`,
    ),
  },
]

async function lists() {
  const chain = await DevChain.create(contracts)
  const options = (call: CallRequest) => ({
    common: testCommon,
    state: WorldState.at(chain.head.stateRoot, chain.stateStore),
    environment: chain.head,
    call,
  })
  return { create: (call: CallRequest) => createAccessList(options(call)), run: (call: CallRequest) => simulateCall(options(call)) }
}

describe('createAccessList', () => {
  it('lists accounts and slots that are not warm from the start, and the gas with them', async () => {
    const { create, run } = await lists()
    const call = { from: alice.address, to: reader }
    const { accessList, gasUsed, error } = await create(call)
    expect(error).toBeUndefined()
    expect(accessList).toEqual(
      [
        { address: bob.address, storageKeys: [] },
        { address: counter, storageKeys: [word(5n)] },
        { address: token, storageKeys: [] },
        { address: reader, storageKeys: [word(0n)] },
      ].sort((a, b) => (a.address < b.address ? -1 : 1)),
    )
    expect((await run({ ...call, accessList })).gasUsed).toBe(gasUsed)
  })

  it('is empty for a transfer, and leaves out what a creation makes', async () => {
    const { create } = await lists()
    expect(await create({ from: alice.address, to: bob.address, value: 1n })).toEqual({ accessList: [], gasUsed: 21_000n })
    expect((await create({ from: alice.address, data: hexToBytes(initCode(countCode)) })).accessList).toEqual([])
  })

  it('says why a call fails, and starts from the list that it is given', async () => {
    const { create } = await lists()
    const failing = { from: alice.address, to: counter, data: hexToBytes(callData(9n, 1n)) }
    expect(await create(failing)).toMatchObject({
      error: 'execution reverted',
      accessList: [{ address: counter, storageKeys: [word(9n)] }],
    })
    const given = { ...failing, accessList: [{ address: bob.address, storageKeys: [word(1n)] }] }
    expect((await create(given)).accessList).toEqual((await create(failing)).accessList)
  })
})
