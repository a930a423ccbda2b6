import { createBlock, createBlockHeader } from '@ethereumjs/block'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { createCommon } from '../../stf/chain-config.ts'
import { emptyTrieRoot } from '../../stf/index.ts'
import { type ChainCase, forks } from '../../test/conformance/cases.ts'
import { runInGuest } from '../../test/conformance/executors/guest.ts'
import { buildTestDriver, compilerNeeded, hasCompiler } from '../build.ts'

const gasPerBlob = 131_072n
const libraryForks = { Cancun: 'cancun', Prague: 'prague', Osaka: 'osaka' } as const

const chain = fc.record({
  fork: fc.constantFrom(...forks),
  blobs: fc.bigInt(0n, 6n),
  // Around the target, and up to prices at which no base fee is a reserve any more.
  excess: fc.oneof(fc.bigInt(0n, 3_000_000n), fc.bigInt(0n, 200_000_000n)),
  baseFee: fc.oneof(fc.bigInt(7n, 1000n), fc.bigInt(7n, 10n ** 12n)),
  error: fc.constantFrom(0n, 0n, 0n, 1n, gasPerBlob),
})

/** An empty block on a genesis that used blobs; its excess of blob gas is the library's, or wrong by `error`. */
function caseOf({ fork, blobs, excess, baseFee, error }: typeof chain extends fc.Arbitrary<infer T> ? T : never): ChainCase {
  const common = createCommon({ chainId: 1n, fork: libraryForks[fork] })
  const fields = { gasLimit: 30_000_000n, stateRoot: emptyTrieRoot }
  const genesis = createBlockHeader(
    { ...fields, baseFeePerGas: baseFee, excessBlobGas: excess, blobGasUsed: blobs * gasPerBlob },
    { common },
  )
  const header = {
    ...fields,
    number: 1n,
    timestamp: 1n,
    parentHash: genesis.hash(),
    baseFeePerGas: genesis.calcNextBaseFee(),
    excessBlobGas: genesis.calcNextExcessBlobGas(common) + error,
  }
  const block = createBlock({ header }, { common })
  return {
    kind: 'chain',
    fork,
    chainId: 1n,
    genesisHeader: genesis.serialize(),
    accounts: [],
    blocks: [{ rlp: block.serialize(), isValid: error === 0n }],
    head: bytesToHex(error === 0n ? block.hash() : genesis.hash()),
  }
}

describe.skipIf(!hasCompiler())(`blob gas in the guest${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it('has the excess that the library computes, of every fork, and refuses any other', { timeout: 120_000 }, () => {
    const cases = fc.sample(chain, { numRuns: 300, seed: 4844 }).map(caseOf)
    const outcomes = runInGuest(cases, { programOf: (driver) => buildTestDriver(driver) })
    expect(outcomes.filter(({ result }) => result !== 'passed')).toEqual([])
    expect(cases.some(({ blocks }) => blocks.some(({ isValid }) => !isValid))).toBe(true)
  })
})
