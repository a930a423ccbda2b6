import { readFileSync } from 'node:fs'
import { RLP } from '@ethereumjs/rlp'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hexToBytes, keccak256Hex } from '../../core/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

// The vectors that TypeScript and Solidity read too (docs/formats.md).

const Hex = z.templateLiteral(['0x', z.string()])
const Decimal = z.string().regex(/^\d+$/).transform(BigInt)
const HexInteger = Hex.transform(BigInt)

type Item = Uint8Array | bigint | string | Item[]

const vectors = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../test/vectors/${name}.json`, import.meta.url), 'utf8'))
const run = (cases: readonly Item[][]): string[] =>
  runDriver('rollup', RLP.encode(cases as Parameters<typeof RLP.encode>[0])).map((line) => line.trimEnd())

describe.skipIf(!hasCompiler())('the formats of the rollup in the guest', () => {
  it('has the digests of the public inputs', () => {
    const Inputs = z.object({
      l1ChainId: Decimal,
      rollup: Hex,
      l2ChainId: Decimal,
      rulesVersion: Decimal,
      batchNumber: Decimal,
      parentBlockHash: Hex,
      stateRootBefore: Hex,
      lastBlockHash: Hex,
      stateRootAfter: Hex,
      firstBlockNumber: Decimal,
      lastBlockNumber: Decimal,
      lastTimestamp: Decimal,
      stateDiffHash: Hex,
      inboxCountBefore: Decimal,
      inboxRootBefore: Hex,
      inboxCountAfter: Decimal,
      inboxRootAfter: Hex,
      messagesRoot: Hex,
    })
    const cases = z.array(z.object({ inputs: Inputs, digest: Hex })).parse(vectors('public-inputs'))
    const bytes = (value: bigint | `0x${string}`): Item => (typeof value === 'bigint' ? value : hexToBytes(value))
    expect(run(cases.map(({ inputs }) => ['digest', ...Object.values(inputs).map(bytes)]))).toEqual(cases.map(({ digest }) => digest))
    expect(cases.length).toBeGreaterThan(2)
  })

  it('has the roots and leaves of the Inbox', () => {
    const { items, states, lastLeaf } = z
      .object({
        items: z.array(z.object({ kind: z.number(), sender: Hex, payload: Hex, l1Time: Decimal, leaf: Hex })),
        states: z.array(z.object({ count: Decimal, root: Hex, frontier: z.array(Hex) })),
        lastLeaf: z.object({ count: Decimal, frontier: z.array(Hex), root: Hex, leaf: Hex }),
      })
      .parse(vectors('inbox-tree'))
    const item = ({ kind, sender, payload, l1Time }: (typeof items)[number]): Item[] => [
      BigInt(kind),
      hexToBytes(sender),
      hexToBytes(payload),
      l1Time,
    ]
    const state = ({ count, frontier }: { count: bigint; frontier: readonly `0x${string}`[] }): Item[] => [count, frontier.map(hexToBytes)]
    const cases = states.map((at) => ['inbox', ...state(at), items.slice(Number(at.count)).map(item)])
    const expected = states.map((at) =>
      [at.root, ...items.slice(Number(at.count)).flatMap(({ leaf }, i) => [leaf, states[Number(at.count) + i + 1]?.root])].join(' '),
    )
    expect(run(cases)).toEqual(expected)
    // The tree holds 2^32 - 1 leaves: one more fits here, a second does not.
    const [first, second] = items.map(item)
    const [full] = run([['inbox', ...state(lastLeaf), [first ?? [], second ?? []]]])
    expect(full?.split(' ')[0]).toBe(lastLeaf.root)
    expect(full).toMatch(new RegExp(` failed ${guestStatus.inbox}$`))
    const [tooShort, tooLong, beyond] = run([
      ['inbox', 3n, [new Uint8Array(32)], []],
      ['inbox', 1n, [new Uint8Array(32), new Uint8Array(32)], []],
      ['inbox', 2n ** 32n, [new Uint8Array(32)], []],
    ])
    expect([tooShort, tooLong, beyond]).toEqual([`failed ${guestStatus.rlp}`, `failed ${guestStatus.rlp}`, `failed ${guestStatus.inbox}`])
  })

  it('has the leaves and roots of the message trees', () => {
    const { trees } = z
      .object({
        trees: z.array(
          z.object({ root: Hex, messages: z.array(z.object({ txNumberInBatch: z.number(), sender: Hex, message: Hex, leaf: Hex })) }),
        ),
      })
      .parse(vectors('message-tree'))
    const cases = trees.map(({ messages }): Item[] => [
      'messages',
      messages.map(({ txNumberInBatch, sender, message }): Item => [BigInt(txNumberInBatch), hexToBytes(sender), hexToBytes(message)]),
    ])
    expect(run(cases)).toEqual(trees.map(({ root, messages }) => [...messages.map(({ leaf }) => leaf), root].join(' ')))
    expect(trees.length).toBeGreaterThan(5)
  })

  it('encodes state diffs as the vectors say', () => {
    const Account = z.object({
      address: Hex,
      absent: z.boolean().optional(),
      nonce: HexInteger.optional(),
      balance: HexInteger.optional(),
      code: Hex.optional(),
      slots: z.array(z.object({ key: HexInteger, value: HexInteger })).optional(),
    })
    const { valid } = z
      .object({ valid: z.array(z.object({ encoded: Hex, diff: z.object({ header: Hex, accounts: z.array(Account) }) })) })
      .parse(vectors('state-diff'))
    const list = (value: bigint | undefined): Item[] => (value === undefined ? [] : [value])
    const cases = valid.map(({ diff }): Item[] => [
      'diff',
      hexToBytes(diff.header),
      diff.accounts.map(
        ({ address, absent = false, nonce, balance, code, slots = [] }): Item => [
          hexToBytes(address),
          absent ? 0n : 1n,
          list(nonce),
          list(balance),
          code === undefined ? [] : [hexToBytes(code)],
          slots.map(({ key, value }): Item => [key, value]),
        ],
      ),
    ])
    expect(run(cases)).toEqual(valid.map(({ encoded }) => encoded))
    expect(valid.length).toBeGreaterThan(20)
  })

  it('reads the prover inputs that TypeScript reads, and no others', () => {
    const Case = z.object({ name: z.string(), encoded: Hex })
    const { valid, invalid } = z.object({ valid: z.array(Case), invalid: z.array(Case) }).parse(vectors('prover-input'))
    const cases = [...valid, ...invalid]
    const results = run(cases.map(({ encoded }) => ['input', hexToBytes(encoded)]))
    for (const [index, { name, encoded }] of cases.entries()) {
      expect(results[index], `${name} ${keccak256Hex(hexToBytes(encoded))}`).toMatch(index < valid.length ? /^ok$/ : /^failed \d+$/)
    }
    expect(invalid.length).toBeGreaterThan(20)
  })
})

if (!hasCompiler()) console.info(`tests of the rollup's formats in the guest: all skipped: ${compilerNeeded}`)
