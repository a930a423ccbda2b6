import { z } from 'zod'
import type { ArchiveEntry } from '../cases.ts'
import { Bytes, malformed } from './json.ts'

const RlpTest = z.object({ in: z.unknown(), out: Bytes })

/** https://ethereum-tests.readthedocs.io/en/latest/test_types/rlp_tests.html */
export function readRlpTest(file: string, name: string, json: unknown): ArchiveEntry[] {
  const test = RlpTest.safeParse(json)
  if (!test.success) return [{ file, name, content: { kind: 'skipped', reason: malformed(test.error) } }]
  return [{ file, name, content: { kind: 'rlp', bytes: test.data.out, isValid: test.data.in !== 'INVALID' } }]
}
