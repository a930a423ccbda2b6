import { createAddressFromString } from '@ethereumjs/util'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { predeployedContracts } from '../../contracts/index.ts'
import {
  bytesToHex,
  concatBytes,
  decodeGuestLog,
  decodeProverInput,
  decodeStateDiff,
  encodePublicInputs,
  type Hex,
  hexToBytes,
  type Proof,
  type ProofRequest,
  predeploys,
  type Withdrawal,
} from '../../core/index.ts'
import { decodeBlock, encodeBlock } from '../../stf/index.ts'
import { buildBatch, l1ChainId, requestOfBatch, type TestBatch } from '../testing/batch-fixture.ts'
import { digestOf, FakeClock } from '../testing/broker-fixture.ts'
import { executeBatch } from '../testing/execute-batch.ts'
import { testGuest } from '../testing/test-guest.ts'
import { attestationHash, verifyAttestation } from './attestation.ts'
import { AttestedBackend } from './attested.ts'

const attesterKey: Hex = `0x${'a7'.repeat(32)}`
const attester = privateKeyToAccount(attesterKey).address
const verifierAddress: Hex = `0x${'7e'.repeat(20)}`
const backend = new AttestedBackend({ attesterKey, l1ChainId, verifierAddress }, { clock: new FakeClock(), guest: testGuest })
const never = new AbortController().signal
const otherHash: Hex = `0x${'ab'.repeat(32)}`

/** The guest does what these contracts do without reading them. */
const systemCodes = predeployedContracts
  .filter(({ address }) => address === predeploys.beaconRoots || address === predeploys.historyStorage)
  .map(({ code }) => code)

const prove = (request: ProofRequest): Promise<Proof> => backend.prove(request, { signal: never })

let batch: TestBatch

beforeAll(async () => {
  batch = await buildBatch()
})

async function expectRefused(request: ProofRequest, reason: RegExp): Promise<void> {
  await expect(prove(request)).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_PROVER_INPUT', message: expect.stringMatching(reason) }),
  )
}

describe('an honest batch', () => {
  it('leads to the public inputs and the diff that the sequencer has, whoever executes it', async () => {
    const { publicInputs, stateDiff } = await executeBatch(batch.input, never)
    expect(publicInputs).toEqual(batch.publicInputs)
    expect(stateDiff).toEqual(batch.stateDiff)
    const { log } = await testGuest.run(requestOfBatch(batch).input, { maxCycles: 1e9, signal: never })
    const report = decodeGuestLog(log)
    expect(report.publicInputs).toEqual(encodePublicInputs(batch.publicInputs))
    expect(report.stateDiff).toEqual(batch.stateDiff)
    expect(publicInputs.messagesRoot).not.toBe(`0x${'00'.repeat(32)}`)
    expect(decodeStateDiff(stateDiff).accounts.length).toBeGreaterThan(5)
  })

  it('is signed so that the verifier accepts it, and for nobody else', async () => {
    const proof = await prove(requestOfBatch(batch))
    expect(proof).toMatchObject({ type: 'attested', programId: testGuest.programId, digest: requestOfBatch(batch).digest })
    const check = { proof, attester, l1ChainId, verifierAddress }
    expect(await verifyAttestation(check)).toBe(true)
    expect(await verifyAttestation({ ...check, attester: verifierAddress })).toBe(false)
    expect(await verifyAttestation({ ...check, l1ChainId: 1n })).toBe(false)
    expect(await verifyAttestation({ ...check, verifierAddress: `0x${'7f'.repeat(20)}` })).toBe(false)
    expect(await verifyAttestation({ ...check, proof: { ...proof, digest: otherHash } })).toBe(false)
    expect(await verifyAttestation({ ...check, proof: { ...proof, programId: otherHash } })).toBe(false)
    expect(await verifyAttestation({ ...check, proof: { ...proof, type: 'stark' } })).toBe(false)
  })

  it('starts from its own state root, not from the parent header’s', async () => {
    const afterDevBatch = await buildBatch({
      async cheat({ state, store }) {
        await state.modifyAccountFields(createAddressFromString(verifierAddress), { balance: 10n ** 18n })
        store.add(state.commitBlock())
      },
    })
    const { input } = afterDevBatch
    expect((await executeBatch(input, never)).publicInputs).toEqual(afterDevBatch.publicInputs)
    await prove(requestOfBatch(afterDevBatch))
    await expectRefused(
      requestOfBatch(afterDevBatch, { input: { stateRootBefore: batch.input.stateRootBefore } }),
      /lacks a trie node|another state/,
    )
  })

  it('may bring nodes and codes that nothing reads', async () => {
    const extra = { nodes: [...batch.input.nodes, Uint8Array.of(0xc1, 0x01)], codes: [...batch.input.codes, Uint8Array.of(0xfe)] }
    await prove(requestOfBatch(batch, { input: extra }))
  })

  it('is given up without verdict when nobody waits any more', async () => {
    const reason = new Error('lease lost')
    await expect(backend.prove(requestOfBatch(batch), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('an incomplete or false witness', () => {
  it('is refused whichever node is missing', async () => {
    const { nodes } = batch.input
    expect(nodes.length).toBeGreaterThan(10)
    for (const missing of nodes.keys()) {
      await expectRefused(requestOfBatch(batch, { input: { nodes: nodes.filter((_, index) => index !== missing) } }), /lacks a trie node/)
    }
  })

  it('is refused whichever code is missing or another, but for those of the system contracts, which the guest writes for', async () => {
    const { codes } = batch.input
    expect(codes.length).toBeGreaterThan(1 + systemCodes.length)
    for (const [index, code] of codes.entries()) {
      if (systemCodes.includes(bytesToHex(code))) {
        await prove(requestOfBatch(batch, { input: { codes: codes.toSpliced(index, 1) } }))
        continue
      }
      await expectRefused(requestOfBatch(batch, { input: { codes: codes.toSpliced(index, 1) } }), /lacks a code/)
      await expectRefused(
        requestOfBatch(batch, { input: { codes: codes.with(index, concatBytes(code, Uint8Array.of(0))) } }),
        /lacks a code/,
      )
    }
  })

  it('is refused whichever node is forged', async () => {
    const { nodes } = batch.input
    for (const [index, node] of nodes.entries()) {
      const forged = node.with(node.length - 1, (node.at(-1) ?? 0) ^ 1)
      await expectRefused(requestOfBatch(batch, { input: { nodes: nodes.with(index, forged) } }), /lacks a trie node|is not one/)
    }
  })

  it('is refused with another state root', async () => {
    await expectRefused(requestOfBatch(batch, { input: { stateRootBefore: otherHash } }), /lacks a trie node/)
    await expectRefused(
      requestOfBatch(batch, { input: { stateRootBefore: batch.publicInputs.stateRootAfter } }),
      /lacks|not valid|another state/,
    )
  })
})

describe('a batch that breaks the rules', () => {
  const minted: Withdrawal = { index: 8n, validatorIndex: 0n, address: verifierAddress, amountGwei: 10n ** 9n }
  const inbox = /deposits are not the next ones of the Inbox/
  const shape = /deposits are not the next ones of the Inbox|not canonical RLP, or not of the shape/
  type Deposits = readonly (readonly Withdrawal[])[]
  const flat = (deposits: Deposits): [Withdrawal, Withdrawal, Withdrawal] => deposits.flat() as [Withdrawal, Withdrawal, Withdrawal]
  it.each<[string, (honest: Deposits) => Deposits, RegExp]>([
    ['mints a deposit that is not in the Inbox', (h) => h.with(2, [...(h[2] ?? []), minted]), inbox],
    ['mints before the real deposits', (h) => h.with(0, [minted, ...(h[0] ?? [])]), inbox],
    ['skips a deposit', (h) => h.with(0, [flat(h)[1]]), inbox],
    ['leaves out the last deposit', (h) => h.with(2, []), /parentBeaconBlockRoot/],
    ['changes the order', (h) => h.with(0, [flat(h)[1], flat(h)[0]]), inbox],
    ['credits a deposit twice', (h) => h.with(1, [flat(h)[1]]), inbox],
    ['credits a later one twice under its index', (h) => h.with(2, [flat(h)[2], flat(h)[2]]), inbox],
    ['credits more', (h) => h.with(0, [{ ...flat(h)[0], amountGwei: 2_000n }, flat(h)[1]]), inbox],
    ['credits somebody else', (h) => h.with(0, [{ ...flat(h)[0], address: verifierAddress }, flat(h)[1]]), inbox],
    ['gives a deposit another index', (h) => h.with(0, [{ ...flat(h)[0], index: 9n }, flat(h)[1]]), inbox],
    ['takes a deposit early', (h) => [[...flat(h)], [], []], /parentBeaconBlockRoot/],
  ])('is refused: %s', async (_, deposits, reason) => {
    await expectRefused(requestOfBatch(await buildBatch({ deposits })), reason)
  })

  it.each([0, 1, 2])('is refused when block %i has another parentBeaconBlockRoot', async (index) => {
    await expectRefused(
      requestOfBatch(await buildBatch({ inboxRoots: (honest) => honest.with(index, otherHash) })),
      /parentBeaconBlockRoot/,
    )
  })

  it.each([
    ['receiptsRoot', /other receipts/],
    ['stateRoot', /another state/],
    ['transactionsRoot', /other transactions/],
    ['withdrawalsRoot', /other withdrawals/],
    ['parentHash', /parentHash/],
    ['requestsHash', /requestsHash/],
  ] as const)('is refused with a false %s', async (field, reason) => {
    const { blocks } = batch.input
    for (const [index, rlp] of blocks.entries()) {
      const block = decodeBlock(rlp)
      const forged = encodeBlock({ ...block, header: { ...block.header, [field]: otherHash } })
      await expectRefused(requestOfBatch(batch, { input: { blocks: blocks.with(index, forged) } }), reason)
    }
  })

  it('is refused with blocks left out, repeated or swapped', async () => {
    const [a, b, c] = batch.input.blocks as [Uint8Array, Uint8Array, Uint8Array]
    for (const blocks of [
      [b, c],
      [a, c],
      [a, a, b, c],
      [a, c, b],
      [a, b, c, c],
    ]) {
      await expectRefused(requestOfBatch(batch, { input: { blocks } }), /parentHash|parentBeaconBlockRoot|Inbox/)
    }
    await expectRefused(requestOfBatch(batch, { input: { blocks: [a, b] } }), inbox)
  })

  it('is refused with a transaction left out or repeated', async () => {
    const { blocks } = batch.input
    const block = decodeBlock(blocks[0] ?? new Uint8Array())
    for (const transactions of [block.transactions.slice(1), [...block.transactions, ...block.transactions]]) {
      await expectRefused(
        requestOfBatch(batch, { input: { blocks: blocks.with(0, encodeBlock({ ...block, transactions })) } }),
        /in block 2 /,
      )
    }
  })

  it('is refused with Inbox items of another Inbox', async () => {
    const { items } = batch.input
    const [first] = items as [TestBatch['input']['items'][number]]
    const others = [
      { ...first, l1Time: first.l1Time + 1n },
      { ...first, sender: verifierAddress },
    ]
    for (const item of others)
      await expectRefused(requestOfBatch(batch, { input: { items: items.with(0, item) } }), /parentBeaconBlockRoot/)
    await expectRefused(requestOfBatch(batch, { input: { items: items.with(0, { ...first, kind: 1 }) } }), shape)
    await expectRefused(requestOfBatch(batch, { input: { items: items.with(0, { ...first, payload: new Uint8Array(63) }) } }), shape)
    await expectRefused(requestOfBatch(batch, { input: { items: [...items, first] } }), inbox)
    await expectRefused(requestOfBatch(batch, { input: { frontier: batch.input.frontier.with(0, otherHash) } }), /parentBeaconBlockRoot/)
    await expectRefused(requestOfBatch(batch, { input: { frontier: [] } }), shape)
    await expectRefused(requestOfBatch(batch, { input: { inboxCountBefore: 6n } }), shape)
  })
})

describe('a request for another statement', () => {
  it.each<[string, Partial<TestBatch['publicInputs']>]>([
    ['messages root', { messagesRoot: otherHash }],
    ['state diff', { stateDiffHash: otherHash }],
    ['state root', { stateRootAfter: otherHash }],
    ['Inbox root', { inboxRootAfter: otherHash }],
    ['rollup', { rollup: verifierAddress }],
    ['parent', { parentBlockHash: otherHash }],
    ['batch number', { batchNumber: 2n }],
  ])('is refused: another %s', async (_, publicInputs) => {
    await expectRefused(requestOfBatch(batch, { publicInputs }), /leads to the digest/)
  })

  it('is refused when input and request differ', async () => {
    await expectRefused(requestOfBatch(batch, { request: { batchNumber: 2n } }), /of batch 1, not 2/)
    await expectRefused(requestOfBatch(batch, { input: { batchNumber: 2n } }), /of batch 2, not 1/)
    await expectRefused(requestOfBatch(batch, { input: { batchNumber: 2n }, request: { batchNumber: 2n } }), /leads to the digest/)
    await expectRefused(requestOfBatch(batch, { input: { rollup: verifierAddress } }), /leads to the digest/)
  })

  it('is left to a prover that has its program', async () => {
    await expect(prove(requestOfBatch(batch, { request: { programId: digestOf(1) } }))).rejects.toThrow(
      expect.objectContaining({ code: 'PROGRAM_UNKNOWN' }),
    )
  })

  it('is refused for another chain or other rules', async () => {
    await expectRefused(requestOfBatch(batch, { input: { l1ChainId: 1n }, publicInputs: { l1ChainId: 1n } }), /for L1 chain 1, not 31337/)
    await expectRefused(requestOfBatch(batch, { input: { l2ChainId: 1n }, publicInputs: { l2ChainId: 1n } }), /./)
    await expectRefused(
      requestOfBatch(batch, { input: { rulesVersion: 2n }, publicInputs: { rulesVersion: 2n } }),
      /breaks a rule of the rollup/,
    )
  })
})

describe('input that is garbage', () => {
  it('is refused whatever byte changes of what the guest reads', async () => {
    const request = requestOfBatch(batch)
    const unread = systemCodes.map((code) => ({
      start: Buffer.from(request.input).indexOf(hexToBytes(code)),
      length: hexToBytes(code).length,
    }))
    const isRead = (at: number): boolean => unread.every(({ start, length }) => at < start || at >= start + length)
    expect(unread.every(({ start }) => start > 0)).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: request.input.length - 1 }).filter(isRead), fc.integer({ min: 1, max: 255 }), async (at, xor) => {
        const input = request.input.with(at, (request.input[at] ?? 0) ^ xor)
        await expectRefused({ ...request, input }, /./)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused when it is no prover input', async () => {
    for (const input of [new Uint8Array(), Uint8Array.of(0xc0), new Uint8Array(1_000).fill(0xff)])
      await expectRefused({ ...requestOfBatch(batch), input }, /./)
    const { parentHeader } = decodeProverInput(requestOfBatch(batch).input)
    await expectRefused(requestOfBatch(batch, { input: { parentHeader: parentHeader.slice(1) } }), /./)
    await expectRefused(requestOfBatch(batch, { input: { blocks: [Uint8Array.of(1)] } }), /./)
  })
})

describe('attestationHash and signature form', () => {
  it('is the EIP-712 hash that wallets compute', async () => {
    const statement = { programId: testGuest.programId, digest: otherHash }
    const signature = await privateKeyToAccount(attesterKey).signTypedData({
      domain: { name: 'zkdevnet attestation', version: '1', chainId: 31_337, verifyingContract: verifierAddress },
      types: {
        Attestation: [
          { name: 'programId', type: 'bytes32' },
          { name: 'digest', type: 'bytes32' },
        ],
      },
      primaryType: 'Attestation',
      message: statement,
    })
    const proof: Proof = { type: 'attested', ...statement, bytes: hexToBytes(signature), provingMs: 0, segments: null }
    expect(await verifyAttestation({ proof, attester, l1ChainId, verifierAddress })).toBe(true)
    expect(attestationHash(statement, { l1ChainId, verifierAddress })).toMatch(/^0x[0-9a-f]{64}$/)
  })

  it('is refused in any other form of the same signature', async () => {
    const proof = await prove(requestOfBatch(batch))
    const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const s = BigInt(bytesToHex(proof.bytes.subarray(32, 64)))
    const highS = hexToBytes(`0x${(n - s).toString(16).padStart(64, '0')}`)
    const v = proof.bytes[64] ?? 0
    const forms = [
      proof.bytes.slice(0, 64),
      concatBytes(proof.bytes, Uint8Array.of(0)),
      proof.bytes.with(64, v - 27),
      proof.bytes.with(64, v ^ 7),
      concatBytes(proof.bytes.subarray(0, 32), highS, Uint8Array.of(v ^ 7)),
      new Uint8Array(65),
      new Uint8Array(65).fill(0xff),
      new Uint8Array(0),
    ]
    for (const bytes of forms)
      expect(await verifyAttestation({ proof: { ...proof, bytes }, attester, l1ChainId, verifierAddress })).toBe(false)
  })
})
