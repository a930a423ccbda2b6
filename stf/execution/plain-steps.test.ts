import { createBlock } from '@ethereumjs/block'
import { Account, createZeroAddress } from '@ethereumjs/util'
import { createVM } from '@ethereumjs/vm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { ensureInterpreterWrapped } from './interpreter.ts'

const common = createL2Common(313372n)
const block = createBlock({ header: { number: 1n, baseFeePerGas: 7n } }, { common, skipConsensusFormatValidation: true })

interface Trace {
  readonly gas: bigint
  readonly returned: string
  readonly error: string | undefined
  readonly emitted: readonly (readonly string[])[]
}

async function run(code: Uint8Array, { isWatched, isStatic }: { isWatched: boolean; isStatic: boolean }): Promise<Trace> {
  const vm = await createVM({ common })
  await vm.stateManager.putAccount(createZeroAddress(), new Account(1n, 1n))
  // With a listener the interpreter takes every instruction by itself, as the library does.
  if (isWatched) vm.evm.events?.on('step', () => {})
  const data = Uint8Array.from({ length: 50 }, (_, i) => i + 1)
  const { executionGasUsed, returnValue, exceptionError, logs } = await vm.evm.runCode({ code, block, data, isStatic, gasLimit: 20_000n })
  const emitted = (logs ?? []).map(([, topics, data]) => [...topics, data].map(bytesToHex))
  return { gas: executionGasUsed, returned: bytesToHex(returnValue), error: exceptionError?.error, emitted }
}

/** JUMPDEST first, so that the code is analysed soon; pushes, arithmetic, stack, memory, storage, jumps to small places, and anything. */
const instruction = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 255 }).map((value) => [0x60, value]) },
  { weight: 3, arbitrary: fc.constantFrom([0x01], [0x03], [0x04], [0x0a], [0x15], [0x50], [0x58], [0x5a], [0x80], [0x81], [0x90]) },
  { weight: 2, arbitrary: fc.constantFrom([0x52], [0x51], [0x53], [0x54], [0x55], [0x20], [0x37], [0x5f]) },
  { weight: 2, arbitrary: fc.constantFrom([0xa0], [0xa1], [0xa2], [0xa3], [0xa4]) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 31 }).map((shift) => [0x60, 1, 0x60, shift * 8, 0x1b]) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 }).map((to) => [0x60, to, 0x57]) },
  { weight: 2, arbitrary: fc.constant([0x5b]) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((opcode) => [opcode]) },
)
const program = fc
  .array(instruction, { maxLength: 60 })
  .map((parts) => Uint8Array.from([0x60, 0x03, 0x56, 0x5b, ...parts.flat(), 0x60, 0x20, 0x60, 0x00, 0xf3]))

it('runs of plain instructions use the same gas and end alike as instructions one by one', async () => {
  await ensureInterpreterWrapped()
  await fc.assert(
    fc.asyncProperty(program, fc.boolean(), async (code, isStatic) => {
      expect(await run(code, { isWatched: false, isStatic })).toEqual(await run(code, { isWatched: true, isStatic }))
    }),
    { numRuns: 600 },
  )
})

it.each([
  ['a word read far beyond', [0x61, 0x01, 0x23, 0x51, 0x59]],
  ['a word written', [0x60, 7, 0x60, 33, 0x52, 0x59]],
  ['a byte written', [0x60, 7, 0x60, 64, 0x53, 0x59]],
  ['a hash of several words', [0x60, 70, 0x60, 3, 0x20, 0x59]],
  ['call data copied', [0x60, 45, 0x60, 2, 0x60, 90, 0x37, 0x60, 96, 0x51, 0x59]],
  ['a log of four topics', [0x60, 1, 0x60, 2, 0x60, 3, 0x60, 4, 0x60, 40, 0x60, 10, 0xa4, 0x59]],
  ['more memory than the gas buys', [0x60, 1, 0x60, 1, 0x60, 0xf0, 0x1b, 0x52]],
  ['a stack that is too short', [0x52]],
])('%s costs and does the same', async (_what, middle) => {
  await ensureInterpreterWrapped()
  const code = Uint8Array.from([0x60, 0x03, 0x56, 0x5b, ...middle, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3])
  for (const isStatic of [false, true]) {
    expect(await run(code, { isWatched: false, isStatic })).toEqual(await run(code, { isWatched: true, isStatic }))
  }
})
