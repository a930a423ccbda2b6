import { RLP } from '@ethereumjs/rlp'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bytesToHex, type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import { emptyTrieRoot, NodeCache, type StoredNode, Trie } from '../../stf/index.ts'
import { hasOfficialTests, officialTests, officialTestsArchive } from '../../stf/testing/official-tests.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

const HexText = z.templateLiteral(['0x', z.string()])
const ChainTest = z.object({
  network: z.string(),
  genesisRLP: HexText,
  pre: z.record(z.string(), z.object({ nonce: HexText, balance: HexText, code: HexText, storage: z.record(z.string(), HexText) })),
  blocks: z.array(z.object({ rlp: HexText, expectException: z.string().optional(), blockHeader: z.unknown().optional() })),
})
type ChainTest = z.infer<typeof ChainTest>

const forks: Readonly<Record<string, bigint>> = { Cancun: 0n, Prague: 1n, Osaka: 2n }

const bytesOf = (text: string): Uint8Array => hexToBytes(`0x${text.length % 2 === 0 ? '' : '0'}${text.slice(2)}`)

function minimal(text: string): Uint8Array {
  const bytes = bytesOf(text)
  const start = bytes.findIndex((byte) => byte !== 0)
  return start < 0 ? new Uint8Array(0) : bytes.slice(start)
}

function word(text: string): Uint8Array {
  const bytes = bytesOf(text)
  const padded = new Uint8Array(32)
  padded.set(bytes, 32 - bytes.length)
  return padded
}

const byHash = (values: ReadonlyMap<Hex, Uint8Array>): Uint8Array[] =>
  [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)

/** The whole state before the chain as a witness. */
function witnessOf(pre: ChainTest['pre']): { nodes: Uint8Array[]; codes: Uint8Array[] } {
  const nodes = new Map<Hex, Uint8Array>()
  const codes = new Map<Hex, Uint8Array>()
  const emptyTrie = () => new Trie(new NodeCache({ maxBytes: 0 }, { node: (hash) => nodes.get(bytesToHex(hash)) }))
  const commit = (trie: Trie): Uint8Array => {
    const committed: { root: Uint8Array; nodes: readonly StoredNode[] } = trie.commit()
    for (const { hash, rlp } of committed.nodes) nodes.set(bytesToHex(hash), rlp)
    return committed.root
  }
  const accounts = emptyTrie()
  for (const [address, { nonce, balance, code, storage }] of Object.entries(pre)) {
    const slots = Object.entries(storage).filter(([, value]) => minimal(value).length > 0)
    const trie = emptyTrie()
    for (const [key, value] of slots) trie.put(keccak256(word(key)), RLP.encode(minimal(value)))
    const codeBytes = bytesOf(code)
    if (codeBytes.length > 0) codes.set(bytesToHex(keccak256(codeBytes)), codeBytes)
    const root = slots.length > 0 ? commit(trie) : emptyTrieRoot
    accounts.put(keccak256(bytesOf(address)), RLP.encode([minimal(nonce), minimal(balance), root, keccak256(codeBytes)]))
  }
  commit(accounts)
  return { nodes: byHash(nodes), codes: byHash(codes) }
}

describe.skipIf(!hasCompiler() || !hasOfficialTests)('chains of ethereum/tests in the guest', () => {
  it('are accepted block by block, and their invalid blocks refused', () => {
    const cases: { name: string; input: (Uint8Array | bigint | Uint8Array[])[]; valid: number; endsInvalid: boolean }[] = []
    let skipped = 0
    for (const [file, content] of officialTests('BlockchainTests')) {
      for (const [name, json] of Object.entries(z.record(z.string(), z.unknown()).parse(content))) {
        const test = ChainTest.safeParse(json)
        const fork = test.success ? forks[test.data.network] : undefined
        const genesis = test.success ? RLP.decode(bytesOf(test.data.genesisRLP))[0] : undefined
        if (!test.success || fork === undefined || genesis === undefined) {
          skipped++
          continue
        }
        const { pre, blocks } = test.data
        // What follows an invalid block builds on another parent: a stateless client follows one chain.
        const firstInvalid = blocks.findIndex(
          ({ expectException, blockHeader }) => expectException !== undefined || blockHeader === undefined,
        )
        const endsInvalid = firstInvalid >= 0
        const chain = endsInvalid ? blocks.slice(0, firstInvalid + 1) : blocks
        const { nodes, codes } = witnessOf(pre)
        cases.push({
          name: `${file} ${name}`,
          input: [fork, 1n, RLP.encode(genesis), nodes, codes, chain.map(({ rlp }) => bytesOf(rlp))],
          valid: endsInvalid ? firstInvalid : blocks.length,
          endsInvalid,
        })
      }
    }
    const lines = runDriver('chain', RLP.encode(cases.map(({ input }) => input)))
    const wrong: string[] = []
    let unsupported = 0
    for (const [index, { name, valid, endsInvalid }] of cases.entries()) {
      const words = (lines[index] ?? '').trim().split(' ')
      const status = Number(words[words.indexOf('failed') + 1])
      const accepted = words.filter((text) => text === 'ok').length
      if (status === guestStatus.unsupported) unsupported++
      else if (accepted !== valid || words.includes('failed') !== endsInvalid) wrong.push(`${name}: ${lines[index]}`)
    }
    console.info(
      `official chains on the guest: ${cases.length - unsupported} ran, ${skipped} skipped, ${unsupported} need a precompile that it lacks`,
    )
    expect(wrong).toEqual([])
    expect(cases.length).toBeGreaterThan(100)
  }, 120_000)
})

if (!hasOfficialTests) console.info(`official chains on the guest: 0 ran: ${officialTestsArchive} does not exist`)
if (!hasCompiler()) console.info(`official chains on the guest: all skipped: ${compilerNeeded}`)
