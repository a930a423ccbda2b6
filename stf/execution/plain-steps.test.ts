import { createBlock } from '@ethereumjs/block'
import { Account, createZeroAddress } from '@ethereumjs/util'
import { createVM } from '@ethereumjs/vm'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { bigintToBytes, bytesToHex } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { StateStore } from '../state/state-store.ts'
import { WorldState } from '../state/world-state.ts'
import { MemoryStore } from '../testing/memory-store.ts'
import { emptyTrieRoot } from '../trie/trie.ts'
import { ensureInterpreterWrapped } from './interpreter.ts'

const common = createL2Common(313372n)
const block = createBlock({ header: { number: 1n, baseFeePerGas: 7n } }, { common, skipConsensusFormatValidation: true })

interface Trace {
  readonly gas: bigint
  readonly refund: bigint | undefined
  readonly returned: string
  readonly error: string | undefined
  readonly emitted: readonly (readonly string[])[]
  readonly stateRoot: string
}

/** A state in which the executing account has values in slots 1 and 2. */
async function stateWithStorage(): Promise<WorldState> {
  const memory = new MemoryStore()
  const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, memory))
  const account = createZeroAddress()
  await state.putAccount(account, new Account(1n, 1n))
  for (const slot of [1n, 2n]) await state.putStorage(account, bigintToBytes(slot, 32), Uint8Array.of(7))
  memory.add(state.commitBlock())
  state.originalStorageCache.clear()
  return state
}

async function run(
  code: Uint8Array,
  { isWatched, isStatic }: { isWatched: boolean; isStatic: boolean },
  gasLimit = 20_000n,
): Promise<Trace> {
  const state = await stateWithStorage()
  const vm = await createVM({ common, stateManager: state })
  // With a listener the interpreter takes every instruction by itself, as the library does.
  if (isWatched) vm.evm.events?.on('step', () => {})
  const data = Uint8Array.from({ length: 50 }, (_, i) => i + 1)
  const { executionGasUsed, gasRefund, returnValue, exceptionError, logs } = await vm.evm.runCode({ code, block, data, isStatic, gasLimit })
  const emitted = (logs ?? []).map(([, topics, data]) => [...topics, data].map(bytesToHex))
  return {
    ...{ gas: executionGasUsed, refund: gasRefund, returned: bytesToHex(returnValue), error: exceptionError?.error },
    ...{ emitted, stateRoot: state.rootNow() },
  }
}

/** With a jump first the library analyses the code soon; pushes, arithmetic, stack, memory, storage, jumps to small places, and anything. */
const instruction = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 255 }).map((value) => [0x60, value]) },
  { weight: 3, arbitrary: fc.constantFrom([0x01], [0x03], [0x04], [0x0a], [0x15], [0x50], [0x58], [0x5a], [0x80], [0x81], [0x90]) },
  { weight: 2, arbitrary: fc.constantFrom([0x52], [0x51], [0x53], [0x54], [0x55], [0x20], [0x35], [0x37], [0x5f]) },
  { weight: 2, arbitrary: fc.constantFrom([0xa0], [0xa1], [0xa2], [0xa3], [0xa4]) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 31 }).map((shift) => [0x60, 1, 0x60, shift * 8, 0x1b]) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 }).map((to) => [0x60, to, 0x57]) },
  { weight: 2, arbitrary: fc.constant([0x5b]) },
  // Before a REVERT the library shows listeners the memory that it names, gigabytes if need be, and asks for the gas only then.
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((opcode) => [opcode === 0xfd ? 0xf3 : opcode]) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(2), fc.nat(3)).map(([value, slot]) => [0x60, value, 0x60, slot, 0x55]) },
  { weight: 2, arbitrary: fc.nat(3).map((slot) => [0x60, slot, 0x54]) },
)
const program = fc
  .tuple(fc.constantFrom([], [0x60, 0x03, 0x56, 0x5b]), fc.array(instruction, { maxLength: 60 }))
  .map(([jump, parts]) => Uint8Array.from([...jump, ...parts.flat(), 0x60, 0x20, 0x60, 0x00, 0xf3]))

it('runs of plain instructions use the same gas and end alike as instructions one by one', async () => {
  await ensureInterpreterWrapped()
  await fc.assert(
    fc.asyncProperty(program, fc.boolean(), fc.constantFrom(5_000n, 20_000n, 200_000n), async (code, isStatic, gasLimit) => {
      expect(await run(code, { isWatched: false, isStatic }, gasLimit)).toEqual(await run(code, { isWatched: true, isStatic }, gasLimit))
    }),
    { numRuns: 600 },
  )
})

const store = (slot: number, value: number) => [0x60, value, 0x60, slot, 0x55]
const load = (slot: number) => [0x60, slot, 0x54]

it.each([
  ['a cold slot read, then a warm one', [...load(1), ...load(1), ...load(3)]],
  ['a slot set', store(3, 1)],
  ['a slot changed', store(1, 9)],
  ['a slot left as it is', store(1, 7)],
  ['a slot cleared', store(1, 0)],
  ['a slot cleared and set again', [...store(1, 0), ...store(1, 7)]],
  ['a slot cleared and set to something else', [...store(1, 0), ...store(1, 8)]],
  ['a slot set and cleared', [...store(3, 1), ...store(3, 0)]],
  ['a slot changed twice', [...store(1, 8), ...store(1, 9)]],
  ['a slot read after it was written', [...store(2, 8), ...load(2), 0x60, 0, 0x52]],
])('%s costs and does the same', async (_what, middle) => {
  await ensureInterpreterWrapped()
  const code = Uint8Array.from([0x60, 0x03, 0x56, 0x5b, ...middle, 0x60, 0x20, 0x60, 0x00, 0xf3])
  // The stipend of a call is not enough for SSTORE (EIP-2200).
  for (const gasLimit of [2_300n, 2_320n, 5_000n, 100_000n]) {
    for (const isStatic of [false, true]) {
      expect(await run(code, { isWatched: false, isStatic }, gasLimit)).toEqual(await run(code, { isWatched: true, isStatic }, gasLimit))
    }
  }
})

it('runs storage instructions between others in one step', async () => {
  await ensureInterpreterWrapped()
  const state = await stateWithStorage()
  const vm = await createVM({ common, stateManager: state })
  const waits = vi.spyOn(state, 'getStorage')
  const code = Uint8Array.from([0x60, 0x03, 0x56, 0x5b, ...load(1), ...store(2, 1)])
  await vm.evm.runCode({ code, block, gasLimit: 100_000n })
  expect(waits).not.toHaveBeenCalled()
  expect(bytesToHex(state.storageNow(createZeroAddress(), bigintToBytes(2n, 32)))).toBe('0x01')
})

it.each([
  ['a word read far beyond', [0x61, 0x01, 0x23, 0x51, 0x59]],
  ['a word written', [0x60, 7, 0x60, 33, 0x52, 0x59]],
  ['a byte written', [0x60, 7, 0x60, 64, 0x53, 0x59]],
  ['a hash of several words', [0x60, 70, 0x60, 3, 0x20, 0x59]],
  ['call data copied', [0x60, 45, 0x60, 2, 0x60, 90, 0x37, 0x60, 96, 0x51, 0x59]],
  ['a hash of nothing, anywhere', [0x60, 0, 0x60, 1, 0x60, 0xf0, 0x1b, 0x20, 0x59]],
  ['call data loaded', [0x60, 1, 0x35, 0x60, 2, 0x52, 0x60, 45, 0x35, 0x60, 40, 0x52, 0x60, 0x20, 0x60, 10, 0xa0]],
  ['call data loaded from its end, and from beyond', [0x60, 50, 0x35, 0x60, 51, 0x35, 0x01, 0x60, 1, 0x60, 0xf0, 0x1b, 0x35, 0x01]],
  ['a log of nothing, anywhere', [0x60, 0, 0x60, 1, 0x60, 0xf0, 0x1b, 0xa0, 0x59]],
  ['a log of four topics', [0x60, 1, 0x60, 2, 0x60, 3, 0x60, 4, 0x60, 40, 0x60, 10, 0xa4, 0x59]],
  ['more memory than the gas buys', [0x60, 1, 0x60, 1, 0x60, 0xf0, 0x1b, 0x52]],
  ['a revert', [0x60, 7, 0x60, 0, 0x52, 0x60, 40, 0x60, 10, 0xfd]],
  ['a return beyond what the gas buys', [0x60, 1, 0x60, 1, 0x60, 0xf0, 0x1b, 0xf3]],
  ['a stack that is too short', [0x52]],
])('%s costs and does the same', async (_what, middle) => {
  await ensureInterpreterWrapped()
  const code = Uint8Array.from([0x60, 0x03, 0x56, 0x5b, ...middle, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3])
  for (const isStatic of [false, true]) {
    expect(await run(code, { isWatched: false, isStatic })).toEqual(await run(code, { isWatched: true, isStatic }))
  }
})
