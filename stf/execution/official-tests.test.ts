import { describe, expect, it } from 'vitest'
import { defaultArchive, hasDefaultArchive } from '../../test/conformance/archive.ts'
import { runInLibrary } from '../../test/conformance/executors/library.ts'
import { sampleSuite, unpassed } from '../../test/conformance/sample.ts'

const missing = hasDefaultArchive ? '' : `${defaultArchive} does not exist`

// A sample; `npm run test:conformance` runs them all.
describe.skipIf(missing !== '')(`official tests${missing && ` (skipped: ${missing})`}`, () => {
  it.each([
    ['OsakaStateTests', 300],
    ['GeneralStateTests', 300],
    ['BlockchainTests', 60],
    ['TransactionTests', 1000],
    ['TrieTests', 1000],
    ['RLPTests', 1000],
  ])('have the expected results: %s, at most %i cases', { timeout: 120_000 }, async (suite, count) => {
    const cases = sampleSuite(suite, count)
    const outcomes = await runInLibrary(cases.map(({ test }) => test))
    console.info(`the node's execution, ${suite}: ${cases.length} ran`)
    expect(cases.length).toBeGreaterThan(20)
    expect(unpassed(cases, outcomes)).toEqual([])
  })
})
