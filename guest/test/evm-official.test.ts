import { describe, expect, it } from 'vitest'
import { defaultArchive, hasDefaultArchive } from '../../test/conformance/archive.ts'
import { runInGuest } from '../../test/conformance/executors/guest.ts'
import { sampleSuite, unpassed } from '../../test/conformance/sample.ts'
import { buildTestDriver, compilerNeeded, hasCompiler } from '../build.ts'

const missing = !hasCompiler() ? compilerNeeded : !hasDefaultArchive ? `${defaultArchive} does not exist` : ''

// A sample under sanitizers; `npm run test:conformance` runs them all.
describe.skipIf(missing !== '')(`the guest on official tests${missing && ` (skipped: ${missing})`}`, () => {
  it.each([
    ['GeneralStateTests', 500],
    ['OsakaStateTests', 200],
    ['BlockchainTests', 60],
    ['TransactionTests', 1000],
    ['TrieTests', 1000],
    ['RLPTests', 1000],
  ])('has the results of %s, of at most %i cases', { timeout: 240_000 }, (suite, count) => {
    const cases = sampleSuite(suite, count)
    const outcomes = runInGuest(
      cases.map(({ test }) => test),
      { programOf: (driver) => buildTestDriver(driver) },
    )
    console.info(`guest, ${suite}: ${cases.length} ran`)
    expect(cases.length).toBeGreaterThan(20)
    expect(unpassed(cases, outcomes)).toEqual([])
  })
})
