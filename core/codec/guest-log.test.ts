import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../hex.ts'
import type { GuestLogEntry } from '../ports/guest.ts'
import { decodeGuestLog, guestRecordKinds as kinds } from './guest-log.ts'

const nothing = { blocks: [], failure: null, mismatch: null, publicInputs: null, stateDiff: null }

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer)
}

/** The calls that the guest makes for a record, its payload in parts of at most `part` bytes. */
function calls(kind: number, payload: Uint8Array = new Uint8Array(), { part = 65_536, cycle = 0 } = {}): GuestLogEntry[] {
  const chunks = [words(kind, payload.length)]
  for (let at = 0; at < payload.length; at += part) chunks.push(payload.subarray(at, at + part))
  return chunks.map((bytes) => ({ bytes, cycle, weightedCycle: 10 * cycle }))
}

describe('the guest’s log', () => {
  it('tells what blocks and transactions took, the last one not having ended', () => {
    const at = (cycle: number) => ({ cycle })
    const log = [
      ...calls(kinds.block, words(7, 0), at(100)),
      ...calls(kinds.transaction, undefined, at(110)),
      ...calls(kinds.transactionEnd, undefined, at(150)),
      ...calls(kinds.transaction, undefined, at(160)),
      ...calls(kinds.transactionEnd, undefined, at(190)),
      ...calls(kinds.blockEnd, undefined, at(300)),
      ...calls(kinds.block, words(8, 1), at(310)),
      ...calls(kinds.transaction, undefined, at(320)),
      ...calls(kinds.receipt, Uint8Array.of(1, 2)),
    ]
    expect(decodeGuestLog(log)).toEqual({
      ...nothing,
      blocks: [
        {
          number: 7n,
          ...{ cycles: 200, weightedCycles: 2_000, receipts: [] },
          transactions: [
            { cycles: 40, weightedCycles: 400 },
            { cycles: 30, weightedCycles: 300 },
          ],
        },
        {
          number: 2n ** 32n + 8n,
          cycles: 0,
          weightedCycles: 0,
          receipts: [Uint8Array.of(1, 2)],
          transactions: [{ cycles: 0, weightedCycles: 0 }],
        },
      ],
    })
  })

  it('tells why the guest refuses', () => {
    const failure = concatBytes(words(34, 3, 77), new TextEncoder().encode('block.c'))
    const gas = concatBytes(words(10), Uint8Array.of(0x10, 0x27, 0, 0, 0, 0, 0, 0))
    expect(decodeGuestLog([...calls(kinds.mismatch, gas), ...calls(kinds.failure, failure)])).toEqual({
      ...nothing,
      failure: { status: 34, detail: 3, place: 'block.c:77' },
      mismatch: { field: 'gasUsed', computed: 10_000n },
    })
    const root = concatBytes(words(3), new Uint8Array(32).fill(0xab))
    expect(decodeGuestLog(calls(kinds.mismatch, root)).mismatch).toEqual({ field: 'stateRoot', computed: `0x${'ab'.repeat(32)}` })
  })

  it('joins what took several calls, and passes over kinds that are unknown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (payload, part) => {
        const log = [...calls(99, payload, { part }), ...calls(kinds.stateDiff, payload, { part }), ...calls(kinds.publicInputs, payload)]
        expect(decodeGuestLog(log)).toEqual({ ...nothing, stateDiff: payload, publicInputs: payload })
      }),
    )
  })

  it('is read as far as it makes sense, whatever it holds', () => {
    const entry = fc.record({
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 20 })).map((pair) => words(...pair)),
      ),
      cycle: fc.nat(),
      weightedCycle: fc.nat(),
    })
    fc.assert(fc.property(fc.array(entry), (log) => void decodeGuestLog([...calls(kinds.stateDiff, Uint8Array.of(5)), ...log])))
    expect(
      decodeGuestLog([...calls(kinds.stateDiff, Uint8Array.of(5)), ...calls(kinds.publicInputs, Uint8Array.of(1, 2)).slice(0, 1)]),
    ).toEqual({
      ...nothing,
      stateDiff: Uint8Array.of(5),
    })
  })
})
