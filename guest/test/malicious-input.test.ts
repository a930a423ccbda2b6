import { RLP } from '@ethereumjs/rlp'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchDigest, bigintToBytes, concatBytes, encodeDepositPayload, encodeProverInput, type InboxItem } from '../../core/index.ts'
import { buildBatch, type TestBatch } from '../../prover/testing/batch-fixture.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { bytesOfItem, encodeTree, type Item, listOf, part, type Run, runTree, treeOf } from './malicious-fixture.ts'
import { guestStatus, runGuestInMachine, runGuestOnEach } from './run.ts'

let batch: TestBatch

const run = (change: (tree: Item[]) => void): Run => runTree(batch.input, change)

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const quantity = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))
const numberOf = (item: Item | undefined): bigint => BigInt(`0x0${Buffer.from(bytesOfItem(item)).toString('hex')}`)

/** Changes a block, as a list of header, transactions, ommers and withdrawals. */
const inBlock = (index: number, change: (block: Item[]) => void) => (tree: Item[]) => {
  const blocks = listOf(tree[part.blocks])
  const block = listOf(RLP.decode(bytesOfItem(blocks[index])))
  change(block)
  blocks[index] = RLP.encode(block)
}

const inHeader = (change: (fields: Item[]) => void) => inBlock(0, (block) => change(listOf(block[0])))

const inParent = (change: (fields: Item[]) => void) => (tree: Item[]) => {
  const fields = listOf(RLP.decode(bytesOfItem(tree[part.parentHeader])))
  change(fields)
  tree[part.parentHeader] = RLP.encode(fields)
}

/** Changes the fields of the first block's first transaction, which is of type 2. */
const inTransaction = (change: (fields: Item[]) => void) =>
  inBlock(0, (block) => {
    const transactions = listOf(block[1])
    const bytes = bytesOfItem(transactions[0])
    const fields = listOf(RLP.decode(bytes.subarray(1)))
    change(fields)
    transactions[0] = concatBytes(bytes.subarray(0, 1), RLP.encode(fields))
  })

const chainIdAt = 0
const nonceAt = 1
const priorityFeeAt = 2
const maxFeeAt = 3
const gasLimitAt = 4
const parityAt = 9
const rAt = 10
const sAt = 11

const header = {
  parentHash: 0,
  coinbase: 2,
  logsBloom: 6,
  difficulty: 7,
  number: 8,
  gasLimit: 9,
  gasUsed: 10,
  timestamp: 11,
  extraData: 12,
  prevRandao: 13,
  nonce: 14,
  baseFee: 15,
  blobGasUsed: 17,
  excessBlobGas: 18,
  beaconRoot: 19,
  requestsHash: 20,
} as const

const constant = { l2ChainId: 2, rulesVersion: 3, batchNumber: 4, stateRootBefore: 5, inboxCountBefore: 6 } as const
const setConstant = (at: number, value: Item) => (tree: Item[]) => {
  listOf(tree[part.constants])[at] = value
}

describe.skipIf(!hasCompiler())('a malicious prover input', () => {
  beforeAll(async () => {
    batch = await buildBatch()
    const type = listOf(listOf(RLP.decode(batch.input.blocks[0] ?? new Uint8Array(0)))[1])[0]
    expect(bytesOfItem(type)[0]).toBe(2)
    // Builds the driver.
    expect(run(() => undefined)).toEqual({ digest: batchDigest(batch.publicInputs) })
  }, 120_000)

  describe('with a forged sender', () => {
    it.each<[string, number, (fields: Item[]) => void]>([
      ['r of 0', guestStatus.signature, (fields) => fields.splice(rAt, 1, new Uint8Array(0))],
      ['s of 0', guestStatus.signature, (fields) => fields.splice(sAt, 1, new Uint8Array(0))],
      ['r of the order', guestStatus.signature, (fields) => fields.splice(rAt, 1, quantity(order))],
      ['r above the order', guestStatus.signature, (fields) => fields.splice(rAt, 1, quantity(order + numberOf(fields[rAt]) / 2n ** 200n))],
      ['r of 2^256 - 1', guestStatus.signature, (fields) => fields.splice(rAt, 1, quantity(2n ** 256n - 1n))],
      ['an r that is on no point', guestStatus.signature, (fields) => fields.splice(rAt, 1, quantity(5n))],
      ['s of the order', guestStatus.transaction, (fields) => fields.splice(sAt, 1, quantity(order))],
      ['the other s', guestStatus.transaction, (fields) => fields.splice(sAt, 1, quantity(order - numberOf(fields[sAt])))],
      [
        'the other s with the other parity',
        guestStatus.transaction,
        (fields) => {
          fields[sAt] = quantity(order - numberOf(fields[sAt]))
          fields[parityAt] = quantity(1n - numberOf(fields[parityAt]))
        },
      ],
      ['a parity of 2', guestStatus.transaction, (fields) => fields.splice(parityAt, 1, Uint8Array.of(2))],
      ['a parity of 27', guestStatus.transaction, (fields) => fields.splice(parityAt, 1, Uint8Array.of(27))],
      ['s of 33 bytes', guestStatus.rlp, (fields) => fields.splice(sAt, 1, new Uint8Array(33).fill(1))],
      [
        's with a leading zero',
        guestStatus.rlp,
        (fields) => fields.splice(sAt, 1, concatBytes(Uint8Array.of(0), bytesOfItem(fields[sAt]))),
      ],
      ['another chain', guestStatus.transaction, (fields) => fields.splice(chainIdAt, 1, Uint8Array.of(1))],
      ['a chain of 2^64 and this one', guestStatus.transaction, (fields) => fields.splice(chainIdAt, 1, quantity(2n ** 64n + 313_372n))],
      ['a nonce of 2^64 - 1', guestStatus.transaction, (fields) => fields.splice(nonceAt, 1, quantity(2n ** 64n - 1n))],
      [
        'a tip above the fee',
        guestStatus.transaction,
        (fields) => fields.splice(priorityFeeAt, 1, quantity(numberOf(fields[maxFeeAt]) + 1n)),
      ],
      ['a gas limit above 2^24', guestStatus.transaction, (fields) => fields.splice(gasLimitAt, 1, quantity(2n ** 24n + 1n))],
      ['a fee of 2^256 - 1', guestStatus.transaction, (fields) => fields.splice(maxFeeAt, 1, quantity(2n ** 256n - 1n))],
      ['a field more', guestStatus.rlp, (fields) => fields.push(new Uint8Array(0))],
      ['a field less', guestStatus.rlp, (fields) => fields.pop()],
    ])('that has %s fails with its status', (_, status, change) => {
      expect(run(inTransaction(change))).toEqual({ status })
    })

    it('fails where what was signed is not what stands there', () => {
      // Another signer comes out, of whom the witness knows nothing, or that he has no ether and another nonce.
      const changes: ((fields: Item[]) => void)[] = [
        (fields) => fields.splice(parityAt, 1, quantity(1n - numberOf(fields[parityAt]))),
        (fields) => fields.splice(rAt, 1, quantity(numberOf(fields[sAt]))),
        (fields) => fields.splice(gasLimitAt, 1, quantity(numberOf(fields[gasLimitAt]) + 1n)),
        (fields) => fields.splice(6, 1, Uint8Array.of(0xff)),
      ]
      for (const change of changes) {
        const result = run(inTransaction(change))
        expect(result).toMatchObject({
          status: expect.toSatisfy((status: number) =>
            [guestStatus.nodeMissing, guestStatus.transaction, guestStatus.signature].some((one) => one === status),
          ),
        })
      }
    })

    it.each([5, 6, 0x7f, 3, 0])('of a transaction of type %i fails', (type) => {
      const change = inBlock(0, (block) => {
        const transactions = listOf(block[1])
        transactions[0] = concatBytes(Uint8Array.of(type), bytesOfItem(transactions[0]).subarray(1))
      })
      expect(run(change)).toEqual({ status: guestStatus.transaction })
    })

    it('fails where a typed transaction stands as a list, is empty, or begins as no type does', () => {
      const bodies: Item[] = [[], new Uint8Array(0), Uint8Array.of(0x80), Uint8Array.of(0xc0, 0x01)]
      const statuses = bodies.map((body) =>
        run(
          inBlock(0, (block) => {
            listOf(block[1])[0] = body
          }),
        ),
      )
      expect(statuses).toEqual([
        { status: guestStatus.rlp },
        { status: guestStatus.body },
        { status: guestStatus.body },
        { status: guestStatus.body },
      ])
    })
  })

  describe('with a false parent', () => {
    it.each(Array.from({ length: 21 }, (_, field) => field))('whose header field %i differs fails', (field) => {
      const change = inParent((fields) => {
        const bytes = Uint8Array.from(bytesOfItem(fields[field]))
        if (bytes.length === 0) fields[field] = Uint8Array.of(1)
        else {
          bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 2
          fields[field] = bytes
        }
      })
      expect(run(change)).toEqual({ status: guestStatus.header })
    })

    it('fails where the parent is another block of the chain', () => {
      for (const { rlp } of batch.blocks) {
        const [fields = []] = listOf(RLP.decode(rlp))
        expect(run((tree) => tree.splice(part.parentHeader, 1, RLP.encode(fields)))).toEqual({ status: guestStatus.header })
      }
    })

    it('fails where blocks are left out, doubled, or change places', () => {
      const changes: ((blocks: Item[]) => void)[] = [
        (blocks) => blocks.shift(),
        (blocks) => blocks.splice(1, 1),
        (blocks) => blocks.splice(1, 0, blocks[0] ?? []),
        (blocks) => blocks.reverse(),
      ]
      const statuses = changes.map((change) => run((tree) => change(listOf(tree[part.blocks]))))
      // Deposits are looked at first, so it is those that do not follow where a block with some is out of place.
      for (const result of statuses)
        expect(result).toMatchObject({
          status: expect.toSatisfy((status: number) =>
            [guestStatus.header, guestStatus.inbox, guestStatus.beaconRoot].some((one) => one === status),
          ),
        })
      expect(run((tree) => listOf(tree[part.blocks]).splice(0))).toEqual({ status: guestStatus.batch })
    })

    it('takes only a last block less for a batch, of which the deposits are not all consumed', () => {
      expect(run((tree) => listOf(tree[part.blocks]).pop())).toEqual({ status: guestStatus.inbox })
    })
  })

  describe('with a false header', () => {
    it.each<[string, number, (fields: Item[]) => void]>([
      [
        'the timestamp of its parent',
        guestStatus.header,
        (fields) => fields.splice(header.timestamp, 1, quantity(numberOf(fields[header.timestamp]) - 1n)),
      ],
      ['a timestamp of 0', guestStatus.header, (fields) => fields.splice(header.timestamp, 1, new Uint8Array(0))],
      ['a timestamp of 2^64', guestStatus.rlp, (fields) => fields.splice(header.timestamp, 1, quantity(2n ** 64n))],
      ['a number of 2^64', guestStatus.rlp, (fields) => fields.splice(header.number, 1, quantity(2n ** 64n))],
      [
        'the number of its parent',
        guestStatus.header,
        (fields) => fields.splice(header.number, 1, quantity(numberOf(fields[header.number]) - 1n)),
      ],
      ['a gas limit below', guestStatus.header, (fields) => fields.splice(header.gasLimit, 1, quantity(29_999_999n))],
      ['more gas used than the limit', guestStatus.header, (fields) => fields.splice(header.gasUsed, 1, quantity(30_000_001n))],
      ['a base fee of 0', guestStatus.header, (fields) => fields.splice(header.baseFee, 1, new Uint8Array(0))],
      ['a difficulty', guestStatus.header, (fields) => fields.splice(header.difficulty, 1, Uint8Array.of(1))],
      ['a nonce', guestStatus.header, (fields) => fields.splice(header.nonce, 1, new Uint8Array(8).fill(1))],
      ['a nonce of 7 bytes', guestStatus.rlp, (fields) => fields.splice(header.nonce, 1, new Uint8Array(7))],
      ['extra data of 33 bytes', guestStatus.header, (fields) => fields.splice(header.extraData, 1, new Uint8Array(33))],
      ['blob gas', guestStatus.header, (fields) => fields.splice(header.blobGasUsed, 1, quantity(131_072n))],
      ['excess blob gas', guestStatus.header, (fields) => fields.splice(header.excessBlobGas, 1, Uint8Array.of(1))],
      ['a requests hash', guestStatus.header, (fields) => fields.splice(header.requestsHash, 1, new Uint8Array(32))],
      ['no requests hash', guestStatus.rlp, (fields) => fields.pop()],
      ['a field more', guestStatus.rlp, (fields) => fields.push(new Uint8Array(0))],
      ['a bloom of 255 bytes', guestStatus.rlp, (fields) => fields.splice(header.logsBloom, 1, new Uint8Array(255))],
      ['another bloom', guestStatus.logsBloom, (fields) => fields.splice(header.logsBloom, 1, new Uint8Array(256).fill(1))],
      ['an Inbox root of zero', guestStatus.beaconRoot, (fields) => fields.splice(header.beaconRoot, 1, new Uint8Array(32))],
      ['a coinbase of 19 bytes', guestStatus.rlp, (fields) => fields.splice(header.coinbase, 1, new Uint8Array(19))],
    ])('that has %s fails with its status', (_, status, change) => {
      expect(run(inHeader(change))).toEqual({ status })
    })

    it('fails where a fee goes to somebody else', () => {
      const change = inHeader((fields) => fields.splice(header.coinbase, 1, new Uint8Array(20).fill(0x11)))
      expect([guestStatus.nodeMissing, guestStatus.stateRoot]).toContain((run(change) as { status: number }).status)
    })

    it('fails where the block that follows has not its hash', () => {
      const change = inHeader((fields) => fields.splice(header.prevRandao, 1, new Uint8Array(32)))
      // Nothing in the batch reads prevRandao: the block holds, and its hash is another.
      expect(run(change)).toEqual({ status: guestStatus.header })
    })

    it('fails where a block has ommers, a part more, or is no block', () => {
      const results = [
        run(inBlock(0, (block) => block.splice(2, 1, [[]]))),
        run(inBlock(0, (block) => block.push([]))),
        run(inBlock(0, (block) => block.pop())),
        run((tree) => listOf(tree[part.blocks]).splice(0, 1, [])),
        run((tree) => listOf(tree[part.blocks]).splice(0, 1, new Uint8Array(0))),
      ]
      const { body, rlp } = guestStatus
      expect(results).toEqual([body, rlp, rlp, rlp, rlp].map((status) => ({ status })))
    })
  })

  describe('with false deposits', () => {
    const items = (change: (items: Item[]) => void) => (tree: Item[]) => change(listOf(tree[part.items]))
    const field = (at: number, value: Item) => items((list) => listOf(list[0]).splice(at, 1, value))
    const payload = (bytes: Uint8Array) => field(2, bytes)
    const honest = () => Uint8Array.from(batch.input.items[0]?.payload ?? [])
    const spoiled = (at: number) => {
      const bytes = honest()
      bytes[at] = 1
      return bytes
    }

    it.each<[string, number, (tree: Item[]) => void]>([
      ['of kind 1', guestStatus.inbox, field(0, Uint8Array.of(1))],
      ['of kind 256', guestStatus.rlp, field(0, Uint8Array.of(1, 0))],
      ['from somebody else', guestStatus.beaconRoot, field(1, new Uint8Array(20).fill(9))],
      ['of another time', guestStatus.beaconRoot, field(3, Uint8Array.of(9))],
      ['with a field more', guestStatus.rlp, items((list) => listOf(list[0]).push(new Uint8Array(0)))],
      ['that are one less', guestStatus.inbox, items((list) => list.pop())],
      ['that are one more', guestStatus.inbox, items((list) => list.push(list[0] ?? []))],
      ['in another order', guestStatus.inbox, items((list) => list.reverse())],
    ])('%s fails with its status', (_, status, change) => {
      expect(run(change)).toEqual({ status })
    })

    it('fails with a payload that is not the one canonical encoding', () => {
      const payloads = [
        new Uint8Array(0),
        honest().subarray(0, 63),
        concatBytes(honest(), Uint8Array.of(0)),
        spoiled(0),
        spoiled(11),
        spoiled(32),
        spoiled(55),
      ]
      for (const bytes of payloads) expect(run(payload(bytes))).toEqual({ status: guestStatus.inbox })
    })

    it('fails with 17 deposits in a block, though each is in the Inbox', async () => {
      const withdrawal = listOf(listOf(RLP.decode(batch.input.blocks[0] ?? new Uint8Array(0)))[3])[0] ?? []
      const change = inBlock(0, (block) => {
        block[3] = Array.from({ length: 17 }, () => withdrawal)
      })
      const item: InboxItem = {
        kind: 0,
        sender: `0x${'00'.repeat(20)}`,
        payload: encodeDepositPayload({ to: `0x${'00'.repeat(20)}`, amountGwei: 1n }),
        l1Time: 1n,
      }
      expect(runTree({ ...batch.input, items: Array.from({ length: 17 }, () => item) }, change)).toEqual({ status: guestStatus.inbox })
    })

    it('fails with another frontier, of any length, or another count', () => {
      const frontier = (change: (hashes: Item[]) => void) => (tree: Item[]) => change(listOf(tree[part.frontier]))
      const { rlp, inbox, beaconRoot } = guestStatus
      expect([
        run(frontier((hashes) => hashes.pop())),
        run(frontier((hashes) => hashes.push(new Uint8Array(32)))),
        run(frontier((hashes) => hashes.reverse())),
        run(frontier((hashes) => hashes.splice(0, 1, new Uint8Array(31)))),
        run(frontier((hashes) => hashes.splice(0, 1, new Uint8Array(32)))),
        run(setConstant(constant.inboxCountBefore, quantity(2n ** 32n))),
        run(setConstant(constant.inboxCountBefore, quantity(2n ** 32n - 1n))),
        run(setConstant(constant.inboxCountBefore, quantity(2n ** 64n - 1n))),
        run(setConstant(constant.inboxCountBefore, Uint8Array.of(6))),
        run(setConstant(constant.inboxCountBefore, Uint8Array.of(7))),
      ]).toEqual([rlp, rlp, beaconRoot, rlp, beaconRoot, inbox, rlp, inbox, inbox, rlp].map((status) => ({ status })))
    })
  })

  describe('with numbers and lengths that are too large', () => {
    it('fails with constants beyond their width', () => {
      const { rlp, batch: otherBatch } = guestStatus
      expect([
        run(setConstant(constant.l2ChainId, quantity(2n ** 64n))),
        run(setConstant(constant.batchNumber, quantity(2n ** 64n))),
        run(setConstant(constant.rulesVersion, quantity(2n ** 255n))),
        run(setConstant(constant.rulesVersion, new Uint8Array(33).fill(1))),
        run(setConstant(constant.stateRootBefore, new Uint8Array(33))),
      ]).toEqual([rlp, rlp, otherBatch, rlp, rlp].map((status) => ({ status })))
    })

    it('fails wherever a prefix claims more than there is', () => {
      const honest = encodeProverInput(batch.input)
      // Every prefix of a long string or list, in turn, claims 2^32 - 1, 2^31 and one byte more than it has.
      const inputs: Uint8Array[] = []
      const starts = [...honest.keys()].filter((at) => [0xf8, 0xf9, 0xfa, 0xb8, 0xb9].includes(honest[at] ?? 0)).slice(0, 150)
      for (const at of starts) {
        const first = honest[at] ?? 0
        const widths = first >= 0xf8 ? first - 0xf7 : first - 0xb7
        for (const length of [
          [0xff, 0xff, 0xff, 0xff],
          [0x80, 0, 0, 0],
          [0x7f, 0xff, 0xff, 0xff],
        ])
          inputs.push(
            concatBytes(honest.subarray(0, at), Uint8Array.of(first >= 0xf8 ? 0xfb : 0xbb, ...length), honest.subarray(at + 1 + widths)),
          )
        inputs.push(honest.with(at + widths, ((honest[at + widths] ?? 0) + 1) & 255))
      }
      const runs = runGuestOnEach(inputs)
      expect(runs.length).toBe(inputs.length)
      expect(runs.filter((one) => !('status' in one))).toEqual([])
    }, 120_000)

    it('fails with lists of very many items', () => {
      const many = (at: number, item: Item) => (tree: Item[]) =>
        tree.splice(
          at,
          1,
          Array.from({ length: 50_000 }, () => item),
        )
      const { order, rlp, inbox, nodeMissing } = guestStatus
      expect([
        run(many(part.nodes, new Uint8Array(0))),
        run(many(part.nodes, Uint8Array.of(1))),
        run(many(part.codes, Uint8Array.of(1))),
        run(many(part.blocks, new Uint8Array(0))),
        run(many(part.frontier, new Uint8Array(32))),
        run((tree) => listOf(tree[part.items]).push(...Array.from({ length: 50_000 }, () => new Uint8Array(0)))),
      ]).toEqual([nodeMissing, order, order, rlp, rlp, inbox].map((status) => ({ status })))
    }, 60_000)

    it('fails with lists that are nested very deeply', () => {
      let nested: Item = new Uint8Array(0)
      for (let depth = 0; depth < 2_000; depth++) nested = [nested]
      for (const at of Object.values(part)) expect(run((tree) => tree.splice(at, 1, nested))).toEqual({ status: guestStatus.rlp })
    })
  })

  it('fails in the machine as on the host', () => {
    const changes = [
      inTransaction((fields) => fields.splice(rAt, 1, new Uint8Array(0))),
      inTransaction((fields) => fields.splice(rAt, 1, quantity(5n))),
      inTransaction((fields) => fields.splice(sAt, 1, quantity(order - numberOf(fields[sAt])))),
      inParent((fields) => fields.splice(header.gasUsed, 1, Uint8Array.of(1))),
      inHeader((fields) => fields.splice(header.timestamp, 1, new Uint8Array(0))),
      setConstant(constant.inboxCountBefore, quantity(2n ** 64n - 1n)),
      (tree: Item[]) => listOf(tree[part.items]).pop(),
    ]
    const inputs = changes.map((change) => {
      const tree = treeOf(batch.input)
      change(tree)
      return encodeTree(tree)
    })
    const host = runGuestOnEach(inputs)
    expect(host.filter((one) => !('status' in one))).toEqual([])
    expect(inputs.map((input) => runGuestInMachine(input))).toEqual(host)
  })
})

if (!hasCompiler()) console.info(`tests of malicious prover inputs: all skipped: ${compilerNeeded}`)
