// Cycles of the guest in the machine for batches of the product's own state transition. Prints JSON.
//   node bench/guest.ts [--elf guest/build/stf.elf] [--software-elf guest/out/riscv-software/stf.elf] [--top 10] [--memory]
// Weighted cycles count a system function by what it costs to prove (zkvm/isa/weights.ts). What is marginal is a batch of one block with
// 10 + 40 transactions, less one with 10. Software cycles are of a build whose cryptography is plain C; they are left out without a compiler.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildGuest, hasCompiler } from '../guest/build.ts'
import { guestProgram, guestStatusOf } from '../guest/index.ts'
import { addressMap, type ProfileEntry, runProgram, weightedCycles } from '../zkvm/index.ts'
import { GuestChain } from './guest-chain.ts'
import { machine } from './machine.ts'

const { values } = parseArgs({
  options: {
    elf: { type: 'string' },
    'software-elf': { type: 'string' },
    top: { type: 'string', default: '10' },
    memory: { type: 'boolean', default: false },
  },
})
const program = values.elf === undefined ? guestProgram().elf : readFileSync(values.elf)
const softwareProgram =
  values['software-elf'] !== undefined
    ? readFileSync(values['software-elf'])
    : hasCompiler()
      ? readFileSync(buildGuest({ machine: 'riscv', crypto: 'software' }))
      : undefined
const fewTransactions = 10
const moreTransactions = 40
const top = Number(values.top)
const maxCycles = 20_000_000_000

interface Cost {
  readonly weighted: number
  readonly cycles: number
  /** With cryptography in plain C. */
  readonly software?: number
  readonly calls: Readonly<Record<string, number>>
  readonly profile: readonly ProfileEntry[]
}

function run(input: Uint8Array): Cost {
  const { exitCode, cycles, syscallCounts, profile } = runProgram({ elf: program, input, maxCycles, profileTop: 10_000 })
  if (exitCode !== 0) throw new Error(`the guest ended with status ${guestStatusOf(exitCode)?.name ?? exitCode}`)
  const software = softwareProgram && runProgram({ elf: softwareProgram, input, maxCycles }).cycles
  return {
    weighted: weightedCycles({ cycles, callCounts: syscallCounts }),
    cycles,
    ...(software !== undefined && { software }),
    calls: syscallCounts,
    profile,
  }
}

/** What each of `count` things costs that the second run did more than the first. */
function marginal(few: Cost, more: Cost, count: number): Cost {
  const each = (difference: number) => Math.round(difference / count)
  const before = new Map(few.profile.map(({ symbol, cycles }) => [symbol, cycles]))
  return {
    weighted: each(more.weighted - few.weighted),
    cycles: each(more.cycles - few.cycles),
    ...(more.software !== undefined && few.software !== undefined && { software: each(more.software - few.software) }),
    calls: Object.fromEntries(Object.entries(more.calls).map(([name, calls]) => [name, each(calls - (few.calls[name] ?? 0))])),
    profile: more.profile
      .map(({ symbol, cycles }) => ({ symbol, cycles: each(cycles - (before.get(symbol) ?? 0)) }))
      .sort((a, b) => b.cycles - a.cycles),
  }
}

function toReport({ profile, ...cost }: Cost): Record<string, unknown> {
  return { ...cost, profile: Object.fromEntries(profile.slice(0, top).map(({ symbol, cycles }) => [symbol, cycles])) }
}

const chain = await GuestChain.create()

async function marginalOf(make: (count: number) => Uint8Array[], few = fewTransactions, more = moreTransactions): Promise<Cost> {
  const costOfFew = run(await chain.batch([make(few)]))
  return marginal(costOfFew, run(await chain.batch([make(few + more)])), more)
}

/** How much memory besides the input a run reads or writes: what the prover keeps a row for, per word. */
function memoryOf(input: Uint8Array): Record<string, number> {
  const touched = new Uint8Array(addressMap.inputStart / 4)
  const { exitCode, cycles } = runProgram({
    elf: program,
    input,
    maxCycles,
    trace({ memoryAddress, call }) {
      if (memoryAddress >= 0 && memoryAddress < addressMap.inputStart) touched[memoryAddress >>> 2] = 1
      for (const { address, before } of call?.accesses ?? []) touched.fill(1, address >>> 2, (address >>> 2) + before.length)
    },
  })
  if (exitCode !== 0) throw new Error(`the guest ended with status ${guestStatusOf(exitCode)?.name ?? exitCode}`)
  const words = touched.reduce((sum, isTouched) => sum + isTouched, 0)
  return { cycles, inputKiB: Math.round(input.length / 1024), touchedKiB: Math.round(words / 256) }
}

const empty = run(await chain.batch([[]]))
const report = {
  bench: 'guest',
  machine: machine(),
  emptyBlock: toReport(empty),
  furtherEmptyBlock: toReport(marginal(empty, run(await chain.batch([[], [], [], [], []])), 4)),
  ethTransferAlone: toReport(run(await chain.batch([chain.ethTransfers(1)]))),
  ethTransfer: toReport(await marginalOf((count) => chain.ethTransfers(count))),
  erc20Transfer: toReport(await marginalOf((count) => chain.tokenTransfers(count))),
  erc20TransferToNewHolder: toReport(await marginalOf((count) => chain.tokenTransfersToNew(count))),
  deployment10kB: toReport(await marginalOf((count) => chain.deployments(count), 1, 4)),
  ...(values.memory && {
    memory: {
      erc20Transfers250: memoryOf(await chain.batch([chain.tokenTransfers(250)])),
      hungryCalls2: memoryOf(await chain.batch([chain.hungryCalls(2, 1_000n)])),
      hungryCalls20: memoryOf(await chain.batch(Array.from({ length: 10 }, () => chain.hungryCalls(2, 1_000n)))),
    },
  }),
}
console.info(JSON.stringify(report, undefined, 2))
