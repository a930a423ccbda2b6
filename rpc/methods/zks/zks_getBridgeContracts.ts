import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'
import { zeroAddress } from '../../zks/addresses.ts'

export const zks_getBridgeContracts = defineMethod({
  name: 'zks_getBridgeContracts',
  summary: 'The Bridge, under the names of those zkSync contracts whose calls it answers; the zero address for what does not exist.',
  params: z.tuple([]),
  result: z.strictObject({
    l1Erc20DefaultBridge: AddressResult,
    l2Erc20DefaultBridge: AddressResult,
    l1WethBridge: AddressResult,
    l2WethBridge: AddressResult,
    l1SharedDefaultBridge: AddressResult,
    l2SharedDefaultBridge: AddressResult,
    l1Nullifier: AddressResult,
    l1NativeTokenVault: AddressResult,
  }),
  handle(_params, { info }) {
    const { bridge } = info().contracts
    return {
      l1Erc20DefaultBridge: zeroAddress,
      l2Erc20DefaultBridge: zeroAddress,
      l1WethBridge: zeroAddress,
      l2WethBridge: zeroAddress,
      l1SharedDefaultBridge: bridge,
      l2SharedDefaultBridge: zeroAddress,
      l1Nullifier: bridge,
      l1NativeTokenVault: zeroAddress,
    }
  },
})
