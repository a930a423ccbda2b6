import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { ArchiveEntry } from '../cases.ts'
import { readBlockchainTest } from './blockchain-tests.ts'
import { readRlpTest } from './rlp-tests.ts'
import { readStateTest } from './state-tests.ts'
import { readTransactionTest } from './transaction-tests.ts'
import { readTrieTest } from './trie-tests.ts'

type Reader = (file: string, name: string, json: unknown) => ArchiveEntry[]

/** By the end of the name of the archive's outermost folder. */
const readers: readonly (readonly [ending: string, reader: Reader])[] = [
  ['StateTests', readStateTest],
  ['BlockchainTests', readBlockchainTest],
  ['TransactionTests', readTransactionTest],
  ['TrieTests', readTrieTest],
  ['RLPTests', readRlpTest],
]

const Tests = z.record(z.string(), z.unknown())

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The cases of a file, by its path in the archive, which was unpacked to `directory`. What it cannot read is there as skipped. */
export function readFile(directory: string, file: string): ArchiveEntry[] {
  const skipped = (reason: string): ArchiveEntry[] => [{ file, name: '', content: { kind: 'skipped', reason } }]
  const suite = file.split('/')[0] ?? ''
  const reader = readers.find(([ending]) => suite.endsWith(ending))?.[1]
  if (reader === undefined) return skipped(`the suite ${suite} is not known`)
  const tests = Tests.safeParse(parse(join(directory, file)))
  if (!tests.success) return skipped('the file does not hold a JSON object')
  return Object.entries(tests.data).flatMap(([name, json]) => (name.startsWith('_') ? [] : reader(file, name, json)))
}
