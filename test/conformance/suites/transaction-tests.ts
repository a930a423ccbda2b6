import { z } from 'zod'
import { type ArchiveEntry, forks } from '../cases.ts'
import { Bytes, malformed, Quantity } from './json.ts'

const Expected = z.union([
  z.object({ exception: z.string() }).transform(() => null),
  z.object({ sender: z.string(), intrinsicGas: Quantity }),
])

const TransactionTest = z.object({ txbytes: Bytes, result: z.record(z.string(), Expected) })

/** https://ethereum-tests.readthedocs.io/en/latest/test_types/transaction_tests.html: a case per fork. */
export function readTransactionTest(file: string, testName: string, json: unknown): ArchiveEntry[] {
  const test = TransactionTest.safeParse(json)
  if (!test.success) return [{ file, name: testName, content: { kind: 'skipped', reason: malformed(test.error) } }]
  const { txbytes, result } = test.data
  const entries = forks.flatMap((fork): ArchiveEntry[] => {
    const expected = result[fork]
    if (expected === undefined) return []
    return [{ file, name: `${testName} ${fork}`, content: { kind: 'transaction', fork, transaction: txbytes, expected } }]
  })
  if (entries.length > 0) return entries
  return [{ file, name: testName, content: { kind: 'skipped', reason: `it has no result for ${forks.join(', ')}` } }]
}
