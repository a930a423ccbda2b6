import { z } from 'zod'
import { keccak256 } from '../../../core/index.ts'
import type { ArchiveEntry } from '../cases.ts'
import { malformed } from './json.ts'

const Text = z.string().nullable()
const TrieTest = z.object({ in: z.union([z.array(z.tuple([Text, Text])), z.record(z.string(), Text)]), root: z.string() })
const OrderTest = z.object({ in: z.array(z.string()), tests: z.array(z.array(z.string())) })

function toBytes(text: string | null): Uint8Array {
  if (text === null) return new Uint8Array(0)
  return /^0x([0-9a-f]{2})*$/i.test(text) ? Uint8Array.from(Buffer.from(text.slice(2), 'hex')) : new TextEncoder().encode(text)
}

/** https://ethereum-tests.readthedocs.io/en/latest/test_types/trie_tests.html; the tries of files named `secure` hash their keys. */
export function readTrieTest(file: string, name: string, json: unknown): ArchiveEntry[] {
  const test = TrieTest.safeParse(json)
  if (!test.success) {
    const reason = OrderTest.safeParse(json).success ? 'it asks for the order of keys, which no trie here offers' : malformed(test.error)
    return [{ file, name, content: { kind: 'skipped', reason } }]
  }
  const { in: input, root } = test.data
  const hashesKeys = /secure/i.test(file)
  const changes = (Array.isArray(input) ? input : Object.entries(input)).map(([key, value]) => {
    const bytes = toBytes(key)
    return [hashesKeys ? keccak256(bytes) : bytes, toBytes(value)] as const
  })
  return [{ file, name, content: { kind: 'trie', changes, root } }]
}
