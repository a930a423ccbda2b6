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
}

async function run(code: Uint8Array, isWatched: boolean): Promise<Trace> {
  const vm = await createVM({ common })
  await vm.stateManager.putAccount(createZeroAddress(), new Account(1n, 1n))
  // With a listener the interpreter takes every instruction by itself, as the library does.
  if (isWatched) vm.evm.events?.on('step', () => {})
  const { executionGasUsed, returnValue, exceptionError } = await vm.evm.runCode({ code, block, gasLimit: 20_000n })
  return { gas: executionGasUsed, returned: bytesToHex(returnValue), error: exceptionError?.error }
}

/** JUMPDEST first, so that the code is analysed soon; pushes, arithmetic, stack, memory, storage, jumps to small places, and anything. */
const instruction = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 255 }).map((value) => [0x60, value]) },
  { weight: 3, arbitrary: fc.constantFrom([0x01], [0x03], [0x04], [0x0a], [0x15], [0x50], [0x58], [0x5a], [0x80], [0x81], [0x90]) },
  { weight: 2, arbitrary: fc.constantFrom([0x52], [0x51], [0x54], [0x55], [0x20], [0x5f]) },
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
    fc.asyncProperty(program, async (code) => {
      expect(await run(code, false)).toEqual(await run(code, true))
    }),
    { numRuns: 300 },
  )
})
