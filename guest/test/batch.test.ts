import { createAddressFromString } from '@ethereumjs/util'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  batchDigest,
  bytesToHex,
  concatBytes,
  decodeProverInput,
  encodeProverInput,
  type Hex,
  type ProverInput,
  type Withdrawal,
} from '../../core/index.ts'
import { buildBatch, type TestBatch } from '../../prover/testing/batch-fixture.ts'
import { executeBatch } from '../../prover/testing/execute-batch.ts'
import { decodeBlock, encodeBlock } from '../../stf/index.ts'
import { MachineFaultError } from '../../zkvm/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { encodeTree, type Item, listOf, part, treeOf } from './malicious-fixture.ts'
import { guestStatus, hasQemu, runGuest, runGuestInMachine, runGuestInQemu, runGuestOnEach } from './run.ts'

const never = new AbortController().signal
const otherHash: Hex = `0x${'ab'.repeat(32)}`
const stranger: Hex = `0x${'7e'.repeat(20)}`

let batch: TestBatch

type Run = { readonly digest: string } | { readonly status: number }

const runWith = (changes: Partial<ProverInput>, of: TestBatch = batch): Run => {
  const [run] = runGuestOnEach([encodeProverInput({ ...of.input, ...changes })])
  if (run === undefined) throw new Error('the guest printed nothing')
  return run
}

function expectFailure(run: Run, ...statuses: readonly number[]): void {
  expect(run).toMatchObject({ status: expect.toSatisfy((status: number) => statuses.includes(status)) })
}

/** What the TypeScript backend makes of the same bytes: a digest, or why it refuses. */
async function attested(input: Uint8Array): Promise<{ digest: Hex } | { refused: string }> {
  try {
    return { digest: batchDigest((await executeBatch(decodeProverInput(input), never)).publicInputs) }
  } catch (error) {
    return { refused: String(error) }
  }
}

describe('a batch in the machine', () => {
  beforeAll(async () => {
    batch = await buildBatch()
  })

  it('leads to the digest that the sequencer has, or to a status', () => {
    const honest = encodeProverInput(batch.input)
    expect(runGuestInMachine(honest)).toMatchObject({ digest: batchDigest(batch.publicInputs) })
    expect(runGuestInMachine(honest.subarray(0, 1000))).toEqual({ status: guestStatus.rlp })
    expect(runGuestInMachine(new Uint8Array(0))).toEqual({ status: guestStatus.rlp })
    const incomplete = encodeProverInput({ ...batch.input, nodes: batch.input.nodes.slice(1) })
    expect(runGuestInMachine(incomplete)).toEqual({ status: guestStatus.nodeMissing })
  })

  /** What the prover gets where it answers hints as it likes: the honest digest, or nothing. */
  function lie(replaceHint: (words: Int32Array, index: number) => Int32Array): 'digest' | 'status' | 'fault' {
    let requests = 0
    try {
      const run = runGuestInMachine(encodeProverInput(batch.input), (words) => replaceHint(words, requests++))
      if ('status' in run) return 'status'
      expect(run.digest).toBe(batchDigest(batch.publicInputs))
      return 'digest'
    } catch (error) {
      if (error instanceof MachineFaultError) return 'fault'
      throw error
    }
  }

  it('asks for hints', () => {
    const lengths = new Set<number>()
    expect(
      lie((words) => {
        lengths.add(words.length)
        return words
      }),
    ).toBe('digest')
    // Inverses and roots, quotients, halves of scalars.
    expect(lengths).toEqual(new Set([8, 16, 17]))
  })

  it.each<[string, (words: Int32Array) => Int32Array]>([
    ['nothing', () => new Int32Array(0)],
    ['zeros', (words) => words.map(() => 0)],
    ['the largest numbers', (words) => words.map(() => -1)],
    ['one more', (words) => words.map((word, index) => (index === 0 ? word + 1 : word))],
    ['the wrong order', (words) => words.toReversed()],
  ])('gives no digest to a prover that answers hints with %s', (_, answer) => {
    expect(['status', 'fault']).toContain(lie(answer))
  })

  it('gives no other digest to a prover that lies once', () => {
    let count = 0
    lie((words) => {
      count++
      return words
    })
    const lies = fc.record({ at: fc.nat(count - 1), word: fc.nat(16), bit: fc.nat(31) })
    const outcomes = fc
      .sample(lies, { numRuns: 25, seed: 7 })
      .map(({ at, word, bit }) =>
        lie((words, index) =>
          index === at ? words.map((value, position) => (position === word % words.length ? value ^ (1 << bit) : value)) : words,
        ),
      )
    // A flipped sign of a zero or an unused bit of the last word is no lie.
    expect(outcomes.filter((outcome) => outcome !== 'digest').length).toBeGreaterThan(20)
  }, 300_000)
})

describe.skipIf(!hasCompiler())('a batch in the guest', () => {
  beforeAll(async () => {
    batch = await buildBatch()
  })

  // The first one compiles.
  it('leads to the digest that the sequencer has', () => {
    expect(runGuest(encodeProverInput(batch.input))).toEqual({ digest: batchDigest(batch.publicInputs) })
  }, 300_000)

  it.skipIf(!hasQemu())('leads to the same digest, or status, as code for RV32', () => {
    const honest = encodeProverInput(batch.input)
    expect(runGuestInQemu(honest)).toEqual({ digest: batchDigest(batch.publicInputs) })
    expect(runGuestInQemu(honest.subarray(0, 1000))).toEqual({ status: guestStatus.rlp })
    const incomplete = encodeProverInput({ ...batch.input, nodes: batch.input.nodes.slice(1) })
    expect(runGuestInQemu(incomplete)).toEqual({ status: guestStatus.nodeMissing })
  })

  it('starts from its own state root, not from the parent header’s', async () => {
    const afterDevBatch = await buildBatch({
      async cheat({ state, store }) {
        await state.modifyAccountFields(createAddressFromString(stranger), { balance: 10n ** 18n })
        store.add(state.commitBlock())
      },
    })
    expect(runWith({}, afterDevBatch)).toEqual({ digest: batchDigest(afterDevBatch.publicInputs) })
    expectFailure(runWith({ stateRootBefore: batch.input.stateRootBefore }, afterDevBatch), guestStatus.nodeMissing, guestStatus.stateRoot)
  })

  it('may bring nodes and codes that nothing reads', () => {
    const { nodes, codes } = batch.input
    const extra = { nodes: [...nodes, Uint8Array.of(0xc1, 0x01)], codes: [...codes, Uint8Array.of(0xfe)] }
    expect(runWith(extra)).toEqual({ digest: batchDigest(batch.publicInputs) })
  })

  it('fails whichever node is missing, and whichever is forged', () => {
    const { nodes } = batch.input
    const without = nodes.map((_, index) => nodes.toSpliced(index, 1))
    const forged = nodes.map((node, index) => nodes.with(index, node.with(node.length - 1, (node.at(-1) ?? 0) ^ 1)))
    const inputs = [...without, ...forged].map((list) => encodeProverInput({ ...batch.input, nodes: list }))
    for (const run of runGuestOnEach(inputs)) expectFailure(run, guestStatus.nodeMissing)
  })

  it('fails whichever code is missing or another, unless nothing runs it', () => {
    const { codes } = batch.input
    const honest = { digest: batchDigest(batch.publicInputs) }
    // The guest writes what the system contracts would, so it does not need their codes.
    const systemContracts = 2
    const runs = codes.flatMap((code, index) => [
      runWith({ codes: codes.toSpliced(index, 1) }),
      runWith({ codes: codes.with(index, concatBytes(code, Uint8Array.of(0))) }),
    ])
    const failed = runs.filter((run) => !('digest' in run))
    for (const run of failed) expectFailure(run, guestStatus.codeMissing)
    for (const run of runs) if ('digest' in run) expect(run).toEqual(honest)
    expect(failed.length).toBe(2 * (codes.length - systemContracts))
    expect(failed.length).toBeGreaterThan(0)
  })

  it('fails with another state root, rules version, parent or frontier', () => {
    expectFailure(runWith({ stateRootBefore: otherHash }), guestStatus.nodeMissing)
    expectFailure(runWith({ rulesVersion: 2n }), guestStatus.batch)
    expectFailure(runWith({ parentHeader: batch.blocks[0]?.rlp ?? otherBytes }), guestStatus.rlp)
    expectFailure(runWith({ frontier: batch.input.frontier.map(() => otherHash) }), guestStatus.beaconRoot)
    expectFailure(runWith({ frontier: [] }), guestStatus.rlp)
    expectFailure(runWith({ l2ChainId: 1n }), guestStatus.transaction)
  })

  const otherBytes = Uint8Array.of(0xc0)
  const minted: Withdrawal = { index: 8n, validatorIndex: 0n, address: stranger, amountGwei: 10n ** 9n }
  type Deposits = readonly (readonly Withdrawal[])[]
  const flat = (deposits: Deposits): [Withdrawal, Withdrawal, Withdrawal] => deposits.flat() as [Withdrawal, Withdrawal, Withdrawal]
  it.each<[string, (honest: Deposits) => Deposits]>([
    ['mints a deposit that is not in the Inbox', (h) => h.with(2, [...(h[2] ?? []), minted])],
    ['mints before the real deposits', (h) => h.with(0, [minted, ...(h[0] ?? [])])],
    ['skips a deposit', (h) => h.with(0, [flat(h)[1]])],
    ['leaves out the last deposit', (h) => h.with(2, [])],
    ['changes the order', (h) => h.with(0, [flat(h)[1], flat(h)[0]])],
    ['credits a deposit twice', (h) => h.with(1, [flat(h)[1]])],
    ['credits more', (h) => h.with(0, [{ ...flat(h)[0], amountGwei: 2_000n }, flat(h)[1]])],
    ['credits somebody else', (h) => h.with(0, [{ ...flat(h)[0], address: stranger }, flat(h)[1]])],
    ['gives a deposit another index', (h) => h.with(0, [{ ...flat(h)[0], index: 9n }, flat(h)[1]])],
    ['takes a deposit early', (h) => [[...flat(h)], [], []]],
  ])('fails where the sequencer %s', async (_, deposits) => {
    expectFailure(runWith({}, await buildBatch({ deposits })), guestStatus.inbox, guestStatus.beaconRoot)
  })

  it.each([0, 1, 2])('fails when block %i has another parentBeaconBlockRoot', async (index) => {
    expectFailure(runWith({}, await buildBatch({ inboxRoots: (honest) => honest.with(index, otherHash) })), guestStatus.beaconRoot)
  })

  describe('without Inbox items', () => {
    const frontierOfFive = (): readonly Hex[] => batch.input.frontier
    let idle: TestBatch
    const digestOf = async (run: Run, input: ProverInput): Promise<string> => {
      expect(run).toEqual(await attested(encodeProverInput(input)))
      return 'digest' in run ? run.digest : expect.fail('there is no digest')
    }

    beforeAll(async () => {
      idle = await buildBatch({ items: false })
    })

    it('leads to the digest with the root that L1 has, and needs no tree', () => {
      expect(idle.input).toMatchObject({ frontier: [], items: [] })
      expect(runWith({}, idle)).toEqual({ digest: batchDigest(idle.publicInputs) })
    })

    it('leads to a digest that L1 does not have where all blocks claim another root, or the input another count', async () => {
      const otherRoot = await buildBatch({ items: false, inboxRoots: (honest) => honest.map(() => otherHash) })
      const claimed = { ...otherRoot.publicInputs, inboxRootBefore: otherHash, inboxRootAfter: otherHash }
      expect(await digestOf(runWith({}, otherRoot), otherRoot.input)).toBe(batchDigest(claimed))
      // What L1 computes for these blocks: its own root at its own count.
      expect(batchDigest(claimed)).not.toBe(batchDigest(otherRoot.publicInputs))
      const otherCount = { ...idle.input, inboxCountBefore: 6n }
      expect(await digestOf(runWith(otherCount, idle), otherCount)).toBe(
        batchDigest({ ...idle.publicInputs, inboxCountBefore: 6n, inboxCountAfter: 6n }),
      )
    })

    it.each([1, 2])('fails where block %i claims another root than the first', async (index) => {
      const changed = await buildBatch({ items: false, inboxRoots: (honest) => honest.with(index, otherHash) })
      expectFailure(runWith({}, changed), guestStatus.beaconRoot)
      expect(await attested(encodeProverInput(changed.input))).toMatchObject({ refused: expect.stringContaining('parentBeaconBlockRoot') })
    })

    it.each([0, 1, 2])('fails where block %i mints a deposit', async (index) => {
      const minting = await buildBatch({ items: false, deposits: (none) => none.with(index, [{ ...minted, index: 5n }]) })
      expectFailure(runWith({}, minting), guestStatus.inbox)
      expect(await attested(encodeProverInput(minting.input))).toMatchObject({ refused: expect.stringContaining('not in the Inbox') })
    })

    it('fails with a frontier, with items that no block consumes, and with a count beyond the tree', async () => {
      const cheats: readonly [Partial<ProverInput>, number][] = [
        [{ frontier: frontierOfFive() }, guestStatus.rlp],
        [{ frontier: [otherHash] }, guestStatus.rlp],
        [{ frontier: frontierOfFive(), items: batch.input.items }, guestStatus.inbox],
        [{ items: batch.input.items }, guestStatus.rlp],
        [{ inboxCountBefore: 2n ** 32n }, guestStatus.inbox],
      ]
      for (const [change, status] of cheats) {
        expect(runWith(change, idle)).toEqual({ status })
        expect(await attested(encodeProverInput({ ...idle.input, ...change }))).toHaveProperty('refused')
      }
    })
  })

  it('skips fillers wherever they stand between nodes and between codes, and nowhere else', async () => {
    const fill = (list: Item[]): Item[] => [
      nothing,
      ...list.flatMap((item, index) => [item, ...Array<Item>(index % 4).fill(nothing)]),
      nothing,
    ]
    const nothing = new Uint8Array(0)
    const filled = (at: number) => {
      const tree = treeOf(batch.input)
      tree[at] = fill(listOf(tree[at]))
      return encodeTree(tree)
    }
    const honest = { digest: batchDigest(batch.publicInputs) }
    for (const at of [part.nodes, part.codes]) {
      expect(runGuest(filled(at))).toEqual(honest)
      expect(await attested(filled(at))).toEqual(honest)
    }
    for (const at of [part.constants, part.blocks, part.frontier, part.items]) {
      expectFailure(runGuest(filled(at)), guestStatus.rlp, guestStatus.inbox)
      expect(await attested(filled(at))).toHaveProperty('refused')
    }
  })

  it.each([
    ['parentHash', guestStatus.header],
    ['ommersHash', guestStatus.header],
    ['requestsHash', guestStatus.header],
    ['stateRoot', guestStatus.stateRoot],
    ['transactionsRoot', guestStatus.transactionsRoot],
    ['receiptsRoot', guestStatus.receiptsRoot],
    ['withdrawalsRoot', guestStatus.withdrawalsRoot],
  ] as const)('fails with a false %s', (field, status) => {
    const { blocks } = batch.input
    const last = decodeBlock(blocks.at(-1) ?? otherBytes)
    const forged = encodeBlock({ ...last, header: { ...last.header, [field]: otherHash } })
    expectFailure(runWith({ blocks: blocks.with(-1, forged) }), status)
  })

  it.each([
    ['number', guestStatus.header],
    ['gasLimit', guestStatus.header],
    ['baseFeePerGas', guestStatus.header],
    ['difficulty', guestStatus.header],
    ['blobGasUsed', guestStatus.header],
    ['excessBlobGas', guestStatus.header],
    ['gasUsed', guestStatus.gasUsed],
  ] as const)('fails with a false %s', (field, status) => {
    const { blocks } = batch.input
    const last = decodeBlock(blocks.at(-1) ?? otherBytes)
    const forged = encodeBlock({ ...last, header: { ...last.header, [field]: last.header[field] + 1n } })
    expectFailure(runWith({ blocks: blocks.with(-1, forged) }), status)
  })

  it('agrees with the TypeScript backend on bytes that were tampered with', async () => {
    const honest = encodeProverInput(batch.input)
    const honestDigest = batchDigest(batch.publicInputs)
    const tampering = fc.oneof(
      fc.record({ at: fc.nat(honest.length - 1), with: fc.uint8Array({ minLength: 1, maxLength: 1 }), length: fc.constant(1) }),
      fc.record({ at: fc.nat(honest.length - 1), with: fc.uint8Array({ maxLength: 4 }), length: fc.nat(4) }),
      // The front holds what no hash covers: parameters, lengths, the parent, the first block.
      fc.record({ at: fc.nat(120), with: fc.uint8Array({ maxLength: 2 }), length: fc.nat(2) }),
    )
    const inputs = fc
      .sample(tampering, 500)
      .map(({ at, with: bytes, length }) => concatBytes(honest.subarray(0, at), bytes, honest.subarray(at + length)))
    const runs = runGuestOnEach(inputs)
    for (const [index, input] of inputs.entries()) {
      const run = runs[index]
      const other = await attested(input)
      if ('digest' in other) expect(run, bytesToHex(input)).toEqual(other)
      // TypeScript asks for the codes of the system contracts, too; the honest digest holds without them.
      else if (run !== undefined && 'digest' in run) {
        expect([run.digest, other.refused]).toEqual([honestDigest, expect.stringMatching(/code 0x.* is missing/i)])
      }
    }
  }, 120_000)

  it('refuses what is cut off or goes on', () => {
    const honest = encodeProverInput(batch.input)
    for (const length of [0, 1, 2, 3, 4, 100, honest.length - 1]) expectFailure(runGuest(honest.subarray(0, length)), guestStatus.rlp)
    expectFailure(runGuest(concatBytes(honest, Uint8Array.of(0))), guestStatus.rlp)
  })
})

if (!hasQemu()) console.info('the RV32 run of a batch: skipped: qemu-riscv32 is not installed')
if (!hasCompiler()) console.info(`tests of a batch in the guest: all skipped: ${compilerNeeded}`)
