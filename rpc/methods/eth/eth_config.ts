import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { hexToBytes, predeploys } from '../../../core/index.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { AddressResult, DataResult, QuantityResult } from '../../schemas/results.ts'

const precompileNames = [
  'ECREC',
  'SHA256',
  'RIPEMD160',
  'ID',
  'MODEXP',
  'BN254_ADD',
  'BN254_MUL',
  'BN254_PAIRING',
  'BLAKE2F',
  // The point evaluation of EIP-4844: this chain has no blobs.
  null,
  'BLS12_G1ADD',
  'BLS12_G1MSM',
  'BLS12_G2ADD',
  'BLS12_G2MSM',
  'BLS12_PAIRING_CHECK',
  'BLS12_MAP_FP_TO_G1',
  'BLS12_MAP_FP2_TO_G2',
] as const

const precompiles = Object.fromEntries([
  ...precompileNames.flatMap((name, index) => (name === null ? [] : [[name, `0x${(index + 1).toString(16).padStart(40, '0')}`]])),
  ['P256VERIFY', `0x${'100'.padStart(40, '0')}`],
])

export const eth_config = defineMethod({
  name: 'eth_config',
  summary: 'The rules that hold (EIP-7910): Osaka from the genesis on, without blobs, and no later fork is planned.',
  params: z.tuple([]),
  result: z.strictObject({
    current: z.strictObject({
      activationTime: z.number(),
      blobSchedule: z.strictObject({ baseFeeUpdateFraction: z.number(), max: z.number(), target: z.number() }),
      chainId: QuantityResult,
      forkId: DataResult,
      precompiles: z.record(z.string(), AddressResult),
      systemContracts: z.record(z.string(), AddressResult),
    }),
    next: z.null(),
    last: z.null(),
  }),
  handle(_params, { chain }) {
    // EIP-6122: all forks are part of the genesis. A node that was recovered from L1 does not have that block.
    const genesis = chain.blockByNumber(0n)
    const forkHash = genesis === undefined ? 0 : crc32(hexToBytes(genesis.hash))
    return {
      current: {
        activationTime: 0,
        blobSchedule: { baseFeeUpdateFraction: 0, max: 0, target: 0 },
        chainId: toQuantity(chain.chainId),
        forkId: `0x${forkHash.toString(16).padStart(8, '0')}`,
        precompiles,
        systemContracts: { BEACON_ROOTS_ADDRESS: predeploys.beaconRoots, HISTORY_STORAGE_ADDRESS: predeploys.historyStorage },
      },
      next: null,
      last: null,
    }
  },
})
