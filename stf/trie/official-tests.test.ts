import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bytesToHex, hexToBytes, keccak256 } from '../../core/index.ts'
import { hasOfficialTests, officialTests, officialTestsArchive } from '../testing/official-tests.ts'
import { NodeCache } from './node-cache.ts'
import { Trie } from './trie.ts'

const Text = z.string().nullable()
const TrieTests = z.record(
  z.string(),
  z.object({ in: z.union([z.array(z.tuple([Text, Text])), z.record(z.string(), Text)]), root: z.string() }),
)

const toBytes = (text: string | null): Uint8Array => {
  if (text === null) return new Uint8Array(0)
  return /^0x[0-9a-f]*$/.test(text) ? hexToBytes(`0x${text.slice(2)}`) : new TextEncoder().encode(text)
}

describe('official trie tests', () => {
  it.skipIf(!hasOfficialTests)('has the roots of ethereum/tests', () => {
    let ran = 0
    let skipped = 0
    for (const [file, content] of officialTests('TrieTests')) {
      const tests = TrieTests.safeParse(content)
      if (!tests.success) {
        skipped++
        continue
      }
      for (const [name, test] of Object.entries(tests.data)) {
        const trie = new Trie(new NodeCache({ maxBytes: 0 }, { node: () => undefined }))
        for (const [key, value] of Array.isArray(test.in) ? test.in : Object.entries(test.in)) {
          const bytes = toBytes(key)
          trie.put(/secure/i.test(file) ? keccak256(bytes) : bytes, toBytes(value))
        }
        expect(bytesToHex(trie.commit().root), `${file} ${name}`).toBe(test.root)
        ran++
      }
    }
    console.info(`official trie tests: ${ran} ran, ${skipped} skipped (about order of keys, which this trie does not offer)`)
    expect(ran).toBeGreaterThan(10)
  })

  if (!hasOfficialTests) console.info(`official trie tests: 0 ran, all skipped: ${officialTestsArchive} does not exist`)
})
